"""Sparse tensors, with TensorFlow 2's arguments.

Source: TensorFlow 1.15's functions of the same names in tf.compat.v2.sparse.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf.api import sparse_dense, sparse_math, sparse_slicing
from minitf.composite import SparseTensor
from minitf.dtypes import string
from minitf.tensor import Tensor


def add(a: Any, b: Any, threshold: Any = 0) -> Any:
    """Add two tensors of which at least one is sparse."""
    return sparse_math.sparse_add(a, b, threshold)


def concat(
    axis: int,
    sp_inputs: Sequence[Any],
    expand_nonconcat_dims: bool = False,
    name: str | None = None,
) -> SparseTensor:
    """Join sparse tensors end to end along one dimension."""
    return sparse_slicing.sparse_concat(axis, sp_inputs, name, expand_nonconcat_dims)


def split(
    sp_input: Any = None, num_split: int | None = None, axis: Any = None, name: str | None = None
) -> list[SparseTensor]:
    """Cut a sparse tensor along one dimension into parts that differ by at most 1."""
    return sparse_slicing.sparse_split(sp_input=sp_input, num_split=num_split, axis=axis, name=name)


def reduce_max(
    sp_input: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    output_is_sparse: bool = False,
    name: str | None = None,
) -> Tensor | SparseTensor:
    """Return the greatest listed values along some dimensions, dense or sparse."""
    kind = "sparse_reduce_max_sparse" if output_is_sparse else "sparse_reduce_max"
    return sparse_math.reduced(kind, sp_input, axis, keepdims, name)


def reduce_sum(
    sp_input: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    output_is_sparse: bool = False,
    name: str | None = None,
) -> Tensor | SparseTensor:
    """Return the sums along some dimensions, dense or sparse."""
    kind = "sparse_reduce_sum_sparse" if output_is_sparse else "sparse_reduce_sum"
    return sparse_math.reduced(kind, sp_input, axis, keepdims, name)


def serialize_sparse(sp_input: Any, out_type: Any = string, name: str | None = None) -> Tensor:
    """Return a sparse tensor as three strings (or variants): coordinates, values, sizes."""
    return sparse_dense.serialize_sparse(sp_input, name, out_type)


def serialize_many_sparse(sp_input: Any, out_type: Any = string, name: str | None = None) -> Tensor:
    """Return each slice of a sparse tensor along its first dimension as a row of three strings."""
    return sparse_dense.serialize_many_sparse(sp_input, name, out_type)
