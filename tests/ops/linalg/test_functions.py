"""Functions of matrices: numbers worked by hand, inverse functions, where they do not exist."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf.dtypes import complex128, float64
from minitf.ops.linalg.functions import (
    matrix_exponential_op,
    matrix_logarithm_op,
    matrix_square_root_op,
)
from minitf.testing.matrices import dominant
from minitf.testing.strategies import real

JORDAN = np.array([[2.0, 1.0, 0.0], [0.0, 2.0, 1.0], [0.0, 0.0, 2.0]])  # one eigenvector only


def test_the_exponential_of_a_rotation_is_by_its_angle():
    turn = np.array([[0.0, -1.0], [1.0, 0.0]]) * np.pi / 2

    np.testing.assert_allclose(matrix_exponential_op.body(turn), [[0, -1], [1, 0]], atol=1e-15)


@given(a=real((3, 3)), b=st.floats(-2, 2))
def test_exponentials_of_multiples_add_up(a, b):
    one, other = matrix_exponential_op.body(a), matrix_exponential_op.body(b * a)
    size = np.exp((1 + abs(b)) * np.abs(a).sum())

    np.testing.assert_allclose(
        matrix_exponential_op.body((1 + b) * a), one @ other, atol=1e-13 * size, rtol=1e-10
    )


def test_a_large_matrix_is_halved_until_it_is_small():
    a = np.array([[-40.0, 0.0], [0.0, 50.0]], np.float32)

    np.testing.assert_allclose(np.diag(matrix_exponential_op.body(a)), np.exp([-40, 50]), rtol=1e-7)


def test_an_exponential_of_what_is_not_finite_ends():
    with np.errstate(all="ignore"):  # as the executor does
        made = matrix_exponential_op.body(np.full((2, 2), np.inf))

    assert not np.isfinite(made).any()


@given(a=dominant((2,), 3, complex128))
def test_a_logarithm_is_the_inverse_of_the_exponential(a):
    np.testing.assert_allclose(
        matrix_exponential_op.body(matrix_logarithm_op.body(a)), a, rtol=1e-11, atol=1e-11
    )


def test_the_logarithm_of_a_jordan_block_is_a_series():
    # log(2 (I + N / 2)) = log 2 + N / 2 - N^2 / 8
    want = [[np.log(2), 0.5, -0.125], [0, np.log(2), 0.5], [0, 0, np.log(2)]]

    np.testing.assert_allclose(matrix_logarithm_op.body(JORDAN.astype(complex)), want, atol=1e-14)


def test_a_negative_number_has_the_logarithm_with_pi_i():
    made = matrix_logarithm_op.body(np.array([[-1.0 + 0j]]))

    np.testing.assert_allclose(made, [[1j * np.pi]], atol=1e-14)


@pytest.mark.parametrize("value", [0.0, np.nan])
def test_a_singular_matrix_has_no_logarithm(value):
    assert np.isnan(matrix_logarithm_op.body(np.full((2, 2), value, complex))).all()


@given(a=dominant((2,), 3, float64))
def test_a_root_times_itself_is_the_matrix(a):
    root = matrix_square_root_op.body(a)

    assert root.dtype == np.float64
    np.testing.assert_allclose(root @ root, a, atol=1e-12)


def test_a_jordan_block_has_a_root():
    root = matrix_square_root_op.body(JORDAN)

    np.testing.assert_allclose(root @ root, JORDAN, atol=1e-14)


def test_a_real_matrix_with_a_negative_eigenvalue_has_no_real_root():
    made = matrix_square_root_op.body(np.array([[[-4.0]], [[4.0]], [[np.nan]]]))

    np.testing.assert_array_equal(made, [[[np.nan]], [[2]], [[np.nan]]])


def test_a_complex_root_of_a_negative_number_lies_above():
    np.testing.assert_allclose(matrix_square_root_op.body(np.array([[-4.0 + 0j]])), [[2j]])


def test_matrices_without_elements_stay_so():
    for op in (matrix_exponential_op, matrix_logarithm_op, matrix_square_root_op):
        assert op.body(np.zeros((2, 0, 0), complex)).shape == (2, 0, 0)


def test_the_gradient_of_the_exponential_of_a_number_is_itself():
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.constant([[2.0]], tf.float64)
        y = tf.linalg.expm(x)
        once = tf.gradients(y, x)[0]
        twice = tf.gradients(once, x)[0]

        np.testing.assert_allclose(session.run([y, once, twice]), [[[np.exp(2)]]] * 3)
