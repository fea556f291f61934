"""Scaled Bessel functions: known values, their integral, symmetry, where two series meet."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from minitf import ops

EPS = 2.0**-52


def bessel(order, x):
    op_def = ops.bessel_i1e_op if order else ops.bessel_i0e_op
    return op_def.body(np.float64(x))


def test_values_are_those_of_abramowitz_and_stegun():
    # Abramowitz and Stegun, table 9.8
    np.testing.assert_allclose(bessel(0, [0, 1, 5]), [1, 0.4657596077, 0.1835408126], rtol=1e-9)
    np.testing.assert_allclose(bessel(1, [0, 1, 5]), [0, 0.2079104154, 0.1639722669], rtol=1e-9)


@given(st.floats(0, 60))
def test_they_are_means_over_a_circle(x):
    # I(n, x) is the mean of e^(x cos t) cos(n t); of a periodic function a sum is exact
    angles = 2 * np.pi * np.arange(200) / 200
    weights = np.exp(x * (np.cos(angles) - 1))

    np.testing.assert_allclose(bessel(0, x), np.mean(weights), rtol=64 * EPS)
    np.testing.assert_allclose(
        bessel(1, x), np.mean(weights * np.cos(angles)), rtol=64 * EPS, atol=4 * EPS
    )


def test_the_two_series_meet():
    for order in (0, 1):
        left, right = bessel(order, [np.nextafter(30, 0), 30])
        np.testing.assert_allclose(left, right, rtol=16 * EPS)


def test_one_is_even_the_other_odd_and_both_vanish_far_away():
    x = np.float64([0.5, 3, 40])

    assert bessel(0, -x).tolist() == bessel(0, x).tolist()
    assert bessel(1, -x).tolist() == (-bessel(1, x)).tolist()
    assert bessel(0, [np.inf, -np.inf]).tolist() == [0, 0]
