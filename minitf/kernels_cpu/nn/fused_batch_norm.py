"""CPU kernels of batch normalisation: each pass over the images is one loop nest.

Sums are cut into blocks of rows whose sums are added in double precision, as those of `Sum`; so
the bits do not depend on the number of threads.  16-bit images are widened once.

Letters: M rows, C channels.

Source: Ioffe and Szegedy (2015); docs/kernels.md has the figures.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.kernels_cpu import threads
from minitf.kernels_cpu.jit import loops
from minitf.kernels_cpu.math.reductions import BLOCK, block_sums
from minitf.ops.nn import fused_batch_norm as family
from minitf.ops.nn.batch_norm import NUMPY, Attrs, Passes, carry_back, normalise, nothing

Array = np.ndarray[Any, Any]

# --- passes over rows [M, C] ---------------------------------------------------------------------


def statistics(rows: Array) -> tuple[Array, Array]:
    """Return mean and variance of each column, in double precision."""
    rows = np.ascontiguousarray(rows)
    M, C = rows.shape
    mean = block_sums(rows, (0,))[0] / M
    squares = np.empty((-(-M // BLOCK), C), rows.dtype)
    threads.split(
        square_sum_loops, len(squares), rows, mean.astype(rows.dtype), squares, cost=2 * BLOCK * C
    )
    return mean, squares.sum(0, dtype=np.float64) / M


def scaled(rows: Array, mean: Array, factor: Array, offset: Array) -> Array:
    """Return (rows - mean) * factor + offset."""
    out = np.empty(rows.shape, rows.dtype)
    vectors = map(np.ascontiguousarray, (mean, factor, offset))
    rows = np.ascontiguousarray(rows)
    threads.split(scaled_loops, len(rows), rows, *vectors, out, cost=2 * max(1, rows.shape[1]))
    return out


def gradient_sums(grads: Array, rows: Array, mean: Array) -> tuple[Array, Array]:
    """Return the sums of g and of g * (x - mean) of each column, in double precision."""
    M, C = rows.shape
    sums = np.empty((2, -(-M // BLOCK), C), rows.dtype)
    threads.split(
        gradient_sum_loops,
        sums.shape[1],
        *map(np.ascontiguousarray, (grads, rows, mean)),
        *sums,
        cost=3 * BLOCK * max(1, C),
    )
    of_grads, along = sums.sum(1, dtype=np.float64)
    return of_grads, along


def carried(
    grads: Array, rows: Array, mean: Array, factor: Array, shift: Array, slope: Array
) -> Array:
    """Return (g - shift - (x - mean) * slope) * factor."""
    out = np.empty(rows.shape, rows.dtype)
    inputs = map(np.ascontiguousarray, (grads, rows, mean, factor, shift, slope))
    threads.split(carried_loops, len(rows), *inputs, out, cost=3 * max(1, rows.shape[1]))
    return out


LOOPS = Passes(statistics, scaled, gradient_sums, carried)


def passes_over(x: Array) -> Passes:
    """Return the loops, unless there is nothing to loop over."""
    return LOOPS if x.size else NUMPY


# --- forward -------------------------------------------------------------------------------------


@family.fused_batch_norm_op.kernel("CPU")
@family.fused_batch_norm_v2_op.kernel("CPU")
def fused_batch_norm(
    x,
    scale,
    offset,
    mean,
    variance,
    *,
    epsilon=0.0001,
    exponential_avg_factor=1.0,
    data_format="NHWC",
    is_training=True,
):
    """Normalise each channel over the batch, then scale and shift it."""
    attrs = Attrs(epsilon, data_format, is_training)
    passes = passes_over(x)
    return normalise(x, scale, offset, mean, variance, attrs, exponential_avg_factor, passes)


@family.fused_batch_norm_v3_op.kernel("CPU")
def fused_batch_norm_v3(x, scale, offset, mean, variance, **attrs):
    """Normalise each channel over the batch, then scale and shift it."""
    made = fused_batch_norm(x, scale, offset, mean, variance, **attrs)
    return *made, np.zeros((), scale.dtype)


# --- back ----------------------------------------------------------------------------------------


@family.fused_batch_norm_grad_op.kernel("CPU")
@family.fused_batch_norm_grad_v2_op.kernel("CPU")
def fused_batch_norm_grad(
    y_backprop,
    x,
    scale,
    reserve_space_1,
    reserve_space_2,
    *,
    epsilon=0.0001,
    data_format="NHWC",
    is_training=True,
):
    """Carry the gradient back to images, scale and offset."""
    attrs = Attrs(epsilon, data_format, is_training)
    passes = passes_over(x)
    grads = carry_back(y_backprop, x, scale, reserve_space_1, reserve_space_2, attrs, passes)
    return *grads, *nothing(scale)


@family.fused_batch_norm_grad_v3_op.kernel("CPU")
def fused_batch_norm_grad_v3(
    y_backprop, x, scale, reserve_space_1, reserve_space_2, reserve_space_3, **attrs
):
    """Carry the gradient back to images, scale and offset."""
    return fused_batch_norm_grad(y_backprop, x, scale, reserve_space_1, reserve_space_2, **attrs)


# --- loops ---------------------------------------------------------------------------------------


@loops
def square_sum_loops(first, last, rows, mean, out):
    """Sum (x - mean)^2 over blocks first..last of rows, to out[blocks, C]."""
    C = mean.size
    for block in range(first, last):
        part, total = rows[block * BLOCK : block * BLOCK + BLOCK], out[block]
        for c in range(C):
            total[c] = 0
        for m in range(part.shape[0]):
            for c in range(C):
                distance = part[m, c] - mean[c]
                total[c] += distance * distance


@loops
def scaled_loops(first, last, rows, mean, factor, offset, out):
    """Fill rows first..last."""
    rows, out = rows[first:last], out[first:last]
    M, C = out.shape
    for m in range(M):
        for c in range(C):
            out[m, c] = (rows[m, c] - mean[c]) * factor[c] + offset[c]


@loops
def gradient_sum_loops(first, last, grads, rows, mean, out, out_along):
    """Sum g and g * (x - mean) over blocks first..last of rows, to out[blocks, C]."""
    C = mean.size
    for block in range(first, last):
        start = block * BLOCK
        part, near = grads[start : start + BLOCK], rows[start : start + BLOCK]
        total, along = out[block], out_along[block]
        for c in range(C):
            total[c] = 0
            along[c] = 0
        for m in range(part.shape[0]):
            for c in range(C):
                total[c] += part[m, c]
                along[c] += part[m, c] * (near[m, c] - mean[c])


@loops
def carried_loops(first, last, grads, rows, mean, factor, shift, slope, out):
    """Fill rows first..last."""
    grads, rows, out = grads[first:last], rows[first:last], out[first:last]
    M, C = out.shape
    for m in range(M):
        for c in range(C):
            along = (rows[m, c] - mean[c]) * slope[c]
            out[m, c] = (grads[m, c] - shift[c] - along) * factor[c]
