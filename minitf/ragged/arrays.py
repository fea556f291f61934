"""Shapes and parts of ragged tensors: tiling, dimensions of size 1, masks, conditions, partitions.

Source: TensorFlow 1.15's functions of the same names, of ragged tensors.
"""

from __future__ import annotations

from typing import Any

from minitf import dtypes, ops
from minitf.api import array, gathering, sequences
from minitf.api.assertions import assert_equal
from minitf.api.framework import name_scope
from minitf.api.sizes import size as size_of_tensor
from minitf.api.sorting import argsort
from minitf.convert import convert_to_tensor
from minitf.dtypes import as_dtype
from minitf.ragged.axes import (
    assert_splits_match,
    checked,
    lengths_to_splits,
    match_row_splits_dtypes,
    positive_axis,
)
from minitf.ragged.elementwise import map_flat_values
from minitf.ragged.gathering import gather
from minitf.ragged.joining import concat, expanded
from minitf.ragged.reductions import retyped
from minitf.ragged.segments import segment_sum
from minitf.ragged.tensor import RaggedTensor, as_tensor_or_ragged
from minitf.static_value import constant_value
from minitf.tensor import Tensor


def tile(input: Any, multiples: Any, name: str | None = None) -> Any:
    """Repeat a ragged tensor along each dimension, as often as it is told.

    Args:
        input: the ragged tensor.
        multiples: a vector: how often for each dimension.
        name: name of the scope.
    """
    with name_scope(name, "RaggedTile", [input, multiples]):
        value = as_tensor_or_ragged(input, name="input")
        if not isinstance(value, RaggedTensor):
            return array.tile(value, multiples)
        dtype = value.row_splits.dtype
        times = convert_to_tensor(multiples, name="multiples", preferred_dtype=dtype)
        times.shape.assert_has_rank(1)
        times = ops.cast_op(times, DstT=dtype) if times.dtype != dtype else times
        known = constant_value(times)
        rows = value.nrows()
        count = rows * times[0]
        one = ops.ones_like_op(count)
        places = ops.range_op(ops.zeros_like_op(count), count, one)
        places = ops.floor_mod_op(places, ops.maximum_op(rows, one))
        made = []
        for axis, splits in enumerate(value.nested_row_splits, 1):
            lengths = ops.gather_v2_op(splits[1:] - splits[:-1], places, 0)
            starts = ops.gather_v2_op(splits[:-1], places, 0)
            repeated = ops.ragged_range_op(
                ops.zeros_like_op(lengths), lengths * times[axis], one, Tsplits=dtype
            )
            made.append(repeated.rt_nested_splits)
            of_row = RaggedTensor.from_row_splits(
                repeated.rt_dense_values, repeated.rt_nested_splits, validate=False
            ).value_rowids()
            within = ops.floor_mod_op(
                repeated.rt_dense_values,
                ops.maximum_op(ops.gather_v2_op(lengths, of_row, 0), one),
            )
            places = ops.gather_v2_op(starts, of_row, 0) + within
        flat = ops.gather_v2_op(value.flat_values, places, 0)
        inner = ops.concat_v2_op([[1], ops.cast_op(times[len(made) + 1 :], DstT=dtypes.int32)], 0)
        if value.flat_values.shape.ndims != 1:
            flat = ops.tile_op(flat, inner)
        if known is not None and value.shape[0].value is not None:
            made[0].set_shape([value.shape[0].value * int(known[0]) + 1])
        return RaggedTensor.from_nested_row_splits(flat, made, validate=False)


def expand_dims(input: Any, axis: Any, name: str | None = None) -> Any:
    """Return a tensor with a dimension of size 1 more."""
    with name_scope(name, "RaggedExpandDims", [input]):
        value = as_tensor_or_ragged(input, name="input")
        if not isinstance(value, RaggedTensor):
            return array.expand_dims(value, axis)
        rank = value.shape.ndims
        return expanded(value, positive_axis(axis, None if rank is None else rank + 1))


