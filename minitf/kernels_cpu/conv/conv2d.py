"""CPU kernels of convolution: sums over the cells that windows see, found by tables of places.

    correlate: out[window, k] = sum over cells of x[window + cell] * filter[cell, k]
    spread:    the same of the gradients, by turned filters; for each remainder of a stride alone
    pair:      filter's gradient[cell, k] = sum over windows of x[window + cell] * grads[window, k]

No window is laid out as a row of a matrix: tiles of the result (`tiles`) gather their terms from
the padded images, by tables (`gathering`) that say where.  Filters are laid out as panels, the
channels of a tile side by side for each cell.  Windows are taken in blocks whose cells stay in the
second-level cache while all panels pass.  Nothing here counts the axes of space: volumes are
convolved by the same functions (`conv3d`).  Windows of 3x3 over many channels go to `winograd`.

**Invariant**: an output is one sum, from the first cell to the last, and what is added up in parts
is cut by shapes alone; so bits do not depend on the number of threads.

Letters: N batch, H W images, C channels, R S filter, P Q windows, K channels of the output.

Source: 2015 §5.4; docs/kernels.md has the figures.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from typing import Any

import numpy as np

from minitf.dtypes import FLOATS
from minitf.kernels_cpu import buffers, threads
from minitf.kernels_cpu.conv import winograd
from minitf.kernels_cpu.conv.gathering import Gather, back, cells_of, forth, gather
from minitf.kernels_cpu.conv.layouts import aligned, flat_from, padded, panels_of, turned, widened
from minitf.kernels_cpu.conv.tiles import ROWS, block_loops, pair_tile, panel_of
from minitf.kernels_cpu.jit import loops
from minitf.ops.conv.conv2d import (
    conv2d_backprop_filter_op,
    conv2d_backprop_input_op,
    conv2d_op,
)
from minitf.ops.conv.grouped import conv_frame, convolve, convolve_filter, convolve_input
from minitf.ops.conv.windows import Sweep, Windows

Array = np.ndarray[Any, Any]

BLOCK = 160_000  # bytes of cells of a block of windows: figures in docs/kernels.md
PAIR_BLOCK = 128  # windows that are added up in registers
WORK = 1 << 21  # multiplications that a thread makes at once, at least: about 40 us
PARTS = 16  # that groups of images are cut into, where these are fewer
SUMS = 8  # partial sums of a filter's gradient, which threads may make at once
MOST_SUMMED = 8 << 20  # bytes that they may take together, else threads share the filter's cells
SHARERS = 4  # parts of a filter's gradient that is shared


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
    C, K = filter.shape[-2:]
    out = buffers.empty((len(images), *windows.counts, K), images.dtype)
    if winograd.suits(images, K, windows) and winograd.correlate(images, filter, windows, out):
        return out
    cells = padded(images, [(sweep.before, sweep.after) for sweep in windows.sweeps])
    ways = tuple(forth(sweep) for sweep in windows.sweeps)
    tables = gather(ways, cells.shape[1:-1], C, windows.counts, K, len(images), least(filter.size))
    _gathered(cells, filter.reshape(math.prod(filter.shape[:-1]), K), tables, out)
    return out


def spread(grads: Array, filter: Array, windows: Windows) -> Array:
    """Carry one group's gradient back to its input."""
    C, K = filter.shape[-2:]
    sizes = tuple(sweep.size for sweep in windows.sweeps)
    out = buffers.empty((len(grads), *sizes, C), grads.dtype)
    ways, margins = zip(*[back(sweep) for sweep in windows.sweeps], strict=True)
    flipped = Windows(tuple(turned_sweep(sweep) for sweep in windows.sweeps))
    if winograd.suits(grads, C, flipped) and all(
        min(sweep.before, sweep.after) >= 0 for sweep in flipped.sweeps
    ):
        every = turned(filter, [range(sweep.window)[::-1] for sweep in windows.sweeps])
        if winograd.correlate(grads, every.reshape(*filter.shape[:-2], K, C), flipped, out):
            return out
    cells = padded(grads, margins)
    for each in itertools.product(*ways):
        tables = gather(each, cells.shape[1:-1], K, sizes, C, len(grads), least(filter.size))
        _gathered(cells, turned(filter, [way.taps for way in each]), tables, out)
    return out


