"""The gamma function's family: known values, recurrences, poles."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf import ops
from minitf.errors import InvalidArgumentError

EPS = 2.0**-52
POSITIVE = st.floats(0.01, 1e6)


def close(got, want, ulps):
    np.testing.assert_allclose(got, want, rtol=ulps * EPS, atol=0)


def lgamma(*x):
    return ops.lgamma_op.body(np.float64(x))


def digamma(*x):
    return ops.digamma_op.body(np.float64(x))


def zeta(x, q):
    return ops.zeta_op.body(np.float64(x), np.float64(q))


def polygamma(a, x):
    return ops.polygamma_op.body(np.float64(a), np.float64(x))


def test_factorials_and_roots_of_pi():
    close(lgamma(3, 5, 11), np.log([2, 24, 3628800]), 3)
    close(lgamma(0.5, -0.5), np.log([math.pi**0.5, 2 * math.pi**0.5]), 3)


def test_lgamma_is_exact_near_its_zeros():
    # its slopes at 1 and 2 are -gamma and 1 - gamma
    gamma, step = 0.5772156649015329, 2.0**-40
    second_order = math.pi**2 / 12 * step**2

    close(lgamma(1 + step), [-gamma * step + second_order], 4)
    close(lgamma(2 + step), [(1 - gamma) * step + second_order - step**2 / 2], 4)


def test_digamma_at_one_is_minus_eulers_constant_and_at_a_half_less_by_log_4():
    close(digamma(1, 0.5), [-0.5772156649015329, -1.9635100260214235], 8)
    close(digamma(-0.5), [0.03648997397857652], 32)  # of terms of size 3


def test_zeta_knows_eulers_sums():
    pi = math.pi

    close(zeta([2, 4, 6], 1), [pi**2 / 6, pi**4 / 90, pi**6 / 945], 4)
    close(zeta(2, 0.5), pi**2 / 2, 4)
    close(zeta(2, -0.5), 4 + pi**2 / 2, 8)


def test_polygamma_is_the_derivative_of_digamma():
    close(polygamma(1, [1, 0.5]), [math.pi**2 / 6, math.pi**2 / 2], 4)
    close(polygamma(2, 1), -2 * 1.2020569031595942, 4)
    assert polygamma(0, 3) == digamma(3)


@given(POSITIVE)
def test_a_step_of_one_adds_a_logarithm_or_an_inverse(x):
    for function, step in ((lgamma, math.log(x)), (digamma, 1 / x)):
        after, before = function(x + 1)[0], function(x)[0]
        size = max(1, abs(after), abs(before)) * max(1, x * EPS)
        assert abs(after - before - step) <= 16 * EPS * (size + abs(step))


@given(st.floats(1.25, 30), POSITIVE)
def test_zeta_of_the_next_q_lacks_the_first_term(x, q):
    whole, first = zeta(x, q), q**-x

    assert abs(whole - zeta(x, q + 1) - first) <= 16 * EPS * whole * max(1, x)


@given(st.floats(0.05, 0.95), st.integers(0, 20))
def test_lgamma_of_x_and_of_1_less_x_add_up_to_eulers_sine(fraction, steps):
    x = -steps - fraction

    sine = abs(math.sin(math.pi * fraction))
    together = lgamma(x)[0] + lgamma(1 - x)[0]
    assert abs(together - math.log(math.pi / sine)) <= 64 * EPS * max(1, abs(lgamma(x)[0]))


def test_poles_and_places_where_nothing_is_defined():
    with np.errstate(all="ignore"):
        assert lgamma(0, -1, np.inf, -np.inf).tolist() == [np.inf] * 4
        assert np.isnan(digamma(0, -1, -np.inf)).all()
        assert digamma(np.inf) == np.inf
        assert zeta([1, 2, 2], [2, 0, -1]).tolist() == [np.inf] * 3
        assert np.isnan(zeta([0.5, 3, 2.5, 2], [2, 0, -0.5, np.nan])).all()
        assert np.isnan(polygamma([-1, 0.5], 2)).all()
        assert polygamma(1, np.inf) == 0


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(InvalidArgumentError, match=r"Incompatible shapes: \[2\] vs. \[3\]"):
        zeta(np.ones(2), np.ones(3))
