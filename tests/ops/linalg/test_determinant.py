"""Determinants and inverses: numbers worked by hand, their laws, what they refuse."""

import numpy as np
import pytest
from hypothesis import given

from minitf.dtypes import complex128, float64
from minitf.errors import InvalidArgumentError
from minitf.ops.linalg.determinant import (
    log_matrix_determinant_op,
    matrix_determinant_op,
    matrix_inverse_op,
)
from minitf.testing.matrices import invertible


def test_a_determinant_of_two_rows_is_ad_minus_bc():
    assert matrix_determinant_op.body(np.array([[3.0, 1.0], [2.0, 4.0]])) == pytest.approx(10)


def test_an_empty_matrix_has_determinant_one():
    assert matrix_determinant_op.body(np.zeros((2, 0, 0))).tolist() == [1, 1]


@given(a=invertible((), 3, float64), b=invertible((), 3, float64))
def test_the_determinant_of_a_product_is_the_product_of_determinants(a, b):
    one, other = matrix_determinant_op.body(a), matrix_determinant_op.body(b)

    assert matrix_determinant_op.body(a @ b) == pytest.approx(one * other, rel=1e-13)


@given(a=invertible((2,), 3, complex128))
def test_sign_and_logarithm_give_the_determinant(a):
    sign, logarithm = log_matrix_determinant_op.body(a)

    np.testing.assert_allclose(np.abs(sign), 1, rtol=1e-14)
    np.testing.assert_allclose(sign * np.exp(logarithm), matrix_determinant_op.body(a), rtol=1e-13)


def test_a_singular_matrix_has_sign_zero_and_logarithm_minus_infinity():
    sign, logarithm = log_matrix_determinant_op.body(np.ones((2, 2), np.float32))

    assert (sign, logarithm) == (0, -np.inf)


def test_the_inverse_of_a_triangle():
    triangle = np.array([[1.0, 2.0], [0.0, 4.0]])

    assert matrix_inverse_op.body(triangle).tolist() == [[1, -0.5], [0, 0.25]]
    assert matrix_inverse_op.body(triangle, adjoint=True).tolist() == [[1, 0], [-0.5, 0.25]]


@given(a=invertible((2,), 4, complex128))
def test_an_inverse_undoes_the_matrix(a):
    made = matrix_inverse_op.body(a)

    np.testing.assert_allclose(made @ a, np.broadcast_to(np.eye(4), a.shape), atol=1e-13)


@pytest.mark.parametrize("value", [0.0, 1.0, np.nan])
def test_a_singular_matrix_has_no_inverse(value):
    with pytest.raises(InvalidArgumentError, match="Input is not invertible"):
        matrix_inverse_op.body(np.full((2, 2), value))


def test_what_is_not_square_is_refused():
    with pytest.raises(InvalidArgumentError, match="Input matrix must be square"):
        matrix_inverse_op.body(np.zeros((2, 3)))
    with pytest.raises(InvalidArgumentError, match="must have rank >= 2, got 1"):
        matrix_determinant_op.body(np.zeros(3))
