"""Picking and placing elements: by indices, by masks, by conditions.

Source: OSDI §4.2; TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from typing import Any

from minitf import dtypes, ops
from minitf.api.array import concat, reshape, squeeze
from minitf.api.framework import name_scope
from minitf.api.sizes import shape as shape_of
from minitf.convert import convert_to_tensor
from minitf.dispatch import dispatchable
from minitf.dtypes import as_dtype
from minitf.static_value import constant_value
from minitf.tensor import Tensor

# --- by indices --------------------------------------------------------------------------------


@dispatchable
def gather(
    params: Any,
    indices: Any,
    validate_indices: bool | None = None,
    name: str | None = None,
    axis: Any = None,
    batch_dims: int = 0,
) -> Tensor:
    """Pick slices along one dimension.

    Args:
        params: a tensor, or a variable, of which only these slices are then read.
        indices: which slices.
        validate_indices: without effect: indices are always checked.
        name: name of the operation.
        axis: the dimension that the indices count; `batch_dims` by default.
        batch_dims: how many leading dimensions both have in common.
    """
    axis = batch_dims if axis is None else axis
    if not isinstance(axis, Tensor) and axis == 0 and hasattr(params, "sparse_read"):
        return params.sparse_read(indices, name=name)
    return ops.gather_v2_op(params, indices, axis, batch_dims=batch_dims, name=name)


@dispatchable
def batch_gather(params: Any, indices: Any, name: str | None = None) -> Tensor:
    """Pick slices by indices, each member of a batch with indices of its own; deprecated."""
    with name_scope(name, "BatchGather", [params, indices]):
        indices = convert_to_tensor(indices, name="indices")
        params = convert_to_tensor(params, name="params")
        rank = indices.static_shape.rank
        if rank is None:
            raise ValueError("batch_gather does not allow indices with unknown shape.")
        return gather(params, indices, axis=rank - 1, batch_dims=rank - 1)


@dispatchable
def gather_nd(params: Any, indices: Any, name: str | None = None, batch_dims: int = 0) -> Tensor:
    """Pick elements or slices by several coordinates.

    Args:
        params: the tensor.
        indices: rows of coordinates along the last dimension.
        name: name of the operation.
        batch_dims: how many leading dimensions both have in common.
    """
    if batch_dims == 0:
        return ops.gather_nd_op(params, indices, name=name)
    with name_scope(name, "BatchGatherND", [params, indices]):
        indices = convert_to_tensor(indices, name="indices")
        params = convert_to_tensor(params, name="params")
        return ops.gather_nd_op(params, _with_batch_coordinates(params, indices, batch_dims))


def _with_batch_coordinates(params: Tensor, indices: Tensor, batch_dims: int) -> Tensor:
    """Put each row's place in the batch before its coordinates."""
    rank = indices.static_shape.rank
    if rank is None or rank <= batch_dims:
        raise ValueError(f"batch_dims = {batch_dims} must be less than rank(indices) = {rank}")
    sizes = shape_of(indices)
    parts = []
    for i in range(batch_dims):
        places = ops.range_op(0, ops.cast_op(sizes[i], DstT=dtypes.int32), 1)
        column = ops.cast_op(places, DstT=indices.dtype)
        shaped = reshape(column, [1] * i + [-1] + [1] * (rank - 1 - i))
        parts.append(ops.broadcast_to_op(shaped, concat([sizes[:-1], [1]], 0)))
    return concat([*parts, indices], -1)


def scatter_nd(indices: Any, updates: Any, shape: Any, name: str | None = None) -> Tensor:
    """Add elements or slices into zeros of a given shape."""
    return ops.scatter_nd_op(indices, updates, shape, name=name)


def tensor_scatter_update(
    tensor: Any, indices: Any, updates: Any, name: str | None = None
) -> Tensor:
    """Return a tensor with elements or slices replaced."""
    return ops.tensor_scatter_update_op(tensor, indices, updates, name=name)


def tensor_scatter_add(tensor: Any, indices: Any, updates: Any, name: str | None = None) -> Tensor:
    """Return a tensor with elements or slices added to."""
    return ops.tensor_scatter_add_op(tensor, indices, updates, name=name)


def tensor_scatter_sub(tensor: Any, indices: Any, updates: Any, name: str | None = None) -> Tensor:
    """Return a tensor with elements or slices subtracted from."""
    return ops.tensor_scatter_sub_op(tensor, indices, updates, name=name)


# --- by conditions -----------------------------------------------------------------------------


