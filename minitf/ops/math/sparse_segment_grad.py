"""Gradients of the sums of chosen rows: what segment_ids[i] got goes to row indices[i].

Source: TensorFlow's ops of these names.
"""

from typing import Any

import numpy as np

from minitf.dtypes import FLOATS, INDICES
from minitf.errors import invalid
from minitf.op_def import op
from minitf.ops.math.segment import Reduce
from minitf.ops.math.sparse_segment import must_fit, sizes
from minitf.ops.precision import wide
from minitf.shapes import UNKNOWN, Shape, merge
from minitf.symbols import N, T, Tidx, Tsegmentids, int32

Array = np.ndarray[Any, Any]

# --- what the ops share --------------------------------------------------------------------------


def spread(
    grad: Array, indices: Array, ids: Array, count: Any, add: Reduce, *, power: float = 0
) -> Array:
    """Give each chosen row its segment's gradient: what undoes `sums`."""
    must_fit(indices, ids)
    if ids.size and not 0 <= ids.min() <= ids.max() < len(grad):
        raise invalid("Invalid number of segments", segments=len(grad), greatest_id=int(ids.max()))
    for index in indices[(indices < 0) | (indices >= count)][:1]:
        raise invalid(f"Index {index} out of range [0, {count}).")
    shares = wide(grad) / sizes(ids, grad, power) if power else wide(grad)
    out = np.zeros((int(count), *grad.shape[1:]), shares.dtype)
    add(out, indices, shares[ids])
    return out.astype(grad.dtype, copy=False)


def spread_shape(grad: Shape, indices: Shape, segment_ids: Shape, output_dim0: int | None) -> Shape:
    merge(indices, segment_ids)
    if output_dim0 is not None and output_dim0 < 0:
        raise invalid(f"Cannot specify a negative value for output_dim0: {output_dim0}")
    count = UNKNOWN if output_dim0 is None else output_dim0
    return grad if grad.rank is None else grad.at_least(1).replaced(0, count)


# --- SparseSegmentSumGrad, SparseSegmentMeanGrad, SparseSegmentSqrtNGrad -------------------------


@op(
    "SparseSegmentSumGrad",
    T=FLOATS,
    Tidx=INDICES.default(int32),
    Tsegmentids=INDICES.default(int32),
)
def sparse_segment_sum_grad_op(
    grad: T, indices: Tidx[N], segment_ids: Tsegmentids[N], output_dim0: int32[()]
) -> T:
    """Give each chosen row its segment's gradient.

    The gradient of SparseSegmentSum.

    Args:
        grad: real[S, ...], of each segment.
        indices: int[N] in [0, output_dim0), which rows.
        segment_ids: int[N] in [0, S).
        output_dim0: scalar, how many rows there were.

    Returns:
        real[output_dim0, ...]; zeros for rows that were not chosen.

    Raises:
        InvalidArgumentError: if an index or id is out of range.

    Source: TensorFlow's op.
    """
    return spread(grad, indices, segment_ids, output_dim0, np.add.at)


@op(
    "SparseSegmentMeanGrad",
    T=FLOATS,
    Tidx=INDICES.default(int32),
    Tsegmentids=INDICES.default(int32),
)
def sparse_segment_mean_grad_op(
    grad: T, indices: Tidx[N], segment_ids: Tsegmentids[N], output_dim0: int32[()]
) -> T:
    """Give each chosen row its segment's gradient divided by the number of its rows.

    The gradient of SparseSegmentMean.

    Args:
        grad: real[S, ...], of each segment.
        indices: int[N] in [0, output_dim0), which rows.
        segment_ids: int[N] in [0, S).
        output_dim0: scalar, how many rows there were.

    Returns:
        real[output_dim0, ...]; zeros for rows that were not chosen.

    Raises:
        InvalidArgumentError: if an index or id is out of range.

    Source: TensorFlow's op.
    """
    return spread(grad, indices, segment_ids, output_dim0, np.add.at, power=1)


@op(
    "SparseSegmentSqrtNGrad",
    T=FLOATS,
    Tidx=INDICES.default(int32),
    Tsegmentids=INDICES.default(int32),
)
def sparse_segment_sqrt_n_grad_op(
    grad: T, indices: Tidx[N], segment_ids: Tsegmentids[N], output_dim0: int32[()]
) -> T:
    """Give each chosen row its segment's gradient, over the root of the number of its rows.

    The gradient of SparseSegmentSqrtN.

    Args:
        grad: real[S, ...], of each segment.
        indices: int[N] in [0, output_dim0), which rows.
        segment_ids: int[N] in [0, S).
        output_dim0: scalar, how many rows there were.

    Returns:
        real[output_dim0, ...]; zeros for rows that were not chosen.

    Raises:
        InvalidArgumentError: if an index or id is out of range.

    Source: TensorFlow's op.
    """
    return spread(grad, indices, segment_ids, output_dim0, np.add.at, power=0.5)


for each in (
    sparse_segment_sum_grad_op,
    sparse_segment_mean_grad_op,
    sparse_segment_sqrt_n_grad_op,
):
    each.shape(values_of=("output_dim0",))(spread_shape)
    each.no_gradient("TensorFlow defines none of second order", refuse=True)
