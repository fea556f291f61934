"""Conv2D and its gradients: cases, adjointness, hand-worked examples, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.errors import InvalidArgumentError
from minitf.ops.conv.conv2d import (
    conv2d_backprop_filter_op,
    conv2d_backprop_input_op,
    conv2d_op,
)
from minitf.testing.cases.conv.conv2d import convolutions
from minitf.testing.strategies import whole

ONE = (1, 1, 1, 1)


def test_a_2x2_box_sums_each_window():
    image = np.arange(9, dtype=np.float32).reshape(1, 3, 3, 1)
    box = np.ones((2, 2, 1, 1), np.float32)

    found = conv2d_op.body(image, box, strides=ONE, padding="VALID")

    assert found[0, :, :, 0].tolist() == [[8, 12], [20, 24]]


def test_same_padding_puts_the_odd_cell_behind():
    image = np.ones((1, 1, 4, 1), np.float32)
    pair = np.float32([1, 10]).reshape(1, 2, 1, 1)

    found = conv2d_op.body(image, pair, strides=ONE, padding="SAME")

    assert found.ravel().tolist() == [11, 11, 11, 1]


@given(case=convolutions(integers=False), data=st.data())
@pytest.mark.paper("W-26")
def test_the_gradients_are_adjoints(case, data):
    images, filters = (x.astype(np.float64) for x in case.inputs)
    out = conv2d_op.body(images, filters, **case.attrs)
    grads = data.draw(whole(out.shape, np.float64))
    to_input = conv2d_backprop_input_op.body(np.int32(images.shape), filters, grads, **case.attrs)
    to_filter = conv2d_backprop_filter_op.body(images, np.int32(filters.shape), grads, **case.attrs)

    want = (out * grads).sum()
    size = (np.abs(out) * np.abs(grads)).sum()

    assert abs((to_input * images).sum() - want) <= 1e-13 * size + 1e-300
    assert abs((to_filter * filters).sum() - want) <= 1e-13 * size + 1e-300


@pytest.mark.parametrize(
    ("images", "filters", "phrase"),
    [
        ((1, 8, 8, 3), (3, 3, 2, 4), "Depth of input .3. is not a multiple of input depth"),
        (
            (1, 8, 8, 4),
            (3, 3, 2, 3),
            "Depth of output .3. is not a multiple of the number of groups .2.",
        ),
        ((1, 2, 8, 3), (3, 3, 3, 4), "Negative dimension size caused by subtracting 3 from 2"),
        ((8, 8, 3), (3, 3, 3, 4), "input must be 4-dimensional"),
    ],
)
def test_what_does_not_fit_is_refused(images, filters, phrase):
    with pytest.raises(InvalidArgumentError, match=phrase):
        conv2d_op.body(np.zeros(images), np.zeros(filters), strides=ONE, padding="VALID")


def test_a_gradient_of_the_wrong_size_is_refused():
    with pytest.raises(InvalidArgumentError, match="actual = 4, computed = 3"):
        conv2d_backprop_input_op.body(
            np.int32([1, 5, 5, 1]),
            np.zeros((3, 3, 1, 1)),
            np.zeros((1, 4, 3, 1)),
            strides=ONE,
            padding="VALID",
        )
