"""Tridiagonal matrices: numbers worked by hand, against dense matrices, what they refuse."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.errors import InvalidArgumentError
from minitf.ops.linalg.tridiagonal import tridiagonal_mat_mul_op, tridiagonal_solve_op
from minitf.testing.strategies import real, whole

NAN = np.nan


def dense(diagonals):
    upper, main, lower = diagonals
    return np.diag(upper[:-1], 1) + np.diag(main) + np.diag(lower[1:], -1)


def test_differences_of_neighbours():
    ones, x = np.ones((1, 3)), np.array([[1.0], [4.0], [9.0]])

    made = tridiagonal_mat_mul_op.body(ones, -2 * ones, ones, x)

    assert made.ravel().tolist() == [2, 2, -14]  # 4 - 2, 1 - 8 + 9, 4 - 18


@given(diagonals=whole((3, 5), np.float64), x=whole((5, 2), np.float64))
def test_a_product_is_that_of_the_dense_matrix(diagonals, x):
    made = tridiagonal_mat_mul_op.body(*diagonals[:, None], x)

    np.testing.assert_array_equal(made, dense(diagonals) @ x)


def test_elements_outside_the_matrix_are_not_read():
    diagonals = np.array([[1.0, NAN], [2.0, 2.0], [NAN, 1.0]])  # [[2, 1], [1, 2]]

    made = tridiagonal_solve_op.body(diagonals, np.array([[4.0], [5.0]]))

    np.testing.assert_allclose(made, [[1], [2]], rtol=1e-15)


@given(diagonals=real((3, 5), low=-1, high=1), data=st.data())
def test_a_solution_is_that_of_the_dense_matrix(diagonals, data):
    diagonals = diagonals.copy()
    diagonals[data.draw(st.sampled_from([1, 2]))] += 5  # large pivots: on the diagonal or below it
    rhs = np.ones((5, 1))
    if abs(np.linalg.det(dense(diagonals))) < 1:
        return

    x = tridiagonal_solve_op.body(diagonals, rhs)

    np.testing.assert_allclose(dense(diagonals) @ x, rhs, atol=1e-11 * np.abs(x).max())


def test_a_first_pivot_of_zero_needs_an_exchange_of_rows():
    diagonals = np.array([[1.0, 1.0, 0.0], [0.0, 1.0, 1.0], [0.0, 1.0, 1.0]])
    rhs = np.ones((3, 1))

    assert tridiagonal_solve_op.body(diagonals, rhs).ravel().tolist() == [0, 1, 0]
    with pytest.raises(InvalidArgumentError, match="The matrix is not invertible"):
        tridiagonal_solve_op.body(diagonals, rhs, partial_pivoting=False)


def test_a_singular_matrix_is_refused_or_perturbed():
    zeros, rhs = np.zeros((3, 2), np.float32), np.ones((2, 1), np.float32)

    with pytest.raises(InvalidArgumentError, match="The matrix is not invertible"):
        tridiagonal_solve_op.body(zeros, rhs)
    made = tridiagonal_solve_op.body(zeros, rhs, perturb_singular=True)
    np.testing.assert_array_equal(made, 1 / np.finfo(np.float32).tiny * rhs)


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(InvalidArgumentError, match="Expected diagonals to have 3 rows, got 2"):
        tridiagonal_solve_op.body(np.ones((2, 4)), np.ones((4, 1)))
    with pytest.raises(InvalidArgumentError, match="diagonals and rhs do not fit"):
        tridiagonal_solve_op.body(np.ones((3, 4)), np.ones((3, 1)))
    with pytest.raises(InvalidArgumentError, match="subdiag must be of shape"):
        tridiagonal_mat_mul_op.body(*np.ones((2, 1, 3)), np.ones((1, 2)), np.ones((3, 2)))
