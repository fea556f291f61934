"""Eigenvalues and singular values: numbers worked by hand, products, what they refuse."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf.dtypes import complex128
from minitf.errors import InvalidArgumentError
from minitf.ops.linalg.spectra import self_adjoint_eig_op, self_adjoint_eig_v2_op, svd_op
from minitf.testing.matrices import oblong, spread

SIZES = st.integers(0, 4)


def adjoint(x):
    return np.conj(np.swapaxes(x, -1, -2))


def test_the_eigenvalues_of_an_exchange_are_minus_one_and_one():
    e, v = self_adjoint_eig_v2_op.body(np.array([[0.0, np.nan], [1.0, 0.0]]))

    np.testing.assert_allclose(e, [-1, 1], atol=1e-15)
    np.testing.assert_allclose(np.abs(v), np.sqrt([[0.5, 0.5], [0.5, 0.5]]), atol=1e-15)


@given(a=spread((2,), 3, complex128))
def test_a_hermitian_matrix_stretches_its_eigenvectors(a):
    e, v = self_adjoint_eig_v2_op.body(a)

    assert (np.diff(e.real) > 0).all()
    np.testing.assert_allclose(a @ v, v * e[..., None, :], atol=1e-13)
    np.testing.assert_allclose(adjoint(v) @ v, [np.eye(3)] * 2, atol=1e-14)


@given(a=spread((2,), 3, complex128))
def test_without_vectors_the_values_are_the_same(a):
    e, v = self_adjoint_eig_v2_op.body(a, compute_v=False)

    np.testing.assert_array_equal(e, self_adjoint_eig_v2_op.body(a)[0])
    assert v.shape == (0,)


def test_the_older_op_stacks_values_and_vectors():
    a = np.array([[2.0, 0.0], [0.0, 3.0]], np.float32)

    np.testing.assert_array_equal(np.abs(self_adjoint_eig_op.body(a)), [[2, 3], [1, 0], [0, 1]])


def test_a_matrix_with_nans_has_no_eigenvalues():
    with pytest.raises(InvalidArgumentError, match="eigen decomposition was not successful"):
        self_adjoint_eig_v2_op.body(np.full((2, 2), np.nan))


def test_the_singular_values_of_a_diagonal_are_its_sizes():
    s, u, v = svd_op.body(np.array([[0.0, -3.0], [2.0, 0.0]]))

    assert s.tolist() == [3, 2]
    np.testing.assert_allclose((u * s) @ v.T, [[0, -3], [2, 0]], atol=1e-15)


@given(data=st.data(), m=SIZES, n=SIZES, full=st.booleans())
def test_singular_vectors_and_values_multiply_to_the_matrix(data, m, n, full):
    a = data.draw(oblong((2,), m, n, complex128))
    s, u, v = svd_op.body(a, full_matrices=full)
    p = min(m, n)

    assert (np.diff(s.real) <= 0).all()
    assert (u.shape[-1], v.shape[-1]) == ((m, n) if full else (p, p))
    np.testing.assert_allclose((u[..., :p] * s[..., None, :]) @ adjoint(v[..., :p]), a, atol=1e-13)
    for each in (u, v):
        np.testing.assert_allclose(adjoint(each) @ each, [np.eye(each.shape[-1])] * 2, atol=1e-14)


def test_a_matrix_with_nans_gives_nans_and_leaves_its_neighbours_alone():
    s, u, v = svd_op.body(np.array([[[np.nan]], [[2.0]]]))

    np.testing.assert_array_equal(s, [[np.nan], [2]])
    np.testing.assert_array_equal(u * v, [[[np.nan]], [[1]]])


def gradient_of_svd(shape, full=False):
    x = tf.placeholder(tf.float64, shape)
    return tf.gradients(tf.svd(x, full_matrices=full)[1], x)


def test_a_gradient_that_tensorflow_lacks_is_refused():
    with pytest.raises(NotImplementedError, match="unknown inner matrix shape"):
        gradient_of_svd([None, 2])
    with pytest.raises(NotImplementedError, match=r"abs\(m - n\) > 1"):
        gradient_of_svd([4, 2], full=True)


def test_equal_eigenvalues_give_a_finite_gradient():
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.constant(np.eye(3))
        e, v = tf.self_adjoint_eig(x)
        grad = session.run(tf.gradients([e, v], x)[0])

    assert np.isfinite(grad).all()