def squeeze(input: Any, axis: Any = None, name: str | None = None) -> Any:
    """Return a ragged tensor without some dimensions of size 1.

    Args:
        input: the ragged tensor.
        axis: the dimensions, an int or a list of them.
        name: name of the scope.

    Raises:
        ValueError: if no dimension is given, or one is out of bounds.
        InvalidArgumentError: if one has another size.
    """
    with name_scope(name, "RaggedSqueeze", [input]):
        value = as_tensor_or_ragged(input)
        if not isinstance(value, RaggedTensor):
            return array.squeeze(value, axis)
        if axis is None:
            raise ValueError("Ragged.squeeze must have an axis argument.")
        rank = value.shape.ndims
        given = [axis] if isinstance(axis, int) else list(axis)
        axes = sorted({positive_axis(each, rank) for each in given}, reverse=True)
        for each in axes:
            value = _without(value, each)
        return value


def _without(value: Any, axis: int) -> Any:
    if not isinstance(value, RaggedTensor):
        return array.squeeze(value, axis=[axis])
    if axis > 1:
        return value.with_values(_without(value.values, axis - 1))
    sizes = value.nrows() if axis == 0 else value.row_lengths()
    said = f"the given axis (axis = {axis}) is not squeezable!"
    check = assert_equal(sizes, ops.ones_like_op(sizes), message=said)
    if axis == 1:
        return checked([check], value.values)
    inner = value.values
    if isinstance(inner, RaggedTensor):
        return inner.with_flat_values(checked([check], inner.flat_values))
    return checked([check], inner)


def size(input: Any, out_type: Any = dtypes.int32, name: str | None = None) -> Tensor:
    """Return the number of elements."""
    value = as_tensor_or_ragged(input)
    flat = value.flat_values if isinstance(value, RaggedTensor) else value
    return size_of_tensor(flat, out_type=as_dtype(out_type), name=name)


def rank(input: Any, name: str | None = None) -> Tensor:
    """Return the number of dimensions."""
    with name_scope(name, "RaggedRank", [input]) as scope:
        value = as_tensor_or_ragged(input)
        if not isinstance(value, RaggedTensor):
            return ops.rank_op(value, name=scope)  # type: ignore[no-any-return]
        return value.ragged_rank + ops.rank_op(value.flat_values)  # type: ignore[no-any-return]


def one_hot(
    indices: Any,
    depth: Any,
    on_value: Any = None,
    off_value: Any = None,
    axis: Any = None,
    dtype: Any = None,
    name: str | None = None,
) -> Any:
    """Give each index a dimension that is `on_value` there and `off_value` elsewhere.

    Raises:
        ValueError: if the new dimension would stand among the ragged ones.
    """
    with name_scope(name, "RaggedOneHot", [indices]):
        value = as_tensor_or_ragged(indices, name="indices")
        levels = value.ragged_rank if isinstance(value, RaggedTensor) else 0
        if isinstance(axis, int) and axis >= 0:
            if axis <= levels:
                raise ValueError("axis must be greater than indices.ragged_rank.")
            axis -= levels
        flat = value.flat_values if levels else value
        made = sequences.one_hot(flat, depth, on_value, off_value, axis, dtype)
        return value.with_flat_values(made) if levels else made


# --- masks and conditions ------------------------------------------------------------------------


