"""Sparse tensors in another order or shape.

Source: OSDI §3.1 (sparse tensors as tuples of dense ones); TensorFlow 1.15's functions of the same
names.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from minitf import dtypes, ops
from minitf.api.array import concat, stack, transpose
from minitf.api.array import slice as slice_
from minitf.api.assertions import assert_equal, assert_less_equal
from minitf.api.casting import cast
from minitf.api.constants import ones, ones_like, zeros
from minitf.api.control import after, identity
from minitf.api.framework import name_scope
from minitf.api.gathering import gather
from minitf.api.math import add, maximum, minimum
from minitf.api.reductions import reduce_max
from minitf.api.sequences import range as range_
from minitf.api.sizes import rank as rank_of
from minitf.api.sizes import shape as shape_of
from minitf.composite import SparseTensor, SparseTensorValue
from minitf.convert import convert_to_tensor
from minitf.dtypes import as_dtype
from minitf.static_value import constant_value
from minitf.tensor import Tensor


def as_sparse(value: Any) -> SparseTensor:
    """Return a SparseTensor, made of a SparseTensorValue if need be.

    Raises:
        TypeError: if it is neither.
    """
    if isinstance(value, SparseTensorValue):
        return SparseTensor.from_value(value)
    if not isinstance(value, SparseTensor):
        raise TypeError("Input must be a SparseTensor.")
    return value


def _rank(sp_input: SparseTensor) -> int | None:
    (rank,) = sp_input.dense_shape.get_shape().as_list()
    return rank


# --- order -------------------------------------------------------------------------------------


def sparse_reorder(sp_input: Any, name: str | None = None) -> SparseTensor:
    """Return the same sparse tensor with its values in row-major order."""
    sp_input = as_sparse(sp_input)
    indices, values = ops.sparse_reorder_op(
        sp_input.indices, sp_input.values, sp_input.dense_shape, name=name
    )
    static = sp_input.get_shape()
    if static.is_fully_defined():
        return SparseTensor(indices, values, static.as_list())
    return SparseTensor(indices, values, identity(sp_input.dense_shape))


def sparse_transpose(sp_input: Any, perm: Any = None, name: str | None = None) -> SparseTensor:
    """Permute the dimensions of a sparse tensor.

    Args:
        sp_input: the sparse tensor.
        perm: dimension i of the result is dimension perm[i] of the input; reversed by default.
        name: name of the scope.
    """
    with name_scope(name, "SparseTranspose", [sp_input]):
        if perm is None:
            rank = sp_input.get_shape().ndims
            if rank is None:
                rank = rank_of(sp_input)
                perm = rank - 1 - range_(0, rank, 1)
            else:
                perm = rank - 1 - np.arange(rank)
        turned = transpose(gather(transpose(sp_input.indices), perm))
        order = constant_value(convert_to_tensor(perm))
        static = sp_input.get_shape()
        if order is not None and static.is_fully_defined():
            sizes: Any = [static.as_list()[axis] for axis in order]
        else:
            sizes = gather(sp_input.dense_shape, perm)
        return sparse_reorder(SparseTensor(turned, sp_input.values, sizes))


# --- shape -------------------------------------------------------------------------------------


def sparse_reshape(sp_input: Any, shape: Any, name: str | None = None) -> SparseTensor:
    """Return the same values in another shape; one size may be -1: what is left.

    Raises:
        ValueError: if the number of elements would change.
    """
    sp_input = as_sparse(sp_input)
    shape = cast(shape, dtypes.int64)
    with name_scope(name, "SparseReshape", [sp_input]) as scope:
        indices, sizes = ops.sparse_reshape_op(
            sp_input.indices, sp_input.dense_shape, shape, name=scope
        )
        found = _reshaped(sp_input.get_shape(), constant_value(shape))
        if found is not None:
            sizes = ops.const_op(value=np.array(found, np.int64), dtype=dtypes.int64)
        return SparseTensor(indices, identity(sp_input.values), sizes)


def _reshaped(static: Any, wanted: Any) -> list[int] | None:
    """Return the sizes after a reshape, as far as they follow from what is known."""
    if wanted is None or not static.is_fully_defined():
        return None
    sizes, total = wanted.tolist(), math.prod(static.as_list())
    if sizes.count(-1) > 1:
        raise ValueError(f"At most one dimension can be inferred (-1). Found: {sizes}")
    if -1 in sizes:
        if 0 in sizes:
            return None
        rest = -math.prod(sizes)
        sizes = [total // rest if size == -1 else size for size in sizes]
    if math.prod(sizes) != total:
        raise ValueError(
            f"Cannot reshape a tensor with {total} elements to shape {wanted.tolist()} "
            f"({math.prod(sizes)} elements)."
        )
    return sizes


def sparse_expand_dims(sp_input: Any, axis: Any = None, name: str | None = None) -> SparseTensor:
    """Insert a dimension of size 1 before dimension `axis`, after the last by default."""
    rank = _rank(sp_input)
    total = shape_of(sp_input.dense_shape)[0] if rank is None else rank
    axis = -1 if axis is None else axis
    place = None if isinstance(axis, Tensor) else axis
    with name_scope(name, "expand_dims", [sp_input]):
        if isinstance(axis, (int, np.integer)):
            axis = convert_to_tensor(axis, dtypes.int32, "axis")
        elif not isinstance(axis, Tensor):
            raise TypeError(
                "axis must be an integer value in range [-rank(sp_input) - 1, rank(sp_input)]"
            )
        axis = ops.select_v2_op(axis >= 0, axis, axis + total + 1)
        column = zeros([shape_of(sp_input.indices)[0], 1], dtypes.int64)
        before = slice_(sp_input.indices, [0, 0], [-1, axis])
        after = slice_(sp_input.indices, [0, axis], [-1, -1])
        sizes_before = slice_(sp_input.dense_shape, [0], [axis])
        sizes_after = slice_(sp_input.dense_shape, [axis], [-1])
        if rank is not None and place is not None:
            place = place if place >= 0 else place + rank + 1
            before.set_shape([None, place])
            after.set_shape([None, rank - place])
            sizes_before.set_shape([place])
            sizes_after.set_shape([rank - place])
        indices = concat([before, column, after], axis=1)
        one = convert_to_tensor([1], dtypes.int64, "new_shape")
        sizes = concat([sizes_before, one, sizes_after], axis=0)
        if rank is not None:
            indices.set_shape([None, rank + 1])
            sizes.set_shape([rank + 1])
        return SparseTensor(indices, sp_input.values, sizes)


def sparse_reset_shape(sp_input: Any, new_shape: Any = None) -> SparseTensor:
    """Return the same values in a larger shape, or in the smallest that holds them.

    Args:
        sp_input: the sparse tensor.
        new_shape: the sizes, none less than the input's; by default the tight ones.

    Raises:
        ValueError: if it is known that the rank differs or a size is too small.
    """
    sp_input = as_sparse(sp_input)
    indices, values = identity(sp_input.indices), identity(sp_input.values)
    old = identity(sp_input.dense_shape)
    if new_shape is None:
        last = reduce_max(indices, axis=0)
        tight = maximum(
            ops.const_op(value=np.array(0, np.int64), dtype=dtypes.int64), add(last, ones_like(old))
        )
        return SparseTensor(indices, values, tight)
    new = convert_to_tensor(new_shape)
    new.get_shape().assert_has_rank(1)
    new = cast(new, dtypes.int64)
    if new.get_shape().ndims is not None:
        new.get_shape()[0].assert_is_compatible_with(old.get_shape()[0])
    static, wanted = sp_input.get_shape(), constant_value(new)
    if wanted is None or not static.is_fully_defined():
        same_rank = assert_equal(shape_of(old), shape_of(new))
        new = after([same_rank], new)
        new = after([assert_less_equal(old, new)], new)
        return SparseTensor(indices, values, new)
    if not np.all(np.array(static.as_list()) <= wanted):
        raise ValueError(
            "Requested new_shape should have dimension sizes >= sp_input.shape.  Found new_shape "
            f"({wanted}), sp_input.shape ({static})."
        )
    return SparseTensor(indices, values, wanted)


# --- the unit matrix ---------------------------------------------------------------------------


def sparse_eye(
    num_rows: Any, num_columns: Any = None, dtype: Any = dtypes.float32, name: str | None = None
) -> SparseTensor:
    """Return ones on the diagonal, as a sparse matrix."""
    with name_scope(name, "eye", [num_rows, num_columns]):
        rows = _int64(num_rows, "num_rows")
        columns = rows if num_columns is None else _int64(num_columns, "num_columns")
        size = minimum(rows, columns)
        places = range_(size, dtype=dtypes.int64)
        return SparseTensor(
            stack([places, places], axis=1), ones(size, as_dtype(dtype)), [rows, columns]
        )


def _int64(value: Any, name: str) -> Tensor:
    if isinstance(value, (int, np.integer)):
        return convert_to_tensor(value, dtypes.int64, name)
    if not isinstance(value, Tensor):
        raise TypeError(f"{name} must be an integer value")
    return value if value.dtype == dtypes.int64 else cast(value, dtypes.int64)
