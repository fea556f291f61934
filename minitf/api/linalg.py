"""Decompositions, inverses, functions of matrices, and linear systems.

Source: TensorFlow 1.15's functions of the same names in tf.linalg; 2015 Table 1, row "Matrix
operations".
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api import elementary
from minitf.api.array import matrix_transpose
from minitf.api.diagonals import matrix_diag_part
from minitf.api.framework import name_scope
from minitf.api.matmul import matmul
from minitf.api.reductions import reduce_sum
from minitf.api.sequences import eye
from minitf.api.sizes import shape
from minitf.convert import convert_to_tensor
from minitf.dispatch import dispatchable
from minitf.dtypes import as_dtype, int32
from minitf.shapes import Shape, known
from minitf.tensor import Tensor

# --- determinants and inverses -------------------------------------------------------------------


@dispatchable
def matrix_determinant(input: Any, name: str | None = None) -> Tensor:
    """Return the determinants of square matrices."""
    return ops.matrix_determinant_op(input, name=name)


def slogdet(input: Any, name: str | None = None) -> Any:
    """Return sign and logarithm of |determinant|: det = sign * e^log, without overflow."""
    return ops.log_matrix_determinant_op(input, name=name)


@dispatchable
def logdet(matrix: Any, name: str | None = None) -> Tensor:
    """Return the logarithm of the determinants of Hermitian positive definite matrices."""
    with name_scope(name, "logdet", [matrix]):
        diagonal = matrix_diag_part(ops.cholesky_op(matrix))
        return 2.0 * reduce_sum(ops.log_op(elementary.real(diagonal)), [-1])


@dispatchable
def matrix_inverse(input: Any, adjoint: bool = False, name: str | None = None) -> Tensor:
    """Return the inverses of square matrices, or of their conjugate transposes."""
    return ops.matrix_inverse_op(input, adjoint=adjoint, name=name)


@dispatchable
def adjoint(matrix: Any, name: str | None = None) -> Tensor:
    """Return the conjugate transposes of matrices."""
    with name_scope(name, "adjoint", [matrix]):
        matrix = convert_to_tensor(matrix, name="matrix")
        return matrix_transpose(matrix, conjugate=True)


# --- decompositions ------------------------------------------------------------------------------


@dispatchable
def cholesky(input: Any, name: str | None = None) -> Tensor:
    """Return the lower triangular L with L L^H = A of Hermitian positive definite matrices A."""
    return ops.cholesky_op(input, name=name)


def lu(input: Any, output_idx_type: Any = int32, name: str | None = None) -> Any:
    """Return triangular L and U, in one matrix, and the order p of rows: (L U)[i] = input[p[i]]."""
    return ops.lu_op(input, output_idx_type=as_dtype(output_idx_type), name=name)


def qr(input: Any, full_matrices: bool = False, name: str | None = None) -> Any:
    """Return Q with orthonormal columns and an upper triangular R with Q R = input.

    Args:
        input: number[..., M, N].
        full_matrices: whether Q is square.
        name: name of the operation.
    """
    return ops.qr_op(input, full_matrices=full_matrices, name=name)


def svd(
    tensor: Any, full_matrices: bool = False, compute_uv: bool = True, name: str | None = None
) -> Any:
    """Return singular values s and vectors u, v: tensor = u @ diag(s) @ v^H.

    Args:
        tensor: number[..., M, N].
        full_matrices: whether u and v are square.
        compute_uv: whether vectors are wanted; only s is returned if not.
        name: name of the operation.
    """
    s, u, v = ops.svd_op(tensor, compute_uv=compute_uv, full_matrices=full_matrices, name=name)
    s = elementary.real(s)
    return (s, u, v) if compute_uv else s


def self_adjoint_eig(tensor: Any, name: str | None = None) -> tuple[Tensor, Tensor]:
    """Return eigenvalues, ascending, and eigenvectors, as columns, of Hermitian matrices."""
    e, v = ops.self_adjoint_eig_v2_op(tensor, compute_v=True, name=name)
    return e, v


def self_adjoint_eigvals(tensor: Any, name: str | None = None) -> Tensor:
    """Return the eigenvalues, ascending, of Hermitian matrices."""
    e, _ = ops.self_adjoint_eig_v2_op(tensor, compute_v=False, name=name)
    return e


# --- functions of matrices -----------------------------------------------------------------------


def matrix_exponential(input: Any, name: str | None = None) -> Tensor:
    """Return e^A = I + A + A^2 / 2! + ... of square matrices.

    Raises:
        ValueError: if they are not of floating-point or complex numbers.
    """
    with name_scope(name, "matrix_exponential", [input]) as scope:
        matrix = convert_to_tensor(input, name="input")
        if not (matrix.dtype.is_floating or matrix.dtype.is_complex):
            raise ValueError(f"tf.linalg.expm does not support matrices of type {matrix.dtype}")
        return ops.matrix_exponential_op(matrix, name=scope)


def matrix_logarithm(input: Any, name: str | None = None) -> Tensor:
    """Return the principal logarithms of square complex matrices."""
    return ops.matrix_logarithm_op(input, name=name)


def matrix_square_root(input: Any, name: str | None = None) -> Tensor:
    """Return the principal square roots of square matrices."""
    return ops.matrix_square_root_op(input, name=name)


# --- linear systems ------------------------------------------------------------------------------


@dispatchable
def matrix_solve(matrix: Any, rhs: Any, adjoint: bool = False, name: str | None = None) -> Tensor:
    """Solve matrix @ x = rhs, or with the conjugate transposes of the matrices."""
    return ops.matrix_solve_op(matrix, rhs, adjoint=adjoint, name=name)


def matrix_triangular_solve(
    matrix: Any, rhs: Any, lower: bool = True, adjoint: bool = False, name: str | None = None
) -> Tensor:
    """Solve matrix @ x = rhs for triangular matrices.

    Args:
        matrix: number[..., M, M]; the other triangle is not read.
        rhs: number[..., M, K].
        lower: whether the lower triangles are meant, or the upper ones.
        adjoint: solve with the conjugate transposes of the matrices instead.
        name: name scope of the operation.
    """
    with name_scope(name, "triangular_solve", [matrix, rhs]):
        return ops.matrix_triangular_solve_op(matrix, rhs, lower=lower, adjoint=adjoint)


def cholesky_solve(chol: Any, rhs: Any, name: str | None = None) -> Tensor:
    """Solve A x = rhs, given the Cholesky decompositions of the matrices A."""
    with name_scope(name, "cholesky_solve", [chol, rhs]):
        y = ops.matrix_triangular_solve_op(chol, rhs, adjoint=False, lower=True)
        return ops.matrix_triangular_solve_op(chol, y, adjoint=True, lower=True)


def matrix_solve_ls(
    matrix: Any, rhs: Any, l2_regularizer: Any = 0.0, fast: bool = True, name: str | None = None
) -> Tensor:
    """Solve matrix @ x = rhs in the least-squares sense.

    Args:
        matrix: number[..., M, N].
        rhs: number[..., M, K].
        l2_regularizer: l in |A x - b|^2 + l |x|^2, which is minimised.
        fast: solve the normal equations by a Cholesky decomposition; else by a complete orthogonal
            decomposition, which takes matrices of any rank but has no gradient and no l.
        name: name scope of the operations.
    """
    matrix = convert_to_tensor(matrix, name="matrix")
    rows, columns = matrix.static_shape[-2:] if matrix.static_shape.dims else (None, None)
    if not fast or rows is None or not known(rows, columns):
        return ops.matrix_solve_ls_op(matrix, rhs, l2_regularizer, fast=fast, name=name)
    with name_scope(name, "matrix_solve_ls", [matrix, rhs, l2_regularizer]):
        tall = rows >= columns
        factor = _gramian_cholesky(matrix, l2_regularizer, tall=tall)
        if tall:
            return cholesky_solve(factor, matmul(matrix, rhs, adjoint_a=True))
        return matmul(matrix, cholesky_solve(factor, rhs), adjoint_a=True)


def _gramian_cholesky(matrix: Tensor, l2_regularizer: Any, *, tall: bool) -> Tensor:
    """Return the Cholesky decompositions of A^H A + l I, or of A A^H + l I."""
    gramian = matmul(matrix, matrix, adjoint_a=tall, adjoint_b=not tall)
    if isinstance(l2_regularizer, Tensor) or l2_regularizer != 0:
        sizes = shape(matrix)
        side = -1 if tall else -2
        identity = eye(sizes[side], batch_shape=sizes[:-2], dtype=matrix.dtype)
        inner = matrix.static_shape[side]
        identity.set_shape(Shape([*matrix.static_shape[:-2], inner, inner]))
        gramian += l2_regularizer * identity
    return ops.cholesky_op(gramian)
