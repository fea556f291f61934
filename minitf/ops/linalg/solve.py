"""Systems of linear equations: square, triangular, and too many or too few equations.

Source: TensorFlow's ops of these names; Giles 2008 for the gradients.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import COMPLEX, types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.linalg.matrices import (
    Array,
    Gradients,
    check_matrices,
    check_right_side,
    check_square,
    joined,
    lower,
    matrix_parts,
    product,
    solved,
    square_parts,
)
from minitf.ops.math.matmul import turned
from minitf.shapes import Shape, broadcast, known, merge, must_equal
from minitf.symbols import T, float64
from minitf.tensor import Tensor

_MATRICES = types("float16", "float32", "float64") | COMPLEX

# --- MatrixSolve ---------------------------------------------------------------------------------


@op("MatrixSolve", T=_MATRICES)
def matrix_solve_op(matrix: T, rhs: T, *, adjoint: bool = False) -> T:
    """Solve matrix @ out = rhs.

    Args:
        matrix: number[..., M, M].
        rhs: number[..., M, K].
        adjoint: solve with the conjugate transposes of the matrices instead.

    Returns:
        number[..., M, K].

    Raises:
        InvalidArgumentError: if shapes do not fit, or a matrix is singular.

    Source: TensorFlow's op of the same name.
    """
    left, right = check_square(matrix), check_matrices(rhs)
    check_right_side(left, right)
    return solved(turned(left) if adjoint else left, right).astype(rhs.dtype, copy=False)


@matrix_solve_op.shape
def matrix_solve_shape(matrix: Shape, rhs: Shape, *, adjoint: bool) -> Shape:
    (batch, m), (of_rhs, rows, k) = square_parts(matrix), matrix_parts(rhs)
    return joined(merge(batch, of_rhs), must_equal(m, rows), k)


@matrix_solve_op.gradient
def matrix_solve_gradient(op: Operation, grad: Tensor) -> Gradients:
    return [*_gradients(op, ops.matrix_solve_op, grad)]


def _gradients(op: Operation, solve: Any, grad: Tensor, **attrs: bool) -> list[Tensor]:
    """Give -Z X^H and Z = A^-H G of X = A^-1 B; the first adjoined for X = A^-H B."""
    a, x, turn = op.inputs[0], op.outputs[0], op.attrs["adjoint"]
    of_rhs = solve(a, grad, adjoint=not turn, **attrs)
    pair = (x, of_rhs) if turn else (of_rhs, x)
    return [-product(*pair, adj_y=True), of_rhs]


# --- MatrixTriangularSolve -----------------------------------------------------------------------


@op("MatrixTriangularSolve", T=_MATRICES | types("bfloat16"))
def matrix_triangular_solve_op(
    matrix: T, rhs: T, *, lower: bool = True, adjoint: bool = False
) -> T:
    """Solve matrix @ out = rhs for triangular matrices, row by row.

    Args:
        matrix: number[..., M, M]; the other triangle is not read.
        rhs: number[..., M, K]; batches broadcast.
        lower: whether the lower triangles are meant, or the upper ones.
        adjoint: solve with the conjugate transposes of the matrices instead.

    Returns:
        number[..., M, K].

    Raises:
        InvalidArgumentError: if shapes do not fit, or there is a 0 on a diagonal.

    Source: TensorFlow's op of the same name.
    """
    a, b = check_square(matrix), check_matrices(rhs)
    if a.shape[-1] != b.shape[-2]:
        raise invalid(
            f"In[0] mismatch In[1] shape: {a.shape[-1]} vs. {b.shape[-2]}: {list(a.shape)} "
            f"{list(b.shape)}"
        )
    if not np.diagonal(a, axis1=-2, axis2=-1).all():
        raise invalid("Input matrix is not invertible.")
    a = turned(a) if adjoint else a
    batch = _broadcast_batches(a, b)
    out = np.empty((*batch, *b.shape[-2:]), b.dtype)
    m = a.shape[-1]
    from_above = lower != adjoint
    for i in range(m) if from_above else reversed(range(m)):
        solved_rows = slice(i) if from_above else slice(i + 1, m)
        known_part = a[..., i, None, solved_rows] @ out[..., solved_rows, :]
        out[..., i, :] = (b[..., i, :] - known_part[..., 0, :]) / a[..., i, i, None]
    return out.astype(rhs.dtype, copy=False)


def _broadcast_batches(a: Array, b: Array) -> tuple[int, ...]:
    try:
        return np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    except ValueError:
        raise invalid(
            f"In[0] and In[1] must have compatible batch dimensions: {list(a.shape)} vs. "
            f"{list(b.shape)}"
        ) from None


@matrix_triangular_solve_op.shape
def matrix_triangular_solve_shape(
    matrix: Shape, rhs: Shape, *, lower: bool, adjoint: bool
) -> Shape:
    (batch, m), (of_rhs, rows, k) = square_parts(matrix), matrix_parts(rhs)
    return joined(broadcast(batch, of_rhs), must_equal(m, rows), k)


@matrix_triangular_solve_op.gradient
def matrix_triangular_solve_gradient(op: Operation, grad: Tensor) -> Gradients:
    is_lower = op.attrs["lower"]
    whole, of_rhs = _gradients(op, ops.matrix_triangular_solve_op, grad, lower=is_lower)
    of_matrix = lower(whole) if is_lower else ops.matrix_band_part_op(whole, 0, -1)
    batches = [matrix_parts(each.static_shape)[0] for each in op.inputs]
    if batches[0].is_full and batches[0] == batches[1]:
        return [of_matrix, of_rhs]
    shapes = [ops.shape_op(each) for each in op.inputs]
    axes = ops.broadcast_gradient_args_op(*[shape[:-2] for shape in shapes])
    return [
        ops.reshape_op(ops.sum_op(each, repeated), shape)
        for each, repeated, shape in zip((of_matrix, of_rhs), axes, shapes, strict=True)
    ]


# --- MatrixSolveLs -------------------------------------------------------------------------------


@op("MatrixSolveLs", T=_MATRICES)
def matrix_solve_ls_op(matrix: T, rhs: T, l2_regularizer: float64[()], *, fast: bool = True) -> T:
    """Solve matrix @ out = rhs in the least-squares sense.

    For M >= N it minimises |A X - B|^2 + l |X|^2: X = (A^H A + l I)^-1 A^H B.
    For M < N it gives X = A^H (A A^H + l I)^-1 B: for l = 0 the shortest of all solutions.

    Args:
        matrix: number[..., M, N].
        rhs: number[..., M, K].
        l2_regularizer: l >= 0, read if `fast`.
        fast: use the formulas above, by a Cholesky decomposition; else a complete orthogonal
            decomposition, which works for matrices of any rank.

    Returns:
        number[..., N, K].

    Raises:
        InvalidArgumentError: if shapes do not fit, or if `fast` and A^H A + l I (A A^H + l I) is
            not positive definite.

    Source: TensorFlow's op of the same name.
    """
    a, b = check_matrices(matrix), check_matrices(rhs)
    check_right_side(a, b)
    if l2_regularizer < 0:
        raise invalid("l2_regularizer must be >= 0.")
    if not fast:
        return (np.linalg.pinv(a, rcond=_rank_tolerance(a)) @ b).astype(rhs.dtype, copy=False)
    tall = a.shape[-2] >= a.shape[-1]
    gramian = turned(a) @ a if tall else a @ turned(a)
    gramian += (l2_regularizer * np.eye(gramian.shape[-1])).astype(a.dtype)
    try:
        np.linalg.cholesky(gramian)
    except np.linalg.LinAlgError:
        raise invalid(
            "Input matrix was rank deficient or ill-conditioned. Try setting fast=False or "
            "provide a larger l2_regularizer > 0."
        ) from None
    made = solved(gramian, turned(a) @ b) if tall else turned(a) @ solved(gramian, b)
    return made.astype(rhs.dtype, copy=False)


def _rank_tolerance(a: Array) -> float:
    """Return the share of the greatest singular value below which one counts as 0."""
    return float(max(1, *a.shape[-2:]) * np.finfo(a.dtype).eps)


@matrix_solve_ls_op.shape
def matrix_solve_ls_shape(matrix: Shape, rhs: Shape, l2_regularizer: Shape, *, fast: bool) -> Shape:
    (batch, m, n), (of_rhs, rows, k) = matrix_parts(matrix), matrix_parts(rhs)
    must_equal(m, rows)
    return joined(merge(batch, of_rhs), n, k)


@matrix_solve_ls_op.gradient
def matrix_solve_ls_gradient(op: Operation, grad: Tensor) -> Gradients:
    if not op.attrs["fast"]:
        raise ValueError("Gradient not defined for fast=False")
    a, b, l2 = op.inputs
    m, n = a.static_shape[-2:] if a.static_shape.rank is not None else (a.static_shape[-2],) * 2
    if not known(m, n):
        raise NotImplementedError(
            f"the gradient of MatrixSolveLs needs to know the sizes of its matrices: {a}"
        )
    tall, x = m >= n, op.outputs[0]
    gramian = product(a, a, adj_x=tall, adj_y=not tall)
    side = ops.matrix_diag_part_op(gramian)
    factor = ops.cholesky_op(
        ops.matrix_set_diag_op(gramian, side + ops.cast_op(l2, DstT=a.dtype.base_dtype))
    )
    if tall:
        inner = cholesky_solve(factor, grad)
        of_b = product(a, inner)
        residual = b - product(a, x)
        return [product(residual, inner, adj_y=True) - product(of_b, x, adj_y=True), of_b, None]
    of_b = cholesky_solve(factor, product(a, grad))
    outside = grad - product(a, of_b, adj_x=True)
    inner = cholesky_solve(factor, b)
    return [product(inner, outside, adj_y=True) - product(of_b, x, adj_y=True), of_b, None]


def cholesky_solve(factor: Tensor, rhs: Tensor) -> Tensor:
    """Solve L L^H x = rhs in the graph."""
    y = ops.matrix_triangular_solve_op(factor, rhs)
    return ops.matrix_triangular_solve_op(factor, y, adjoint=True)
