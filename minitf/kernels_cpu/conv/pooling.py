"""CPU kernels of pooling over height and width.

The innermost loop runs over channels, which lie side by side, so LLVM vectorises it; a window's
cells are read where they stand, without a padded copy.  Windows over channels too are left to the
op's body.

Letters: N batch, H W images, C channels, R S window, U V strides, P Q windows.

Source: 2015 Table 1; docs/kernels.md has the figures.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from minitf.dtypes import float32, float64
from minitf.kernels_cpu import threads
from minitf.kernels_cpu.jit import loops
from minitf.ops.conv import pooling
from minitf.ops.conv.pools import Pool, check_shape
from minitf.ops.conv.windows import Windows

Array = np.ndarray[Any, Any]
TYPES = (float32, float64)


@pooling.max_pool_op.kernel("CPU", T=TYPES)
def max_pool(input, *, ksize, strides, padding, explicit_paddings=(), data_format="NHWC"):
    """Take the greatest value of each window."""
    return Pool.of(ksize, strides, padding, data_format, explicit_paddings).applied(greatest, input)


@pooling.max_pool_grad_op.kernel("CPU", T=TYPES)
def max_pool_grad(
    orig_input,
    orig_output,
    grad,
    *,
    ksize,
    strides,
    padding,
    explicit_paddings=(),
    data_format="NHWC",
):
    """Give each window's gradient to its first greatest cell."""
    pool = Pool.of(ksize, strides, padding, data_format, explicit_paddings)
    return pool.applied(give_to_greatest, orig_input, grad)


@pooling.avg_pool_op.kernel("CPU", T=TYPES)
def avg_pool(value, *, ksize, strides, padding, data_format="NHWC"):
    """Average each window over its cells inside the image."""
    pool = pooling.average_pool(ksize, strides, padding, data_format)
    return pool.applied(average, value)


@pooling.avg_pool_grad_op.kernel("CPU", T=TYPES)
def avg_pool_grad(orig_input_shape, grad, *, ksize, strides, padding, data_format="NHWC"):
    """Share each window's gradient among its cells inside the image."""
    pool = pooling.average_pool(ksize, strides, padding, data_format)
    images = np.broadcast_to(grad.dtype.type(0), orig_input_shape)
    return pool.applied(share, images, grad)


# --- images [N, H, W, C] -------------------------------------------------------------------------


def greatest(images: Array, windows: Windows) -> Array:
    """Return the greatest value of each window."""
    if is_over_channels(windows):
        return pooling.greatest(images, windows)
    out = np.empty((len(images), *windows.counts), images.dtype)
    rows, cost = out.shape[0] * out.shape[1], work_of_row(out, windows)
    threads.split(
        greatest_loops, rows, np.ascontiguousarray(images), *sizes(windows), out, cost=cost
    )
    return out


def give_to_greatest(images: Array, grads: Array, windows: Windows) -> Array:
    """Add each window's gradient to its first greatest cell."""
    if is_over_channels(windows):
        return pooling.give_to_greatest(images, grads, windows)
    check_shape("grad", grads, (len(images), *windows.counts))
    out = np.empty(images.shape, images.dtype)
    threads.split(
        give_to_greatest_loops,
        len(images),
        np.ascontiguousarray(images),
        np.ascontiguousarray(grads),
        *sizes(windows),
        out,
        cost=4 * grads.shape[1] * work_of_row(grads, windows),
    )
    return out


def average(images: Array, windows: Windows) -> Array:
    """Return the average of each window."""
    out = np.empty((len(images), *windows.counts), images.dtype)
    rows, cost = out.shape[0] * out.shape[1], work_of_row(out, windows)
    threads.split(
        average_loops, rows, np.ascontiguousarray(images), *sizes(windows), out, cost=cost
    )
    return out


def share(images: Array, grads: Array, windows: Windows) -> Array:
    """Add to each cell its share of its windows' gradients."""
    check_shape("grad", grads, (len(images), *windows.counts))
    out = np.empty(images.shape, images.dtype)
    cost = grads.shape[1] * work_of_row(grads, windows)
    threads.split(
        share_loops, len(images), np.ascontiguousarray(grads), *sizes(windows), out, cost=cost
    )
    return out


