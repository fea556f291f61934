"""The incomplete gamma function: closed forms, tails, limits."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from minitf import ops

EPS = 2.0**-52


def below(a, x):
    return ops.igamma_op.body(np.float64(a), np.float64(x))


def above(a, x):
    return ops.igammac_op.body(np.float64(a), np.float64(x))


def close(got, want, ulps):
    np.testing.assert_allclose(got, want, rtol=ulps * EPS, atol=0)


def test_whole_shapes_are_sums_of_poisson_probabilities():
    x = np.float64([0.25, 1, 3, 10])

    close(below(1, x), -np.expm1(-x), 16)
    close(above(1, x), np.exp(-x), 32)
    close(above(3, x), np.exp(-x) * (1 + x + x * x / 2), 64)


def test_half_shapes_are_error_functions():
    x = np.float64([0.01, 0.5, 2, 9])
    roots = np.sqrt(x)

    close(below(0.5, x), [math.erf(each) for each in roots], 32)
    close(above(0.5, x), [math.erfc(each) for each in roots], 64)


def test_small_tails_keep_their_digits():
    close(above(1, 200), math.exp(-200), 512)  # 200 is the exponent, rounded in both
    close(below(2, 1e-8), 0.5e-16 * (1 - 2e-8 / 3), 64)
    # for small a Q is a times the exponential integral, 0.21938393439552029 at 1
    close(above(1e-12, 1), 1e-12 * 0.21938393439552029, 1e5)  # less terms of order a


def test_a_large_shape_is_quick_and_exact():
    # near the mean P is 1/2 + 1 / (3 sqrt(2 pi a)), but for terms of order a^(-3/2)
    a = 1e12

    close(below(a, a), 0.5 + 1 / (3 * math.sqrt(2 * math.pi * a)), 8)


@given(st.floats(0.01, 300), st.floats(0.01, 300))
def test_the_next_shape_lacks_one_term(a, x):
    term = math.exp(a * math.log(x) - x - math.lgamma(a + 1))

    assert abs(below(a, x) - below(a + 1, x) - term) <= 2e-13  # of the term: its exponent


@given(st.floats(0.1, 200), st.floats(0.01, 3))
def test_the_parts_make_a_whole(a, ratio):
    assert abs(below(a, a * ratio) + above(a, a * ratio) - 1) <= 2 * EPS


@given(st.floats(0.2, 100), st.floats(0.05, 3))
def test_its_slope_in_a_is_that_of_differences(a, ratio):
    x, step = a * ratio, 1e-3 * a
    near = below(a + step, x) - below(a - step, x)
    far = below(a + 2 * step, x) - below(a - 2 * step, x)
    slope = ops.igamma_grad_a_op.body(np.float64(a), np.float64(x))

    assert abs(slope - (8 * near - far) / (12 * step)) <= 1e-8 * max(1, 1 / a)


def test_ends_and_places_where_nothing_is_defined():
    inf = np.inf

    assert below([1, 1, inf], [0, inf, 1]).tolist() == [0, 1, 0]
    assert above([1, 1, inf], [0, inf, 1]).tolist() == [1, 0, 1]
    assert np.isnan(below([0, -1, 1, np.nan], [1, 1, -1, 1])).all()
    assert np.isnan(above([0, -1, 1, 1], [1, 1, -1, np.nan])).all()
