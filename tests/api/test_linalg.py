"""tf.linalg builds TensorFlow's graphs; its messages."""

from __future__ import annotations

import numpy as np
import pytest
from same_graph import assert_same_graph, assert_same_results, fed

import minitf

RNG = np.random.default_rng(7)
A = RNG.standard_normal((3, 4, 4), np.float32) + 4 * np.eye(4, dtype=np.float32)
SYMMETRIC = A @ A.swapaxes(-1, -2)
FACTOR = np.linalg.cholesky(SYMMETRIC)
RIGHT = RNG.standard_normal((3, 4, 2), np.float32)
TALL = RNG.standard_normal((2, 5, 3), np.float32)
WIDE = RNG.standard_normal((2, 3, 5), np.float32)
DIAGONALS = RNG.standard_normal((2, 3, 4), np.float32) + np.float32([[0], [5], [0]])
COLUMNS = RNG.standard_normal((2, 4, 3), np.float32)
NORMS = [
    ("euclidean", None),
    ("euclidean", (0, 1)),
    ("fro", [1, 2]),
    (1, None),
    (1, (0, 2)),
    (2, 1),
    (3, 0),
    (2.5, None),
    (np.inf, -1),
    (np.inf, (-2, -1)),
]


def graphs():
    """Walk (name, function of the library) over known, half known and unknown sizes."""
    for shape in (None, [None, 4, 4], [None, None, None]):

        def a(tf, value=A, shape=shape):
            return fed(tf, value, shape)

        def right(tf, shape=shape):
            return fed(tf, RIGHT, None if shape is None else [*shape[:-1], None])

        def named(name, shape=shape):
            return name if shape is None else f"{name} of {shape}"

        yield named("det"), lambda tf, a=a: tf.matrix_determinant(a(tf))
        yield named("inv"), lambda tf, a=a: tf.matrix_inverse(a(tf), adjoint=True, name="i")
        yield named("slogdet"), lambda tf, a=a: tuple(tf.linalg.slogdet(a(tf)))
        yield named("adjoint"), lambda tf, a=a: tf.linalg.adjoint(a(tf))
        yield named("cholesky"), lambda tf, a=a: tf.cholesky(a(tf, SYMMETRIC))
        yield (
            named("cholesky_solve"),
            lambda tf, a=a, b=right: tf.cholesky_solve(a(tf, FACTOR), b(tf)),
        )
        yield named("lu"), lambda tf, a=a: tuple(tf.linalg.lu(a(tf), tf.int64))
        yield named("qr"), lambda tf, a=a: tuple(tf.qr(a(tf), full_matrices=True))
        yield named("svd"), lambda tf, a=a: tf.svd(a(tf), compute_uv=False)
        yield named("eigvalsh"), lambda tf, a=a: tf.self_adjoint_eigvals(a(tf, SYMMETRIC))
        yield named("solve"), lambda tf, a=a, b=right: tf.matrix_solve(a(tf), b(tf), adjoint=True)
        yield (
            named("triangular_solve"),
            lambda tf, a=a, b=right: tf.matrix_triangular_solve(a(tf), b(tf), lower=False),
        )
        yield (
            named("slow lstsq"),
            lambda tf, a=a, b=right: tf.matrix_solve_ls(a(tf), b(tf), fast=False),
        )
        yield named("sqrtm"), lambda tf, a=a: tf.linalg.sqrtm(a(tf, SYMMETRIC))
        yield named("matrix_rank"), lambda tf, a=a: tf.linalg.matrix_rank(a(tf))
        yield named("pinv"), lambda tf, a=a: tf.linalg.pinv(a(tf))
        yield named("normalize"), lambda tf, a=a: tf.linalg.normalize(a(tf), axis=1)
        yield named("matvec"), lambda tf, a=a: tf.linalg.matvec(a(tf), fed(tf, RIGHT[..., 0]))
        for ord, axis in NORMS:
            yield (
                named(f"norm {ord} {axis}"),
                lambda tf, a=a, o=ord, x=axis: tf.norm(a(tf), o, x, keepdims=o == 1),
            )
    for name, matrix in (("tall", TALL), ("wide", WIDE)):
        right = matrix[..., :1] + 1
        yield (
            f"{name} lstsq",
            lambda tf, m=matrix, b=right: tf.linalg.lstsq(fed(tf, m), fed(tf, b)),
        )
        yield f"{name} pinv", lambda tf, m=matrix: tf.linalg.pinv(fed(tf, m), rcond=0.1)
        yield f"{name} rank", lambda tf, m=matrix: tf.linalg.matrix_rank(fed(tf, m), tol=1.0)
    yield "cross", lambda tf: tf.cross(fed(tf, WIDE[..., :3]), fed(tf, WIDE[..., 1:4]), name="c")
    for shape in (None, [None, None, None]):

        def parts(tf, shape=shape):
            return fed(tf, DIAGONALS, shape), fed(tf, COLUMNS, shape)

        yield (
            f"tridiagonal_matmul {shape}",
            lambda tf, p=parts: tf.linalg.tridiagonal_matmul(*p(tf)),
        )
        yield f"tridiagonal_solve {shape}", lambda tf, p=parts: tf.linalg.tridiagonal_solve(*p(tf))
    yield (
        "tridiagonal_solve of vectors",
        lambda tf: tf.linalg.tridiagonal_solve(fed(tf, DIAGONALS), fed(tf, COLUMNS[..., 0])),
    )
    yield (
        "tridiagonal_solve of rows",
        lambda tf: tf.linalg.tridiagonal_solve(
            fed(tf, DIAGONALS),
            fed(tf, COLUMNS.swapaxes(1, 2)),
            transpose_rhs=True,
            conjugate_rhs=True,
            partial_pivoting=False,
        ),
    )
    yield (
        "tridiagonal_solve of a sequence",
        lambda tf: tf.linalg.tridiagonal_solve(
            [fed(tf, DIAGONALS[:, 0, :-1]), fed(tf, DIAGONALS[:, 1]), fed(tf, DIAGONALS[:, 2, 1:])],
            fed(tf, COLUMNS),
            "sequence",
        ),
    )


