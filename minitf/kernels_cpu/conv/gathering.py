"""Where windows and the cells that they see lie in memory: convolutions as tables of places.

Along one axis, output i of a convolution is a sum over some taps j of a filter,

    out[places[i]] = sum over j of x[begins[i] + steps[j]] * filter[taps[j]]

(a `Way`).  A convolution has one way along each axis.  The gradient to its input has as many as
windows are cells apart, since the cells h with the same remainder are all reached by the same taps:
at stride 2 and window 3, even cells by taps 0 and 2, odd ones by tap 1,

    h = first + stride * i      p = i + (first + before - tap * dilation) / stride

so each is a convolution of the outputs' gradients p, without a multiplication by zero, and all of
them together make every cell once.  Strides, dilations, padding and the number of axes are nothing
but tables (`Gather`) to the loops that do the work.

Source: 2015 Table 1, row "Neural-net building blocks".
"""

from __future__ import annotations

import itertools
import math
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from minitf.kernels_cpu.conv.tiles import ROWS
from minitf.ops.conv.windows import Sweep, Windows

Array = np.ndarray[Any, Any]

GROUP = 256  # windows of a table, at least: small images share one
MOST_GROUPED = 1 << 15
MOST_OF_IMAGE = 1 << 16  # windows of a table of one image: larger ones are cut into bands


class Way(NamedTuple):
    """What is added up to the outputs along an axis.

    Attributes:
        begins: where the cells of each output begin in the padded images.
        places: of the outputs.
        steps: from where an output's cells begin to each of them, increasing.
        taps: of the filter, one for each step.
    """

    begins: range
    places: range
    steps: tuple[int, ...]
    taps: tuple[int, ...]


class Gather(NamedTuple):
    """Tables of a convolution, in numbers (not bytes) of flat arrays.

    A table is for a group of small images, or for a band of a large one; the other groups and bands
    are the same from another place on.

    Attributes:
        rows: where the cells of each output of the table begin.
        places: where these outputs are.
        taps: where runs of numbers side by side begin, from a row's place on.
        run: how long they are.
        units: groups or bands: where each begins in the images and in the output, and how many
            outputs it has.
        spacing: numbers from one output's cells to the next's, on average.
    """

    rows: Array
    places: Array
    taps: Array
    run: int
    units: list[tuple[int, int, int]]
    spacing: int

    def tables(self, outputs: int) -> tuple[Array, Array]:
        """Return rows and places for a unit of so many outputs, at least as many as a tile has."""
        if outputs >= ROWS:
            return self.rows, self.places
        return _whole_tile(self.rows[:outputs]), _whole_tile(self.places[:outputs])


def forth(sweep: Sweep) -> Way:
    """Return the way of a convolution."""
    taps = range(sweep.window)
    return Way(
        range(0, sweep.count * sweep.stride, sweep.stride),
        range(sweep.count),
        tuple(tap * sweep.dilation for tap in taps),
        tuple(taps),
    )


def back(sweep: Sweep) -> tuple[list[Way], tuple[int, int]]:
    """Return the ways of the gradient to the input, and the padding of the gradients."""
    found = []
    for first in range(min(sweep.stride, sweep.size)):
        taps = [
            tap
            for tap in reversed(range(sweep.window))
            if (first + sweep.before - tap * sweep.dilation) % sweep.stride == 0
        ]
        at = [(first + sweep.before - tap * sweep.dilation) // sweep.stride for tap in taps]
        places = range(first, sweep.size, sweep.stride)
        found.append((places, at, taps))
    least = min((min(at) for _, at, _ in found if at), default=0)
    most = max((max(at) + len(places) for places, at, _ in found if at), default=0)
    before, after = max(0, -least), max(0, most - sweep.count)
    ways = []
    for places, at, taps in found:
        start = before + min(at, default=0)
        steps = tuple(before + each - start for each in at)
        ways.append(Way(range(start, start + len(places)), places, steps, tuple(taps)))
    return ways, (before, after)


@lru_cache(maxsize=64)
def gather(
    ways: tuple[Way, ...],
    sizes: tuple[int, ...],
    C: int,
    out_sizes: tuple[int, ...],
    K: int,
    N: int,
    least: int,
) -> Gather:
    """Return the tables of a convolution.

    Args:
        ways: one along each axis.
        sizes: of the padded images.
        C: channels of the images; `K` of the output.
        out_sizes: of the output.
        N: images.
        least: windows of a group, if there are that many.
    """
    count = math.prod(len(way.begins) for way in ways)
    if not count or not C:
        nothing = np.zeros(0, np.int64)
        return Gather(nothing, nothing, nothing, 0, [], 0)
    length = len(ways[0].begins)
    rest = count // length
    wanted = max(GROUP, min(least, MOST_GROUPED))
    group = max(1, min(N, -(-wanted // count)))
    band = length if group > 1 else max(1, min(length, MOST_OF_IMAGE // rest))
    image, out_image = math.prod(sizes) * C, math.prod(out_sizes) * K
    widths = [math.prod(sizes[axis + 1 :]) * C for axis in range(len(sizes))]
    out_widths = [math.prod(out_sizes[axis + 1 :]) * K for axis in range(len(sizes))]
    first = ways[0]._replace(begins=ways[0].begins[:band], places=ways[0].places[:band])
    cut = (first, *ways[1:])
    rows = _sums(np.arange(group) * image, cut, widths, "begins")
    places = _sums(np.arange(group) * out_image, cut, out_widths, "places")
    units = [
        (
            n * image + (ways[0].begins[at] - first.begins[0]) * widths[0],
            n * out_image + (ways[0].places[at] - first.places[0]) * out_widths[0],
            min(group, N - n) * rest * min(band, length - at),
        )
        for n in range(0, N, group)
        for at in range(0, length, band)
    ]
    steps = [[step * width for step in way.steps] for way, width in zip(ways, widths, strict=True)]
    run = C
    if steps[-1] == list(range(0, len(steps[-1]) * C, C)):
        run, steps[-1] = len(steps[-1]) * C, [0] if steps[-1] else []
    taps = np.array([sum(each) for each in itertools.product(*steps)], np.int64)
    return Gather(rows, places, taps, run, units, image // count)


def _sums(images: Array, ways: tuple[Way, ...], widths: list[int], what: str) -> Array:
    """Return the places of all outputs of a table."""
    axes = [(getattr(way, what), width) for way, width in zip(ways, widths, strict=True)]
    grids = np.ix_(*[np.array(axis, np.int64) * width for axis, width in [(images, 1), *axes]])
    return np.ravel(sum(grids))


def _whole_tile(table: Array) -> Array:
    return np.pad(table, (0, ROWS - table.size), mode="edge")


def cells_of(windows: Windows, sizes: tuple[int, ...], C: int) -> Array:
    """Return where the numbers that a window sees are, from its first on; whole tiles of them."""
    widths = [math.prod(sizes[axis + 1 :]) * C for axis in range(len(sizes))]
    axes = [
        np.arange(sweep.window, dtype=np.int64) * sweep.dilation * width
        for sweep, width in zip(windows.sweeps, widths, strict=True)
    ]
    found = np.ravel(sum(np.ix_(*axes, np.arange(C, dtype=np.int64))))
    return np.pad(found, (0, -found.size % ROWS), mode="edge")
