"""Bands of diagonals of the inner matrices.

A band of diagonals k[0] <= ... <= k[1] is stored as rows, the highest first, each from its left end
and padded to the longest:

    1 2 3                0 2 6        diagonal 1 is 2 6, the main one 1 5 9; the rest is padding
    4 5 6   k = (0, 1)   ->  2 6 p
    7 8 9                    1 5 9

Source: TensorFlow's ops of the same names.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import ANY
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.array.diagonal import check_matrix
from minitf.shapes import UNKNOWN, Shape, known, merge
from minitf.symbols import T, int32
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]


def _bounds(k: Any) -> tuple[int, int]:
    """Return the lowest and the highest diagonal that `k` names: one number or two."""
    numbers = np.ravel(k).tolist()
    if len(numbers) not in (1, 2):
        raise invalid(f"diag_index must be a scalar or vector of 1 or 2 elements, got {numbers}")
    lower, upper = numbers[0], numbers[-1]
    if lower > upper:
        raise invalid(
            f"lower_diag_index must not be larger than upper_diag_index: {lower} > {upper}"
        )
    return int(lower), int(upper)


def _check_bounds(lower: int, upper: int, rows: int, columns: int) -> None:
    for name, d in (("lower", lower), ("upper", upper)):
        if d != 0 and not -rows < d < columns:
            raise invalid(
                f"{name}_diag_index is out of bound: {d}. It must be between {-rows} and {columns}"
            )


def _longest(lower: Any, upper: Any, rows: Any, columns: Any) -> Any:
    return min(rows + min(upper, 0), columns + min(-lower, 0))


def _band(lower: int, upper: int, rows: int, columns: int) -> Iterator[tuple[Any, Any, Any]]:
    """Walk a band from the top: (row indices, column indices, place in the stored row)."""
    for d in range(upper, lower - 1, -1):
        along = np.arange(max(0, min(rows + min(d, 0), columns - max(d, 0))))
        yield along - min(d, 0), along + max(d, 0), along


def _put(out: Array, diagonal: Array, lower: int, upper: int) -> Array:
    """Write stored diagonals into the inner matrices of `out`."""
    stored = diagonal[..., None, :] if lower == upper else diagonal
    for i, (rows, columns, along) in enumerate(_band(lower, upper, *out.shape[-2:])):
        out[..., rows, columns] = stored[..., i, along]
    return out


def _take(input: Array, lower: int, upper: int, padding: Any) -> Array:
    """Read diagonals out of the inner matrices."""
    rows, columns = input.shape[-2:]
    shape = (*input.shape[:-2], upper - lower + 1, _longest(lower, upper, rows, columns))
    out = np.full(shape, padding, input.dtype)
    for i, (r, c, along) in enumerate(_band(lower, upper, rows, columns)):
        out[..., i, along] = input[..., r, c]
    return out[..., 0, :] if lower == upper else out


# --- MatrixDiagV2 --------------------------------------------------------------------------------


@op("MatrixDiagV2", T=ANY)
def matrix_diag_v2_op(
    diagonal: T, k: int32, num_rows: int32[()], num_cols: int32[()], padding_value: T[()]
) -> T:
    """Make matrices with given bands of diagonals, `padding_value` elsewhere.

    Args:
        diagonal: T[..., longest], or T[..., k[1] - k[0] + 1, longest] for several diagonals.
        k: which diagonal, 0 the main one, positive above it; or the lowest and the highest.
        num_rows: rows of the matrices; -1: as few as fit.
        num_cols: their columns; -1: as few as fit.
        padding_value: scalar.

    Returns:
        T[..., num_rows, num_cols].

    Raises:
        InvalidArgumentError: if the diagonals do not fit.

    Source: TensorFlow's op of the same name.
    """
    lower, upper = _bounds(k)
    sizes = _matrix_sizes(diagonal.shape[-1], lower, upper, int(num_rows), int(num_cols))
    _check_bounds(lower, upper, *sizes)
    if lower != upper and (diagonal.ndim < 2 or diagonal.shape[-2] != upper - lower + 1):
        raise invalid(
            "The number of diagonals provided in the input does not match the lower_diag_index and "
            f"upper_diag_index range: {Shape(diagonal.shape)}, {lower} to {upper}"
        )
    batch = diagonal.shape[: -1 if lower == upper else -2]
    out = np.full((*batch, *sizes), padding_value, diagonal.dtype)
    return _put(out, diagonal, lower, upper)


def _matrix_sizes(longest: int, lower: int, upper: int, rows: int, columns: int) -> tuple[int, int]:
    """Return the sizes of the matrices, -1 replaced by the least that the diagonals need."""
    least_rows, least_columns = longest - min(upper, 0), longest + max(lower, 0)
    if rows == -1 and columns == -1:
        rows = columns = max(least_rows, least_columns)
    rows = least_rows if rows == -1 else rows
    columns = least_columns if columns == -1 else columns
    if rows < least_rows or columns < least_columns:
        raise invalid(f"The number of rows or columns is too small: {rows}, {columns}")
    if rows != least_rows and columns != least_columns:
        raise invalid(
            "The number of rows or columns is not consistent with the specified d_lower, "
            "d_upper, and diagonal."
        )
    return rows, columns


@matrix_diag_v2_op.shape(values_of=("k", "num_rows", "num_cols"))
def matrix_diag_v2_shape(
    diagonal: Shape, k: Any, num_rows: int | None, num_cols: int | None, padding_value: Shape
) -> Shape:
    Shape(np.shape(k)).at_most(1)
    if k is None or diagonal.dims is None or not known(*np.ravel(np.array(k, object))):
        return Shape.unknown()
    lower, upper = _bounds(k)
    diagonal.at_least(1 if lower == upper else 2)
    batch = diagonal[: -1 if lower == upper else -2]
    if num_rows is None or num_cols is None or not known(diagonal[-1]):
        return Shape((*batch, UNKNOWN, UNKNOWN))
    return Shape((*batch, *_matrix_sizes(diagonal[-1], lower, upper, num_rows, num_cols)))


@matrix_diag_v2_op.gradient
def matrix_diag_v2_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    part = ops.matrix_diag_part_v2_op(grad, op.inputs[1], 0)
    return [part, None, None, None, None]


# --- MatrixDiagPartV2 ----------------------------------------------------------------------------


@op("MatrixDiagPartV2", T=ANY, outputs=("diagonal",))
def matrix_diag_part_v2_op(input: T, k: int32, padding_value: T[()]) -> T:
    """Give bands of diagonals of the inner matrices.

    Args:
        input: T[..., M, N].
        k: which diagonal, or the lowest and the highest.
        padding_value: scalar, what fills shorter diagonals.

    Returns:
        T[..., longest], or T[..., k[1] - k[0] + 1, longest] for several diagonals.

    Raises:
        InvalidArgumentError: if a matrix has no such diagonal.

    Source: TensorFlow's op of the same name.
    """
    lower, upper = _bounds(k)
    _check_bounds(lower, upper, *input.shape[-2:])
    return _take(input, lower, upper, padding_value)


@matrix_diag_part_v2_op.shape(values_of=("k",))
def matrix_diag_part_v2_shape(input: Shape, k: Any, padding_value: Shape) -> Shape:
    Shape(np.shape(k)).at_most(1)
    if k is None or input.dims is None or not known(*np.ravel(np.array(k, object))):
        return Shape.unknown()
    check_matrix(input)
    lower, upper = _bounds(k)
    rows, columns = input[-2:]
    count = () if lower == upper else (upper - lower + 1,)
    if not known(rows, columns):
        return Shape((*input[:-2], *count, UNKNOWN))
    _check_bounds(lower, upper, rows, columns)
    return Shape((*input[:-2], *count, _longest(lower, upper, rows, columns)))


@matrix_diag_part_v2_op.gradient
def matrix_diag_part_v2_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    zeros = ops.zeros_like_op(op.inputs[0])
    return [ops.matrix_set_diag_v2_op(zeros, grad, op.inputs[1]), None, None]


# --- MatrixSetDiagV2 -----------------------------------------------------------------------------


@op("MatrixSetDiagV2", T=ANY)
def matrix_set_diag_v2_op(input: T, diagonal: T, k: int32) -> T:
    """Replace bands of diagonals of the inner matrices.

    Args:
        input: T[..., M, N].
        diagonal: T[..., longest], or T[..., k[1] - k[0] + 1, longest] for several diagonals.
        k: which diagonal, or the lowest and the highest.

    Returns:
        T[..., M, N].

    Raises:
        InvalidArgumentError: if the shapes do not fit.

    Source: TensorFlow's op of the same name.
    """
    lower, upper = _bounds(k)
    wanted = matrix_diag_part_v2_shape(Shape(input.shape), (lower, upper), Shape(()))
    merge(wanted, Shape(diagonal.shape), "input and diagonal do not fit")
    return _put(input.copy(), diagonal, lower, upper)


@matrix_set_diag_v2_op.shape
def matrix_set_diag_v2_shape(input: Shape, diagonal: Shape, k: Shape) -> Shape:
    return input


@matrix_set_diag_v2_op.gradient
def matrix_set_diag_v2_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    _, diagonal, k = op.inputs
    kept = ops.matrix_set_diag_v2_op(grad, ops.zeros_like_op(diagonal), k)
    return [kept, ops.matrix_diag_part_v2_op(grad, k, 0), None]
