"""Products of simpler matrices: Cholesky, LU and QR.

Source: 2015 Table 1, row "Matrix operations"; Giles 2008 and Roberts & Roberts 2020
(arXiv:2009.10071) for the gradients.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import COMPLEX, INDICES, DType, types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.linalg.matrices import (
    Array,
    Gradients,
    adjoint_of,
    check_matrices,
    check_square,
    half_diagonal,
    identities_like,
    joined,
    lower,
    matrix_parts,
    product,
    same_square_shape,
    square_parts,
)
from minitf.ops.math.matmul import turned
from minitf.shapes import UNKNOWN, Shape, known, merge
from minitf.symbols import T, int32, output_idx_type
from minitf.tensor import Tensor

_MATRICES = types("float16", "float32", "float64") | COMPLEX

# --- Cholesky, CholeskyGrad ----------------------------------------------------------------------


@op("Cholesky", T=_MATRICES)
def cholesky_op(input: T) -> T:
    """Give the lower triangular L with L L^H = A of Hermitian positive definite matrices A.

    Args:
        input: number[..., M, M]; only the lower triangles are read.

    Returns:
        number[..., M, M], zeros above the diagonal.

    Raises:
        InvalidArgumentError: if a matrix is not square or not positive definite.

    Source: 2015 Table 1 ("Matrix operations").
    """
    try:
        return np.linalg.cholesky(check_square(input)).astype(input.dtype, copy=False)
    except np.linalg.LinAlgError:
        raise invalid(
            "Cholesky decomposition was not successful. The input might not be valid.",
            hint="the matrix must be Hermitian and positive definite",
        ) from None


@op("CholeskyGrad", T=types("float16", "float32", "float64"))
def cholesky_grad_op(l: T, grad: T) -> T:  # noqa: E741 TensorFlow's name
    """Give the gradient of a Cholesky decomposition: (S + S^T) / 2, S = L^-T phi(L^T G) L^-1.

    phi keeps the lower triangle and halves the diagonal.

    Args:
        l: float[..., M, M], the decomposition; its lower triangle is read.
        grad: float[..., M, M], the gradient of `l`; its lower triangle is read.

    Returns:
        float[..., M, M], symmetric.

    Raises:
        InvalidArgumentError: if a matrix is not square.

    Source: Murray 2016, "Differentiation of the Cholesky decomposition".
    """
    factor, of_factor = np.tril(check_square(l)), np.tril(check_square(grad))
    inner = np.tril(turned(factor) @ of_factor)
    along = np.arange(l.shape[-1])
    inner[..., along, along] /= 2
    right = np.linalg.solve(turned(factor), turned(inner))  # S^T = L^-T (phi L^-1)^T
    made = np.linalg.solve(turned(factor), turned(right))
    return ((made + turned(made)) / 2).astype(l.dtype, copy=False)


cholesky_op.shape(same_square_shape)


@cholesky_grad_op.shape
def cholesky_grad_shape(l: Shape, grad: Shape) -> Shape:  # noqa: E741 TensorFlow's name
    return merge(same_square_shape(l), same_square_shape(grad))


@cholesky_op.gradient
def cholesky_gradient(op: Operation, grad: Tensor) -> Gradients:
    """Give (S + S^H) / 2 with S = L^-H phi(L^H G) L^-1."""
    factor = op.outputs[0]
    inverse = ops.matrix_triangular_solve_op(factor, identities_like(factor))
    inner = lower(half_diagonal(product(factor, grad, adj_x=True)))
    made = product(product(inverse, inner, adj_x=True), inverse)
    return [(made + adjoint_of(made)) * 0.5]


cholesky_grad_op.no_gradient("TensorFlow defines none", refuse=True)

# --- Lu ------------------------------------------------------------------------------------------


@op(
    "Lu",
    T=_MATRICES,
    output_idx_type=INDICES,
    outputs=("lu", "p"),
)
def lu_op(input: T, *, output_idx_type: DType = int32) -> tuple[T, output_idx_type]:
    """Give triangular L and U and the order p of rows with (L U)[i] = input[p[i]].

    Gaussian elimination; each column's pivot is its greatest element that is left.

    Args:
        input: number[..., M, M].
        output_idx_type: the type of p.

    Returns:
        number[..., M, M]: U on and above the diagonal, L below it (whose diagonal is 1);
        output_idx_type[..., M].

    Raises:
        InvalidArgumentError: if a matrix is not square, or singular.

    Source: TensorFlow's op of the same name.
    """
    lu = check_square(input).copy()
    order = np.empty(lu.shape[:-1], output_idx_type.numpy)
    for i in np.ndindex(lu.shape[:-2]):
        order[i] = _eliminate(lu[i])
    return lu.astype(input.dtype, copy=False), order


def _eliminate(a: Array) -> Array:
    """Turn one matrix into L and U, in place; return the order of its rows."""
    order = np.arange(len(a))
    for k in range(len(a)):
        pivot = k + int(np.abs(a[k:, k]).argmax())
        for rows in (a, order):
            rows[[k, pivot]] = rows[[pivot, k]]
        if not np.abs(a[k, k]) > 0:  # NaN too
            raise invalid("Input is not invertible.")
        a[k + 1 :, k] /= a[k, k]
        a[k + 1 :, k + 1 :] -= np.outer(a[k + 1 :, k], a[k, k + 1 :])
    return order


@lu_op.shape
def lu_shape(input: Shape, *, output_idx_type: DType) -> tuple[Shape, Shape]:
    batch, n = square_parts(input)
    return joined(batch, n, n), joined(batch, n)


lu_op.no_gradient("TensorFlow defines none", refuse=True)

# --- Qr ------------------------------------------------------------------------------------------


@op("Qr", T=_MATRICES, outputs=("q", "r"))
def qr_op(input: T, *, full_matrices: bool = False) -> tuple[T, T]:
    """Give Q with orthonormal columns and an upper triangular R with Q R = input.

    Householder's reflections choose the signs: the diagonal of R is real where M > N, and of
    opposite sign to what it replaces.

    Args:
        input: number[..., M, N].
        full_matrices: whether Q is square, [M, M], and R as large as the input.

    Returns:
        number[..., M, P] and number[..., P, N] with P = min(M, N), or M if `full_matrices`.

    Raises:
        InvalidArgumentError: if there are no matrices.

    Source: TensorFlow's op of the same name.
    """
    q, r = np.linalg.qr(check_matrices(input), "complete" if full_matrices else "reduced")
    return q.astype(input.dtype, copy=False), r.astype(input.dtype, copy=False)


@qr_op.shape
def qr_shape(input: Shape, *, full_matrices: bool) -> tuple[Shape, Shape]:
    batch, m, n = matrix_parts(input)
    p = m if full_matrices else least(m, n)
    return joined(batch, m, p), joined(batch, p, n)


def least(m: Any, n: Any) -> Any:
    """Return the smaller of two sizes, UNKNOWN if one is unknown and the other is not 0."""
    if known(m, n):
        return min(m, n)
    return 0 if any(known(each) and each == 0 for each in (m, n)) else UNKNOWN


@qr_op.gradient
def qr_gradient(op: Operation, of_q: Tensor | None, of_r: Tensor | None) -> Gradients:
    """Differentiate Q^H Q = I and Q R = A; a wide R = [U V] reduces to its square part U."""
    q, r = op.outputs
    m, p = q.static_shape[-2:]
    n = r.static_shape[-1]
    if not known(m, n, p):
        raise NotImplementedError(f"QrGrad not implemented with dynamic shapes: {q}, {r}")
    if m > n and m == p:
        raise NotImplementedError("QrGrad not implemented when nrows > ncols and full_matrices")
    of_q = ops.zeros_like_op(q) if of_q is None else of_q
    of_r = ops.zeros_like_op(r) if of_r is None else of_r
    if m >= n:
        return [_tall_qr_gradient(q, r, of_q, of_r)]
    rest = op.inputs[0][..., m:]
    of_rest = of_r[..., m:]
    of_q = of_q + product(rest, of_rest, adj_y=True)
    square = _tall_qr_gradient(q, r[..., :m], of_q, of_r[..., :m])
    return [ops.concat_v2_op([square, product(q, of_rest)], -1)]


def _tall_qr_gradient(q: Tensor, r: Tensor, of_q: Tensor, of_r: Tensor) -> Tensor:
    inner = product(q, of_q, adj_x=True)
    outer = product(r, of_r, adj_y=True)
    skew = (inner - adjoint_of(inner)) + (outer - adjoint_of(outer))
    whole = product(q, of_r + _over(lower(skew), r)) + _over(of_q - product(q, inner), r)
    if not q.dtype.is_complex:
        return whole
    # a phase per row is free: R's diagonal stays real
    diagonal = ops.matrix_diag_part_op(outer - adjoint_of(inner))
    phase = ops.complex_op(
        ops.zeros_like_op(ops.real_op(diagonal, Tout=q.dtype.real_dtype)),
        ops.imag_op(diagonal, Tout=q.dtype.real_dtype),
        Tout=q.dtype,
    )
    return whole + _over(product(q, ops.matrix_diag_op(phase), adj_y=True), r)


def _over(x: Tensor, r: Tensor) -> Tensor:
    """Return x R^-H for an upper triangular R."""
    return adjoint_of(ops.matrix_triangular_solve_op(r, adjoint_of(x), lower=False))