def boolean_mask(data: Any, mask: Any, name: str | None = None) -> Any:
    """Leave out what a mask is false for; the dimensions of the mask stay, the last one ragged.

    Args:
        data: a tensor, ragged or not.
        mask: bools; its shape is that of the first dimensions of `data`.
        name: name of the scope.

    Raises:
        ValueError: if the mask's number of dimensions is not known or zero, or shapes do not fit.
    """
    with name_scope(name, "RaggedMask", [data, mask]):
        data = as_tensor_or_ragged(data, name="data")
        mask = as_tensor_or_ragged(mask, dtypes.bool_, name="mask")
        dtype, (data, mask) = match_row_splits_dtypes(data, mask, return_dtype=True)
        depth = mask.shape.ndims
        if depth is None:
            raise ValueError("mask.shape.ndims must be known statically.")
        if depth == 0:
            raise ValueError("mask cannot be scalar.")
        if isinstance(mask, RaggedTensor) and not isinstance(data, RaggedTensor):
            data = RaggedTensor.from_tensor(
                data, ragged_rank=mask.ragged_rank, row_splits_dtype=dtype
            )
        if isinstance(data, RaggedTensor) and not isinstance(mask, RaggedTensor) and depth > 1:
            levels = min(depth - 1, data.ragged_rank)
            mask = RaggedTensor.from_tensor(mask, ragged_rank=levels, row_splits_dtype=dtype)
        if isinstance(mask, RaggedTensor):
            checks = assert_splits_match([[data.row_splits], [mask.row_splits]])
            return _masked_rows(data, mask, checks)
        if depth > 1:
            return _masked_tensor(data, mask, depth, dtype)
        if isinstance(data, RaggedTensor):
            return gather(data, ops.squeeze_op(ops.where_op(mask), squeeze_dims=(1,)))
        return gathering.boolean_mask(data, mask)


def _masked_rows(data: RaggedTensor, mask: RaggedTensor, checks: list[Any]) -> RaggedTensor:
    inner = checked(checks, mask.values)
    values = boolean_mask(data.values, inner)
    if mask.shape.ndims is not None and mask.shape.ndims > 2:
        return data.with_values(values)
    kept = ops.cast_op(inner, DstT=data.row_splits.dtype)
    counts = segment_sum(kept, mask.value_rowids(), mask.nrows())
    splits = lengths_to_splits(counts)
    return RaggedTensor.from_row_splits(values, splits, validate=False)


def _masked_tensor(data: Tensor, mask: Tensor, depth: int, dtype: Any) -> RaggedTensor:
    """Leave out of a dense tensor what a dense mask of several dimensions is false for."""
    kept = gathering.boolean_mask(data, mask)
    counts = ops.sum_op(ops.cast_op(mask, DstT=dtype), -1)
    rows = RaggedTensor.from_row_lengths(kept, ops.reshape_op(counts, [-1]), validate=False)
    sizes = ops.shape_op(mask, out_type=dtype)
    for axis in range(depth - 2, 0, -1):
        count = ops.prod_op(sizes[:axis], 0)
        lengths = ops.fill_op(ops.expand_dims_op(count, 0), sizes[axis])
        rows = RaggedTensor.from_row_lengths(rows, lengths, validate=False)
    return rows


def where(condition: Any, x: Any = None, y: Any = None, name: str | None = None) -> Any:
    """Choose element by element or row by row; or tell where a condition holds.

    Args:
        condition: bools, cut as `x` and `y` are; or a vector, which chooses whole rows.
        x: what is taken where it holds.
        y: what is taken elsewhere.
        name: name of the scope.

    Returns:
        The chosen elements or rows; or int64[count, rank], the coordinates.

    Raises:
        ValueError: if only one of `x` and `y` is given, or shapes do not fit.
    """
    if (x is None) != (y is None):
        raise ValueError("x and y must be either both None or both non-None")
    with name_scope(name, "RaggedWhere", [condition, x, y]):
        condition = as_tensor_or_ragged(condition, name="condition")
        if x is None:
            return _coordinates(condition)
        x = as_tensor_or_ragged(x, name="x")
        y = as_tensor_or_ragged(y, name="y")
        condition, x, y = match_row_splits_dtypes(condition, x, y)
        ragged = [isinstance(each, RaggedTensor) for each in (condition, x, y)]
        if not any(ragged):
            return gathering.where(condition, x, y)
        if all(ragged):
            return map_flat_values(ops.select_op, condition, x, y)
        if ragged[0]:
            raise ValueError("Input shapes do not match.")
        condition.shape.assert_has_rank(1)
        both = concat([x, y], 0)
        count = (
            x.nrows() if isinstance(x, RaggedTensor) else ops.shape_op(x, out_type=dtypes.int64)[0]
        )
        count = ops.cast_op(count, DstT=dtypes.int64)
        rows = ops.shape_op(condition, out_type=dtypes.int64)[0]
        places = ops.range_op(ops.zeros_like_op(rows), rows, ops.ones_like_op(rows))
        return gather(both, ops.select_op(condition, places, places + count))


