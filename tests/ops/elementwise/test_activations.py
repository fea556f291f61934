"""Activations and their gradient ops: cases, that the gradient ops are derivatives, limits."""

import numpy as np
import pytest
from hypothesis import given

from minitf import ops
from minitf.errors import InvalidArgumentError
from minitf.testing.strategies import real


@given(x=real((5,), low=-700, high=700))
def test_relu_is_the_limit_of_its_smooth_relatives(x):
    relu = ops.relu_op.body(x)

    assert np.all(np.abs(ops.softplus_op.body(x) - relu) <= np.log(2) + 1e-12)
    np.testing.assert_array_equal(ops.relu6_op.body(x), np.minimum(relu, 6))
    np.testing.assert_array_equal(ops.leaky_relu_op.body(x, alpha=0.0), relu)
    np.testing.assert_array_equal(np.maximum(ops.elu_op.body(x), 0), relu)


def test_softplus_neither_overflows_nor_loses_small_values():
    found = ops.softplus_op.body(np.float64([1000, -40]))

    np.testing.assert_allclose(found, [1000, np.exp(-40)], rtol=1e-15)


def test_relu_lets_no_gradient_pass_at_zero_and_keeps_nan():
    features, ones = np.float32([-1, 0, 2]), np.ones(3, np.float32)

    assert ops.relu_grad_op.body(ones, features).tolist() == [0, 0, 1]
    assert np.isnan(ops.relu_op.body(np.float32(np.nan)))


def test_a_gradient_op_refuses_another_shape():
    for op in (ops.relu_grad_op, ops.leaky_relu_grad_op):
        with pytest.raises(InvalidArgumentError, match="Incompatible shapes"):
            op.body(np.zeros(3, np.float32), np.zeros(1, np.float32))
