"""Reductions of slices that belong together; `segment_ids`, in any order, says which do.

Slices are taken in order, from the first to the last; those with a negative id are left out.
Sixteen-bit floats are reduced in float32.

Source: TensorFlow's ops of these names; OSDI §4.2 (sparse gradients of embeddings add up so).
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import INDICES, NUMBERS, REAL_NUMBERS, by_numpy, types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.elementwise.rows import conjugate
from minitf.ops.math.segment import Reduce, at_each, products_of_others
from minitf.ops.precision import wide
from minitf.shapes import UNKNOWN, Shape, must_equal
from minitf.symbols import T, Tindices, Tnumsegments, int32
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Gradients = list[Tensor | None]

# --- what the ops share --------------------------------------------------------------------------


def segments(data: Array, segment_ids: Array, num_segments: Any, reduce: Reduce, start: Any) -> Any:
    """Reduce the slices of each segment.

    Args:
        data: number[I, ...].
        segment_ids: int[I], a prefix of data's shape.
        num_segments: how many segments there are.
        reduce: the reduction of some rows.
        start: what each reduction begins with: it is left where there are no slices.
    """
    count, lead = int(num_segments), segment_ids.ndim
    if count < 0:
        raise invalid(f"Input num_segments == {count} must not be negative.")
    if data.shape[:lead] != segment_ids.shape:
        raise invalid(
            f"data.shape = {list(data.shape)} does not start with segment_ids.shape = "
            f"{list(segment_ids.shape)}"
        )
    ids = segment_ids.ravel()
    if ids.size and ids.max() >= count:
        at = np.unravel_index(int(ids.argmax()), segment_ids.shape)
        where = "".join(f"[{i}]" for i in at)
        raise invalid(f"segment_ids{where} = {ids.max()} is out of range [0, {count})")
    rows = wide(data.reshape(ids.size, *data.shape[lead:]))
    if np.any(ids < 0):
        ids, rows = ids[ids >= 0], rows[ids >= 0]
    out = np.full((count, *data.shape[lead:]), start, rows.dtype)
    reduce(out, ids, rows)
    return out.astype(data.dtype, copy=False)


def segments_shape(data: Shape, segment_ids: Shape, num_segments: int | None) -> Shape:
    count = UNKNOWN if num_segments is None else num_segments
    if segment_ids.rank is None or data.rank is None:
        return Shape.unknown()
    data.at_least(segment_ids.rank)
    for mine, other in zip(data, segment_ids, strict=False):
        must_equal(mine, other)
    return Shape([count, *data[segment_ids.rank :]])


def _gather(segments: Tensor, ids: Tensor) -> Tensor:
    """Give each slice what stands at its segment; slices that were left out get the first's."""
    return at_each(segments, ops.maximum_op(ids, ops.zeros_like_op(ids)))


def _only_counted(slices: Tensor, ids: Tensor) -> Tensor:
    """Put zeros for slices that were left out."""
    counted = ops.greater_equal_op(ids, ops.zeros_like_op(ids))
    missing = ops.sub_op(ops.rank_op(slices), ops.rank_op(ids))
    shape = ops.concat_v2_op([ops.shape_op(ids), ops.fill_op(ops.pack_op([missing]), 1)], 0)
    counted = ops.reshape_op(counted, shape)
    made: Tensor = ops.select_v2_op(counted, slices, ops.zeros_like_op(slices))
    return made


# --- UnsortedSegmentSum --------------------------------------------------------------------------


@op(
    "UnsortedSegmentSum",
    T=NUMBERS,
    Tindices=INDICES | types("int16"),
    Tnumsegments=INDICES.default(int32),
)
def unsorted_segment_sum_op(data: T, segment_ids: Tindices, num_segments: Tnumsegments[()]) -> T:
    """Sum the slices of each segment: out[s] = sum of data[i] over all i with segment_ids[i] = s.

    Args:
        data: number[I, ...].
        segment_ids: int[I], a prefix of data's shape, in any order; slices with a negative id are
            left out.
        num_segments: scalar >= 0, how many segments there are.

    Returns:
        number[num_segments, ...]; zeros for a segment without slices.

    Raises:
        InvalidArgumentError: if an id is >= num_segments, or the shapes do not fit.

    Source: TensorFlow's op.
    """
    return segments(data, segment_ids, num_segments, np.add.at, 0)


