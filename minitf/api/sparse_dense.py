"""Between sparse and dense: each made of the other, rows filled, values made coordinates.

Source: OSDI §3.1; TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

import numbers
from collections.abc import Iterable
from typing import Any

from minitf import dtypes, ops
from minitf.api.array import concat, expand_dims
from minitf.api.casting import cast
from minitf.api.comparison import not_equal
from minitf.api.constants import fill, zeros, zeros_like
from minitf.api.framework import name_scope
from minitf.api.gathering import gather_nd, where
from minitf.api.sizes import shape as shape_of
from minitf.api.sparse import as_sparse, sparse_reorder
from minitf.composite import SparseTensor, SparseTensorValue
from minitf.convert import convert_to_tensor
from minitf.tensor import Tensor


def from_dense(tensor: Any, name: str | None = None) -> SparseTensor:
    """Return a tensor as a sparse one: the elements that are not zero (or not empty)."""
    with name_scope(name, "dense_to_sparse"):
        tensor = convert_to_tensor(tensor)
        indices = where(not_equal(tensor, zeros_like(tensor)))
        values = gather_nd(tensor, indices)
        return SparseTensor(indices, values, shape_of(tensor, out_type=dtypes.int64))


def sparse_to_dense(
    sparse_indices: Any,
    output_shape: Any,
    sparse_values: Any,
    default_value: Any = 0,
    validate_indices: bool = True,
    name: str | None = None,
) -> Tensor:
    """Return a dense tensor with values in some places and a default everywhere else.

    Args:
        sparse_indices: the places: rows of coordinates, or numbers for a vector.
        output_shape: the sizes.
        sparse_values: a value for each place, or one for all.
        default_value: what stands everywhere else.
        validate_indices: whether places must be in row-major order, none twice.
        name: name of the operation.
    """
    return ops.sparse_to_dense_op(
        sparse_indices,
        output_shape,
        sparse_values,
        default_value,
        validate_indices=validate_indices,
        name=name,
    )


def sparse_tensor_to_dense(
    sp_input: Any,
    default_value: Any = None,
    validate_indices: bool = True,
    name: str | None = None,
) -> Tensor:
    """Return a sparse tensor as a dense one, with a default (zeros) where nothing is listed."""
    sp_input = as_sparse(sp_input)
    if default_value is None:
        default_value = zeros([], sp_input.dtype)
    return sparse_to_dense(
        sp_input.indices,
        sp_input.dense_shape,
        sp_input.values,
        default_value=default_value,
        validate_indices=validate_indices,
        name=name,
    )


def sparse_to_indicator(sp_input: Any, vocab_size: Any, name: str | None = None) -> Tensor:
    """Return bools that tell which numbers below `vocab_size` each row lists.

    Args:
        sp_input: whole numbers, sparse.
        vocab_size: the last dimension of the result.
        name: name of the scope.
    """
    sp_input = as_sparse(sp_input)
    with name_scope(name, "SparseToIndicator", [sp_input]) as scope:
        count = shape_of(sp_input.indices)[0]
        marks = fill(expand_dims(count, 0), True)
        marked = SparseTensor(sp_input.indices, marks, sp_input.dense_shape)
        merged = sparse_merge(sp_input, marked, vocab_size, scope)
        # A row may list a number twice.
        return sparse_tensor_to_dense(merged, False, validate_indices=False, name=scope)


def sparse_merge(
    sp_ids: Any,
    sp_values: Any,
    vocab_size: Any,
    name: str | None = None,
    already_sorted: bool = False,
) -> SparseTensor:
    """Make a sparse tensor of ids and values: each id is the last coordinate of its value.

    Args:
        sp_ids: whole numbers, sparse; or a list of such, of which each gives one coordinate.
        sp_values: values at the same places.
        vocab_size: the last dimension, or a list of as many as there are ids.
        name: name of the scope.
        already_sorted: whether the result is in row-major order without sorting.

    Raises:
        TypeError: if `sp_ids` or `vocab_size` is neither one nor a list of several.
        ValueError: if they are not equally many.
    """
    if isinstance(sp_ids, (SparseTensor, SparseTensorValue)):
        sp_ids, sizes = [sp_ids], [vocab_size]
        wanted = "Tensor or Python int"
    else:
        if not isinstance(sp_ids, Iterable):
            raise TypeError(
                f"sp_ids has to be a SparseTensor or list thereof. Found {type(sp_ids)}"
            )
        if not isinstance(vocab_size, Iterable):
            raise TypeError(
                f"vocab_size has to be a list of Tensors or Python ints. Found {type(vocab_size)}"
            )
        sp_ids, sizes = list(sp_ids), list(vocab_size)
        wanted = "list of Tensors or Python ints"
    for size in sizes:
        if not isinstance(size, (Tensor, numbers.Integral)):
            raise TypeError(f"vocab_size has to be a {wanted}. Found {type(size)}")
    if len(sp_ids) != len(sizes):
        raise ValueError("sp_ids and vocab_size have to have equal lengths.")
    with name_scope(name, "SparseMerge", [*sp_ids, sp_values]):
        sp_ids = [as_sparse(each) for each in sp_ids]
        sp_values = as_sparse(sp_values)
        ids = [expand_dims(cast(each.values, dtypes.int64), axis=1) for each in sp_ids]
        sizes = [cast(size, dtypes.int64) for size in sizes]
        indices = concat([sp_ids[0].indices[:, :-1], *ids], 1)
        shape = concat([sp_ids[0].dense_shape[:-1], sizes], 0)
        merged = SparseTensor(indices, sp_values.values, shape)
        if already_sorted:
            return merged
        ordered = sparse_reorder(merged)
        return SparseTensor(ordered.indices, ordered.values, shape)


def sparse_fill_empty_rows(
    sp_input: Any, default_value: Any, name: str | None = None
) -> tuple[SparseTensor, Tensor]:
    """Give each row without values a default in its first place.

    Returns:
        The sparse tensor, and bools that tell which rows were empty.
    """
    sp_input = as_sparse(sp_input)
    with name_scope(name, "SparseFillEmptyRows", [sp_input]):
        default_value = convert_to_tensor(default_value, sp_input.values.dtype)
        indices, values, was_empty, _ = ops.sparse_fill_empty_rows_op(
            sp_input.indices, sp_input.values, sp_input.dense_shape, default_value
        )
        return SparseTensor(indices, values, sp_input.dense_shape), was_empty


# --- as text -----------------------------------------------------------------------------------


def serialize_sparse(
    sp_input: Any, name: str | None = None, out_type: Any = dtypes.string
) -> Tensor:
    """Return a sparse tensor as three strings (or variants): coordinates, values, sizes."""
    sp_input = as_sparse(sp_input)
    return ops.serialize_sparse_op(
        sp_input.indices, sp_input.values, sp_input.dense_shape, out_type=out_type, name=name
    )


def serialize_many_sparse(
    sp_input: Any, name: str | None = None, out_type: Any = dtypes.string
) -> Tensor:
    """Return each slice of a sparse tensor along its first dimension as a row of three strings."""
    sp_input = as_sparse(sp_input)
    return ops.serialize_many_sparse_op(
        sp_input.indices, sp_input.values, sp_input.dense_shape, out_type=out_type, name=name
    )


def deserialize_many_sparse(
    serialized_sparse: Any, dtype: Any, rank: int | None = None, name: str | None = None
) -> SparseTensor:
    """Read sparse tensors from rows of three strings, and stack them along a new dimension.

    Args:
        serialized_sparse: string[N, 3].
        dtype: the values' type.
        rank: of the result, if known.
        name: name of the operation.
    """
    indices, values, shape = ops.deserialize_many_sparse_op(
        serialized_sparse, dtype=dtype, name=name
    )
    indices.set_shape([None, rank])
    shape.set_shape([rank])
    return SparseTensor(indices, values, shape)
