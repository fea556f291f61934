"""Functions of square matrices: exponential, logarithm, square root.

Root and logarithm are taken of Schur's triangular form U^H A U = R, whose diagonal holds the
eigenvalues.

Source: TensorFlow's ops of these names; Higham 2008, "Functions of Matrices".
"""

import numpy as np

from minitf import ops
from minitf.dtypes import COMPLEX, types
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.elementwise.rows import conjugate
from minitf.ops.linalg.matrices import (
    Array,
    Gradients,
    adjoint_of,
    check_square,
    identities_like,
    same_square_shape,
)
from minitf.symbols import T
from minitf.tensor import Tensor

_MATRICES = types("float16", "float32", "float64") | COMPLEX

# --- MatrixExponential ---------------------------------------------------------------------------

# of the numerator of Pade's approximation [13/13]; odd powers change sign in the denominator
_PADE = (
    *(64764752532480000, 32382376266240000, 7771770303897600, 1187353796428800),
    *(129060195264000, 10559470521600, 670442572800, 33522128640),
    *(1323241920, 40840800, 960960, 16380, 182, 1),
)
_LARGEST_NORM = 5.371920351148152  # for which it is exact to double precision


@op(
    "MatrixExponential",
    T=_MATRICES,
    deprecated=(27, "Use Python implementation tf.linalg.matrix_exponential instead."),
)
def matrix_exponential_op(input: T) -> T:
    """Give e^A = I + A + A^2 / 2! + A^3 / 3! + ...

    A is halved until it is small, Pade's quotient is taken, and the result squared as often; in
    double precision, as each squaring doubles the error.

    Args:
        input: number[..., M, M].

    Returns:
        number[..., M, M].

    Raises:
        InvalidArgumentError: if a matrix is not square.

    Source: Higham 2005, "The scaling and squaring method for the matrix exponential revisited".
    """
    a = check_square(input)
    a = a.astype(np.result_type(a.dtype, np.float64))
    norms = np.abs(a).sum(-2).max(-1, initial=0)[..., None, None]
    halvings = np.ceil(np.log2(np.maximum(norms / _LARGEST_NORM, 1)))
    halvings = np.where(np.isfinite(halvings), halvings, 0)
    a = a / np.exp2(halvings)
    powers = [np.broadcast_to(np.eye(a.shape[-1]), a.shape), a]
    while len(powers) < len(_PADE):
        powers.append(powers[-1] @ a)
    terms = [weight * power for weight, power in zip(_PADE, powers, strict=True)]
    even, odd = sum(terms[0::2]), sum(terms[1::2])
    made: Array = np.linalg.solve(even - odd, even + odd)
    for i in range(int(halvings.max(initial=0))):
        made = np.where(i < halvings, made @ made, made)
    return made.astype(input.dtype, copy=False)


matrix_exponential_op.shape(same_square_shape)


@matrix_exponential_op.gradient
def matrix_exponential_gradient(op: Operation, grad: Tensor) -> Gradients:
    """Take the exponential of [[A^H, G], [0, A^H]]: its upper right block is the gradient."""
    a = adjoint_of(op.inputs[0])
    above = ops.concat_v2_op([a, grad], -1)
    below = ops.concat_v2_op([ops.zeros_like_op(a), a], -1)
    made = ops.matrix_exponential_op(ops.concat_v2_op([above, below], -2))
    n = ops.shape_op(a)[-1]
    return [made[..., :n, n:]]


# --- MatrixLogarithm, MatrixSquareRoot -----------------------------------------------------------


def _schur(a: Array) -> tuple[Array, Array]:
    """Return (R, U), U unitary and R upper triangular, with a = U R U^H, of one matrix.

    Eigenvectors, made orthonormal in their order, are the columns of U.  Where they do not span the
    space, the rest is taken apart again.
    """
    n, k = len(a), 0
    r, u = a.astype(np.complex128), np.eye(n, dtype=np.complex128)
    negligible = n * np.finfo(np.float64).eps * np.abs(r).sum(-1).max(initial=0)
    while k < n - 1:
        turn = np.linalg.qr(np.linalg.eig(r[k:, k:])[1])[0]
        r[:, k:] = r[:, k:] @ turn
        r[k:, :] = turn.conj().T @ r[k:, :]
        u[:, k:] = u[:, k:] @ turn
        k += 1
        while k < n - 1 and np.abs(r[k + 1 :, k]).max() <= negligible:
            k += 1
    return np.triu(r), u


