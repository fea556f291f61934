"""Joining ragged tensors: one behind the other, or side by side.

Source: TensorFlow 1.15's `tf.concat` and `tf.stack` of ragged tensors, `tf.ragged.stack`.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api import array
from minitf.api.framework import name_scope
from minitf.ragged.axes import (
    assert_splits_match,
    checked,
    lengths_to_splits,
    match_row_splits_dtypes,
    positive_axis,
)
from minitf.ragged.conversions import from_tensor
from minitf.ragged.gathering import gather
from minitf.ragged.tensor import RaggedTensor, as_tensor_or_ragged


def concat(values: Any, axis: Any, name: str | None = None) -> Any:
    """Put tensors, ragged or not, one behind the other along a dimension.

    Args:
        values: tensors of one type and rank; their sizes may differ along ragged dimensions.
        axis: the dimension.
        name: name of the scope.

    Raises:
        ValueError: if there is none, ranks differ or are not known, or `axis` is out of bounds.
        TypeError: if `axis` is no int.
    """
    if not isinstance(values, (list, tuple)):
        values = [values]
    with name_scope(name, "RaggedConcat", list(values)):
        return _joined(_inputs(values), axis)


def stack(values: Any, axis: Any = 0, name: str | None = None) -> Any:
    """Put tensors, ragged or not, side by side along a dimension of their own.

    Args:
        values: tensors of one type and rank; their sizes may differ.
        axis: the dimension.
        name: name of the scope.

    Raises:
        ValueError: if there is none, ranks differ or are not known, or `axis` is out of bounds.
        TypeError: if `axis` is no int.
    """
    if not isinstance(values, (list, tuple)):
        values = [values]
    with name_scope(name, "RaggedConcat", list(values)):
        rows = _inputs(values)
        rank = _common_rank(rows)
        if rank is None or rank == 0:
            return array.stack(rows, axis=axis)
        axis = positive_axis(axis, rank + 1)
        if rank == axis == 1 and not any(isinstance(each, RaggedTensor) for each in rows):
            return array.stack(rows, axis=axis)
        return _joined([expanded(each, axis) for each in rows], axis)


def _inputs(values: Any) -> list[Any]:
    if not values:
        raise ValueError("Must pass at least one value: got an empty list")
    rows = [as_tensor_or_ragged(each, name="rt_input") for each in values]
    return list(match_row_splits_dtypes(*rows))


def _common_rank(rows: list[Any]) -> int | None:
    ranks = {each.shape.ndims for each in rows} - {None}
    if len(ranks) > 1:
        raise ValueError(f"Inputs must have the same rank, but have ranks {sorted(ranks)}")
    if not ranks and any(isinstance(each, RaggedTensor) for each in rows):
        raise ValueError("Unable to determine rank of inputs.")
    return ranks.pop() if ranks else None


def _joined(rows: list[Any], axis: Any) -> Any:
    rank = _common_rank(rows)
    if len(rows) == 1:
        return rows[0]
    if rank is None:
        return array.concat(rows, axis)
    axis = positive_axis(axis, rank)
    if rank == 1:
        return array.concat(rows, axis)
    return _of_one_rank(rows, axis)


def _of_one_rank(rows: list[Any], axis: int) -> Any:
    """Join tensors that become ragged in as many dimensions as the most ragged of them."""
    if not any(isinstance(each, RaggedTensor) for each in rows) and axis > 1:
        return array.concat(rows, axis)
    levels = max(each.ragged_rank if isinstance(each, RaggedTensor) else 1 for each in rows)
    dtype, _ = match_row_splits_dtypes(*rows, return_dtype=True)
    rows = [_cut_deeper(each, levels, dtype) for each in rows]
    if axis == 0:
        return _below(rows)
    if axis == 1:
        return _beside(rows)
    checks = assert_splits_match([[each.row_splits] for each in rows])
    inner = _of_one_rank_or_flat([each.values for each in rows], axis - 1)
    return rows[0].with_values(checked(checks, inner))


def _of_one_rank_or_flat(values: list[Any], axis: int) -> Any:
    if isinstance(values[0], RaggedTensor):
        return _of_one_rank(values, axis)
    return array.concat(values, axis)


def _cut_deeper(value: Any, levels: int, dtype: Any) -> RaggedTensor:
    """Return a tensor with so many ragged dimensions."""
    if not isinstance(value, RaggedTensor):
        return from_tensor(value, ragged_rank=levels, row_splits_dtype=dtype)
    missing = levels - value.ragged_rank
    if not missing:
        return value
    return value.with_flat_values(
        from_tensor(value.flat_values, ragged_rank=missing, row_splits_dtype=dtype)
    )


def _below(rows: list[RaggedTensor]) -> RaggedTensor:
    """Return the rows of all, one behind the other."""
    values = [each.values for each in rows]
    ragged = isinstance(values[0], RaggedTensor)
    joined = _below(values) if ragged else array.concat(values, 0)
    splits, offset = [rows[0].row_splits], rows[0].row_splits[-1]
    for each in rows[1:]:
        splits.append(each.row_splits[1:] + offset)
        offset = offset + each.row_splits[-1]
    return RaggedTensor.from_row_splits(joined, ops.concat_v2_op(splits, 0), validate=False)


def _beside(rows: list[RaggedTensor]) -> RaggedTensor:
    """Return of each row those of all, one behind the other."""
    checks = [_same_count(rows[0], each) for each in rows[1:]]
    count = rows[0].nrows()
    below = _below(rows)
    # Row i of tensor k stands at k * count + i; they are wanted in the order i, k.
    parts = len(rows)
    numbers = ops.range_op(ops.zeros_like_op(count), count * parts, ops.ones_like_op(count))
    order = ops.reshape_op(ops.transpose_op(ops.reshape_op(numbers, [parts, -1]), [1, 0]), [-1])
    ordered = gather(below, checked(checks, order))
    lengths = ops.reshape_op(ordered.row_lengths(), [-1, parts])
    known = [each.shape[0].value for each in rows if each.shape[0].value is not None]
    total = ops.sum_op(lengths, 1)
    if known:
        total.set_shape([known[0]])
    return RaggedTensor.from_row_splits(ordered.values, lengths_to_splits(total), validate=False)


def _same_count(one: RaggedTensor, other: RaggedTensor) -> Any:
    from minitf.api.assertions import assert_equal

    return assert_equal(
        one.nrows(), other.nrows(), message="Input tensors have incompatible shapes."
    )


def expanded(value: Any, axis: int) -> Any:
    """Return a tensor with a dimension of size 1 more, counted from the front."""
    if not isinstance(value, RaggedTensor):
        return array.expand_dims(value, axis)
    if axis > 1:
        return value.with_values(expanded(value.values, axis - 1))
    count = value.nrows()
    if axis == 0:
        splits = ops.pack_op([ops.zeros_like_op(count), count])
    else:
        one = ops.ones_like_op(count)
        splits = ops.range_op(ops.zeros_like_op(count), count + one, one)
        rows = value.shape[0].value
        splits.set_shape([None if rows is None else rows + 1])
    return RaggedTensor.from_row_splits(value, splits, validate=False)