GRAPHS = dict(graphs())
# TensorFlow 2 takes diagonals by another op, and 1.15's loops and branches are left to one op here.
RESULTS = {
    "trace": lambda tf: tf.trace(fed(tf, A, [None, 4, 4])),
    "logdet": lambda tf: tf.linalg.logdet(fed(tf, SYMMETRIC)),
    "expm": lambda tf: tf.linalg.expm(fed(tf, A / 2, [None, 4, 4])),
    "expm of large numbers": lambda tf: tf.linalg.expm(fed(tf, A.astype(np.float64))),
    "logm": lambda tf: tf.linalg.logm(fed(tf, A.astype(np.complex128))),
    "lstsq with a regularizer": lambda tf: tf.matrix_solve_ls(fed(tf, TALL), fed(tf, TALL), 0.5),
    "lstsq of unknown sizes": lambda tf: tf.matrix_solve_ls(
        fed(tf, WIDE, [None, None, None]), fed(tf, WIDE), 0.5
    ),
    "spectral norm": lambda tf: tf.norm(fed(tf, A, [None, 4, 4]), 2, (-2, -1)),
    "spectral norm of other axes": lambda tf: tf.norm(fed(tf, TALL), 2, (2, 0), keepdims=True),
    "tridiagonal_solve of matrices": lambda tf: tf.linalg.tridiagonal_solve(
        fed(tf, A), fed(tf, RIGHT), "matrix"
    ),
    "tridiagonal_matmul of matrices": lambda tf: tf.linalg.tridiagonal_matmul(
        fed(tf, A, [None, None, None]), fed(tf, RIGHT), "matrix"
    ),
}