@unsorted_segment_sum_op.gradient
def unsorted_segment_sum_gradient(op: Operation, grad: Tensor) -> Gradients:
    """Give each slice its segment's gradient; slices that were left out get zeros."""
    ids = op.inputs[1]
    return [_only_counted(_gather(grad, ids), ids), None, None]


# --- UnsortedSegmentProd -------------------------------------------------------------------------


@op("UnsortedSegmentProd", T=NUMBERS, Tindices=INDICES, Tnumsegments=INDICES.default(int32))
def unsorted_segment_prod_op(data: T, segment_ids: Tindices, num_segments: Tnumsegments[()]) -> T:
    """Multiply the slices of each segment.

    Args:
        data: number[I, ...].
        segment_ids: int[I], a prefix of data's shape, in any order; slices with a negative id are
            left out.
        num_segments: scalar >= 0, how many segments there are.

    Returns:
        number[num_segments, ...]; ones for a segment without slices.

    Raises:
        InvalidArgumentError: if an id is >= num_segments, or the shapes do not fit.

    Source: TensorFlow's op.
    """
    return segments(data, segment_ids, num_segments, np.multiply.at, 1)


@unsorted_segment_prod_op.gradient
def unsorted_segment_prod_gradient(op: Operation, grad: Tensor) -> Gradients:
    data, ids, count = op.inputs

    def reduce(reduction: Callable[..., Tensor], slices: Tensor) -> Tensor:
        return _gather(reduction(slices, ids, count), ids)

    others = products_of_others(
        data,
        lambda slices: reduce(ops.unsorted_segment_sum_op, slices),
        lambda slices: reduce(ops.unsorted_segment_prod_op, slices),
    )
    counted = _only_counted(_gather(grad, ids), ids)
    return [ops.mul_op(counted, conjugate(others)), None, None]


# --- UnsortedSegmentMin, UnsortedSegmentMax ------------------------------------------------------


@op("UnsortedSegmentMin", T=REAL_NUMBERS, Tindices=INDICES, Tnumsegments=INDICES.default(int32))
def unsorted_segment_min_op(data: T, segment_ids: Tindices, num_segments: Tnumsegments[()]) -> T:
    """Find the smallest of each segment's slices, element by element.

    Args:
        data: number[I, ...].
        segment_ids: int[I], a prefix of data's shape, in any order; slices with a negative id are
            left out.
        num_segments: scalar >= 0, how many segments there are.

    Returns:
        number[num_segments, ...]; the type's greatest finite number for a segment without slices,
        NaN where an element is.

    Raises:
        InvalidArgumentError: if an id is >= num_segments, or the shapes do not fit.

    Source: TensorFlow's op.
    """
    return segments(data, segment_ids, num_segments, np.minimum.at, by_numpy(data.dtype).max)


@op("UnsortedSegmentMax", T=REAL_NUMBERS, Tindices=INDICES, Tnumsegments=INDICES.default(int32))
def unsorted_segment_max_op(data: T, segment_ids: Tindices, num_segments: Tnumsegments[()]) -> T:
    """Find the greatest of each segment's slices, element by element.

    Args:
        data: number[I, ...].
        segment_ids: int[I], a prefix of data's shape, in any order; slices with a negative id are
            left out.
        num_segments: scalar >= 0, how many segments there are.

    Returns:
        number[num_segments, ...]; the type's least finite number for a segment without slices,
        NaN where an element is.

    Raises:
        InvalidArgumentError: if an id is >= num_segments, or the shapes do not fit.

    Source: TensorFlow's op.
    """
    return segments(data, segment_ids, num_segments, np.maximum.at, by_numpy(data.dtype).min)


@unsorted_segment_min_op.gradient
@unsorted_segment_max_op.gradient
def unsorted_segment_extreme_gradient(op: Operation, grad: Tensor) -> Gradients:
    """Share the gradient equally among the elements that attain the extreme."""
    data, ids, count = op.inputs
    attains = ops.equal_op(data, _gather(op.outputs[0], ids))
    ones = ops.cast_op(attains, DstT=grad.dtype.base_dtype)
    share = ops.real_div_op(grad, ops.unsorted_segment_sum_op(ones, ids, count))
    zeros = ops.zeros_like_op(data)
    made = ops.select_v2_op(attains, _gather(share, ids), zeros)
    return [_only_counted(made, ids), None, None]


for each in (
    *(unsorted_segment_sum_op, unsorted_segment_prod_op),
    *(unsorted_segment_min_op, unsorted_segment_max_op),
):
    each.shape(values_of=("num_segments",))(segments_shape)
