"""CPU kernels of the reductions of segments: rows in order, as the bodies take them.

NumPy's `add.at` goes element by element through an iterator: 4,096 rows of 128 floats take it 9 ms,
the loop 0.3 ms.  One thread: several rows may belong to one segment, and sums keep their order.

Source: OSDI §4.2.
"""

from __future__ import annotations

import math

import numpy as np

from minitf.dtypes import by_numpy, float32, float64
from minitf.kernels_cpu import jit
from minitf.ops.math import segment
from minitf.ops.math.segment import segments

TYPES = (float32, float64)


def plus(x, y):
    """Add."""
    return x + y


def times(x, y):
    """Multiply."""
    return x * y


def lesser(x, y):
    """Return the smaller of two numbers, NaN if one is."""
    return y if y < x or y != y else x  # noqa: PLR0124 only NaN is unequal to itself


def greater(x, y):
    """Return the greater of two numbers, NaN if one is."""
    return y if y > x or y != y else x  # noqa: PLR0124 only NaN is unequal to itself


@jit.loops
def reduce_loops(ids, rows, out):
    """Row by row; neighbouring elements of a row are neighbours in memory."""
    for i in range(ids.size):
        s = ids[i]
        for j in range(rows.shape[1]):
            out[s, j] = plus(out[s, j], rows[i, j])


def reduction(function):
    """Return what reduces rows by a function of two numbers."""
    loops = reduce_loops.bound(plus=jit.loops(function))

    def reduce(out, ids, rows):
        width = math.prod(rows.shape[1:])
        rows = np.ascontiguousarray(rows).reshape(ids.size, width)
        loops(ids, rows, out.reshape(len(out), width))

    return reduce


add, multiply, minimum, maximum = map(reduction, (plus, times, lesser, greater))


@segment.segment_sum_op.kernel("CPU", T=TYPES)
def segment_sum(data, segment_ids):
    """Sum rows."""
    return segments(data, segment_ids, add, 0, 0)


@segment.segment_mean_op.kernel("CPU", T=TYPES)
def segment_mean(data, segment_ids):
    """Average rows."""
    return segments(data, segment_ids, segment.add_then_divide(add), 0, 0)


@segment.segment_prod_op.kernel("CPU", T=TYPES)
def segment_prod(data, segment_ids):
    """Multiply rows."""
    return segments(data, segment_ids, multiply, 1, 1)


@segment.segment_min_op.kernel("CPU", T=TYPES)
def segment_min(data, segment_ids):
    """Find the smallest row."""
    return segments(data, segment_ids, minimum, by_numpy(data.dtype).max, 0)


@segment.segment_max_op.kernel("CPU", T=TYPES)
def segment_max(data, segment_ids):
    """Find the greatest row."""
    return segments(data, segment_ids, maximum, by_numpy(data.dtype).min, 0)
