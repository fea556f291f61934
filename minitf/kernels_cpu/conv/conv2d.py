"""CPU kernels of convolution: windows laid out as rows of a matrix, and a product by BLAS.

One row of the matrix `lines` holds the R * S * C cells that a window sees, in the order of the
filter's own memory, so that

    correlate: out = lines @ filter          [pixels, R S C] @ [R S C, K]
    pair:      filter's gradient = lines.T @ grads
    spread:    at stride 1 the correlation of the padded gradients with the turned filter; else
               lines = grads @ filter.T, each column added to the tap that it came from

Lines for all pixels would be R * S times the images, so they are made block by block; a block stays
in the second-level cache between its making and its use.  Blocks depend on shapes alone.  Nothing
here counts the axes of space: volumes are convolved by the same functions (`conv3d`).

Letters: N batch, H W images, C channels, R S filter, P Q windows, K channels of the output.

Source: 2015 §5.4; docs/kernels.md has the figures.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from minitf.dtypes import FLOATS
from minitf.kernels_cpu import blas, buffers, threads
from minitf.ops.conv.conv2d import (
    conv2d_backprop_filter_op,
    conv2d_backprop_input_op,
    conv2d_op,
)
from minitf.ops.conv.grouped import conv_frame, convolve, convolve_filter, convolve_input
from minitf.ops.conv.windows import Sweep, Windows

Array = np.ndarray[Any, Any]
Block = tuple[slice, ...]  # of images, of rows of windows, ...

BLOCK = 2 << 20  # bytes of lines in a block: figures in docs/kernels.md
PARTS = 16  # blocks that even less work is cut into, for the threads' sake
SUMS = 8  # partial sums of a filter's gradient, which threads may make at once
MOST_SUMMED = 8 << 20  # bytes that they may take together, else threads share the filter's taps

blas.one_threaded()


@conv2d_op.kernel("CPU", T=FLOATS)
def conv2d(input, filter, **attrs):
    """Convolve block by block."""
    return convolve(conv_frame(**attrs), input, filter, correlate)


@conv2d_backprop_input_op.kernel("CPU", T=FLOATS)
def conv2d_backprop_input(input_sizes, filter, out_backprop, **attrs):
    """Carry the gradient back to the input block by block."""
    return convolve_input(conv_frame(**attrs), input_sizes, filter, out_backprop, spread)


@conv2d_backprop_filter_op.kernel("CPU", T=FLOATS)
def conv2d_backprop_filter(input, filter_sizes, out_backprop, **attrs):
    """Carry the gradient back to the filter block by block."""
    return convolve_filter(conv_frame(**attrs), input, filter_sizes, out_backprop, pair)


# --- one group of channels -----------------------------------------------------------------------


def correlate(images: Array, filter: Array, windows: Windows) -> Array:
    """Convolve one group."""
    out = buffers.empty((len(images), *windows.counts, filter.shape[-1]), images.dtype)
    cells = cells_of_windows(images, windows)
    columns = pixels(np.ascontiguousarray(filter))

    def work(block: Block) -> None:
        np.matmul(lines(cells[block]), columns, out=pixels(out[block]))

    run_all(work, blocks(cells))
    return out


def spread(grads: Array, filter: Array, windows: Windows) -> Array:
    """Carry one group's gradient back to its input."""
    *window, C, K = filter.shape
    turned = [turned_sweep(sweep) for sweep in windows.sweeps]
    # With far fewer channels to make than there are, the lines of the correlation would be longest.
    if 4 * C >= K and all(s.stride == 1 and s.before >= 0 and s.after >= 0 for s in turned):
        flipped = np.flip(filter, tuple(range(len(window)))).swapaxes(-1, -2)
        return correlate(grads, flipped, Windows(tuple(turned)))
    shape = (len(grads), *[s.before + s.size + s.after for s in windows.sweeps], C)
    padded = buffers.empty(shape, grads.dtype)
    padded.fill(0)
    rows = pixels(np.ascontiguousarray(filter)).T

    def work(images: slice) -> None:
        found = pixels(grads[images]) @ rows
        found = found.reshape(-1, *windows.counts, *window, C)
        for tap, at in windows.taps():
            of_tap: Any = (..., *tap, slice(None))
            padded[images][at] += found[of_tap]

    # Whole images: the taps of one image overlap.
    line = padded.itemsize * math.prod(window) * C
    step = max(1, BLOCK // max(1, line * math.prod(windows.counts)))
    run_all(work, [slice(n, n + step) for n in range(0, len(grads), step)])
    return windows.cropped(padded)


def turned_sweep(sweep: Sweep) -> Sweep:
    """Return how a turned filter sweeps the gradients, so that each reaches its inputs again."""
    reach = (sweep.window - 1) * sweep.dilation
    return replace(
        sweep,
        size=sweep.count,
        count=sweep.size,
        before=reach - sweep.before,
        after=reach - sweep.after,
    )


def pair(images: Array, grads: Array, windows: Windows) -> Array:
    """Carry one group's gradient back to its filter."""
    cells = cells_of_windows(images, windows)
    of_line = cells.shape[grads.ndim - 1 :]  # R S C
    K = grads.shape[-1]
    every = blocks(cells)
    summed = math.prod(of_line) * K * images.itemsize
    if summed * SUMS > MOST_SUMMED and math.prod(of_line[:-1]) > 1:
        return _tap_by_tap(cells, grads)
    count = max(1, min(SUMS, len(every), MOST_SUMMED // max(1, summed)))
    sums = buffers.empty((count, math.prod(of_line), K), images.dtype)
    sums.fill(0)

    def work(part: int) -> None:
        for block in every[part::count]:
            sums[part] += lines(cells[block]).T @ pixels(grads[block])

    threads.run_parts(work, count)
    if count == 1:
        return sums.reshape(*of_line, K)
    total = buffers.empty(sums.shape[1:], sums.dtype)
    return sums.sum(0, out=total).reshape(*of_line, K)


def _tap_by_tap(cells: Array, grads: Array) -> Array:
    """Return a filter's gradient without partial sums: each tap is added up by itself."""
    *window, C = cells.shape[grads.ndim - 1 :]
    total = buffers.empty((*window, C, grads.shape[-1]), cells.dtype)
    total.fill(0)
    every = blocks(cells)
    pixel = (slice(None),) * (grads.ndim - 1)

    def work(tap: tuple[int, ...]) -> None:
        of_tap = cells[(*pixel, *[slice(at, at + 1) for at in tap])]
        for block in every:
            total[tap] += lines(of_tap[block]).T @ pixels(grads[block])

    run_all(work, list(itertools.product(*map(range, window))))
    return total


# --- blocks --------------------------------------------------------------------------------------


def cells_of_windows(images: Array, windows: Windows) -> Array:
    """Return what each window sees, [N, P, Q, R, S, C], without copying it."""
    padded = windows.padded(images, empty=buffers.empty) if windows.is_padded else images
    n, *space, channel = padded.strides
    ways = list(zip(space, windows.sweeps, strict=True))
    return as_strided(
        padded,
        (len(images), *windows.counts, *[x.window for x in windows.sweeps], images.shape[-1]),
        (n, *[b * x.stride for b, x in ways], *[b * x.dilation for b, x in ways], channel),
        writeable=False,
    )


def lines(cells: Array) -> Array:
    """Lay out what each window sees as a row: [pixels, R S C]; a view where it lies so already."""
    half = cells.ndim // 2
    rows, columns = math.prod(cells.shape[:half]), math.prod(cells.shape[half:])
    return np.ascontiguousarray(cells).reshape(rows, columns)


def pixels(images: Array) -> Array:
    """Return images as [pixels, channels]."""
    return images.reshape(math.prod(images.shape[:-1]), images.shape[-1])


def blocks(cells: Array) -> list[Block]:
    """Cut windows into blocks of several images, or of several rows (layers) of one image."""
    sizes = cells.shape[: cells.ndim // 2]
    item_bytes = [
        max(1, math.prod(cells.shape[axis + 1 :]) * cells.itemsize) for axis in range(len(sizes))
    ]
    size = min(BLOCK, max(BLOCK // 8, len(cells) * item_bytes[0] // PARTS))
    # Cut along the first axis whose items fit; a row of windows stays whole.
    axis = next((a for a, item in enumerate(item_bytes) if item <= size), len(sizes))
    axis = min(axis, len(sizes) - 2)
    step = max(1, size // item_bytes[axis])
    outer = itertools.product(*[[slice(i, i + 1) for i in range(n)] for n in sizes[:axis]])
    inner = [slice(i, i + step) for i in range(0, sizes[axis], step)]
    return [(*place, part) for place in outer for part in inner]


def run_all(work: Callable[[Any], None], items: list[Any]) -> None:
    """Call `work(item)` for each item, on several threads."""
    threads.run_parts(lambda part: work(items[part]), len(items))
