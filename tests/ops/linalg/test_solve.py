"""Linear systems: numbers worked by hand, their laws, what they refuse."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf.dtypes import complex128, float64
from minitf.errors import InvalidArgumentError
from minitf.ops.linalg.solve import (
    matrix_solve_ls_op,
    matrix_solve_op,
    matrix_triangular_solve_op,
)
from minitf.testing.matrices import dominant, invertible, oblong

SIZES = st.integers(1, 4)


def adjoint(x):
    return np.conj(np.swapaxes(x, -1, -2))


@given(a=invertible((2,), 3, complex128), turn=st.booleans())
def test_a_solution_solves_the_system(a, turn):
    rhs = np.ones((2, 3, 2), complex)
    x = matrix_solve_op.body(a, rhs, adjoint=turn)

    np.testing.assert_allclose((adjoint(a) if turn else a) @ x, rhs, atol=1e-13)


def test_a_singular_system_is_refused():
    with pytest.raises(InvalidArgumentError, match="Input matrix is not invertible"):
        matrix_solve_op.body(np.ones((2, 2)), np.ones((2, 1)))


def test_systems_that_do_not_fit_are_refused():
    with pytest.raises(InvalidArgumentError, match="Input matrix and rhs are incompatible"):
        matrix_solve_op.body(np.eye(2), np.ones((3, 1)))
    with pytest.raises(InvalidArgumentError, match="must have the same outer dimensions"):
        matrix_solve_op.body(np.eye(2), np.ones((1, 2, 1)))


def test_a_triangle_is_solved_row_by_row():
    triangle = np.array([[2.0, np.nan], [1.0, 4.0]])
    rhs = np.array([[2.0], [9.0]])

    assert matrix_triangular_solve_op.body(triangle, rhs).tolist() == [[1], [2]]


@given(a=dominant((2,), 3, complex128), lower=st.booleans(), turn=st.booleans())
def test_a_triangle_is_half_of_its_matrix(a, lower, turn):
    rhs = np.ones((3, 2), complex)
    triangle = np.tril(a) if lower else np.triu(a)
    x = matrix_triangular_solve_op.body(a, rhs, lower=lower, adjoint=turn)

    np.testing.assert_allclose(
        (adjoint(triangle) if turn else triangle) @ x, [rhs, rhs], atol=1e-13
    )


def test_a_zero_on_the_diagonal_of_a_triangle_is_refused():
    with pytest.raises(InvalidArgumentError, match="Input matrix is not invertible"):
        matrix_triangular_solve_op.body(np.diag([1.0, 0.0]), np.ones((2, 1)))


def test_a_line_through_three_points():
    x = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]])
    y = np.array([[1.0], [2.0], [4.0]])

    # normal equations [[3, 3], [3, 5]] c = [7, 10]
    for fast in (True, False):
        made = matrix_solve_ls_op.body(x, y, np.float64(0), fast=fast)
        np.testing.assert_allclose(made, [[5 / 6], [3 / 2]], rtol=1e-14)


@given(data=st.data(), m=SIZES, n=SIZES, fast=st.booleans())
def test_least_squares_are_the_pseudo_inverse(data, m, n, fast):
    a, rhs = data.draw(oblong((2,), m, n, complex128)), np.ones((2, m, 1), complex)
    made = matrix_solve_ls_op.body(a, rhs, np.float64(0), fast=fast)

    np.testing.assert_allclose(made, np.linalg.pinv(a) @ rhs, atol=1e-12)


@given(a=oblong((), 4, 2, float64))
def test_a_regularizer_is_added_to_the_normal_equations(a):
    rhs = np.ones((4, 1))
    made = matrix_solve_ls_op.body(a, rhs, np.float64(2))

    np.testing.assert_allclose((a.T @ a + 2 * np.eye(2)) @ made, a.T @ rhs, atol=1e-12)


def test_no_equations_have_the_solution_zero():
    for fast in (True, False):
        made = matrix_solve_ls_op.body(np.zeros((0, 3)), np.zeros((0, 2)), np.float64(0), fast=fast)
        assert made.tolist() == np.zeros((3, 2)).tolist()


def test_a_matrix_of_lower_rank_needs_the_slow_way():
    ones, rhs = np.ones((2, 2)), np.array([[2.0], [4.0]])

    with pytest.raises(InvalidArgumentError, match="Try setting fast=False or provide a larger"):
        matrix_solve_ls_op.body(ones - 1, rhs, np.float64(0))
    np.testing.assert_allclose(
        matrix_solve_ls_op.body(ones, rhs, np.float64(0), fast=False), [[1.5], [1.5]]
    )
    with pytest.raises(InvalidArgumentError, match=r"l2_regularizer must be >= 0\."):
        matrix_solve_ls_op.body(ones, rhs, np.float64(-1))


def test_the_slow_way_has_no_gradient():
    x = tf.placeholder(tf.float64, [3, 2])
    with pytest.raises(ValueError, match="Gradient not defined for fast=False"):
        tf.gradients(tf.matrix_solve_ls(x, np.ones((3, 1)), fast=False), x)


def test_a_gradient_asks_for_the_sizes_of_the_matrices():
    x = tf.placeholder(tf.float64, [None, 2])
    with pytest.raises(NotImplementedError, match="needs to know the sizes of its matrices"):
        tf.gradients(tf.matrix_solve_ls(x, np.ones((3, 1))), x)
