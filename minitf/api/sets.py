"""`tf.sets`: the last dimension as sets, of dense and of sparse tensors.

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from typing import Any

from minitf import dtypes, ops
from minitf.api.framework import convert_to_tensor_or_sparse_tensor
from minitf.composite import SparseTensor
from minitf.tensor import Tensor

_ELEMENTS = dtypes.types("int8", "int16", "int32", "int64", "uint8", "uint16", "string")


def set_size(a: Any, validate_indices: bool = True) -> Tensor:
    """Return how many distinct elements each set has.

    Args:
        a: a SparseTensor.
        validate_indices: whether its coordinates must be in row-major order, none twice.

    Raises:
        TypeError: if it is not sparse, or its elements are neither whole numbers nor text.
    """
    a = convert_to_tensor_or_sparse_tensor(a, name="a")
    if not isinstance(a, SparseTensor):
        raise TypeError(f"Expected `SparseTensor`, got {a}.")
    _check_elements(a)
    return ops.set_size_op(a.indices, a.values, a.dense_shape, validate_indices=validate_indices)


def set_intersection(a: Any, b: Any, validate_indices: bool = True) -> SparseTensor:
    """Return the elements that two tensors' sets have in common, in ascending order."""
    a, b, _ = _operands(a, b)
    return _combined(a, b, "intersection", validate_indices)


def set_difference(
    a: Any, b: Any, aminusb: bool = True, validate_indices: bool = True
) -> SparseTensor:
    """Return the elements of `a`'s sets that are not in `b`'s (or the other way round)."""
    a, b, flipped = _operands(a, b)
    return _combined(a, b, "a-b" if aminusb != flipped else "b-a", validate_indices)


def set_union(a: Any, b: Any, validate_indices: bool = True) -> SparseTensor:
    """Return the elements that are in one of two tensors' sets, in ascending order."""
    a, b, _ = _operands(a, b)
    return _combined(a, b, "union", validate_indices)


def _operands(a: Any, b: Any) -> tuple[Any, Any, bool]:
    """Return two operands, a dense one first, and whether they changed places."""
    a = convert_to_tensor_or_sparse_tensor(a, name="a")
    _check_elements(a)
    b = convert_to_tensor_or_sparse_tensor(b, name="b")
    if b.dtype.base_dtype is not a.dtype.base_dtype:
        raise TypeError(f"Types don't match, {a.dtype} vs {b.dtype}.")
    flipped = isinstance(a, SparseTensor) and not isinstance(b, SparseTensor)
    return (b, a, True) if flipped else (a, b, False)


def _check_elements(a: Any) -> None:
    if a.dtype.base_dtype not in _ELEMENTS:
        names = sorted(each.name for each in _ELEMENTS)
        raise TypeError(f"'a' has invalid dtype `{a.dtype}` not in supported dtypes: `{names}`.")


def _combined(a: Any, b: Any, operation: str, validate_indices: bool) -> SparseTensor:
    inputs = [part for each in (a, b) for part in _parts(each)]
    if isinstance(a, SparseTensor):
        op = ops.sparse_to_sparse_set_operation_op
    elif isinstance(b, SparseTensor):
        op = ops.dense_to_sparse_set_operation_op
    else:
        op = ops.dense_to_dense_set_operation_op
    made = op(*inputs, set_operation=operation, validate_indices=validate_indices)
    return SparseTensor(*made)


def _parts(operand: Any) -> list[Tensor]:
    if isinstance(operand, SparseTensor):
        return [operand.indices, operand.values, operand.dense_shape]
    return [operand]