def _triangular_root(r: Array) -> Array:
    """Return the principal square root of an upper triangular matrix, column by column."""
    n = len(r)
    root = np.diag(np.sqrt(np.diag(r)))
    for j in range(n):
        for i in reversed(range(j)):
            rest = r[i, j] - root[i, i + 1 : j] @ root[i + 1 : j, j]
            root[i, j] = rest / (root[i, i] + root[j, j])
    return root


def _root(a: Array) -> Array:
    """Return the principal square root of one matrix, NaN where it does not exist."""
    if not np.isfinite(a).all():
        return np.full_like(a, np.nan)
    if not np.iscomplexobj(a):
        e = np.linalg.eigvals(a)
        if np.any((e.imag == 0) & (e.real < 0)):
            return np.full_like(a, np.nan)
    r, u = _schur(a)
    root = u @ _triangular_root(r) @ u.conj().T
    return root if np.iscomplexobj(a) else root.real


def _log(a: Array) -> Array:
    """Return the principal logarithm of one matrix, NaN where it does not exist.

    Roots are taken until R is near I; then log(I + X) = integral of X (I + t X)^-1 over [0, 1].
    """
    if not np.isfinite(a).all():
        return np.full_like(a, np.nan)
    r, u = _schur(a)
    if not np.diag(r).all():
        return np.full_like(a, np.nan)
    one, roots = np.eye(len(a)), 0
    while np.abs(r - one).sum(0).max(initial=0) > 0.25:  # 8 nodes are then exact to 1e-16
        r, roots = _triangular_root(r), roots + 1
    nodes, weights = np.polynomial.legendre.leggauss(8)
    x, made = r - one, np.zeros_like(r)
    for node, weight in zip(nodes, weights, strict=True):
        made += weight / 2 * np.linalg.solve(one + (node + 1) / 2 * x, x)
    return 2.0**roots * (u @ made @ u.conj().T)


@op("MatrixLogarithm", T=COMPLEX)
def matrix_logarithm_op(input: T) -> T:
    """Give the principal logarithm: e^out = A, eigenvalues with imaginary parts in (-pi, pi].

    Args:
        input: complex[..., M, M].

    Returns:
        complex[..., M, M], NaN for a singular matrix.

    Raises:
        InvalidArgumentError: if a matrix is not square.

    Source: Higham 2008, chapter 11.
    """
    out = np.empty_like(check_square(input))
    for i in np.ndindex(input.shape[:-2]):
        out[i] = _log(input[i])
    return out


@op("MatrixSquareRoot", T=_MATRICES)
def matrix_square_root_op(input: T) -> T:
    """Give the principal square root: out @ out = A, eigenvalues with real parts >= 0.

    Args:
        input: number[..., M, M].

    Returns:
        number[..., M, M]; NaN for a real matrix with a negative eigenvalue.

    Raises:
        InvalidArgumentError: if a matrix is not square.

    Source: Bjorck and Hammarling 1983, "A Schur method for the square root of a matrix".
    """
    matrices = check_square(input)
    out = np.empty_like(matrices)
    for i in np.ndindex(matrices.shape[:-2]):
        out[i] = _root(matrices[i])
    return out.astype(input.dtype, copy=False)


matrix_logarithm_op.shape(same_square_shape)
matrix_square_root_op.shape(same_square_shape)

matrix_logarithm_op.no_gradient("TensorFlow defines none", refuse=True)


@matrix_square_root_op.gradient
def matrix_square_root_gradient(op: Operation, grad: Tensor) -> Gradients:
    """Solve Sylvester's equation R^H Y + Y R^H = G, as a system of M^2 equations."""
    root = op.outputs[0]
    left, right = adjoint_of(root), conjugate(root)
    one = identities_like(root)
    shape = ops.shape_op(grad)
    count = ops.prod_op(shape[-2:], 0)
    square = ops.concat_v2_op([shape[:-2], ops.pack_op([count, count])], 0)
    column = ops.concat_v2_op([shape[:-2], ops.pack_op([count, 1])], 0)
    system = _kronecker(left, one, square) + _kronecker(one, right, square)
    return [ops.reshape_op(ops.matrix_solve_op(system, ops.reshape_op(grad, column)), shape)]


def _kronecker(a: Tensor, b: Tensor, shape: Tensor) -> Tensor:
    """Return the matrices of all products a[i, k] * b[j, l], at row (i, j) and column (k, l)."""
    spread = ops.expand_dims_op(ops.expand_dims_op(a, -2), -1)
    return ops.reshape_op(spread * ops.expand_dims_op(ops.expand_dims_op(b, -2), -4), shape)
