"""CPU kernels of depthwise convolution: lines of images times lines of taps.

Channels never mix, so the W pixels of one row of an image are one *line* of W * C numbers.  Tap
(r, s) of all windows of a row of the output is then a run of an image's line, shifted, times the
tap's own C numbers again and again:

    image    [0a 0b 1a 1b 2a 2b 3a 3b]       W = 4, C = 2; tap s = 2 of windows q = 0, 1
    taps            x [fa fb fa fb]          filter[r, s], repeated for each window
    output         += [0a 0b 1a 1b]          Q = 2

At stride 1 the innermost loop runs along such a line, however few channels there are; else window
by window.  It has no branch, so LLVM vectorises it.  The gradients take the same runs: `spread`
adds to the image's line, `pair` to sums that are as long as lines, added up over q at the end.
Several filters of one channel are the case of one with each channel repeated.

Padding is left out, not multiplied: where zeros would meet infinities or NaN, the body computes.

Letters: N batch, H W images, C channels, R S filter, M filters of a channel, K = C * M, P Q output.

Source: 2015 Table 1; docs/kernels.md has the figures.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from minitf.dtypes import FLOATS
from minitf.kernels_cpu import threads
from minitf.kernels_cpu.jit import loops
from minitf.ops.conv import depthwise
from minitf.ops.conv.grouped import conv_frame
from minitf.ops.conv.windows import Sweep, Windows

Array = np.ndarray[Any, Any]

MOST_TAPS = 1 << 20  # numbers of a filter whose taps are repeated along whole lines
PARTS = 8  # partial sums of a filter's gradient, which threads may make at once


@depthwise.depthwise_conv2d_native_op.kernel("CPU", T=FLOATS)
def depthwise_conv2d_native(input, filter, **attrs):
    """Convolve line by line."""
    return depthwise.convolve(conv_frame(**attrs), input, filter, correlate)


@depthwise.depthwise_conv2d_native_backprop_input_op.kernel("CPU", T=FLOATS)
def depthwise_conv2d_native_backprop_input(input_sizes, filter, out_backprop, **attrs):
    """Carry the gradient back to the input line by line."""
    return depthwise.convolve_input(conv_frame(**attrs), input_sizes, filter, out_backprop, spread)


@depthwise.depthwise_conv2d_native_backprop_filter_op.kernel("CPU", T=FLOATS)
def depthwise_conv2d_native_backprop_filter(input, filter_sizes, out_backprop, **attrs):
    """Carry the gradient back to the filter line by line."""
    return depthwise.convolve_filter(conv_frame(**attrs), input, filter_sizes, out_backprop, pair)


# --- images [N, H, W, C], gradients [N, P, Q, C, M] ----------------------------------------------


def correlate(images: Array, filter: Array, windows: Windows) -> Array:
    """Convolve: the body's products, added in its order."""
    if windows.is_padded and not np.isfinite(filter).all():
        return depthwise.correlate(images, filter, windows)
    *window, C, M = filter.shape
    P, Q = windows.counts
    out = np.empty((len(images), P, Q * C * M), images.dtype)
    taps = filter.reshape(*window, C * M)
    if is_wide(windows, C * M):
        taps = np.tile(taps, (1, 1, Q))
    threads.split(
        correlate_loops,
        len(images) * P,
        lines(np.repeat(images, M, -1) if M > 1 else images),
        np.ascontiguousarray(taps),
        *ways(windows, C * M),
        out,
        cost=max(1, math.prod(window) * out.shape[2]),
    )
    return out.reshape(len(images), P, Q, C, M)


def spread(grads: Array, filter: Array, windows: Windows) -> Array:
    """Carry the gradient back to the input."""
    *window, C, M = filter.shape
    H, W = (sweep.size for sweep in windows.sweeps)
    out = np.empty((len(grads), H, W * C * M), grads.dtype)
    taps = filter.reshape(*window, C * M)
    if is_wide(windows, C * M):
        taps = np.tile(taps, (1, 1, windows.counts[1]))
    threads.split(
        spread_loops,
        len(grads),
        lines(grads),
        np.ascontiguousarray(taps),
        *ways(windows, C * M),
        out,
        cost=max(1, math.prod(window) * math.prod(grads.shape[1:])),
    )
    made = out.reshape(len(grads), H, W, C, M)
    if M == 1:
        return made[..., 0]
    total = np.zeros(made.shape[:-1], made.dtype)
    for m in range(M):  # an eighth of the time of made.sum(-1), whose runs are M numbers long
        total += made[..., m]
    return total


