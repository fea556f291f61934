"""Diagonals of matrices and of tensors.

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.convert import natural_dtype
from minitf.dispatch import dispatchable
from minitf.tensor import Tensor


def diag(diagonal: Any, name: str | None = None) -> Tensor:
    """Return a tensor of twice the rank with given diagonal, zeros elsewhere."""
    return ops.diag_op(diagonal, name=name)


def diag_part(input: Any, name: str | None = None) -> Tensor:
    """Return the diagonal of a tensor of even rank."""
    return ops.diag_part_op(input, name=name)


def matrix_diag(
    diagonal: Any,
    name: str = "diag",
    k: Any = 0,
    num_rows: Any = -1,
    num_cols: Any = -1,
    padding_value: Any = 0,
) -> Tensor:
    """Return matrices with given diagonals.

    Args:
        diagonal: the diagonals, along the last dimension.
        name: name of the operation.
        k: which diagonal they are, 0 the main one; or the lowest and the highest of a band.
        num_rows: rows of the matrices; -1: as few as fit.
        num_cols: their columns; -1: as few as fit.
        padding_value: what stands elsewhere.
    """
    if _is(k, 0) and _is(num_rows, -1) and _is(num_cols, -1) and _is(padding_value, 0):
        return ops.matrix_diag_op(diagonal, name=name)
    padding = _padding(diagonal, padding_value)
    return ops.matrix_diag_v2_op(diagonal, k, num_rows, num_cols, padding, name=name)


@dispatchable
def matrix_diag_part(
    input: Any, name: str = "diag_part", k: Any = 0, padding_value: Any = 0
) -> Tensor:
    """Return diagonals of the inner matrices.

    Args:
        input: the matrices, along the last two dimensions.
        name: name of the operation.
        k: which diagonal, 0 the main one; or the lowest and the highest of a band.
        padding_value: what fills shorter diagonals of a band.
    """
    if _is(k, 0):
        return ops.matrix_diag_part_op(input, name=name)
    return ops.matrix_diag_part_v2_op(input, k, _padding(input, padding_value), name=name)


def matrix_set_diag(input: Any, diagonal: Any, name: str = "set_diag", k: Any = 0) -> Tensor:
    """Replace diagonals of the inner matrices.

    Args:
        input: the matrices, along the last two dimensions.
        diagonal: the diagonals, along the last dimension.
        name: name of the operation.
        k: which diagonal, 0 the main one; or the lowest and the highest of a band.
    """
    if _is(k, 0):
        return ops.matrix_set_diag_op(input, diagonal, name=name)
    return ops.matrix_set_diag_v2_op(input, diagonal, k, name=name)


def matrix_band_part(input: Any, num_lower: Any, num_upper: Any, name: str | None = None) -> Tensor:
    """Set everything outside a central band of the inner matrices to zero.

    Args:
        input: the matrices, along the last two dimensions.
        num_lower: how many diagonals below the main one are kept; negative: all.
        num_upper: how many above; negative: all.
        name: name of the operation.
    """
    return ops.matrix_band_part_op(input, num_lower, num_upper, name=name)


def _is(value: Any, number: int) -> bool:
    return isinstance(value, (int, float)) and value == number


def _padding(array: Any, value: Any) -> Any:
    """Let the default padding 0 serve arrays of bools."""
    dtype = array.dtype if isinstance(array, Tensor) else natural_dtype(array)
    return bool(value) if dtype.is_bool and isinstance(value, int) else value
