"""Winograd's convolution with windows of 3x3: four outputs for 16 multiplications instead of 36.

Images are cut into squares of 4x4 cells, each the cells of 2x2 outputs; squares overlap by two
cells.  Squares and filters are transformed (`transforms`); then each of the 16 elements of a square
is a matrix product over the channels, by the tiles of other convolutions, and the products are
transformed back to outputs:

    V[e, square, c] = B d B^T      U[e, c, k] = G g G^T
    M[e, square, k] = sum over c of V[e, square, c] * U[e, c, k]        out = A M A^T

Squares are taken in blocks whose V and M stay near in the caches.

**Numbers.** All weights are 0, 1, -1 and 1/2, so sums of small whole numbers stay exact.  With eps
the distance of 1 to the next float, the error of an output is at most

    (C + 12) eps * sum over c of |A| (|G| |g| |G|^T * |B| |d| |B|^T) |A|^T

since a term goes through 2 roundings in V, at most 4 in U (halving is exact), C in a product and
its sum, at most 4 in `out`, and 2 are for the squares of eps.  Where numbers are about equally
large the sum is 64 / 9 of the sum of |d| |g|, whose bound is 9 C eps: F(2x2, 3x3) has the better
bound of the two from 46 channels on, and about half the error in practice.  (F(4x4, 3x3),
whose weights are 1/24 to 8, has several times that error, and is not used.)  What is not finite may
spoil outputs that do not see it, so a convolution that makes any such number is left to the direct
sums.

Source: A. Lavin and S. Gray, Fast Algorithms for Convolutional Neural Networks (2016), section 4.1.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from minitf.kernels_cpu import threads
from minitf.kernels_cpu.conv.layouts import aligned, flat_from, padded
from minitf.kernels_cpu.conv.tiles import block_loops, panel_of
from minitf.kernels_cpu.conv.transforms import transform_filter, transform_images, transform_sums
from minitf.kernels_cpu.jit import loops
from minitf.ops.conv.windows import Windows

Array = np.ndarray[Any, Any]

LEAST_CHANNELS = 48  # on both sides: with fewer, the bound is worse, and little is gained
LEAST_WINDOWS = 192
LEAST_WORK = 1 << 23  # multiplications for one tap: less is not worth compiling these loops
SQUARES = 48  # of a block: figures in docs/kernels.md
PARTS = 16  # what work is cut into, for the threads' sake
ELEMENTS = 16
HERE = np.zeros(1, np.int64)  # a window's only run of cells


def suits(images: Array, K: int, windows: Windows) -> bool:
    """Tell whether this is how images [N, H, W, C] are best convolved."""
    lanes = panel_of(images.dtype).lanes
    C = images.shape[-1]
    return (
        len(windows.sweeps) == 2
        and all(s.window == 3 and s.stride == 1 and s.dilation == 1 for s in windows.sweeps)
        and min(C, K) >= LEAST_CHANNELS
        and not C % lanes
        and not K % lanes
        and (count := len(images) * math.prod(windows.counts)) >= LEAST_WINDOWS
        and count * C * K >= LEAST_WORK
    )


def correlate(images: Array, filter: Array, windows: Windows, out: Array) -> bool:
    """Convolve into `out`; tell whether all of it is finite, else `out` is of no use."""
    C, K = filter.shape[-2:]
    panel = panel_of(out.dtype)
    TH, TW = (-(-count // 2) for count in windows.counts)
    margins = [(sweep.before, sweep.after + -sweep.count % 2) for sweep in windows.sweeps]
    cells = padded(images, margins)
    transformed = aligned(ELEMENTS * C * K, out.dtype)
    flat = np.ascontiguousarray(filter).reshape(-1)
    threads.split(filter_loops, C, flat, C, K, *panel, transformed, cost=32 * K)
    squares = len(images) * TH * TW
    step = -(-squares // (PARTS * SQUARES)) * SQUARES
    parts = -(-squares // step)
    odd = np.zeros(parts, out.dtype)
    rows = np.arange(SQUARES)

    def work(part: int) -> None:
        sizes = ELEMENTS * SQUARES * C, ELEMENTS * SQUARES * K, 4 * K
        winograd_loops(
            part * step, min(part * step + step, squares), TH, TW, *cells.shape[1:], *out.shape[1:],
            flat_from(cells, 0), transformed, HERE, rows * C, rows * K, *panel,
            *[aligned(size, out.dtype) for size in sizes], flat_from(out, 0), odd[part : part + 1],
        )  # fmt: skip

    threads.run_parts(work, parts)
    return bool(np.isfinite(odd).all())


# --- loops ---------------------------------------------------------------------------------------


@loops
def filter_loops(first, last, filter, C, K, lanes, most, out):
    """Transform the filters [3, 3, C, K] of channels first..last into panels of each element."""
    for c in range(first, last):
        for k in range(0, K, lanes * most):
            width = min(K - k, lanes * most)
            transform_filter(
                filter, c * K + k, 3 * C * K, C * K, out, C * k + c * width, 4 * C * K, C * K, width
            )


@loops(fastmath={"reassoc"})
def winograd_loops(
    first, last, TH, TW, H, W, C, P, Q, K, cells, filters, here, rows, places, lanes, most, out_v,
    out_m, out_edge, out, out_odd,
):  # fmt: skip
    """Make the outputs of squares first..last; add zero times each to `out_odd`."""
    size = rows.size  # squares of a block
    odd = out_odd[0]
    for begin in range(first, last, size):
        count = min(size, last - begin)
        for t in range(count):
            n, y, x = (begin + t) // (TH * TW), (begin + t) // TW % TH, (begin + t) % TW
            at = ((n * H + 2 * y) * W + 2 * x) * C
            transform_images(cells, at, W * C, C, out_v, t * C, 4 * size * C, size * C, C)
        for e in range(ELEMENTS):
            v, m = out_v[e * size * C :], out_m[e * size * K :]
            at = e * C * K
            block_loops(0, count, v, rows, places, here, C, filters, at, lanes, most, K, m)
        for t in range(count):
            n, y, x = (begin + t) // (TH * TW), (begin + t) // TW % TH, (begin + t) % TW
            to, high, wide = ((n * P + 2 * y) * Q + 2 * x) * K, P - 2 * y, Q - 2 * x
            if high > 1 and wide > 1:
                transform_sums(out_m, t * K, 4 * size * K, size * K, out, to, Q * K, K, K)
            else:
                transform_sums(out_m, t * K, 4 * size * K, size * K, out_edge, 0, 2 * K, K, K)
                for p in range(min(high, 2)):
                    for q in range(min(wide, 2)):
                        for k in range(K):
                            out[to + (p * Q + q) * K + k] = out_edge[(2 * p + q) * K + k]
            for p in range(min(high, 2)):
                line = out[to + p * Q * K : to + (p * Q + min(wide, 2)) * K]
                for k in range(line.size):
                    odd += line[k] * 0
    out_odd[0] = odd