def turned_sweep(sweep: Sweep) -> Sweep:
    """Return how a turned filter sweeps the gradients at stride 1, back to the inputs of each."""
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
    N, C, K = len(images), images.shape[-1], grads.shape[-1]
    window = [sweep.window for sweep in windows.sweeps]
    x = padded(images, [(sweep.before, sweep.after) for sweep in windows.sweeps])
    lanes, most = panel_of(x.dtype)
    width = -(-K // lanes) * lanes
    grads = widened(grads, width)
    cells = cells_of(windows, x.shape[1:-1], C)
    ways = tuple(forth(sweep) for sweep in windows.sweeps)
    tables = gather(ways, x.shape[1:-1], C, windows.counts, width, N, least(cells.size * K))
    units = tables.units
    count = max(1, min(SUMS, len(units)))
    summed = cells.size * width
    if count < SHARERS or count * summed * x.itemsize > MOST_SUMMED:
        count, step = 1, max(1, -(-cells.size // ROWS // SHARERS)) * ROWS
        parts = [(0, m, min(m + step, cells.size)) for m in range(0, cells.size, step)]
    else:
        parts = [(part, 0, cells.size) for part in range(count)]
    sums = aligned(count * summed, x.dtype).reshape(count, summed)
    sums.fill(0)

    def work(part: int) -> None:
        which, first, last = parts[part]
        for at, of_grads, outputs in units[which::count]:
            pair_loops(
                first, last, outputs, PAIR_BLOCK, flat_from(x, at), tables.rows, cells,
                flat_from(grads, of_grads), lanes, most, width, sums[which],
            )  # fmt: skip

    threads.run_parts(work, len(parts))
    total = (sums[0] if count == 1 else sums.sum(0)).reshape(cells.size, width)
    return np.ascontiguousarray(total[: math.prod(window) * C, :K]).reshape(*window, C, K)


def _gathered(cells: Array, filter: Array, tables: Gather, out: Array) -> None:
    """Write the outputs that tables tell of.

    Args:
        cells: padded images.
        filter: [cells of a window, channels of the output].
    """
    depth, K = filter.shape
    if not tables.units:  # there is nothing to add up, or no output
        out.fill(0)
        return
    lanes, most = panel_of(out.dtype)
    panels = panels_of(filter, lanes, lanes * most)
    block = max(48, min(960, BLOCK // max(1, tables.spacing * cells.itemsize) // ROWS * ROWS))
    step = -(-sum(outputs for *_, outputs in tables.units) // PARTS)
    step = -(-max(step, least(depth * K)) // ROWS) * ROWS
    parts = [
        (*unit, first, min(first + step, unit[2]))
        for unit in tables.units
        for first in range(0, unit[2], step)
    ]

    def work(part: int) -> None:
        at, of_out, outputs, first, last = parts[part]
        correlate_loops(
            first, last, block, flat_from(cells, at), *tables.tables(outputs), tables.taps,
            tables.run, panels, lanes, most, K, flat_from(out, of_out),
        )  # fmt: skip

    threads.run_parts(work, len(parts))


def least(cost: int) -> int:
    """Return how many windows are worth a part, with so many multiplications for each."""
    return -(-WORK // max(1, cost))


# --- loops ---------------------------------------------------------------------------------------


@loops
def correlate_loops(first, last, block, x, rows, places, taps, run, panels, lanes, most, K, out):
    """Make the outputs first..last, block by block."""
    for begin in range(first, last, block):
        end = min(begin + block, last)
        block_loops(begin, end, x, rows, places, taps, run, panels, 0, lanes, most, K, out)


@loops
def pair_loops(first, last, windows, block, x, rows, cells, grads, lanes, most, K, out):
    """Add what some windows give to rows first..last of a filter's gradient."""
    for begin in range(0, windows, block):
        end = min(begin + block, windows)
        for k in range(0, K, lanes * most):
            vectors = (min(K - k, lanes * most) + lanes - 1) // lanes
            for m in range(first, last, ROWS):
                pair_tile(vectors, x, rows, begin, end, cells, m, grads, K, k, out)
