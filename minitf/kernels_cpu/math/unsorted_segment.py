"""CPU kernels of the reductions of segments in any order: the loops of sorted ones.

Source: OSDI §4.2.
"""

from __future__ import annotations

from minitf.dtypes import by_numpy
from minitf.kernels_cpu.math.segment import TYPES, add, maximum, minimum, multiply
from minitf.ops.math import unsorted_segment
from minitf.ops.math.unsorted_segment import segments


@unsorted_segment.unsorted_segment_sum_op.kernel("CPU", T=TYPES)
def unsorted_segment_sum(data, segment_ids, num_segments):
    """Sum slices."""
    return segments(data, segment_ids, num_segments, add, 0)


@unsorted_segment.unsorted_segment_prod_op.kernel("CPU", T=TYPES)
def unsorted_segment_prod(data, segment_ids, num_segments):
    """Multiply slices."""
    return segments(data, segment_ids, num_segments, multiply, 1)


@unsorted_segment.unsorted_segment_min_op.kernel("CPU", T=TYPES)
def unsorted_segment_min(data, segment_ids, num_segments):
    """Find the smallest slice."""
    start = by_numpy(data.dtype).max
    return segments(data, segment_ids, num_segments, minimum, start)


@unsorted_segment.unsorted_segment_max_op.kernel("CPU", T=TYPES)
def unsorted_segment_max(data, segment_ids, num_segments):
    """Find the greatest slice."""
    start = by_numpy(data.dtype).min
    return segments(data, segment_ids, num_segments, maximum, start)
