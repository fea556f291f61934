"""The incomplete beta function: closed forms, symmetry, shapes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf import ops
from minitf.errors import InvalidArgumentError

EPS = 2.0**-52
SHAPES = st.floats(0.05, 200)


def below(a, b, x):
    return ops.betainc_op.body(np.float64(a), np.float64(b), np.float64(x))


def test_it_is_a_power_where_one_shape_is_one_and_a_cubic_where_both_are_two():
    x = np.float64([0.125, 0.5, 0.75])

    np.testing.assert_allclose(below(3, 1, x), x**3, rtol=32 * EPS)
    np.testing.assert_allclose(below(2, 2, x), x * x * (3 - 2 * x), rtol=32 * EPS)


def test_it_is_an_angle_where_both_shapes_are_a_half():
    x = np.float64([0.1, 0.4, 0.9])

    np.testing.assert_allclose(below(0.5, 0.5, x), 2 / np.pi * np.arcsin(np.sqrt(x)), rtol=32 * EPS)


@given(SHAPES, SHAPES, st.integers(0, 2**20).map(lambda n: n / 2**20))  # 1 - x is exact
def test_the_other_end_is_the_rest(a, b, x):
    assert abs(below(a, b, x) + below(b, a, 1 - x) - 1) <= 64 * EPS + 1e-13 * max(a, b) * EPS


@given(st.floats(0.5, 1e4))
def test_equal_shapes_have_their_middle_at_a_half(a):
    steps = np.sqrt(a)  # of the continued fraction, each rounded

    np.testing.assert_allclose(below(a, a, 0.5), 0.5, rtol=(32 + 4 * steps) * EPS)


def test_ends_and_places_where_nothing_is_defined():
    assert below(2, 3, [0, 1]).tolist() == [0, 1]
    assert np.isnan(below([0, 1, 1, -1], [1, 0, 1, 2], [0.5, 0.5, 1.5, 0.5])).all()


def test_shapes_must_be_equal_or_scalar():
    assert below(2, [1, 2], [0.5, 0.5]).shape == (2,)
    with pytest.raises(InvalidArgumentError, match=r"Shapes of a and b are inconsistent: \[2\]"):
        below(np.ones(2), np.ones(3), 0.5)