def _coordinates(condition: Any) -> Tensor:
    if not isinstance(condition, RaggedTensor):
        return gathering.where(condition)
    found = condition.to_sparse()
    return gathering.boolean_mask(found.indices, found.values)


def stack_dynamic_partitions(
    data: Any, partitions: Any, num_partitions: Any, name: str | None = None
) -> RaggedTensor:
    """Put each slice into the row that it is said to belong to, in the order in which they stand.

    Args:
        data: a tensor, ragged or not.
        partitions: the row of each slice; its shape is that of the first dimensions of `data`.
        num_partitions: the number of rows.
        name: name of the scope.

    Raises:
        ValueError: if shapes are not known or do not fit.
    """
    with name_scope(name, "SegmentStack", [data, partitions, num_partitions]):
        data = as_tensor_or_ragged(data, name="data")
        partitions = as_tensor_or_ragged(
            partitions, name="partitions", preferred_dtype=dtypes.int32
        )
        dtype, (data, partitions) = match_row_splits_dtypes(data, partitions, return_dtype=True)
        if any(isinstance(each, RaggedTensor) for each in (data, partitions)):
            partitions = retyped(partitions, dtype)
        count = convert_to_tensor(num_partitions, name="num_partitions")
        count = ops.cast_op(count, DstT=partitions.dtype)
        depth = partitions.shape.ndims
        if depth is None:
            raise ValueError("partitions must have known rank.")
        count.shape.assert_has_rank(0)
        data.shape[:depth].assert_is_compatible_with(partitions.shape)
        if depth == 0:
            one = expand_dims(data, 0)
            ids = ops.expand_dims_op(partitions, 0)
            return RaggedTensor.from_value_rowids(one, ids, count, validate=True)
        while isinstance(partitions, RaggedTensor) or depth > 1:
            data, partitions = _flatter(data, partitions)
            depth -= 1
        order = argsort(partitions, stable=True)
        return RaggedTensor.from_value_rowids(
            gather(data, order), ops.gather_v2_op(partitions, order, 0), count, validate=True
        )


def dynamic_partition(
    data: Any, partitions: Any, num_partitions: int, name: str | None = None
) -> list[Any]:
    """Return the slices of each partition.

    Raises:
        TypeError: if the number of partitions is no int.
        ValueError: if it is negative.
    """
    if not isinstance(num_partitions, int):
        raise TypeError("num_partitions must be a Python integer")
    if num_partitions < 0:
        raise ValueError("num_partitions must be nonnegative")
    rows = stack_dynamic_partitions(data, partitions, num_partitions, name)
    return [rows[i] for i in range(num_partitions)]


def _flatter(data: Any, partitions: Any) -> tuple[Any, Any]:
    """Return the slices and their rows with the first two dimensions in one."""
    kinds = [isinstance(each, RaggedTensor) for each in (data, partitions)]
    if any(kinds):
        dtype, _ = match_row_splits_dtypes(data, partitions, return_dtype=True)
        rows = [
            each
            if isinstance(each, RaggedTensor)
            else RaggedTensor.from_tensor(each, row_splits_dtype=dtype)
            for each in (data, partitions)
        ]
        checks = assert_splits_match([[each.row_splits] for each in rows])
        return rows[0].values, checked(checks, rows[1].values)
    merged = [
        ops.reshape_op(each, ops.concat_v2_op([[-1], ops.shape_op(each)[2:]], 0))
        for each in (data, partitions)
    ]
    return merged[0], merged[1]
