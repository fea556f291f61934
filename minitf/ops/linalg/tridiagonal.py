"""Matrices with three diagonals, kept as their diagonals: products and linear systems.

Row i of the matrix holds lower[i], main[i], upper[i] in columns i - 1, i, i + 1; lower[0] and
upper[M - 1] stand outside it and are not read.

Source: TensorFlow's ops of these names.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import COMPLEX, types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.elementwise.rows import conjugate
from minitf.ops.linalg.matrices import Array, Gradients, check_matrices, joined, matrix_parts
from minitf.shapes import Shape, merge, must_equal
from minitf.symbols import T
from minitf.tensor import Tensor

_MATRICES = types("float32", "float64") | COMPLEX

# --- TridiagonalMatMul ---------------------------------------------------------------------------


@op("TridiagonalMatMul", T=_MATRICES)
def tridiagonal_mat_mul_op(superdiag: T, maindiag: T, subdiag: T, rhs: T) -> T:
    """Multiply tridiagonal matrices and matrices.

    out[i] = lower[i] rhs[i - 1] + main[i] rhs[i] + upper[i] rhs[i + 1].

    Args:
        superdiag: number[..., 1, M], the upper diagonals.
        maindiag: number[..., 1, M].
        subdiag: number[..., 1, M], the lower diagonals.
        rhs: number[..., M, N].

    Returns:
        number[..., M, N].

    Raises:
        InvalidArgumentError: if shapes do not fit.

    Source: TensorFlow's op of the same name.
    """
    check_matrices(rhs)
    shape = (*rhs.shape[:-2], 1, rhs.shape[-2])
    for name, diagonal in (("super", superdiag), ("main", maindiag), ("sub", subdiag)):
        if diagonal.shape != shape:
            raise invalid(
                f"{name}diag must be of shape {list(shape)}, received {list(diagonal.shape)}"
            )
    upper, main, under = (np.swapaxes(each, -1, -2) for each in (superdiag, maindiag, subdiag))
    out: Array = main * rhs
    out[..., :-1, :] += upper[..., :-1, :] * rhs[..., 1:, :]
    out[..., 1:, :] += under[..., 1:, :] * rhs[..., :-1, :]
    return out


@tridiagonal_mat_mul_op.shape
def tridiagonal_mat_mul_shape(
    superdiag: Shape, maindiag: Shape, subdiag: Shape, rhs: Shape
) -> Shape:
    diagonals = merge(merge(superdiag, maindiag), subdiag)
    batch, one, m = matrix_parts(diagonals)
    must_equal(one, 1, "Dimension must be 1 but is")
    of_rhs, rows, n = matrix_parts(rhs)
    return joined(merge(batch, of_rhs), must_equal(m, rows), n)


@tridiagonal_mat_mul_op.gradient
def tridiagonal_mat_mul_gradient(op: Operation, grad: Tensor) -> Gradients:
    *diagonals, rhs = op.inputs
    upper, main, under = (_columns(conjugate(each)) for each in diagonals)
    x = conjugate(rhs)
    of_diagonals = [_row_sums(grad * each) for each in (_up(x), x, _down(x))]
    return [*of_diagonals, _down(upper * grad) + main * grad + _up(under * grad)]


def _up(x: Tensor) -> Tensor:
    """Move rows up by one; zeros follow."""
    return ops.concat_v2_op([x[..., 1:, :], ops.zeros_like_op(x[..., :1, :])], -2)


def _down(x: Tensor) -> Tensor:
    """Move rows down by one; zeros precede."""
    return ops.concat_v2_op([ops.zeros_like_op(x[..., :1, :]), x[..., :-1, :]], -2)


def _columns(diagonal: Tensor) -> Tensor:
    """Turn [..., 1, M] into [..., M, 1]."""
    return ops.expand_dims_op(ops.squeeze_op(diagonal, squeeze_dims=(-2,)), -1)


def _row_sums(x: Tensor) -> Tensor:
    """Sum each row, [..., M, N] to [..., 1, M]."""
    return ops.expand_dims_op(ops.sum_op(x, -1), -2)


# --- TridiagonalSolve ----------------------------------------------------------------------------


@op("TridiagonalSolve", T=_MATRICES)
def tridiagonal_solve_op(
    diagonals: T, rhs: T, *, partial_pivoting: bool = True, perturb_singular: bool = False
) -> T:
    """Solve linear systems with tridiagonal matrices, in a time that grows with M, not M^3.

    Gaussian elimination row by row; then the unknowns from the last to the first.

    Args:
        diagonals: number[..., 3, M]: upper, main and lower diagonals.
        rhs: number[..., M, K].
        partial_pivoting: exchange neighbouring rows where that gives the larger pivot.
        perturb_singular: take the least normal number for a pivot 0.

    Returns:
        number[..., M, K].

    Raises:
        InvalidArgumentError: if shapes do not fit, or a pivot is 0.

    Source: TensorFlow's op of the same name.
    """
    check_matrices(diagonals)
    check_matrices(rhs)
    if diagonals.shape[:-2] != rhs.shape[:-2] or diagonals.shape[-1] != rhs.shape[-2]:
        raise invalid(
            f"diagonals and rhs do not fit: {list(diagonals.shape)} and {list(rhs.shape)}"
        )
    if diagonals.shape[-2] != 3:
        raise invalid(f"Expected diagonals to have 3 rows, got {diagonals.shape[-2]}")
    if not rhs.size:
        return rhs.copy()
    least = np.finfo(rhs.dtype).tiny if perturb_singular else 0
    rows = _eliminated(diagonals, rhs, least, pivots=partial_pivoting)
    out = np.empty_like(rhs)
    beyond = np.zeros_like(rhs[..., 0, :])
    after = [beyond, beyond]
    for i in reversed(range(rhs.shape[-2])):
        pivot, next_one, second, value = rows[i]
        out[..., i, :] = (value - next_one * after[0] - second * after[1]) / pivot
        after = [out[..., i, :], after[0]]
    return out


def _eliminated(diagonals: Array, rhs: Array, least: float, *, pivots: bool) -> list[list[Array]]:
    """Return the rows of an upper triangular system.

    Each is four columns: the coefficients of x[i], x[i + 1] and x[i + 2], and the right side.
    """
    upper, main, under = (diagonals[..., i, :, None].copy() for i in range(3))
    upper[..., -1, :] = 0
    nothing = np.zeros_like(main[..., 0, :])
    row, rows = [main[..., 0, :], upper[..., 0, :], nothing, rhs[..., 0, :]], []
    for i in range(1, rhs.shape[-2]):
        below = [under[..., i, :], main[..., i, :], upper[..., i, :], rhs[..., i, :]]
        if pivots:
            swaps = np.abs(below[0]) > np.abs(row[0])
            row, below = (
                [np.where(swaps, b, a) for a, b in zip(row, below, strict=True)],
                [np.where(swaps, a, b) for a, b in zip(row, below, strict=True)],
            )
        row[0] = _checked(row[0], least)
        rows.append(row)
        factor = below[0] / row[0]
        first, second, value = (b - factor * a for a, b in zip(row[1:], below[1:], strict=True))
        row = [first, second, nothing, value]
    row[0] = _checked(row[0], least)
    return [*rows, row]


def _checked(pivot: Array, least: float) -> Array:
    """Return pivots, a 0 replaced by the least number."""
    if least:
        return np.where(pivot == 0, pivot.dtype.type(least), pivot)
    if not pivot.all():
        raise invalid("The matrix is not invertible.")
    return pivot


@tridiagonal_solve_op.shape
def tridiagonal_solve_shape(
    diagonals: Shape, rhs: Shape, *, partial_pivoting: bool, perturb_singular: bool
) -> Shape:
    (batch, three, m), (of_rhs, rows, k) = matrix_parts(diagonals), matrix_parts(rhs)
    must_equal(three, 3, "Dimension must be 3 but is")
    return joined(merge(batch, of_rhs), must_equal(m, rows), k)


@tridiagonal_solve_op.gradient
def tridiagonal_solve_gradient(op: Operation, grad: Tensor) -> Gradients:
    """Solve with the adjoint matrices; their diagonals get -Z X^H, where the matrices have any."""
    diagonals, x = conjugate(op.inputs[0]), conjugate(op.outputs[0])
    upper, main, under = (diagonals[..., i : i + 1, :] for i in range(3))
    zeros = ops.zeros_like_op(main[..., :1])
    turned = [
        ops.concat_v2_op([under[..., 1:], zeros], -1),
        main,
        ops.concat_v2_op([zeros, upper[..., :-1]], -1),
    ]
    attrs: dict[str, Any] = {
        name: op.attrs[name] for name in ("partial_pivoting", "perturb_singular")
    }
    of_rhs = ops.tridiagonal_solve_op(ops.concat_v2_op(turned, -2), grad, **attrs)
    of_diagonals = [_row_sums(of_rhs * each) for each in (_up(x), x, _down(x))]
    return [-ops.concat_v2_op(of_diagonals, -2), of_rhs]
