"""Exponentials, logarithms, tanh, sigmoid, erf: cases and identities."""

import math

import numpy as np
import pytest
from hypothesis import given

from minitf import ops
from minitf.testing.strategies import real

COMPLEX = "complex64 complex128"


@given(x=real((4,), low=-8, high=8))
def test_the_exponential_turns_sums_into_products(x):
    both = ops.exp_op.body(x) * ops.exp_op.body(-x)

    np.testing.assert_allclose(both, 1, rtol=1e-14)
    np.testing.assert_allclose(ops.log_op.body(ops.exp_op.body(x)), x, rtol=1e-14, atol=1e-15)


@given(x=real((4,), low=-30, high=30))
def test_sigmoid_and_tanh_are_one_curve(x):
    np.testing.assert_allclose(
        ops.sigmoid_op.body(x), (1 + ops.tanh_op.body(x / 2)) / 2, rtol=1e-13, atol=1e-15
    )
    np.testing.assert_allclose(ops.sigmoid_op.body(x) + ops.sigmoid_op.body(-x), 1, rtol=1e-15)


def test_sigmoid_reaches_its_limits_without_nan():
    with np.errstate(over="ignore"):
        found = ops.sigmoid_op.body(np.float32([-1e4, 0, 1e4]))

    assert found.tolist() == [0, 0.5, 1]


@pytest.mark.parametrize("value", [-3.0, -0.5, 0.0, 1e-8, 0.7, 5.0])
def test_erf_and_erfc_are_pythons(value):
    assert ops.erf_op.body(np.array(value)).item() == math.erf(value)
    assert ops.erfc_op.body(np.array(value)).item() == math.erfc(value)


def test_x_log_y_is_zero_where_x_is():
    zero = np.zeros(2, np.float32)
    with np.errstate(all="ignore"):
        assert ops.xlogy_op.body(zero, np.float32([0, np.nan])).tolist() == [0, 0]
        assert ops.xdivy_op.body(zero, np.float32([0, np.nan])).tolist() == [0, 0]
