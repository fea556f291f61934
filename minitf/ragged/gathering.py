"""Picking of ragged tensors: rows by indices, by coordinates, by one set of indices for each row.

Source: TensorFlow 1.15's `tf.gather`, `tf.gather_nd` and `tf.batch_gather` of ragged tensors.
"""

from __future__ import annotations

from typing import Any

from minitf import dtypes, ops
from minitf.api import gathering
from minitf.api.array import concat as concat_tensors
from minitf.api.array import reshape
from minitf.api.assertions import assert_equal
from minitf.api.framework import name_scope
from minitf.api.repeating import repeat
from minitf.api.sequences import range as range_of
from minitf.convert import convert_to_tensor
from minitf.ragged.axes import checked, match_row_splits_dtypes
from minitf.ragged.tensor import RaggedTensor, as_tensor_or_ragged
from minitf.tensor import Tensor


def gather(
    params: Any,
    indices: Any,
    validate_indices: bool | None = None,
    axis: Any = 0,
    batch_dims: int = 0,
    name: str | None = None,
) -> Any:
    """Pick rows of a tensor, ragged or not, by indices, ragged or not.

    Args:
        params: the tensor.
        indices: which rows.
        validate_indices: without effect: indices are always checked.
        axis: 0.
        batch_dims: 0.
        name: name of the scope.

    Raises:
        ValueError: if `axis` or `batch_dims` is another, or the rank of `indices` is not known.
    """
    del validate_indices
    if isinstance(axis, Tensor) or axis not in (0, None):
        raise ValueError("axis != 0 is not supported for ragged gather yet.")
    if not isinstance(batch_dims, int) or batch_dims != 0:
        raise ValueError("batch_dims != 0 is not supported for ragged gather yet.")
    with name_scope(name, "RaggedGather", [params, indices]):
        params = as_tensor_or_ragged(params, name="params")
        indices = as_tensor_or_ragged(indices, name="indices", preferred_dtype=dtypes.int32)
        params, indices = match_row_splits_dtypes(params, indices)
        if isinstance(indices, RaggedTensor):
            return indices.with_values(gather(params, indices.values))
        if not isinstance(params, RaggedTensor):
            return gathering.gather(params, indices, axis=0)
        rank = indices.shape.ndims
        if rank is None:
            raise ValueError("indices.shape.ndims must be known statically")
        if rank == 0:
            return params[indices]
        made = ops.ragged_gather_op(
            list(params.nested_row_splits),
            params.flat_values,
            indices,
            OUTPUT_RAGGED_RANK=rank + params.ragged_rank - 1,
        )
        splits = list(made.output_nested_splits)
        known = indices.shape.as_list()
        if rank == 1 and known[0] is not None:
            splits[0].set_shape([known[0] + 1])
        return RaggedTensor.from_nested_row_splits(made.output_dense_values, splits, validate=False)


