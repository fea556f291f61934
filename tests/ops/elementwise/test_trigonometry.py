"""Sines and their relatives: cases and identities."""

import numpy as np
import pytest
from hypothesis import given

from minitf import ops
from minitf.testing.strategies import real

INVERSES = [
    (ops.sin_op, ops.asin_op),
    (ops.tan_op, ops.atan_op),
    (ops.sinh_op, ops.asinh_op),
    (ops.tanh_op, ops.atanh_op),
]


@pytest.mark.parametrize(("function", "inverse"), INVERSES, ids=lambda op: op.name)
@given(x=real((3,), low=-1, high=1))
def test_a_function_undoes_its_inverse(function, inverse, x):
    np.testing.assert_allclose(inverse.body(function.body(x)), x, rtol=1e-14, atol=1e-16)


@given(x=real((3,)))
def test_sine_and_cosine_lie_on_the_circle_and_the_hyperbola(x):
    circle = ops.sin_op.body(x) ** 2 + ops.cos_op.body(x) ** 2
    hyperbola = (ops.cosh_op.body(x) - ops.sinh_op.body(x)) * ops.exp_op.body(x)

    np.testing.assert_allclose(circle, 1, rtol=1e-15)
    np.testing.assert_allclose(hyperbola, 1, rtol=1e-12)


def test_atan2_knows_the_quadrant():
    y, x = np.float64([1, 1, -1, -1, 0]), np.float64([1, -1, -1, 1, -1])

    np.testing.assert_allclose(
        ops.atan2_op.body(y, x), np.pi * np.array([1 / 4, 3 / 4, -3 / 4, -1 / 4, 1]), rtol=1e-15
    )
