"""Products and linear systems with tridiagonal matrices.

Source: TensorFlow 1.15's functions of the same names in tf.linalg.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.array import expand_dims, matrix_transpose, pad, squeeze, stack
from minitf.api.diagonals import matrix_diag_part
from minitf.convert import convert_to_tensor
from minitf.ops.elementwise.rows import conjugate
from minitf.shapes import known
from minitf.tensor import Tensor


def tridiagonal_matmul(
    diagonals: Any, rhs: Any, diagonals_format: str = "compact", name: str | None = None
) -> Tensor:
    """Multiply tridiagonal matrices and matrices.

    Args:
        diagonals: the matrices, see `diagonals_format`.
        rhs: number[..., M, N].
        diagonals_format: "compact": number[..., 3, M], the upper diagonal (its last element is not
            read), the main and the lower one (its first is not read); "sequence": three tensors
            number[..., M]; "matrix": number[..., M, M].
        name: name of the operation.

    Raises:
        ValueError: if the format is none of these, or a matrix is not square.
    """
    parts = _three(diagonals, diagonals_format)
    return ops.tridiagonal_mat_mul_op(*[expand_dims(each, -2) for each in parts], rhs, name=name)


def tridiagonal_solve(
    diagonals: Any,
    rhs: Any,
    diagonals_format: str = "compact",
    transpose_rhs: bool = False,
    conjugate_rhs: bool = False,
    name: str | None = None,
    partial_pivoting: bool = True,
) -> Tensor:
    """Solve linear systems with tridiagonal matrices.

    Args:
        diagonals: the matrices, as of `tridiagonal_matmul`; in the format "sequence" the upper and
            the lower diagonal may leave out the element that is not read.
        rhs: number[..., M, K], or number[..., M].
        diagonals_format: "compact", "sequence" or "matrix".
        transpose_rhs: whether `rhs` is number[..., K, M].
        conjugate_rhs: whether its conjugate is meant.
        name: name of the operation.
        partial_pivoting: exchange neighbouring rows where that gives the larger pivot.

    Raises:
        ValueError: if the format is none of these, or shapes do not fit.
    """
    if diagonals_format == "compact":
        compact = convert_to_tensor(diagonals)
    else:
        compact = stack(_three(diagonals, diagonals_format), axis=-2)
    rhs = convert_to_tensor(rhs)
    rank, of_rhs = compact.static_shape.rank, rhs.static_shape.rank
    if rank is not None and rank < 2:
        raise ValueError(f"Expected diagonals to have rank at least 2, got {rank}")
    if rank is not None and of_rhs not in (None, rank - 1, rank):
        raise ValueError(f"Expected the rank of rhs to be {rank - 1} or {rank}, got {of_rhs}")
    count = 3 if rank is None else compact.shape[-2].value
    if count not in (None, 3):
        raise ValueError(f"Expected 3 diagonals got {count}")
    is_vector = rank is not None and of_rhs == rank - 1
    rhs = conjugate(rhs) if conjugate_rhs else rhs
    if is_vector:
        rhs = expand_dims(rhs, -1)
    elif transpose_rhs:
        rhs = matrix_transpose(rhs)
    made = ops.tridiagonal_solve_op(compact, rhs, partial_pivoting=partial_pivoting, name=name)
    return squeeze(made, -1) if is_vector else made


def _three(diagonals: Any, diagonals_format: str) -> list[Tensor]:
    """Return upper, main and lower diagonals, number[..., M] each."""
    if diagonals_format == "compact":
        compact = convert_to_tensor(diagonals)
        return [compact[..., i, :] for i in range(3)]
    if diagonals_format == "sequence":
        if not isinstance(diagonals, (tuple, list)) or len(diagonals) != 3:
            raise ValueError("Expected diagonals to be a sequence of length 3.")
        upper, main, lower = (convert_to_tensor(each) for each in diagonals)
    elif diagonals_format == "matrix":
        matrix = convert_to_tensor(diagonals)
        rows, columns = matrix.static_shape[-2], matrix.static_shape[-1]
        if known(rows, columns) and rows != columns:
            raise ValueError(
                f"Expected last two dimensions of diagonals to be same, got {columns} and {rows}"
            )
        upper = _at_end(matrix_diag_part(matrix[..., :-1, 1:]), [0, 1])
        main = matrix_diag_part(matrix)
        lower = _at_end(matrix_diag_part(matrix[..., 1:, :-1]), [1, 0])
    else:
        raise ValueError(f"Unrecognized diagonals_format: {diagonals_format}")
    return [_whole("super", upper, main, [0, 1]), main, _whole("sub", lower, main, [1, 0])]


def _whole(name: str, diagonal: Tensor, main: Tensor, border: list[int]) -> Tensor:
    """Return a diagonal as long as the main one."""
    length, wanted = diagonal.static_shape[-1], main.static_shape[-1]
    if not known(length, wanted) or length == wanted:
        return diagonal
    if length != wanted - 1:
        raise ValueError(
            f"Expected {name}diagonal to be have length {wanted} or {wanted - 1}, got {length}."
        )
    return _at_end(diagonal, border)


def _at_end(diagonal: Tensor, border: list[int]) -> Tensor:
    """Add the element that stands outside the matrix."""
    return pad(diagonal, [[0, 0]] * (len(diagonal.static_shape) - 1) + [border])
