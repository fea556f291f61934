"""CPU kernels of max pooling that tells places.

Letters: N batch, H W images, C channels, R S window, U V strides, P Q windows.

Source: 2015 Table 1; docs/kernels.md has the figures.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from minitf.dtypes import int64
from minitf.kernels_cpu import threads
from minitf.kernels_cpu.conv.pooling import TYPES, is_over_channels, work_of_row
from minitf.kernels_cpu.jit import loops
from minitf.ops.conv import argmax_pooling
from minitf.ops.conv.pools import Pool, check_shape
from minitf.ops.conv.windows import Windows

Array = np.ndarray[Any, Any]


@argmax_pooling.max_pool_with_argmax_op.kernel("CPU", T=TYPES)
def max_pool_with_argmax(
    input, *, ksize, strides, Targmax=int64, padding, include_batch_in_index=False
):
    """Take the greatest value of each window, and its place."""
    windows = Pool.of(ksize, strides, padding).windows(input)
    output, places = greatest_and_place(input, windows)
    if include_batch_in_index:
        places += argmax_pooling.starts(input, whole=True)
    return output, places.astype(Targmax.numpy, copy=False)


def greatest_and_place(images: Array, windows: Windows) -> tuple[Array, Array]:
    """Return the greatest value of each window and its place within its image."""
    if is_over_channels(windows):
        return argmax_pooling.greatest_and_place(images, windows)
    out = np.empty((len(images), *windows.counts), images.dtype)
    places = np.empty(out.shape, np.int64)
    y, x, _ = windows.sweeps
    threads.split(
        greatest_and_place_loops,
        out.shape[0] * out.shape[1],
        np.ascontiguousarray(images),
        *(y.window, x.window, y.stride, x.stride, y.before, x.before),
        out,
        places,
        cost=3 * work_of_row(out, windows),
    )
    return out, places


@loops
def greatest_and_place_loops(first, last, images, R, S, U, V, top, left, out, out_places):
    """Fill rows first..last of the N * P rows of windows."""
    _, H, W, C = images.shape
    _, P, Q, _ = out.shape
    for row in range(first, last):
        n, p = row // P, row % P
        y = p * U - top
        for q in range(Q):
            x = q * V - left
            best, place = out[n, p, q], out_places[n, p, q]
            r_first, s_first = max(0, -y), max(0, -x)
            start = ((y + r_first) * W + x + s_first) * C
            for c in range(C):
                best[c] = images[n, y + r_first, x + s_first, c]
                place[c] = start + c
            for r in range(r_first, min(R, H - y)):
                for s in range(s_first, min(S, W - x)):
                    cell = images[n, y + r, x + s]
                    start = ((y + r) * W + x + s) * C
                    for c in range(C):
                        # a NaN is the greatest, and the first of them stays
                        is_better = (cell[c] > best[c]) | (
                            (cell[c] != cell[c]) & (best[c] == best[c])
                        )
                        best[c] = cell[c] if is_better else best[c]
                        place[c] = start + c if is_better else place[c]


@argmax_pooling.max_pool_grad_with_argmax_op.kernel("CPU", T=TYPES)
def max_pool_grad_with_argmax(
    input, grad, argmax, *, ksize, strides, padding, include_batch_in_index=False
):
    """Add each window's gradient to the cell at its place."""
    windows = Pool.of(ksize, strides, padding).windows(input)
    check_shape("grad", grad, (len(input), *windows.counts))
    places = argmax_pooling.cells_of(input, argmax, windows, whole=include_batch_in_index)
    out = np.zeros(input.shape, input.dtype)
    windows_per_image = math.prod(windows.counts)
    threads.split(
        add_at_loops,
        len(input),
        np.ascontiguousarray(grad).reshape(-1),
        np.ascontiguousarray(places).reshape(-1),
        windows_per_image,
        out.reshape(-1),
        cost=2 * max(1, windows_per_image),
    )
    return out


@loops
def add_at_loops(first, last, grads, places, each, out):
    """Fill images first..last, of each of which there are `each` windows."""
    for i in range(first * each, last * each):
        out[places[i]] += grads[i]