def gather_nd(params: Any, indices: Any, batch_dims: int = 0, name: str | None = None) -> Any:
    """Pick slices of a tensor by several coordinates, which stand along the last dimension.

    Args:
        params: the tensor, ragged or not.
        indices: the coordinates; the last dimension is not ragged, and its size is known.
        batch_dims: 0.
        name: name of the scope.

    Raises:
        ValueError: if `batch_dims` is another, or shapes are not known.
    """
    if not isinstance(batch_dims, int) or batch_dims != 0:
        raise ValueError("batch_dims != 0 is not supported for ragged gather yet.")
    if not any(isinstance(each, RaggedTensor) for each in (params, indices)):
        return gathering.gather_nd(params, indices, name=name)
    with name_scope(name, "RaggedGatherNd", [params, indices]):
        params = as_tensor_or_ragged(params, name="params")
        indices = as_tensor_or_ragged(indices, name="indices", preferred_dtype=dtypes.int32)
        params, indices = match_row_splits_dtypes(params, indices)
        shape = indices.shape
        if shape.ndims is None:
            raise ValueError("indices.rank be statically known.")
        if shape.ndims == 0:
            raise ValueError("indices.rank must be at least 1.")
        if isinstance(indices, RaggedTensor) and shape.ndims == indices.ragged_rank + 1:
            raise ValueError("The innermost dimension of indices may not be ragged")
        depth = shape[-1].value
        if depth is None:
            raise ValueError("indices.shape[-1] must be statically known.")
        if isinstance(indices, RaggedTensor):
            flat = gather_nd(params, indices.flat_values)
            if indices.flat_values.shape.ndims == 2 or isinstance(flat, RaggedTensor):
                return _recut(indices, flat)
            return indices.with_flat_values(flat)
        if depth == 0:
            raise ValueError("indices.shape[-1] must not be 0 for ragged params")
        if shape.ndims > 2:
            rows = RaggedTensor.from_tensor(indices, ragged_rank=shape.ndims - 2)
            return gather_nd(params, rows.with_row_splits_dtype(params.row_splits.dtype))
        if shape.ndims == 1:
            return _picked(params, [indices[i] for i in range(depth)])
        return _each_picked(params, indices, depth)


def _recut(like: RaggedTensor, flat: Any) -> RaggedTensor:
    made: RaggedTensor = RaggedTensor.from_nested_row_splits(
        flat, like.nested_row_splits, validate=False
    )
    return made


def _picked(value: Any, places: list[Tensor]) -> Any:
    """Return what stands at one coordinate after the other."""
    for place in places:
        value = value[place]
    return value


def _each_picked(params: RaggedTensor, indices: Tensor, depth: int) -> Any:
    """Return what stands at each row of coordinates: places among the values, level by level."""
    value: Any = params
    places: Tensor = indices[:, 0]
    for level in range(1, depth):
        if not isinstance(value, RaggedTensor):
            rest = concat_tensors(
                [ops.expand_dims_op(places, 1), _cast(indices[:, level:], places)], 1
            )
            return gathering.gather_nd(value, rest)
        starts = gathering.gather(value.row_splits, places)
        lengths = gathering.gather(value.row_lengths(), places)
        places = _places(starts, lengths, indices[:, level])
        value = value.values
    return gather(value, places)


def _places(starts: Tensor, lengths: Tensor, indices: Tensor) -> Tensor:
    """Return where among the values of all rows each row's elements are."""
    within = _cast(indices, starts)
    inside = _is_inside(within, lengths)
    check = assert_equal(inside, ops.ones_like_op(inside), message="indices out of range")
    made: Tensor = checked([check], starts + within)
    return made


def _is_inside(within: Tensor, lengths: Tensor) -> Tensor:
    made: Tensor = ops.logical_and_op(ops.greater_equal_op(within, 0), ops.less_op(within, lengths))
    return made


def _cast(tensor: Tensor, like: Tensor) -> Tensor:
    made: Tensor = tensor if tensor.dtype == like.dtype else ops.cast_op(tensor, DstT=like.dtype)
    return made


def repeat_ranges(params: Any, splits: Any, repeats: Any) -> Tensor:
    """Return ranges of values one behind the other, each as often as it is told.

    Args:
        params: the values.
        splits: where each range begins, and the end of the last.
        repeats: how often: one number for all, or one for each range.
    """
    rows = RaggedTensor.from_row_splits(params, splits, validate=False)
    numbers = range_of(rows.nrows())
    made: Tensor = gather(rows, repeat(numbers, repeats, axis=0)).values
    return made


# --- with indices of their own for each row ------------------------------------------------------


