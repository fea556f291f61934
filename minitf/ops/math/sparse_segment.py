"""Sums of chosen rows: row indices[i] of `data` belongs to segment segment_ids[i].

The same as a SegmentSum of a Gather: so a batch of words, each of several embedded pieces, is
looked up.  A segment without rows gives zeros.  Sixteen-bit floats are summed in float32.

Source: TensorFlow's ops of these names; OSDI §4.2 (sparse embedding lookup).
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import FLOATS, INDICES, REAL_NUMBERS
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.math.segment import Reduce, must_be_sorted
from minitf.ops.precision import wide
from minitf.shapes import UNKNOWN, Dim, Shape, merge
from minitf.symbols import N, T, Tidx, Tnumsegments, Tsegmentids, int32
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Gradients = list[Tensor | None]

# --- what the ops share --------------------------------------------------------------------------


def sums(
    data: Array, indices: Array, ids: Array, add: Reduce, *, power: float = 0, count: Any = None
) -> Array:
    """Sum the chosen rows of each segment, and divide by a power of their number.

    Args:
        data: number[M, ...].
        indices: int[N] in [0, M).
        ids: int[N], sorted, from 0 on.
        add: adds rows to some rows.
        power: 0 for sums, 1 for means, 1/2 for sums over the square root.
        count: how many segments there are; None for one more than the last id.
    """
    must_fit(indices, ids)
    _must_be_in_range(indices, len(data))
    must_be_sorted(ids)
    last = int(ids[-1]) if ids.size else -1
    if count is not None and count <= last:
        raise invalid("segment ids must be < num_segments", num_segments=int(count), last_id=last)
    out = np.zeros((last + 1 if count is None else int(count), *data.shape[1:]), wide(data).dtype)
    add(out, ids, wide(data)[indices])
    if power:
        out /= sizes(ids, out, power)
    return out.astype(data.dtype, copy=False)


def must_fit(indices: Array, ids: Array) -> None:
    """Refuse indices and ids that are not vectors of one length."""
    if indices.ndim != 1 or ids.ndim != 1:
        which = "indices" if indices.ndim != 1 else "segment_ids"
        raise invalid(f"{which} should be a vector.")
    if indices.shape != ids.shape:
        raise invalid(
            "segment_ids and indices should have same size.",
            segment_ids=ids.size,
            indices=indices.size,
        )


def _must_be_in_range(indices: Array, count: int) -> None:
    for at in np.flatnonzero((indices < 0) | (indices >= count))[:1]:
        raise invalid(f"Bad: indices[{at}] == {indices[at]} out of range [0, {count})")


def sizes(ids: Array, like: Array, power: float) -> Array:
    """Return a power of how many rows each segment has, 1 of none, broadcast to `like`."""
    rows = np.maximum(np.bincount(ids, minlength=len(like)), 1) ** power
    return rows.astype(wide(like).dtype).reshape(-1, *[1] * (like.ndim - 1))


# --- SparseSegmentSum ----------------------------------------------------------------------------


@op(
    "SparseSegmentSum",
    T=REAL_NUMBERS,
    Tidx=INDICES.default(int32),
    Tsegmentids=INDICES.default(int32),
)
def sparse_segment_sum_op(data: T, indices: Tidx[N], segment_ids: Tsegmentids[N]) -> T:
    """Sum the chosen rows of each segment.

    Args:
        data: real[M, ...].
        indices: int[N] in [0, M), which rows.
        segment_ids: int[N], sorted, from 0 on; an id may be left out.

    Returns:
        real[last id + 1, ...].

    Raises:
        InvalidArgumentError: if an index is out of range or ids are not sorted.

    Source: TensorFlow's op.
    """
    return sums(data, indices, segment_ids, np.add.at)


@op(
    "SparseSegmentSumWithNumSegments",
    T=REAL_NUMBERS,
    Tidx=INDICES.default(int32),
    Tnumsegments=INDICES.default(int32),
    Tsegmentids=INDICES.default(int32),
)
def sparse_segment_sum_with_num_segments_op(
    data: T, indices: Tidx[N], segment_ids: Tsegmentids[N], num_segments: Tnumsegments[()]
) -> T:
    """Sum the chosen rows of each of so many segments.

    Args:
        data: real[M, ...].
        indices: int[N] in [0, M), which rows.
        segment_ids: int[N], sorted, from 0 on; an id may be left out.
        num_segments: scalar, how many segments there are.

    Returns:
        real[num_segments, ...].

    Raises:
        InvalidArgumentError: if an index or id is out of range or ids are not sorted.

    Source: TensorFlow's op.
    """
    return sums(data, indices, segment_ids, np.add.at, count=num_segments)


# --- SparseSegmentMean ---------------------------------------------------------------------------


@op("SparseSegmentMean", T=FLOATS, Tidx=INDICES.default(int32), Tsegmentids=INDICES.default(int32))
def sparse_segment_mean_op(data: T, indices: Tidx[N], segment_ids: Tsegmentids[N]) -> T:
    """Average the chosen rows of each segment.

    Args:
        data: real[M, ...].
        indices: int[N] in [0, M), which rows.
        segment_ids: int[N], sorted, from 0 on; an id may be left out.

    Returns:
        real[last id + 1, ...].

    Raises:
        InvalidArgumentError: if an index is out of range or ids are not sorted.

    Source: TensorFlow's op.
    """
    return sums(data, indices, segment_ids, np.add.at, power=1)


@op(
    "SparseSegmentMeanWithNumSegments",
    T=FLOATS,
    Tidx=INDICES.default(int32),
    Tnumsegments=INDICES.default(int32),
    Tsegmentids=INDICES.default(int32),
)
def sparse_segment_mean_with_num_segments_op(
    data: T, indices: Tidx[N], segment_ids: Tsegmentids[N], num_segments: Tnumsegments[()]
) -> T:
    """Average the chosen rows of each of so many segments.

    Args:
        data: real[M, ...].
        indices: int[N] in [0, M), which rows.
        segment_ids: int[N], sorted, from 0 on; an id may be left out.
        num_segments: scalar, how many segments there are.

    Returns:
        real[num_segments, ...].

    Raises:
        InvalidArgumentError: if an index or id is out of range or ids are not sorted.

    Source: TensorFlow's op.
    """
    return sums(data, indices, segment_ids, np.add.at, power=1, count=num_segments)


# --- SparseSegmentSqrtN --------------------------------------------------------------------------


@op("SparseSegmentSqrtN", T=FLOATS, Tidx=INDICES.default(int32), Tsegmentids=INDICES.default(int32))
def sparse_segment_sqrt_n_op(data: T, indices: Tidx[N], segment_ids: Tsegmentids[N]) -> T:
    """Sum the chosen rows of each segment, divided by the square root of their number.

    Args:
        data: real[M, ...].
        indices: int[N] in [0, M), which rows.
        segment_ids: int[N], sorted, from 0 on; an id may be left out.

    Returns:
        real[last id + 1, ...].

    Raises:
        InvalidArgumentError: if an index is out of range or ids are not sorted.

    Source: TensorFlow's op.
    """
    return sums(data, indices, segment_ids, np.add.at, power=0.5)


@op(
    "SparseSegmentSqrtNWithNumSegments",
    T=FLOATS,
    Tidx=INDICES.default(int32),
    Tnumsegments=INDICES.default(int32),
    Tsegmentids=INDICES.default(int32),
)
def sparse_segment_sqrt_n_with_num_segments_op(
    data: T, indices: Tidx[N], segment_ids: Tsegmentids[N], num_segments: Tnumsegments[()]
) -> T:
    """Sum the chosen rows of each of so many segments, divided by the square root of their number.

    Args:
        data: real[M, ...].
        indices: int[N] in [0, M), which rows.
        segment_ids: int[N], sorted, from 0 on; an id may be left out.
        num_segments: scalar, how many segments there are.

    Returns:
        real[num_segments, ...].

    Raises:
        InvalidArgumentError: if an index or id is out of range or ids are not sorted.

    Source: TensorFlow's op.
    """
    return sums(data, indices, segment_ids, np.add.at, power=0.5, count=num_segments)


# --- shapes and gradients ------------------------------------------------------------------------


def _count_by_ids(data: Shape, indices: Shape, segment_ids: Shape) -> Shape:
    merge(indices, segment_ids)
    return data if data.rank is None else _rows(data, UNKNOWN)


def _count_by_input(
    data: Shape, indices: Shape, segment_ids: Shape, num_segments: int | None
) -> Shape:
    merge(indices, segment_ids)
    if num_segments is not None and num_segments < 0:
        raise invalid(f"Cannot specify a negative value for num_segments: {num_segments}")
    return _rows(data, UNKNOWN if num_segments is None else num_segments)


def _rows(data: Shape, count: Dim) -> Shape:
    return data if data.rank is None else data.at_least(1).replaced(0, count)


def sparse_segment_sum_gradient(op: Operation, grad: Tensor) -> Gradients:
    """Add each segment's gradient to its rows, by ops that have gradients themselves."""
    data, indices, ids = op.inputs[:3]
    rows = ops.unsorted_segment_sum_op(ops.gather_v2_op(grad, ids, 0), indices, _count(data))
    return [rows, *[None] * (len(op.inputs) - 1)]