def is_over_channels(windows: Windows) -> bool:
    """Tell whether windows take in several channels, or leave some out."""
    channels = windows.sweeps[2]
    return channels.window > 1 or channels.stride > 1 or channels.before + channels.after > 0


def sizes(windows: Windows) -> tuple[int, ...]:
    """Return R, S, U, V, top and left, as the loops take them."""
    y, x, _ = windows.sweeps
    return y.window, x.window, y.stride, x.stride, y.before, x.before


def work_of_row(out: Array, windows: Windows) -> int:
    """Return how many cells the windows of one row of windows see."""
    y, x, _ = windows.sweeps
    return max(1, math.prod((*out.shape[2:], y.window, x.window)))


# --- loops ---------------------------------------------------------------------------------------


@loops
def greatest_loops(first, last, images, R, S, U, V, top, left, out):
    """Fill rows first..last of the N * P rows of windows."""
    _, H, W, C = images.shape
    _, P, Q, _ = out.shape
    for row in range(first, last):
        n, p = row // P, row % P
        y, x_of_row = p * U - top, -left
        for q in range(Q):
            x = x_of_row + q * V
            best = out[n, p, q]
            for c in range(C):
                best[c] = -np.inf
            for r in range(max(0, -y), min(R, H - y)):
                for s in range(max(0, -x), min(S, W - x)):
                    cell = images[n, y + r, x + s]
                    for c in range(C):
                        best[c] = np.maximum(best[c], cell[c])


@loops
def give_to_greatest_loops(first, last, images, grads, R, S, U, V, top, left, out):
    """Fill images first..last.

    `undecided` holds a window's gradient until a cell equals the greatest value; then 0.  So the
    loop over channels has no branch.
    """
    _, H, W, C = images.shape
    _, P, Q, _ = grads.shape
    best = np.empty(C, images.dtype)
    undecided = np.empty(C, images.dtype)
    for n in range(first, last):
        out[n] = 0
        for p in range(P):
            y = p * U - top
            for q in range(Q):
                x = q * V - left
                for c in range(C):
                    best[c] = -np.inf
                    undecided[c] = grads[n, p, q, c]
                for r in range(max(0, -y), min(R, H - y)):
                    for s in range(max(0, -x), min(S, W - x)):
                        cell = images[n, y + r, x + s]
                        for c in range(C):
                            best[c] = np.maximum(best[c], cell[c])
                for r in range(max(0, -y), min(R, H - y)):
                    for s in range(max(0, -x), min(S, W - x)):
                        cell, given = images[n, y + r, x + s], out[n, y + r, x + s]
                        for c in range(C):
                            is_first = (cell[c] == best[c]) | (cell[c] != cell[c])
                            given[c] += undecided[c] if is_first else 0
                            undecided[c] = 0 if is_first else undecided[c]


@loops
def average_loops(first, last, images, R, S, U, V, top, left, out):
    """Fill rows first..last of the N * P rows of windows."""
    _, H, W, C = images.shape
    _, P, Q, _ = out.shape
    for row in range(first, last):
        n, p = row // P, row % P
        y = p * U - top
        r_first, r_last = max(0, -y), min(R, H - y)
        for q in range(Q):
            x = q * V - left
            s_first, s_last = max(0, -x), min(S, W - x)
            total = out[n, p, q]
            for c in range(C):
                total[c] = 0
            for r in range(r_first, r_last):
                for s in range(s_first, s_last):
                    cell = images[n, y + r, x + s]
                    for c in range(C):
                        total[c] += cell[c]
            count = out.dtype.type((r_last - r_first) * (s_last - s_first))
            for c in range(C):
                total[c] /= count


@loops
def share_loops(first, last, grads, R, S, U, V, top, left, out):
    """Fill images first..last."""
    _, H, W, C = out.shape
    _, P, Q, _ = grads.shape
    for n in range(first, last):
        out[n] = 0
        for p in range(P):
            y = p * U - top
            r_first, r_last = max(0, -y), min(R, H - y)
            for q in range(Q):
                x = q * V - left
                s_first, s_last = max(0, -x), min(S, W - x)
                count = out.dtype.type((r_last - r_first) * (s_last - s_first))
                for r in range(r_first, r_last):
                    for s in range(s_first, s_last):
                        cell = out[n, y + r, x + s]
                        for c in range(C):
                            cell[c] += grads[n, p, q, c] / count