def batch_gather(params: Any, indices: Any, name: str | None = None) -> Any:
    """Pick out of each row by indices of its own.

    Args:
        params: the rows, at least as deep as the indices.
        indices: for each row which elements.
        name: name of the scope.

    Raises:
        ValueError: if numbers of dimensions are not known or do not fit.
    """
    if not any(isinstance(each, RaggedTensor) for each in (params, indices)):
        return gathering.batch_gather(params, indices, name)
    with name_scope(name, "RaggedBatchGather", [params, indices]):
        params = as_tensor_or_ragged(params, name="params")
        indices = as_tensor_or_ragged(indices, name="indices", preferred_dtype=dtypes.int32)
        params, indices = match_row_splits_dtypes(params, indices)
        depth = indices.shape.ndims
        if depth is None:
            raise ValueError("batch_gather does not allow indices with unknown shape.")
        if depth == 0:
            raise ValueError("indices.rank must be at least 1.")
        if depth == 1:
            return gather(params, indices)
        if params.shape.ndims is not None and params.shape.ndims < depth:
            raise ValueError("params.shape must be at least as deep as indices.shape")
        dtype = next(e.row_splits.dtype for e in (params, indices) if isinstance(e, RaggedTensor))
        if not isinstance(indices, RaggedTensor):
            rows = RaggedTensor.from_tensor(indices, row_splits_dtype=dtype)
            picked = batch_gather(params, rows)
            if depth > 2 or isinstance(picked.values, RaggedTensor):
                return picked
            inner = ops.shape_op(picked.values)[1:]
            return reshape(picked.values, ops.concat_v2_op([ops.shape_op(indices), inner], 0))
        if not isinstance(params, RaggedTensor):
            params = RaggedTensor.from_tensor(params, row_splits_dtype=dtype)
        if depth > 2:
            if not isinstance(indices.values, RaggedTensor):
                raise ValueError("batch_gather needs indices that are ragged in all dimensions")
            return indices.with_values(batch_gather(params.values, indices.values))
        starts = gathering.gather(params.row_splits[:-1], indices.value_rowids())
        lengths = gathering.gather(params.row_lengths(), indices.value_rowids())
        places = _places(starts, lengths, indices.values)
        return indices.with_values(gather(params.values, places))


def batch_gather_with_default(
    params: Any, indices: Any, default_value: Any = "", name: str | None = None
) -> Any:
    """Pick out of each row by indices of its own; a default where an index is out of range.

    Args:
        params: the rows: a RaggedTensor of one ragged dimension, or a matrix.
        indices: for each row which elements.
        default_value: a scalar; what stands where the row has no such element.
        name: name of the scope.

    Raises:
        ValueError: if the default is no scalar.
    """
    with name_scope(name, "RaggedBatchGatherWithDefault", [params, indices]):
        params = as_tensor_or_ragged(params, name="params")
        indices = as_tensor_or_ragged(indices, name="indices", preferred_dtype=dtypes.int32)
        default = convert_to_tensor(default_value, params.dtype, "default_value")
        if default.shape.ndims != 0:
            raise ValueError(
                f'"default_value" must be a scalar or vector, got a shape of {default.shape}'
            )
        rows = params if isinstance(params, RaggedTensor) else RaggedTensor.from_tensor(params)
        dense = not isinstance(indices, RaggedTensor)
        asked = RaggedTensor.from_tensor(indices) if dense else indices
        rows, asked = (
            rows.with_row_splits_dtype(dtypes.int64),
            asked.with_row_splits_dtype(dtypes.int64),
        )
        ids = asked.value_rowids()
        starts = gathering.gather(rows.row_splits[:-1], ids)
        lengths = gathering.gather(rows.row_lengths(), ids)
        within = _cast(asked.flat_values, starts)
        inside = _is_inside(within, lengths)
        padded = concat_tensors([rows.flat_values, reshape(default, [1])], 0)
        last = ops.shape_op(padded, out_type=dtypes.int64)[0] - 1
        places = ops.select_v2_op(inside, starts + within, last)
        found = gathering.gather(padded, places)
        if dense:
            return reshape(found, ops.shape_op(indices))
        return asked.with_flat_values(found)
