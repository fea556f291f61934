"""Main diagonals: of the inner matrices (Matrix...), or of a tensor as a whole (Diag).

Source: TensorFlow's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import ANY, COMPLEX, FLOATS, INDICES
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.shapes import UNKNOWN, Shape, known, merge, must_equal
from minitf.symbols import T, Tindex, int64
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]


def check_matrix(input: Shape) -> None:
    """Raise InvalidArgumentError if a shape of known rank has fewer than two dimensions."""
    if len(input) < 2:
        raise invalid(f"Shape must be at least rank 2 but is rank {len(input)}")


def _zeros(shape: tuple[int, ...], like: Array) -> Array:
    return np.full(shape, b"", object) if like.dtype == object else np.zeros(shape, like.dtype)


# --- MatrixDiag ----------------------------------------------------------------------------------


@op("MatrixDiag", T=ANY)
def matrix_diag_op(diagonal: T) -> T:
    """Make square matrices with given diagonals, zeros elsewhere.

    Args:
        diagonal: T[..., N].

    Returns:
        T[..., N, N].

    Source: TensorFlow's op of the same name.
    """
    out = _zeros((*diagonal.shape, diagonal.shape[-1]), diagonal)
    return _with_diagonal(out, diagonal)


def _with_diagonal(out: Array, diagonal: Array) -> Array:
    along = np.arange(diagonal.shape[-1])
    out[..., along, along] = diagonal
    return out


@matrix_diag_op.shape
def matrix_diag_shape(diagonal: Shape) -> Shape:
    if diagonal.dims is None:
        return diagonal
    if not diagonal.dims:
        raise invalid("Shape must be at least rank 1 but is rank 0")
    return Shape((*diagonal, diagonal[-1]))


@matrix_diag_op.gradient
def matrix_diag_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    return [ops.matrix_diag_part_op(grad)]


# --- MatrixDiagPart ------------------------------------------------------------------------------


@op("MatrixDiagPart", T=ANY, outputs=("diagonal",))
def matrix_diag_part_op(input: T) -> T:
    """Give the main diagonals of the inner matrices.

    Args:
        input: T[..., M, N].

    Returns:
        T[..., min(M, N)].

    Source: TensorFlow's op of the same name.
    """
    return np.diagonal(input, axis1=-2, axis2=-1)


@matrix_diag_part_op.shape
def matrix_diag_part_shape(input: Shape) -> Shape:
    if input.dims is None:
        return input
    check_matrix(input)
    rows, columns = input[-2:]
    return Shape((*input[:-2], min(rows, columns) if known(rows, columns) else UNKNOWN))


@matrix_diag_part_op.gradient
def matrix_diag_part_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    return [ops.matrix_set_diag_op(ops.zeros_like_op(op.inputs[0]), grad)]


# --- MatrixSetDiag -------------------------------------------------------------------------------


@op("MatrixSetDiag", T=ANY)
def matrix_set_diag_op(input: T, diagonal: T) -> T:
    """Replace the main diagonals of the inner matrices.

    Args:
        input: T[..., M, N].
        diagonal: T[..., min(M, N)].

    Returns:
        T[..., M, N].

    Raises:
        InvalidArgumentError: if the shapes do not fit.

    Source: TensorFlow's op of the same name.
    """
    matrix_set_diag_shape(Shape(input.shape), Shape(diagonal.shape))
    return _with_diagonal(input.copy(), diagonal)


@matrix_set_diag_op.shape
def matrix_set_diag_shape(input: Shape, diagonal: Shape) -> Shape:
    if input.dims is None:
        return input
    wanted = matrix_diag_part_shape(input)
    merge(wanted, diagonal.at_least(1).with_rank(len(wanted)))
    return input


@matrix_set_diag_op.gradient
def matrix_set_diag_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    kept = ops.matrix_set_diag_op(grad, ops.zeros_like_op(op.inputs[1]))
    return [kept, ops.matrix_diag_part_op(grad)]


# --- MatrixBandPart ------------------------------------------------------------------------------


@op("MatrixBandPart", T=ANY, Tindex=INDICES.default(int64), outputs=("band",))
def matrix_band_part_op(input: T, num_lower: Tindex[()], num_upper: Tindex[()]) -> T:
    """Set everything outside a central band of the inner matrices to zero.

    Args:
        input: T[..., M, N].
        num_lower: how many diagonals below the main one are kept; negative: all.
        num_upper: how many above; negative: all.

    Returns:
        T[..., M, N].

    Raises:
        InvalidArgumentError: if there are not so many diagonals.

    Source: TensorFlow's op of the same name.
    """
    rows, columns = input.shape[-2:]
    for name, count, most in (("num_lower", num_lower, rows), ("num_upper", num_upper, columns)):
        if count > most:
            raise invalid(
                f"{name} must be negative or less or equal to number of "
                f"{'rows' if most is rows else 'columns'} ({most}) got: {count}"
            )
    below = np.subtract.outer(np.arange(rows), np.arange(columns))
    inside = ((num_lower < 0) | (below <= num_lower)) & ((num_upper < 0) | (-below <= num_upper))
    return np.where(inside, input, _zeros((), input))


@matrix_band_part_op.shape
def matrix_band_part_shape(input: Shape, num_lower: Shape, num_upper: Shape) -> Shape:
    if input.dims is not None:
        check_matrix(input)
    return input


@matrix_band_part_op.gradient
def matrix_band_part_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    return [ops.matrix_band_part_op(grad, op.inputs[1], op.inputs[2]), None, None]


# --- Diag ----------------------------------------------------------------------------------------

_DIAGONAL = FLOATS | COMPLEX | INDICES


@op("Diag", T=_DIAGONAL)
def diag_op(diagonal: T) -> T:
    """Make a tensor of twice the rank with given diagonal: out[i, ..., i, ...] = diagonal[i, ...].

    Args:
        diagonal: T[D...], rank at least 1.

    Returns:
        T[D..., D...].

    Source: TensorFlow's op of the same name.
    """
    out = np.zeros((diagonal.size, diagonal.size), diagonal.dtype)
    np.fill_diagonal(out, diagonal)
    return out.reshape(diagonal.shape * 2)


@diag_op.shape
def diag_shape(diagonal: Shape) -> Shape:
    if diagonal.dims is None:
        return diagonal
    if not diagonal.dims:
        raise invalid("Shape must be at least rank 1 but is rank 0")
    return Shape(diagonal.dims * 2)


@diag_op.gradient
def diag_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    return [ops.diag_part_op(grad)]


# --- DiagPart ------------------------------------------------------------------------------------


@op("DiagPart", T=_DIAGONAL, outputs=("diagonal",))
def diag_part_op(input: T) -> T:
    """Give the diagonal of a tensor of even rank: out[i, ...] = input[i, ..., i, ...].

    Args:
        input: T[D..., D...].

    Returns:
        T[D...].

    Raises:
        InvalidArgumentError: if the rank is odd or 0, or the halves differ.

    Source: TensorFlow's op of the same name.
    """
    half = diag_part_shape(Shape(input.shape))
    return np.diagonal(input.reshape(half.size, half.size)).reshape(tuple(half))


@diag_part_op.shape
def diag_part_shape(input: Shape) -> Shape:
    if input.dims is None:
        return input
    rank = len(input)
    if rank % 2 or not rank:
        raise invalid(f"Input must have even and non-zero rank, input rank is {rank}")
    halves = zip(input[: rank // 2], input[rank // 2 :], strict=True)
    return Shape(must_equal(a, b) for a, b in halves)


@diag_part_op.gradient
def diag_part_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    return [ops.diag_op(grad)]