def _by(spread: Callable[..., Tensor]) -> Callable[..., Gradients]:
    """Return the gradient rule of an op that has a Grad op."""

    def gradient(op: Operation, grad: Tensor) -> Gradients:
        data, indices, ids = op.inputs[:3]
        rows = spread(grad, indices, ids, _count(data))
        return [rows, *[None] * (len(op.inputs) - 1)]

    return gradient


def _count(data: Tensor) -> Tensor:
    made: Tensor = ops.gather_v2_op(ops.shape_op(data), 0, 0)
    return made


for _by_ids, _by_input, _rule in (
    (
        sparse_segment_sum_op,
        sparse_segment_sum_with_num_segments_op,
        sparse_segment_sum_gradient,
    ),
    (
        sparse_segment_mean_op,
        sparse_segment_mean_with_num_segments_op,
        _by(lambda *rows: ops.sparse_segment_mean_grad_op(*rows)),
    ),
    (
        sparse_segment_sqrt_n_op,
        sparse_segment_sqrt_n_with_num_segments_op,
        _by(lambda *rows: ops.sparse_segment_sqrt_n_grad_op(*rows)),
    ),
):
    _by_ids.shape(_count_by_ids)
    _by_input.shape(values_of=("num_segments",))(_count_by_input)
    _by_ids.gradient(_rule)
    _by_input.gradient(_rule)