@pytest.mark.tensorflow
@pytest.mark.paper("W-02")
@pytest.mark.parametrize("name", GRAPHS)
def test_the_graph_is_tensorflows(name, tensorflow):
    assert_same_graph(tensorflow, GRAPHS[name])


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", RESULTS)
def test_the_results_are_tensorflows(name, tensorflow):
    assert_same_results(tensorflow, RESULTS[name])


@pytest.mark.tensorflow
def test_gradients_through_decompositions_are_tensorflows(tensorflow):
    def make(tf):
        x = fed(tf, SYMMETRIC.astype(np.float64))
        s, u, v = tf.svd(x)
        e, w = tf.self_adjoint_eig(x)
        q, r = tf.qr(x)
        product = tf.matmul(u * tf.sqrt(s)[..., None, :], v, adjoint_b=True)
        root = tf.matmul(w * tf.sqrt(e)[..., None, :], w, adjoint_b=True)
        ys = [product, root, tf.matmul(q, tf.linalg.inv(r)), tf.cholesky(x), tf.linalg.expm(x / 40)]
        return [tf.gradients(y, x, tf.sin(x))[0] for y in ys]

    assert_same_results(tensorflow, make)


def test_the_vectors_of_complex_matrices_have_real_singular_values():
    s, u, _ = minitf.svd(minitf.constant(A.astype(np.complex64)))

    assert (s.dtype, u.dtype) == (minitf.float32, minitf.complex64)


def test_what_is_no_norm_is_refused():
    x = minitf.constant(A)
    with pytest.raises(ValueError, match="'ord' must be a supported vector norm"):
        minitf.norm(x, "fro")
    with pytest.raises(ValueError, match="'ord' must be a supported vector norm"):
        minitf.norm(x, 0)
    with pytest.raises(ValueError, match="'ord' must be a supported matrix norm"):
        minitf.norm(x, 3, (0, 1))
    with pytest.raises(ValueError, match="tuple of 2 unique integers"):
        minitf.norm(x, axis=(1, 1))
    with pytest.raises(ValueError, match="tuple of 2 unique integers"):
        minitf.norm(x, axis=(0, 1, 2))
    with pytest.raises(ValueError, match="Cannot specify both 'keep_dims' and 'keepdims'"):
        minitf.norm(x, keepdims=True, keep_dims=True)


@pytest.mark.parametrize("function", [minitf.linalg.matrix_rank, minitf.linalg.pinv])
def test_rank_and_pseudo_inverse_want_real_matrices(function):
    with pytest.raises(TypeError, match="Input `a` must have `float`-like `dtype`"):
        function(minitf.constant([[1]]))
    with pytest.raises(ValueError, match="Input `a` must have at least 2 dimensions"):
        function(minitf.constant([1.0]))


def test_the_exponential_of_integers_is_refused():
    with pytest.raises(ValueError, match="does not support matrices of type"):
        minitf.linalg.expm([[1]])


def test_what_is_not_tridiagonal_is_refused():
    x = minitf.constant(A)
    with pytest.raises(ValueError, match="Unrecognized diagonals_format: dense"):
        minitf.linalg.tridiagonal_matmul(x, x, "dense")
    with pytest.raises(ValueError, match="Expected diagonals to be a sequence of length 3"):
        minitf.linalg.tridiagonal_matmul([x], x, "sequence")
    with pytest.raises(ValueError, match="Expected last two dimensions of diagonals to be same"):
        minitf.linalg.tridiagonal_matmul(WIDE, x, "matrix")
    with pytest.raises(ValueError, match="Expected superdiagonal to be have length 4 or 3, got 2"):
        minitf.linalg.tridiagonal_solve([x[..., :2], x, x], x, "sequence")
    with pytest.raises(ValueError, match="Expected diagonals to have rank at least 2, got 1"):
        minitf.linalg.tridiagonal_solve([1.0], x)
    with pytest.raises(ValueError, match="Expected the rank of rhs to be 1 or 2, got 3"):
        minitf.linalg.tridiagonal_solve(x[0], x)
