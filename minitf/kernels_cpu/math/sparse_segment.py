"""CPU kernels of the sums of chosen rows: the loops of segments.

Source: OSDI §4.2.
"""

from __future__ import annotations

from minitf.kernels_cpu.math.segment import TYPES, add
from minitf.ops.math import sparse_segment
from minitf.ops.math.sparse_segment import sums


def attach(by_ids, by_input, **options):
    """Give the two ops of one kind of sum a kernel."""

    @by_ids.kernel("CPU", T=TYPES)
    def counted_by_ids(data, indices, segment_ids):
        return sums(data, indices, segment_ids, add, **options)

    @by_input.kernel("CPU", T=TYPES)
    def counted_by_input(data, indices, segment_ids, num_segments):
        return sums(data, indices, segment_ids, add, **options, count=num_segments)


attach(
    sparse_segment.sparse_segment_sum_op,
    sparse_segment.sparse_segment_sum_with_num_segments_op,
)
attach(
    sparse_segment.sparse_segment_mean_op,
    sparse_segment.sparse_segment_mean_with_num_segments_op,
    power=1,
)
attach(
    sparse_segment.sparse_segment_sqrt_n_op,
    sparse_segment.sparse_segment_sqrt_n_with_num_segments_op,
    power=0.5,
)
