"""Eigenvalues of Hermitian matrices, and singular values.

Vectors are determined up to a factor of absolute value 1 (a sign, where they are real), which
LAPACK chooses; for equal values, up to a rotation among them.  Gradients divide by differences of
values and leave those of equal values out.

Source: TensorFlow's ops of these names; Giles 2008 and Ionescu et al. 2015 for the gradients.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import COMPLEX, types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.linalg.decompose import least
from minitf.ops.linalg.matrices import (
    Array,
    Gradients,
    adjoint_of,
    check_matrices,
    check_square,
    half_diagonal,
    joined,
    lower,
    matrix_parts,
    product,
    safe_reciprocal,
    square_parts,
)
from minitf.ops.math.matmul import turned
from minitf.shapes import Shape, known
from minitf.symbols import T
from minitf.tensor import Tensor

_MATRICES = types("float16", "float32", "float64") | COMPLEX

# --- SelfAdjointEig, SelfAdjointEigV2 ------------------------------------------------------------


def _eigen(input: Array) -> tuple[Array, Array]:
    try:
        e, v = np.linalg.eigh(check_square(input))
    except np.linalg.LinAlgError:
        e, v = np.array(np.nan), input
    if np.isnan(e).any():
        raise invalid(
            "Self-adjoint eigen decomposition was not successful. The input might not be valid."
        )
    return e.astype(input.dtype), v.astype(input.dtype)


@op(
    "SelfAdjointEig",
    T=types("float16", "float32", "float64"),
    deprecated=(11, "Use SelfAdjointEigV2 instead."),
)
def self_adjoint_eig_op(input: T) -> T:
    """Give eigenvalues and eigenvectors of symmetric matrices in one array.

    Args:
        input: float[..., M, M]; only the lower triangles are read.

    Returns:
        float[..., M + 1, M]: the eigenvalues, ascending, then a matrix whose columns are the
        eigenvectors.

    Raises:
        InvalidArgumentError: if a matrix is not square, or has NaNs.

    Source: TensorFlow's op of the same name.
    """
    e, v = _eigen(input)
    return np.concatenate([e[..., None, :], v], -2)


@self_adjoint_eig_op.shape
def self_adjoint_eig_shape(input: Shape) -> Shape:
    batch, n = square_parts(input)
    return joined(batch, n + 1, n)


self_adjoint_eig_op.no_gradient("TensorFlow defines none", refuse=True)


@op("SelfAdjointEigV2", T=_MATRICES, outputs=("e", "v"))
def self_adjoint_eig_v2_op(input: T, *, compute_v: bool = True) -> tuple[T, T]:
    """Give eigenvalues and eigenvectors of Hermitian matrices: input @ v = v @ diag(e).

    Args:
        input: number[..., M, M]; only the lower triangles are read.
        compute_v: whether eigenvectors are wanted.

    Returns:
        number[..., M], ascending; number[..., M, M], the eigenvectors as columns, of length 1
        (number[0] if not `compute_v`).

    Raises:
        InvalidArgumentError: if a matrix is not square, or has NaNs.

    Source: TensorFlow's op of the same name.
    """
    e, v = _eigen(input)
    return e, v if compute_v else np.zeros(0, input.dtype)


@self_adjoint_eig_v2_op.shape
def self_adjoint_eig_v2_shape(input: Shape, *, compute_v: bool) -> tuple[Shape, Shape]:
    batch, n = square_parts(input)
    return joined(batch, n), joined(batch, n, n) if compute_v else Shape([0])


@self_adjoint_eig_v2_op.gradient
def self_adjoint_eig_v2_gradient(
    op: Operation, of_e: Tensor | None, of_v: Tensor | None
) -> Gradients:
    """Give V (diag(dE) + F * V^H dV) V^H, F[i, j] = 1 / (e[j] - e[i]), for the lower triangles."""
    e, v = op.outputs
    if not op.attrs["compute_v"]:
        e, v = ops.self_adjoint_eig_v2_op(op.inputs[0])
        of_v = None
    inner = ops.matrix_diag_op(ops.zeros_like_op(e) if of_e is None else of_e)
    if of_v is not None:
        inner = inner + _inverse_gaps(e) * product(v, of_v, adj_x=True)
    whole = product(v, product(inner, v, adj_y=True))
    return [half_diagonal(lower(whole + adjoint_of(whole)))]


def _inverse_gaps(e: Tensor) -> Tensor:
    """Return 1 / (e[j] - e[i]), 0 where they are equal."""
    inverse = safe_reciprocal(ops.expand_dims_op(e, -2) - ops.expand_dims_op(e, -1))
    return ops.matrix_set_diag_op(inverse, ops.zeros_like_op(e))  # its slope at 0 is infinite


# --- Svd -----------------------------------------------------------------------------------------


@op("Svd", T=_MATRICES, outputs=("s", "u", "v"))
def svd_op(input: T, *, compute_uv: bool = True, full_matrices: bool = False) -> tuple[T, T, T]:
    """Give the singular value decomposition: input = u @ diag(s) @ v^H.

    Args:
        input: number[..., M, N].
        compute_uv: whether singular vectors are wanted.
        full_matrices: whether u and v are square.

    Returns:
        number[..., P] with P = min(M, N), real, >= 0, descending;
        number[..., M, P] ([..., M, M] if `full_matrices`) and
        number[..., N, P] ([..., N, N] if `full_matrices`), orthonormal columns;
        both number[0] if not `compute_uv`.  All NaN for a matrix with NaNs or infinities.

    Raises:
        InvalidArgumentError: if there are no matrices.

    Source: TensorFlow's op of the same name.
    """
    matrices = check_matrices(input)
    finite: Any = np.isfinite(matrices).all((-1, -2), keepdims=True)
    u, s, vh = np.linalg.svd(np.where(finite, matrices, 0), full_matrices)
    s = np.where(finite[..., 0], s, np.nan).astype(input.dtype)
    if not compute_uv:
        return s, np.zeros(0, input.dtype), np.zeros(0, input.dtype)
    u, v = (np.where(finite, each, np.nan).astype(input.dtype) for each in (u, turned(vh)))
    return s, u, v


@svd_op.shape
def svd_shape(input: Shape, *, compute_uv: bool, full_matrices: bool) -> tuple[Shape, Shape, Shape]:
    batch, m, n = matrix_parts(input)
    p = least(m, n)
    if not compute_uv:
        return joined(batch, p), Shape([0]), Shape([0])
    of_u, of_v = (m, n) if full_matrices else (p, p)
    return joined(batch, p), joined(batch, m, of_u), joined(batch, n, of_v)


@svd_op.gradient
def svd_gradient(
    op: Operation, of_s: Tensor | None, of_u: Tensor | None, of_v: Tensor | None
) -> Gradients:
    """Differentiate A V = U S, U^H U = I, V^H V = I; a tall matrix by way of its adjoint."""
    a, (s, u, v) = op.inputs[0], op.outputs
    of_s = ops.zeros_like_op(s) if of_s is None else _real_part(of_s)
    if not op.attrs["compute_uv"]:
        _, u, v = ops.svd_op(a)
        return [product(u, product(ops.matrix_diag_op(of_s), v, adj_y=True))]
    m, n = a.static_shape[-2:]
    if not known(m, n):
        raise NotImplementedError(
            f"SVD gradient has not been implemented for input with unknown inner matrix shape: {a}"
        )
    if op.attrs["full_matrices"] and abs(m - n) > 1:
        raise NotImplementedError(
            "svd gradient is not implemented for abs(m - n) > 1 when full_matrices is True: "
            f"m={m}, n={n}"
        )
    of_u, of_v = (
        ops.zeros_like_op(x) if grad is None else grad for x, grad in ((u, of_u), (v, of_v))
    )
    if m <= n:
        return [_wide_svd_gradient(s, u, v, of_s, of_u, of_v)]
    return [adjoint_of(_wide_svd_gradient(s, v, u, of_s, of_v, of_u))]


def _real_part(x: Tensor) -> Tensor:
    return (x + ops.conj_op(x)) * 0.5 if x.dtype.is_complex else x


def _wide_svd_gradient(
    s: Tensor, u: Tensor, v: Tensor, of_s: Tensor, of_u: Tensor, of_v: Tensor
) -> Tensor:
    m: Any = u.static_shape[-1]
    first, of_first = v[..., :m], of_v[..., :m]
    gaps = _inverse_gaps(s * s)
    by_s = ops.expand_dims_op(s, -2)  # a row: scales columns
    v_turn = product(first, of_first, adj_x=True)
    of_u_part = gaps * product(u, of_u, adj_x=True)
    of_v_part = gaps * v_turn
    inner = (
        ops.matrix_diag_op(of_s)
        + (of_u_part + adjoint_of(of_u_part)) * by_s
        + adjoint_of((of_v_part + adjoint_of(of_v_part)) * by_s)
    )
    inverse = safe_reciprocal(s)
    if u.dtype.is_complex:  # u and v share a free phase
        phase = ops.matrix_diag_part_op(v_turn)
        inner = inner + ops.matrix_diag_op(inverse * (ops.conj_op(phase) - phase)) * 0.5
    whole = product(u, product(inner, first, adj_y=True))
    if v.static_shape[-2] == m:
        return whole
    outside = of_first - product(first, v_turn)  # leads out of the span of v's first columns
    if v.static_shape[-1] != m:
        rest, of_rest = v[..., m:], of_v[..., m:]
        outside = outside - product(rest, product(of_rest, first, adj_x=True))
    return whole + product(u * ops.expand_dims_op(inverse, -2), outside, adj_y=True)
