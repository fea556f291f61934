"""Arithmetic of sparse tensors: sums, products, quotients, reductions.

Source: OSDI §4.2 (sparse multiplication); TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import dtypes, ops
from minitf.api.array import renamed_argument, transpose
from minitf.api.casting import cast
from minitf.api.framework import name_scope
from minitf.api.sequences import range as range_
from minitf.api.sizes import broadcast_static_shape
from minitf.api.sizes import rank as rank_of
from minitf.api.sparse import as_sparse
from minitf.composite import SparseTensor, SparseTensorValue
from minitf.convert import convert_to_tensor
from minitf.tensor import Tensor

_SPARSE = (SparseTensor, SparseTensorValue)

# --- two operands ------------------------------------------------------------------------------


def sparse_add(a: Any, b: Any, threshold: Any = None, thresh: Any = None) -> Any:
    """Add two tensors of which at least one is sparse.

    Args:
        a: a sparse or a dense tensor.
        b: the same.
        threshold: sums s of two sparse values with |s| < threshold are left out; 0 by default.
        thresh: deprecated name of `threshold`.

    Returns:
        A SparseTensor if both are sparse, else a Tensor.

    Raises:
        TypeError: if neither is sparse.
        ValueError: if the shapes differ.
    """
    threshold = renamed_argument("threshold", threshold, "thresh", thresh)
    if not isinstance(a, _SPARSE):
        if not isinstance(b, _SPARSE):
            raise TypeError(
                "At least one input should be SparseTensor; do you mean to use tf.add()?"
            )
        a, b = b, a
    if not isinstance(b, _SPARSE):
        return ops.sparse_tensor_dense_add_op(a.indices, a.values, a.dense_shape, b)
    a, b = as_sparse(a), as_sparse(b)
    kind = a.values.dtype.real_dtype.base_dtype
    least = convert_to_tensor(0 if threshold is None else threshold, kind, "threshold")
    indices, values, shape = ops.sparse_add_op(
        a.indices, a.values, a.dense_shape, b.indices, b.values, b.dense_shape, least
    )
    a.get_shape().assert_is_compatible_with(b.get_shape())
    static = broadcast_static_shape(a.get_shape(), b.get_shape())
    return SparseTensor(indices, values, static.as_list() if static.is_fully_defined() else shape)


def sparse_tensor_dense_matmul(
    sp_a: Any,
    b: Any,
    adjoint_a: bool = False,
    adjoint_b: bool = False,
    name: str | None = None,
) -> Tensor:
    """Multiply a sparse matrix by a dense one.

    Args:
        sp_a: the sparse matrix; or a dense one, if `b` is sparse.
        b: the dense matrix.
        adjoint_a: use sp_a's conjugate transpose.
        adjoint_b: use b's conjugate transpose.
        name: name of the operation.
    """
    if isinstance(b, _SPARSE):  # the transpose of the product of the transposes
        turns = (adjoint_a, adjoint_b) if adjoint_a != adjoint_b else (not adjoint_a, not adjoint_b)
        return transpose(sparse_tensor_dense_matmul(b, sp_a, *turns))
    sp_a = as_sparse(sp_a)
    with name_scope(name, "SparseTensorDenseMatMul", [sp_a.indices, sp_a.values, b]):
        return ops.sparse_tensor_dense_mat_mul_op(
            sp_a.indices,
            sp_a.values,
            sp_a.dense_shape,
            convert_to_tensor(b, name="b"),
            adjoint_a=adjoint_a,
            adjoint_b=adjoint_b,
        )


def sparse_matmul(
    a: Any,
    b: Any,
    transpose_a: bool = False,
    transpose_b: bool = False,
    a_is_sparse: bool = False,
    b_is_sparse: bool = False,
    name: str | None = None,
) -> Tensor:
    """Multiply two dense matrices of which one may hold many zeros.

    Args:
        a: a matrix of float32 or bfloat16.
        b: the same.
        transpose_a: use a's transpose.
        transpose_b: use b's transpose.
        a_is_sparse: says that a holds many zeros; the product is the same.
        b_is_sparse: the same of b.
        name: name of the operation.
    """
    return ops.sparse_mat_mul_op(
        a,
        b,
        transpose_a=transpose_a,
        transpose_b=transpose_b,
        a_is_sparse=a_is_sparse,
        b_is_sparse=b_is_sparse,
        name=name,
    )


def sparse_maximum(sp_a: Any, sp_b: Any, name: str | None = None) -> SparseTensor:
    """Return the greater value wherever one of two sparse tensors has one; the other may be 0."""
    return _chosen(ops.sparse_sparse_maximum_op, sp_a, sp_b, name)


def sparse_minimum(sp_a: Any, sp_b: Any, name: str | None = None) -> SparseTensor:
    """Return the lesser value wherever one of two sparse tensors has one; the other may be 0."""
    return _chosen(ops.sparse_sparse_minimum_op, sp_a, sp_b, name)


def _chosen(op: Any, sp_a: Any, sp_b: Any, name: str | None) -> SparseTensor:
    parts = [sp_a.indices, sp_a.values, sp_b.indices, sp_b.values]
    with name_scope(name, op.name, parts) as scope:
        a = sp_a.indices, sp_a.values, sp_a.dense_shape
        b = sp_b.indices, sp_b.values, sp_b.dense_shape
        indices, values = op(*a, *b, name=scope)
    return SparseTensor(indices, values, sp_a.dense_shape)


# --- Python's operators ------------------------------------------------------------------------


def sparse_operator(name: str, left: Any, right: Any) -> Any:
    """Build the operation of Python's operator `__name__`; one side is a SparseTensor.

    Returns:
        A SparseTensor; NotImplemented for an operator that sparse tensors do not have.
    """
    if isinstance(left, SparseTensor) and name in _OPERATORS:
        sparse, dense = left, right
    elif name == "mul":
        sparse, dense = right, left
    else:
        return NotImplemented
    with name_scope(None, name, [sparse, dense]) as scope:
        dense = convert_to_tensor(dense, sparse.dtype.base_dtype, "y")
        parts = sparse.indices, sparse.values, sparse.dense_shape
        values = _OPERATORS[name](*parts, dense, scope)
        return SparseTensor(sparse.indices, values, sparse.dense_shape)


def _times(indices: Tensor, values: Tensor, shape: Tensor, dense: Tensor, name: str) -> Tensor:
    return ops.sparse_dense_cwise_mul_op(indices, values, shape, dense, name=name)


def _over(indices: Tensor, values: Tensor, shape: Tensor, dense: Tensor, name: str) -> Tensor:
    """Divide; whole numbers become real first."""
    with name_scope(name, "truediv", [indices, values, shape, dense]) as scope:
        if values.dtype.is_integer:
            kind = dtypes.float32 if values.dtype.size <= 2 else dtypes.float64
            values, dense = cast(values, kind), cast(dense, kind)
        return ops.sparse_dense_cwise_div_op(indices, values, shape, dense, name=scope)


_OPERATORS: dict[str, Callable[..., Tensor]] = {"mul": _times, "truediv": _over}


# --- one operand -------------------------------------------------------------------------------


def sparse_softmax(sp_input: Any, name: str | None = None) -> SparseTensor:
    """Turn the listed values of each row along the last dimension into probabilities."""
    with name_scope(name, "SparseSoftmax", [sp_input.indices, sp_input.values]):
        values = ops.sparse_softmax_op(sp_input.indices, sp_input.values, sp_input.dense_shape)
        return SparseTensor(sp_input.indices, values, sp_input.dense_shape)


def sparse_reduce_sum(
    sp_input: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    reduction_axes: Any = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """Return the sums along some dimensions of a sparse tensor (all by default), dense."""
    return _reduced("sparse_reduce_sum", sp_input, axis, keepdims, reduction_axes, keep_dims)


def sparse_reduce_max(
    sp_input: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    reduction_axes: Any = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """Return the greatest listed values along some dimensions (all by default), dense."""
    return _reduced("sparse_reduce_max", sp_input, axis, keepdims, reduction_axes, keep_dims)


def sparse_reduce_sum_sparse(
    sp_input: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    reduction_axes: Any = None,
    keep_dims: bool | None = None,
) -> SparseTensor:
    """Return the sums along some dimensions of a sparse tensor (all by default), sparse."""
    kind = "sparse_reduce_sum_sparse"
    return _reduced(kind, sp_input, axis, keepdims, reduction_axes, keep_dims)


def sparse_reduce_max_sparse(
    sp_input: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    reduction_axes: Any = None,
    keep_dims: bool | None = None,
) -> SparseTensor:
    """Return the greatest listed values along some dimensions (all by default), sparse."""
    kind = "sparse_reduce_max_sparse"
    return _reduced(kind, sp_input, axis, keepdims, reduction_axes, keep_dims)


def _reduced(
    kind: str, sp_input: Any, axis: Any, keepdims: Any, reduction_axes: Any, keep_dims: Any
) -> Any:
    """Build a reduction from its arguments under both names."""
    keepdims = renamed_argument("keepdims", keepdims, "keep_dims", keep_dims)
    axis = renamed_argument("axis", axis, "reduction_axes", reduction_axes)
    return reduced(kind, sp_input, axis, keepdims)


def reduced(
    kind: str, sp_input: Any, axis: Any, keepdims: bool | None, name: str | None = None
) -> Any:
    """Reduce a sparse tensor.

    Args:
        kind: "sparse_reduce_sum" or "sparse_reduce_max", with "_sparse" for a sparse result.
        sp_input: the sparse tensor.
        axis: the dimensions, all by default.
        keepdims: whether they are kept, with size 1.
        name: name of the operation.
    """
    if axis is None:
        axis = _all_axes(sp_input)
    parts = sp_input.indices, sp_input.values, sp_input.dense_shape
    made = getattr(ops, f"{kind}_op")(*parts, axis, keep_dims=bool(keepdims), name=name)
    return SparseTensor(*made) if kind.endswith("_sparse") else made


def _all_axes(sp_input: SparseTensor) -> Tensor:
    (rank,) = sp_input.dense_shape.get_shape().as_list()
    if rank is None:
        return range_(0, rank_of(sp_input))
    return convert_to_tensor(np.arange(rank, dtype=np.int32))
