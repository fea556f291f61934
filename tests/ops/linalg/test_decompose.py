"""Cholesky, LU and QR: numbers worked by hand, products, what they refuse."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf.dtypes import complex128, float64, int64
from minitf.errors import InvalidArgumentError
from minitf.ops.linalg.decompose import cholesky_grad_op, cholesky_op, lu_op, qr_op
from minitf.testing.matrices import invertible, oblong, positive_definite

SIZES = st.integers(0, 4)


def adjoint(x):
    return np.conj(np.swapaxes(x, -1, -2))


def test_a_cholesky_decomposition_by_hand_reads_the_lower_triangle():
    a = np.array([[4.0, np.nan], [2.0, 10.0]])

    assert cholesky_op.body(a).tolist() == [[2, 0], [1, 3]]


@given(a=positive_definite((2,), 3, complex128))
def test_a_cholesky_factor_times_its_adjoint_is_the_matrix(a):
    factor = cholesky_op.body(a)

    assert (factor == np.tril(factor)).all()
    np.testing.assert_allclose(factor @ adjoint(factor), a, atol=1e-13)


@pytest.mark.parametrize("value", [-1.0, 0.0])
def test_what_is_not_positive_definite_has_no_cholesky_decomposition(value):
    with pytest.raises(InvalidArgumentError, match="Cholesky decomposition was not successful"):
        cholesky_op.body(np.full((2, 2), value))


@given(a=positive_definite((), 3, float64))
def test_the_gradient_op_is_the_gradient_of_the_decomposition(a):
    grad = np.tril(np.arange(9.0).reshape(3, 3))
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.constant(a)
        composed = session.run(tf.gradients(tf.cholesky(x), x, grad)[0])

    np.testing.assert_allclose(
        cholesky_grad_op.body(cholesky_op.body(a), grad), composed, atol=1e-13
    )


def test_elimination_takes_the_greatest_pivot():
    lu, order = lu_op.body(np.array([[1.0, 2.0], [4.0, 6.0]]))

    assert order.tolist() == [1, 0]
    assert lu.tolist() == [[4, 6], [0.25, 0.5]]


@given(a=invertible((2,), 4, float64))
def test_the_triangles_multiply_to_the_rows_in_their_order(a):
    lu, order = lu_op.body(a, output_idx_type=int64)
    lower, upper = np.tril(lu, -1) + np.eye(4), np.triu(lu)

    assert order.dtype == np.int64
    np.testing.assert_allclose(
        lower @ upper, np.take_along_axis(a, order[..., None], 1), atol=1e-13
    )


def test_a_singular_matrix_is_not_eliminated():
    with pytest.raises(InvalidArgumentError, match="Input is not invertible"):
        lu_op.body(np.ones((2, 2)))


def test_reflections_choose_the_signs():
    q, r = qr_op.body(np.array([[3.0], [4.0]]))

    np.testing.assert_allclose(q, [[-0.6], [-0.8]], atol=1e-15)
    np.testing.assert_allclose(r, [[-5]], atol=1e-15)


@given(data=st.data(), m=SIZES, n=SIZES, full=st.booleans())
def test_orthonormal_columns_times_a_triangle_are_the_matrix(data, m, n, full):
    a = data.draw(oblong((2,), m, n, complex128))
    q, r = qr_op.body(a, full_matrices=full)

    assert q.shape == (2, m, m if full else min(m, n))
    np.testing.assert_allclose(q @ r, a, atol=1e-13)
    np.testing.assert_allclose(adjoint(q) @ q, [np.eye(q.shape[-1])] * 2, atol=1e-14)
    assert (r == np.triu(r)).all()


def gradient_of_qr(shape, full):
    x = tf.placeholder(tf.float64, shape)
    return tf.gradients(tf.qr(x, full_matrices=full)[1], x)


def test_a_gradient_that_tensorflow_lacks_is_refused():
    with pytest.raises(NotImplementedError, match="not implemented with dynamic shapes"):
        gradient_of_qr([None, 2], full=False)
    with pytest.raises(NotImplementedError, match="nrows > ncols and full_matrices"):
        gradient_of_qr([3, 2], full=True)
