"""Sines and their relatives: cases and identities."""

import numpy as np
import pytest
from elementwise_cases import of_one, of_two
from hypothesis import given
from strategies import real

from minitf import ops
from minitf.dtypes import FLOATS, types

PLAIN = FLOATS | types("complex64", "complex128")

CASES = {
    "Sin": of_one(PLAIN, -1, 3, ulps=16, scale=1),
    "Cos": of_one(PLAIN, -1, 3, ulps=16, scale=1),
    "Tan": of_one(PLAIN, -1.25, 1.25, ulps=32),
    "Asin": of_one(PLAIN, -0.75, 0.75, ulps=32, scale=0.1),
    "Acos": of_one(PLAIN, -0.75, 0.75, ulps=32, scale=1),
    "Atan": of_one(PLAIN, 0.25, 3, ulps=32, scale=0.1),
    "Atan2": of_two(FLOATS, 0.5, 4, ulps=16),
    "Sinh": of_one(PLAIN, -3, 3, ulps=32, scale=1),
    "Cosh": of_one(PLAIN, -3, 3, ulps=32, scale=1),
    "Asinh": of_one(PLAIN, 0.25, 3, ulps=32, scale=1),
    "Acosh": of_one(PLAIN, 1.25, 4, ulps=32, scale=1),
    "Atanh": of_one(PLAIN, -0.75, 0.75, ulps=32, scale=1),
}

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
