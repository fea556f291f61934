"""Iterative solvers find what direct ones find, and differential equations have their solutions."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf.errors import InvalidArgumentError

solvers, integrate = tf.contrib.solvers, tf.contrib.integrate
F = np.float64
KINDS = [np.float64, np.complex128]


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        tf.set_random_seed(1)
        yield graph


def run(fetches, feeds=None):
    with tf.Session() as session:
        return session.run(fetches, feeds)


def matrix(rows, columns, kind):
    draws = np.random.RandomState(0)
    made = draws.randn(rows, columns)
    return made + 1j * draws.randn(rows, columns) if kind is np.complex128 else made


@pytest.mark.parametrize("kind", KINDS)
def test_conjugate_gradients_solve_positive_definite_equations(kind):
    a = matrix(6, 6, kind)
    a = a @ a.conj().T + np.eye(6)
    b = matrix(6, 1, kind)[:, 0]
    operator = solvers.util.create_operator(a)
    better = solvers.util.create_operator(np.diag(1 / np.diag(a)))
    start = np.ones(6, kind)
    states = run([
        solvers.linear_equations.conjugate_gradient(operator, b, tol=1e-12, max_iter=50),
        solvers.linear_equations.conjugate_gradient(operator, b, better, start, 1e-12, 50),
        solvers.linear_equations.conjugate_gradient(operator, b, max_iter=2),
    ])  # fmt: skip
    for state in states[:2]:
        np.testing.assert_allclose(state.x, np.linalg.solve(a, b), rtol=1e-9)
        np.testing.assert_allclose(state.r, b - a @ state.x, atol=1e-9)
        assert state.i <= 20
    assert states[2].i == 2
    same = solvers.linear_equations.conjugate_gradient(solvers.util.identity_operator(a), b)
    np.testing.assert_allclose(run(same.x), b, rtol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_least_squares_are_numpys(kind):
    a, b = matrix(9, 4, kind), matrix(9, 1, kind)[:, 0]
    state = run(solvers.least_squares.cgls(solvers.util.create_operator(a), b, 1e-12, 50))
    np.testing.assert_allclose(state.x, np.linalg.lstsq(a, b)[0], rtol=1e-9)
    np.testing.assert_allclose(state.r, b - a @ state.x, rtol=1e-9)


def test_lanczos_makes_orthonormal_bases_and_two_diagonals():
    a = matrix(8, 5, np.float64)
    operator = solvers.util.create_operator(a)
    start = np.arange(1.0, 9)
    found = solvers.lanczos.lanczos_bidiag(operator, 4, starting_vector=start)
    forward = solvers.lanczos.bidiag_matmul(found.u, found.alpha, found.beta)
    back = solvers.lanczos.bidiag_matmul(found.v, found.alpha, found.beta, adjoint_b=True)
    random = solvers.lanczos.lanczos_bidiag(operator, 3)
    found, forward, back, random = run([found, forward, back, random])

    np.testing.assert_allclose(found.u.T @ found.u, np.eye(5), atol=1e-12)
    np.testing.assert_allclose(found.v.T @ found.v, np.eye(4), atol=1e-12)
    np.testing.assert_allclose(a @ found.v, forward, atol=1e-12)
    np.testing.assert_allclose(a.T @ found.u[:, :-1], back, atol=1e-12)
    np.testing.assert_allclose(found.u[:, 0], start / np.linalg.norm(start))
    np.testing.assert_allclose(random.u.T @ random.u, np.eye(4), atol=1e-12)
    inside = solvers.util.create_operator(F(np.diag([2, 3, 0])))
    ended = run(solvers.lanczos.lanczos_bidiag(inside, 3, starting_vector=F([1, 0, 0])))
    assert ended.alpha.tolist() == [2]  # the first vector's span is not left
    assert ended.beta.tolist() == [0]


# --- differential equations -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_an_oscillator_swings(kind):
    t = np.linspace(0, 6, 13)
    slope = F([[0, 1], [-1, 0]]).astype(kind)
    begin = np.array([[1], [0]], kind)
    solved, told = integrate.odeint(
        lambda y, _: tf.matmul(slope, y), begin, t, rtol=1e-9, full_output=True
    )
    fixed = integrate.odeint_fixed(lambda y, _: tf.matmul(slope, y), begin, t, 0.01)
    solved, fixed, told = run([solved, fixed, told])
    exact = np.stack([np.cos(t), -np.sin(t)], 1)[..., None]

    np.testing.assert_allclose(solved, exact, atol=1e-7)
    np.testing.assert_allclose(fixed, exact, atol=1e-8)
    assert told["num_func_evals"] == 6 * len(told["error_ratio"]) + 1
    taken = told["integrate_points"][told["error_ratio"] <= 1]
    assert (np.diff(taken) > 0).all()
    assert taken[-1] >= 6


def test_slopes_may_depend_on_time():
    t = F([0, 0.5, 2])
    exact = np.exp(-(t**2))
    slope = lambda y, t: -2 * y * tf.cast(t, y.dtype)  # noqa: E731
    loose = integrate.odeint(slope, np.float32(1), t, method="dopri5", options={"first_step": 0.1})
    two = [integrate.odeint_fixed(slope, F(1), t, F([0.02, 0.1]) / n, "midpoint") for n in (1, 2)]
    loose, once, twice = run([loose, *two])
    np.testing.assert_allclose(loose, exact, rtol=1e-5)
    errors = np.abs([once - exact, twice - exact])[:, 1:]
    np.testing.assert_allclose(errors[0] / errors[1], 4, rtol=0.2)  # of order 2
    whole = run(integrate.odeint_fixed(slope, F(1), t))
    assert whole.shape == (3,)


def test_solutions_have_gradients():
    rate = tf.constant(F(0.7))
    t = F([0, 1, 2])
    for solved in (
        integrate.odeint(lambda y, _: -rate * y, F(2), t),
        integrate.odeint_fixed(lambda y, _: -rate * y, F(2), t, 0.05),
    ):
        slope = run(tf.gradients(solved[2], rate)[0])
        np.testing.assert_allclose(slope, -4 * np.exp(-1.4), rtol=1e-5)


def test_what_cannot_be_solved_is_refused():
    decay = lambda y, _: -y  # noqa: E731
    with pytest.raises(ValueError, match="invalid method: 'euler'"):
        integrate.odeint(decay, 1.0, [0, 1], method="euler")
    with pytest.raises(TypeError, match="without specifying `method`"):
        integrate.odeint(decay, 1.0, [0, 1], options={"safety": 0.8})
    with pytest.raises(TypeError, match="`y0` must have a floating point"):
        integrate.odeint(decay, 1, [0.0, 1])
    with pytest.raises(TypeError, match="`t` must have a floating point"):
        integrate.odeint_fixed(decay, 1.0, tf.constant([0, 1]))
    with pytest.raises(ValueError, match="t must be a 1D tensor"):
        integrate.odeint(decay, 1.0, [[0.0, 1]])
    with pytest.raises(ValueError, match="must be N and N-1"):
        integrate.odeint_fixed(decay, 1.0, [0.0, 1], [0.1, 0.2])
    with pytest.raises(ValueError, match="method not supported: euler"):
        integrate.odeint_fixed(decay, 1.0, [0.0, 1], method="euler")
    with pytest.raises(InvalidArgumentError, match="monotonic increasing"):
        run(integrate.odeint(decay, 1.0, [1.0, 0]))
    few = {"max_num_steps": 2}
    with pytest.raises(InvalidArgumentError, match="max_num_steps exceeded"):
        run(integrate.odeint(decay, F(1), [0, 90], method="dopri5", options=few))
    with pytest.raises(InvalidArgumentError, match="non-finite values in state"):
        run(integrate.odeint(decay, np.inf, [0.0, 1]))
    with pytest.raises(InvalidArgumentError, match="underflow in dt"):
        run(integrate.odeint(lambda y, _: y / 0.0, 1.0, [0.0, 1]))
