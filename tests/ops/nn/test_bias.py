"""BiasAdd, BiasAddV1, BiasAddGrad: cases, both layouts, messages."""

import numpy as np
import pytest
from cases import Case
from hypothesis import given
from hypothesis import strategies as st
from strategies import dtype_names, shapes, whole

from minitf.dtypes import NUMBERS, as_dtype
from minitf.errors import InvalidArgumentError
from minitf.ops.nn.bias import bias_add_grad_op, bias_add_op

ORACLE_TYPES = NUMBERS - {d for d in NUMBERS if d.is_quantized}


@st.composite
def batches(draw, *, data_format=True, bias=True):
    """Draw values with their channels, and the attributes that say where those are."""
    first = data_format and draw(st.booleans())
    dtype = as_dtype(draw(dtype_names(ORACLE_TYPES)))
    shape = draw(shapes(min_dims=3 if first else 2, max_dims=4))
    low = 0 if dtype.is_unsigned else -8
    inputs = [draw(whole(shape, dtype.numpy, low))]
    if bias:
        inputs.append(draw(whole(shape[1 if first else -1], dtype.numpy, low)))
    attrs = {"data_format": "NCHW" if first else "NHWC"} if data_format else {}
    return Case(tuple(inputs), attrs, ulps=0, smooth=dtype.name == "float64")


CASES = {
    "BiasAdd": batches(),
    "BiasAddV1": batches(data_format=False),
    "BiasAddGrad": batches(bias=False),
}


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
        InvalidArgumentError, match=r"Must provide as many biases.*\[3\] vs. \[2, 4\]"
    ):
        bias_add_op.body(np.zeros((2, 4)), np.zeros(3))
