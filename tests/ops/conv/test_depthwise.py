"""Depthwise convolution and its gradients: adjointness, hand-worked examples, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.errors import InvalidArgumentError
from minitf.ops.conv.conv2d import conv2d_op
from minitf.ops.conv.depthwise import (
    depthwise_conv2d_native_backprop_filter_op,
    depthwise_conv2d_native_backprop_input_op,
    depthwise_conv2d_native_op,
)
from minitf.testing.cases.conv.depthwise import convolutions
from minitf.testing.strategies import whole

ONE = (1, 1, 1, 1)


def test_each_channel_has_filters_of_its_own():
    image = np.float32([[1, 10], [2, 20], [3, 30]]).reshape(1, 1, 3, 2)
    # channel 0: sums and differences of neighbours; channel 1: the right one, and 5 times the left
    filters = np.float32([[[1, -1], [0, 5]], [[1, 1], [1, 0]]]).reshape(1, 2, 2, 2)

    found = depthwise_conv2d_native_op.body(image, filters, strides=ONE, padding="VALID")

    assert found[0, 0].tolist() == [[3, 1, 20, 50], [5, 1, 30, 100]]


@given(case=convolutions())
def test_it_is_a_convolution_in_as_many_groups_as_there_are_channels(case):
    images, filters = (x.astype(np.float64) for x in case.inputs)
    r, s, c, m = filters.shape
    want = conv2d_op.body(images, filters.reshape(r, s, 1, c * m), **case.attrs)

    found = depthwise_conv2d_native_op.body(images, filters, **case.attrs)

    np.testing.assert_allclose(found, want, rtol=1e-13, atol=1e-13)


@given(case=convolutions(), data=st.data())
@pytest.mark.paper("W-26")
def test_the_gradients_are_adjoints(case, data):
    images, filters = (x.astype(np.float64) for x in case.inputs)
    to_input = depthwise_conv2d_native_backprop_input_op.body
    to_filter = depthwise_conv2d_native_backprop_filter_op.body
    out = depthwise_conv2d_native_op.body(images, filters, **case.attrs)
    grads = data.draw(whole(out.shape, np.float64))
    of_input = to_input(np.int32(images.shape), filters, grads, **case.attrs)
    of_filter = to_filter(images, np.int32(filters.shape), grads, **case.attrs)

    want = (out * grads).sum()
    size = (np.abs(out) * np.abs(grads)).sum()

    assert abs((of_input * images).sum() - want) <= 1e-12 * size + 1e-300
    assert abs((of_filter * filters).sum() - want) <= 1e-12 * size + 1e-300


@pytest.mark.parametrize(
    ("images", "filters", "phrase"),
    [
        ((1, 8, 8, 3), (3, 3, 2, 4), "input and filter must have the same depth: 3 vs 2"),
        ((1, 2, 8, 3), (3, 3, 3, 1), "Negative dimension size caused by subtracting 3 from 2"),
        ((8, 8, 3), (3, 3, 3, 1), "input must be 4-dimensional"),
    ],
)
def test_what_does_not_fit_is_refused(images, filters, phrase):
    with pytest.raises(InvalidArgumentError, match=phrase):
        depthwise_conv2d_native_op.body(
            np.zeros(images), np.zeros(filters), strides=ONE, padding="VALID"
        )


@pytest.mark.parametrize(
    ("shape", "phrase"),
    [((1, 4, 3, 2), "actual = 4, computed = 3"), ((1, 3, 3, 1), "actual = 1, computed = 2")],
)
def test_a_gradient_of_the_wrong_size_is_refused(shape, phrase):
    with pytest.raises(InvalidArgumentError, match=phrase):
        depthwise_conv2d_native_backprop_input_op.body(
            np.int32([1, 5, 5, 1]),
            np.zeros((3, 3, 1, 2)),
            np.zeros(shape),
            strides=ONE,
            padding="VALID",
        )
