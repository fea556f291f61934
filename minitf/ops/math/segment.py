"""Sums of the rows that belong together: `segment_ids` says to which segment each belongs.

Rows are added in order, from the first to the last.

Source: TensorFlow's ops of these names; OSDI §4.2 (sparse gradients of embeddings add up so).
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import INDICES, NUMBERS, types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.precision import wide
from minitf.shapes import UNKNOWN, Shape, merge
from minitf.symbols import N, T, Tindices, Tnumsegments, int32
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Gradients = list[Tensor | None]


def _add_rows(data: Array, ids: Array, count: int) -> Array:
    """Return `count` rows: row s is the sum of the rows of `data` whose id is s."""
    out = np.zeros((count, *data.shape[1:]), wide(data).dtype)
    np.add.at(out, ids, data)
    return out.astype(data.dtype, copy=False)


# --- UnsortedSegmentSum ------------------------------------------------------------------------


@op(
    "UnsortedSegmentSum",
    T=NUMBERS,
    Tindices=INDICES | types("int16"),
    Tnumsegments=INDICES.default(int32),
)
def unsorted_segment_sum_op(data: T, segment_ids: Tindices, num_segments: Tnumsegments) -> T:
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
    rows = data.reshape(ids.size, *data.shape[lead:])
    return _add_rows(rows[ids >= 0], ids[ids >= 0], count)


@unsorted_segment_sum_op.shape(values_of=("num_segments",))
def unsorted_segment_sum_shape(data: Shape, segment_ids: Shape, num_segments: int | None) -> Shape:
    count = UNKNOWN if num_segments is None else num_segments
    if segment_ids.rank is None or data.rank is None:
        return Shape.unknown()
    if data.rank < segment_ids.rank:
        raise invalid(f"Shape must be at least rank {segment_ids.rank} but is rank {data.rank}")
    merge(Shape(data[: segment_ids.rank]), segment_ids)
    return Shape([count, *data[segment_ids.rank :]])


@unsorted_segment_sum_op.gradient
def unsorted_segment_sum_gradient(op: Operation, grad: Tensor) -> Gradients:
    """Give each slice its segment's gradient; slices that were left out get zeros."""
    ids = op.inputs[1]
    zeros = ops.zeros_like_op(ids)
    counted = ops.greater_equal_op(ids, zeros)
    taken = ops.gather_v2_op(grad, ops.maximum_op(ids, zeros), 0)
    factor = ops.cast_op(counted, DstT=grad.dtype.base_dtype)
    missing = ops.sub_op(ops.rank_op(taken), ops.rank_op(ids))
    shape = ops.concat_v2_op([ops.shape_op(ids), ops.fill_op(ops.pack_op([missing]), 1)], 0)
    return [ops.mul_op(taken, ops.reshape_op(factor, shape)), None, None]


# --- SegmentSum --------------------------------------------------------------------------------


@op("SegmentSum", T=NUMBERS, Tindices=INDICES)
def segment_sum_op(data: T, segment_ids: Tindices[N]) -> T:
    """Sum the rows of each segment, the segments one after another.

    Args:
        data: number[N, ...].
        segment_ids: int[N], sorted, from 0 on; an id may be left out.

    Returns:
        number[last id + 1, ...]; zeros for an id left out.

    Raises:
        InvalidArgumentError: if ids are negative or not sorted, or the shapes do not fit.

    Source: TensorFlow's op.
    """
    if segment_ids.ndim != 1 or data.shape[:1] != segment_ids.shape:
        raise invalid(
            "segment_ids should be a vector of the same size as dimension 0 of input: "
            f"{list(segment_ids.shape)} vs. {list(data.shape)}"
        )
    if segment_ids.size and segment_ids[0] < 0:
        raise invalid(f"segment ids must be >= 0, but segment_ids[0] = {segment_ids[0]}")
    if np.any(np.diff(segment_ids) < 0):
        raise invalid("segment ids are not increasing")
    return _add_rows(data, segment_ids, int(segment_ids[-1]) + 1 if segment_ids.size else 0)


@segment_sum_op.shape
def segment_sum_shape(data: Shape, segment_ids: Shape) -> Shape:
    if data.rank is None:
        return data
    merge(Shape(data[:1]), segment_ids)
    return data.replaced(0, UNKNOWN)


@segment_sum_op.gradient
def segment_sum_gradient(op: Operation, grad: Tensor) -> Gradients:
    return [ops.gather_v2_op(grad, op.inputs[1], 0), None]
