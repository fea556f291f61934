"""CPU kernels of `minitf.ops.math.reductions`: sums, means and extremes of floats.

An array is seen as [A, R, B]: R elements are summed for each of A * B results, which covers every
reduction over neighbouring axes; others run the body.

Order of a sum: R is cut into blocks of 256; a block is summed from its first row to its last, each
column by itself (where B is 1, in as many partial sums as the processor's vectors have lanes); the
sums of the blocks are added in float64.  So the error is at most 256 * eps * sum |x|, whatever R,
and the bits depend neither on the number of threads nor on how the work is split.  Extremes are cut
into the same blocks.

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
choose = np.maximum  # in the loops' second compilation np.minimum
SHORT, NARROW = 16, 128  # elements of a row, side by side and in columns; see `is_narrow`


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


@reductions.max_op.kernel("CPU", T=(float32, float64))
def greatest(input, reduction_indices, *, keep_dims=False):
    axes = normal_axes(reduction_indices, input.ndim)
    if not is_narrow(input, axes):
        return reductions.max_op.body(input, reduction_indices, keep_dims=keep_dims)
    found = over_blocks(input, axes, column_greatest_loops, row_greatest_loops)
    return shaped(found.max(1), input, axes, keep_dims=keep_dims)


@reductions.min_op.kernel("CPU", T=(float32, float64))
def least(input, reduction_indices, *, keep_dims=False):
    axes = normal_axes(reduction_indices, input.ndim)
    if not is_narrow(input, axes):
        return reductions.min_op.body(input, reduction_indices, keep_dims=keep_dims)
    found = over_blocks(input, axes, column_least_loops, row_least_loops)
    return shaped(found.min(1), input, axes, keep_dims=keep_dims)


def is_narrow(x, axes):
    """Tell by the shape alone whether the loops compare twice as fast as NumPy.

    NumPy starts anew for each row, and is as fast where rows are long.
    """
    if not pays(x, axes):
        return False
    _, R, B = three_sizes(x, axes)
    return R <= SHORT if B == 1 else B <= NARROW


def three_sizes(x, axes):
    """Return A, R and B."""
    first, last = axes[0], axes[-1] + 1
    return [math.prod(part) for part in (x.shape[:first], x.shape[first:last], x.shape[last:])]


def pays(x, axes):
    """Tell by the shape alone whether the loops sum it."""
    return x.size >= LEAST and len(axes) and axes[-1] - axes[0] == len(axes) - 1


def shaped(total, x, axes, *, keep_dims):
    kept = [1 if i in axes else d for i, d in enumerate(x.shape) if keep_dims or i not in axes]
    return total.astype(x.dtype).reshape(kept)


def block_sums(x, axes):
    """Return float64[A, B]: the sums over R."""
    return over_blocks(x, axes, column_sum_loops, row_sum_loops).sum(1, dtype=np.float64)


def over_blocks(x, axes, column_loops, row_loops):
    """Return what loops reduce each block to: [A, blocks, B]."""
    A, R, B = three_sizes(x, axes)
    blocks = -(-R // BLOCK)
    partial = np.empty((A * blocks, B), x.dtype)
    source = np.ascontiguousarray(x).reshape(A * R, B)
    cost = x.size // (A * blocks) or 1
    if B == 1:
        threads.split(row_loops, A * blocks, source[:, 0], R, partial[:, 0], cost=cost)
    else:
        threads.split(column_loops, A * blocks, source, R, partial, cost=cost)
    return partial.reshape(A, blocks, B)


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


@jit.loops
def column_greatest_loops(first, last, x, R, out):
    """Find the greatest of blocks first..last of x[A * R, B], row by row as they lie."""
    B = x.shape[1]
    blocks = (R + BLOCK - 1) // BLOCK
    for block in range(first, last):
        start, row = block // blocks * R, block % blocks * BLOCK
        rows, best = x[start + row : start + min(row + BLOCK, R)], out[block]
        for b in range(B):
            best[b] = rows[0, b]
        for r in range(1, rows.shape[0]):
            for b in range(B):
                best[b] = choose(best[b], rows[r, b])


@jit.loops
def row_greatest_loops(first, last, x, R, out):
    """Find the greatest of blocks first..last of x[A * R], which are whole rows."""
    for row in range(first, last):
        part = x[row * R : row * R + R]
        best = part[0]
        for r in range(1, R):
            best = choose(best, part[r])
        out[row] = best


column_least_loops = column_greatest_loops.bound(choose=np.minimum)
row_least_loops = row_greatest_loops.bound(choose=np.minimum)
