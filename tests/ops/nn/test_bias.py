"""BiasAdd, BiasAddV1, BiasAddGrad: cases, both layouts, messages."""

import numpy as np
import pytest
from hypothesis import given

from minitf.errors import InvalidArgumentError
from minitf.ops.nn.bias import bias_add_grad_op, bias_add_op
from minitf.testing.strategies import whole


@given(value=whole((2, 3, 4, 5)), bias=whole(3))
def test_the_two_layouts_say_the_same(value, bias):
    first = bias_add_op.body(value, bias, data_format="NCHW")
    last = bias_add_op.body(np.moveaxis(value, 1, -1), bias)

    np.testing.assert_array_equal(first, np.moveaxis(last, -1, 1))


@given(value=whole((2, 3, 4)), bias=whole(4), grad=whole((2, 3, 4)))
def test_the_gradient_is_the_adjoint(value, bias, grad):
    spread = bias_add_op.body(np.zeros_like(value), bias)

    assert (spread * grad).sum() == (bias * bias_add_grad_op.body(grad)).sum()


def test_the_message_has_both_shapes():
    with pytest.raises(
        InvalidArgumentError, match=r"Must provide as many biases.*\[3\] vs. \[2,4\]"
    ):
        bias_add_op.body(np.zeros((2, 4)), np.zeros(3))
