"""CPU kernels of the gradients of sums of chosen rows: the loops of segments.

Source: OSDI §4.2.
"""

from __future__ import annotations

from minitf.kernels_cpu.math.segment import TYPES, add
from minitf.ops.math import sparse_segment_grad
from minitf.ops.math.sparse_segment_grad import spread


def attach(op_def, **options):
    """Give an op a kernel."""

    @op_def.kernel("CPU", T=TYPES)
    def by_loops(grad, indices, segment_ids, output_dim0):
        return spread(grad, indices, segment_ids, output_dim0, add, **options)


attach(sparse_segment_grad.sparse_segment_sum_grad_op)
attach(sparse_segment_grad.sparse_segment_mean_grad_op, power=1)
attach(sparse_segment_grad.sparse_segment_sqrt_n_grad_op, power=0.5)
