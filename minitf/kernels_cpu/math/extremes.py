"""CPU kernels of `minitf.ops.math.extremes`: where the extremes of floats are.

An array is seen as [A, R, B]: R elements are compared for each of A * B results.  NumPy copies
along any axis but the last, and starts anew for each row; long rows side by side run the body.

Source: 2015 §2 (kernels); docs/kernels.md has the figures.
"""

import math
import operator

import numpy as np

from minitf.dtypes import float32, float64, int64
from minitf.kernels_cpu import jit, threads
from minitf.ops.math import extremes
from minitf.shapes import normal_axis

LEAST = 1 << 14  # elements: below, the body is as fast and needs no compiler
beats = operator.gt  # in the loops' second compilation the opposite
SHORT = 24  # elements of a row side by side: of longer ones NumPy compares several at once


@extremes.arg_max_op.kernel("CPU", T=(float32, float64))
def arg_max(input, dimension, *, output_type=int64):
    found = places(input, dimension, column_greatest_loops, row_greatest_loops)
    if found is None:
        return extremes.arg_max_op.body(input, dimension, output_type=output_type)
    return found.astype(output_type.numpy, copy=False)


@extremes.arg_min_op.kernel("CPU", T=(float32, float64))
def arg_min(input, dimension, *, output_type=int64):
    found = places(input, dimension, column_least_loops, row_least_loops)
    if found is None:
        return extremes.arg_min_op.body(input, dimension, output_type=output_type)
    return found.astype(output_type.numpy, copy=False)


def places(x, dimension, column_loops, row_loops):
    """Return the first extreme's place along an axis, or None where the body is as fast."""
    axis = normal_axis(int(dimension), x.ndim, "Expected dimension: dimension")
    A, R, B = math.prod(x.shape[:axis]), x.shape[axis], math.prod(x.shape[axis + 1 :])
    if x.size < LEAST or (B == 1 and R > SHORT):
        return None
    source = np.ascontiguousarray(x).reshape(A, R, B)
    out = np.empty((A, B), np.int64)
    if B == 1:
        threads.split(row_loops, A, source[:, :, 0], out[:, 0], cost=2 * R)
    else:
        threads.split(column_loops, A, source, out, cost=2 * R * B)
    return out.reshape(x.shape[:axis] + x.shape[axis + 1 :])


@jit.loops
def column_greatest_loops(first, last, x, out):
    """Fill rows first..last of out[A, B] from x[A, R, B], row by row as they lie."""
    _, R, B = x.shape
    best = np.empty(B, x.dtype)
    for a in range(first, last):
        place = out[a]
        for b in range(B):
            best[b] = x[a, 0, b]
            place[b] = 0
        for r in range(1, R):
            row = x[a, r]
            for b in range(B):
                # a NaN beats all numbers, and the first of several stays
                is_better = beats(row[b], best[b]) | ((row[b] != row[b]) & (best[b] == best[b]))
                best[b] = row[b] if is_better else best[b]
                place[b] = r if is_better else place[b]


@jit.loops
def row_greatest_loops(first, last, x, out):
    """Fill out[first..last] from rows of x[A, R].

    No NaN is looked for until one was seen: so the loop has no branch, and one comparison.
    """
    R = x.shape[1]
    for a in range(first, last):
        best, place, has_nan = x[a, 0], 0, x[a, 0] != x[a, 0]
        for r in range(1, R):
            is_better = beats(x[a, r], best)
            best = x[a, r] if is_better else best
            place = r if is_better else place
            has_nan |= x[a, r] != x[a, r]
        if has_nan:
            place = 0
            while x[a, place] == x[a, place]:
                place += 1
        out[a] = place


column_least_loops = column_greatest_loops.bound(beats=operator.lt)
row_least_loops = row_greatest_loops.bound(beats=operator.lt)
