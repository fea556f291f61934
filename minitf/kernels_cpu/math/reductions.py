"""CPU kernels of `minitf.ops.math.reductions`: sums and means of floats.

An array is seen as [A, R, B]: R elements are summed for each of A * B results, which covers every
reduction over neighbouring axes; others run the body.

Order of a sum: R is cut into blocks of 256; a block is summed from its first row to its last, each
column by itself (where B is 1, in as many partial sums as the processor's vectors have lanes); the
sums of the blocks are added in float64.  So the error is at most 256 * eps * sum |x|, whatever R,
and the bits depend neither on the number of threads nor on how the work is split.

Source: 2015 §2 (kernels).
"""

import math

import numpy as np

from minitf.dtypes import float32, float64
from minitf.kernels_cpu import jit, threads
from minitf.ops.math import reductions
from minitf.ops.math.axes import normal_axes

BLOCK = 256  # elements that one partial sum adds up
LEAST = 1 << 14  # elements: below, the body is as fast and needs no compiler


@reductions.sum_op.kernel("CPU", T=(float32, float64))
def sum(input, reduction_indices, *, keep_dims=False):
    axes = normal_axes(reduction_indices, input.ndim)
    if not pays(input, axes):
        return reductions.sum_op.body(input, reduction_indices, keep_dims=keep_dims)
    return shaped(block_sums(input, axes), input, axes, keep_dims=keep_dims)


@reductions.mean_op.kernel("CPU", T=(float32, float64))
def mean(input, reduction_indices, *, keep_dims=False):
    axes = normal_axes(reduction_indices, input.ndim)
    if not pays(input, axes):
        return reductions.mean_op.body(input, reduction_indices, keep_dims=keep_dims)
    count = math.prod(input.shape[axis] for axis in axes)
    return shaped(block_sums(input, axes) / count, input, axes, keep_dims=keep_dims)


def pays(x, axes):
    """Tell by the shape alone whether the loops sum it."""
    return x.size >= LEAST and len(axes) and axes[-1] - axes[0] == len(axes) - 1


def shaped(total, x, axes, *, keep_dims):
    kept = [1 if i in axes else d for i, d in enumerate(x.shape) if keep_dims or i not in axes]
    return total.astype(x.dtype).reshape(kept)


def block_sums(x, axes):
    """Return float64[A, B]: the sums over R."""
    first, last = axes[0], axes[-1] + 1
    A, R, B = (math.prod(part) for part in (x.shape[:first], x.shape[first:last], x.shape[last:]))
    blocks = -(-R // BLOCK)
    partial = np.empty((A * blocks, B), x.dtype)
    source = np.ascontiguousarray(x).reshape(A * R, B)
    cost = max(1, x.size // (A * blocks))
    if B == 1:
        threads.split(row_sum_loops, A * blocks, source[:, 0], R, partial[:, 0], cost=cost)
    else:
        threads.split(column_sum_loops, A * blocks, source, R, partial, cost=cost)
    return partial.reshape(A, blocks, B).sum(1, dtype=np.float64)


@jit.loops
def column_sum_loops(first, last, x, R, out):
    """Sum blocks first..last of x[A * R, B] to out[A * blocks, B], row by row as they lie."""
    B = x.shape[1]
    blocks = (R + BLOCK - 1) // BLOCK
    for block in range(first, last):
        start, row = block // blocks * R, block % blocks * BLOCK
        rows, total = x[start + row : start + min(row + BLOCK, R)], out[block]
        for b in range(B):
            total[b] = 0
        for r in range(rows.shape[0]):
            for b in range(B):
                total[b] += rows[r, b]


@jit.loops(fastmath={"reassoc"})
def row_sum_loops(first, last, x, R, out):
    """Sum blocks first..last of x[A * R] to out[A * blocks], some partial sums at once."""
    blocks = (R + BLOCK - 1) // BLOCK
    for block in range(first, last):
        start, row = block // blocks * R, block % blocks * BLOCK
        part = x[start + row : start + min(row + BLOCK, R)]
        total = x.dtype.type(0)
        for r in range(part.size):
            total += part[r]
        out[block] = total