@dispatchable
def where(condition: Any, x: Any = None, y: Any = None, name: str | None = None) -> Tensor:
    """Choose element by element; or, without `x` and `y`, tell where a condition holds.

    Args:
        condition: bools of the shape of `x`; a vector chooses whole rows.
        x: what is taken where it holds.
        y: what is taken elsewhere, of the same shape.
        name: name of the operation.

    Returns:
        The chosen elements; or int64[count, rank], the coordinates.

    Raises:
        ValueError: if only one of `x` and `y` is given.
    """
    if x is None and y is None:
        with name_scope(name, "Where", [condition]) as scope:
            condition = convert_to_tensor(condition, None, "condition", dtypes.bool_)
            return ops.where_op(condition, name=scope)
    if x is None or y is None:
        raise ValueError("x and y must both be non-None or both be None.")
    return ops.select_op(condition, x, y, name=name)


@dispatchable
def where_v2(condition: Any, x: Any = None, y: Any = None, name: str | None = None) -> Tensor:
    """Choose element by element, broadcasting; or, without `x` and `y`, tell where it holds.

    Args:
        condition: bools.
        x: what is taken where it holds.
        y: what is taken elsewhere.
        name: name of the operation.

    Returns:
        The chosen elements; or int64[count, rank], the coordinates.

    Raises:
        ValueError: if only one of `x` and `y` is given.
    """
    if x is None or y is None:
        return where(condition, x, y, name)
    return ops.select_v2_op(condition, x, y, name=name)


def boolean_mask(tensor: Any, mask: Any, name: str = "boolean_mask", axis: Any = None) -> Tensor:
    """Pick the slices that a mask marks, as NumPy's `tensor[mask]`.

    Args:
        tensor: the tensor.
        mask: bools, of known rank, of the shape of the dimensions from `axis` on.
        name: name of the scope.
        axis: where the masked dimensions begin, 0 by default.

    Raises:
        ValueError: if the mask is a scalar, its rank is unknown, or the shapes do not fit.
    """
    with name_scope(name, None, [tensor, mask]):
        tensor = convert_to_tensor(tensor, name="tensor")
        mask = convert_to_tensor(mask, name="mask")
        rank = mask.static_shape.rank
        if rank == 0:
            raise ValueError("mask cannot be scalar.")
        if rank is None:
            raise ValueError(
                "Number of mask dimensions must be specified, even if some dimensions are None.  "
                "E.g. shape=[None] is ok, but shape=None is not."
            )
        start = 0 if axis is None else axis
        if isinstance(start, Tensor):
            value = constant_value(start)
            start = start if value is None else int(value)
        known_shape = None
        if not isinstance(start, Tensor):
            shape = tensor.get_shape()
            shape[start : start + rank].assert_is_compatible_with(mask.get_shape())
            count = shape[start : start + rank].num_elements()
            known_shape = shape[:start].concatenate([count]).concatenate(shape[start + rank :])
        count = ops.prod_op(shape_of(tensor)[start : start + rank], [0])
        sizes = concat([shape_of(tensor)[:start], [count], shape_of(tensor)[start + rank :]], 0)
        flat = reshape(tensor, sizes)
        if known_shape is not None:
            flat.set_shape(known_shape)
        marked = squeeze(where(reshape(mask, [-1])), axis=[1])
        return gather(flat, marked, axis=start)


# --- sets and partitions -----------------------------------------------------------------------


def unique(x: Any, out_idx: Any = dtypes.int32, name: str | None = None) -> Any:
    """Return (y, idx): the distinct elements of a vector, and where each element went."""
    return ops.unique_op(x, out_idx=as_dtype(out_idx), name=name)


def unique_with_counts(x: Any, out_idx: Any = dtypes.int32, name: str | None = None) -> Any:
    """Return (y, idx, count): distinct elements, where each element went, how many there are."""
    return ops.unique_with_counts_op(x, out_idx=as_dtype(out_idx), name=name)


def setdiff1d(x: Any, y: Any, index_dtype: Any = dtypes.int32, name: str | None = None) -> Any:
    """Return (out, idx): the elements of `x` that are not in `y`, and where they stood."""
    return ops.list_diff_op(x, y, out_idx=as_dtype(index_dtype), name=name)


@dispatchable
def dynamic_partition(
    data: Any, partitions: Any, num_partitions: int, name: str | None = None
) -> list[Tensor]:
    """Deal elements or slices out to `num_partitions` tensors."""
    return ops.dynamic_partition_op(data, partitions, num_partitions=num_partitions, name=name)


def dynamic_stitch(indices: Any, data: Any, name: str | None = None) -> Tensor:
    """Put elements or slices of several tensors into one, each at its index."""
    return ops.dynamic_stitch_op(indices, data, name=name)