def pair(images: Array, grads: Array, windows: Windows) -> Array:
    """Carry the gradient back to the filter."""
    N, _, Q, C, M = grads.shape
    window = [sweep.window for sweep in windows.sweeps]
    width = Q if is_wide(windows, C * M) else 1
    parts = max(1, min(PARTS, N))
    sums = np.zeros((parts, *window, width * C * M), images.dtype)
    of_images = lines(np.repeat(images, M, -1) if M > 1 else images)
    of_grads, how = lines(grads), ways(windows, C * M)

    def work(part: int) -> None:
        first, last = part * N // parts, (part + 1) * N // parts
        pair_loops(first, last, of_images, of_grads, *how, sums[part])

    threads.run_parts(work, parts)
    total: Array = sums.reshape(parts, *window, width, C, M).sum((0, 3))
    if windows.is_padded and not np.isfinite(total).all():
        return depthwise.pair(images, grads, windows)
    return total


def lines(pixels: Array) -> Array:
    """Return images as lines: [N, H, W * K]."""
    N, H, *rest = pixels.shape
    return np.ascontiguousarray(pixels).reshape(N, H, math.prod(rest))


def is_wide(windows: Windows, K: int) -> bool:
    """Tell whether taps are repeated along whole lines."""
    y, x = windows.sweeps
    return y.window * x.window * x.count * K <= MOST_TAPS


def ways(windows: Windows, K: int) -> tuple[Any, ...]:
    """Return how windows move, as the loops take it: U, Dy, top; V * K, K; the runs of each tap s.

    A row of runs: how many there are, how long each is, where the first starts in the image's line
    and in the output's.
    """
    y, x = windows.sweeps
    fused = x.stride == 1 and is_wide(windows, K)
    runs = [_runs(x, s, K, fused=fused) for s in range(x.window)]
    return (y.stride, y.dilation, y.before, x.stride * K, K, np.array(runs, np.int64))


def _runs(x: Sweep, s: int, K: int, *, fused: bool) -> tuple[int, int, int, int]:
    shift = s * x.dilation - x.before
    first = max(0, -(shift // x.stride))  # the first window whose tap is inside the image
    count = max(0, min(x.count, (x.size - 1 - shift) // x.stride + 1) - first)
    begin = (first * x.stride + shift) * K, first * K
    return (min(1, count), count * K, *begin) if fused else (count, K, *begin)


# --- loops ---------------------------------------------------------------------------------------


@loops
def correlate_loops(first, last, images, taps, U, Dy, top, step, K, runs, out):
    """Fill rows first..last of the N * P rows of windows."""
    H, P = images.shape[1], out.shape[1]
    R, S, width = taps.shape
    for row in range(first, last):
        n, p = row // P, row % P
        line = out[n, p]
        for i in range(line.size):
            line[i] = 0
        for r in range(R):
            y = p * U - top + r * Dy
            if y < 0 or y >= H:
                continue
            for s in range(S):
                count, size, x, q = runs[s]
                for _ in range(count):
                    cells = images[n, y, x : x + size]
                    tap = taps[r, s, q % width : q % width + size]
                    total = line[q : q + size]
                    for i in range(size):
                        total[i] += cells[i] * tap[i]
                    x += step
                    q += K


@loops
def spread_loops(first, last, grads, taps, U, Dy, top, step, K, runs, out):
    """Fill images first..last."""
    H, P = out.shape[1], grads.shape[1]
    R, S, width = taps.shape
    for n in range(first, last):
        out[n] = 0
        for p in range(P):
            for r in range(R):
                y = p * U - top + r * Dy
                if y < 0 or y >= H:
                    continue
                for s in range(S):
                    count, size, x, q = runs[s]
                    for _ in range(count):
                        given = grads[n, p, q : q + size]
                        tap = taps[r, s, q % width : q % width + size]
                        total = out[n, y, x : x + size]
                        for i in range(size):
                            total[i] += given[i] * tap[i]
                        x += step
                        q += K


@loops
def pair_loops(first, last, images, grads, U, Dy, top, step, K, runs, out):
    """Add the products of images first..last to the sums of each tap."""
    H, P = images.shape[1], grads.shape[1]
    R, S, width = out.shape
    for n in range(first, last):
        for p in range(P):
            for r in range(R):
                y = p * U - top + r * Dy
                if y < 0 or y >= H:
                    continue
                for s in range(S):
                    count, size, x, q = runs[s]
                    for _ in range(count):
                        cells = images[n, y, x : x + size]
                        given = grads[n, p, q : q + size]
                        total = out[r, s, q % width : q % width + size]
                        for i in range(size):
                            total[i] += cells[i] * given[i]
                        x += step
                        q += K
