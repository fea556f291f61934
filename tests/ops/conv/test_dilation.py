"""Dilation2D and its gradients: hand-worked examples, laws, edges, messages."""

import numpy as np
import pytest
from hypothesis import given

from minitf.errors import InvalidArgumentError, UnimplementedError
from minitf.ops.conv.dilation import (
    dilation2d_backprop_filter_op,
    dilation2d_backprop_input_op,
    dilation2d_op,
)
from minitf.ops.conv.pooling import max_pool_op
from minitf.testing.cases.conv.dilation import dilations

ONE = (1, 1, 1, 1)
PLAIN = {"strides": ONE, "rates": ONE, "padding": "VALID"}


def test_a_surface_is_laid_on_each_window():
    image = np.float32([[1, 5, 2], [4, 3, 0]]).reshape(1, 2, 3, 1)
    surface = np.float32([[0, 1], [2, 0]]).reshape(2, 2, 1)

    found = dilation2d_op.body(image, surface, **PLAIN)

    # max(1 + 0, 5 + 1, 4 + 2, 3 + 0) and max(5 + 0, 2 + 1, 3 + 2, 0 + 0): both are tied
    assert found.ravel().tolist() == [6, 5]


def test_the_first_of_several_greatest_sums_gets_the_gradient():
    image = np.float32([[1, 5, 2], [4, 3, 0]]).reshape(1, 2, 3, 1)
    surface = np.float32([[0, 1], [2, 0]]).reshape(2, 2, 1)
    grads = np.float32([[10, 7]]).reshape(1, 1, 2, 1)

    to_input = dilation2d_backprop_input_op.body(image, surface, grads, **PLAIN)
    to_filter = dilation2d_backprop_filter_op.body(image, surface, grads, **PLAIN)

    assert to_input.ravel().tolist() == [0, 17, 0, 0, 0, 0]
    assert to_filter.ravel().tolist() == [7, 10, 0, 0]


@given(case=dilations())
def test_a_flat_surface_takes_the_greatest_value_as_pooling_does(case):
    images, surface = (np.nan_to_num(x.astype(np.float64)) for x in case.inputs)
    attrs = case.attrs | {"rates": ONE}
    r, s, c = surface.shape
    images = images[:, :, :, :c]

    found = dilation2d_op.body(images, np.zeros((r, s, c)), **attrs)

    want = max_pool_op.body(
        images, ksize=(1, r, s, 1), strides=attrs["strides"], padding=attrs["padding"]
    )
    np.testing.assert_array_equal(found, want)


@given(case=dilations(backward=True))
def test_gradients_give_back_all_that_they_get(case):
    images, surface, grads = case.inputs
    with np.errstate(all="ignore"):
        to_input = dilation2d_backprop_input_op.body(images, surface, grads, **case.attrs)
        to_filter = dilation2d_backprop_filter_op.body(images, surface, grads, **case.attrs)

        total = grads.sum((0, 1, 2), grads.dtype)  # small whole numbers, channel by channel

        np.testing.assert_array_equal(to_input.sum((0, 1, 2), grads.dtype), total)
        np.testing.assert_array_equal(to_filter.sum((0, 1), grads.dtype), total)


def test_a_window_that_sees_no_cell_has_the_least_finite_value():
    image, surface = np.float32([[[[7]]]]), np.zeros((2, 2, 1), np.float32)
    attrs = {"strides": ONE, "rates": (1, 2, 2, 1), "padding": "SAME"}

    found = dilation2d_op.body(image, surface, **attrs)

    assert found.item() == np.finfo(np.float32).min
    assert dilation2d_backprop_input_op.body(image, surface, image, **attrs).item() == 7
    to_filter = dilation2d_backprop_filter_op.body(image, surface, image, **attrs)
    assert to_filter.ravel().tolist() == [7, 0, 0, 0]


def test_not_a_number_is_never_the_greatest():
    image = np.float32([np.nan, 1, np.nan]).reshape(1, 1, 3, 1)

    found = dilation2d_op.body(image, np.zeros((1, 2, 1), np.float32), **PLAIN)

    assert found.ravel().tolist() == [1, 1]


@pytest.mark.parametrize(
    ("images", "surface", "attrs", "error", "phrase"),
    [
        ((1, 4, 4, 3), (2, 2, 2), {}, InvalidArgumentError, "must have the same depth: 3 vs 2"),
        ((1, 2, 4, 3), (3, 3, 3), {}, InvalidArgumentError, "Negative dimension size"),
        ((4, 4, 3), (2, 2, 3), {}, InvalidArgumentError, "input must be 4-dimensional"),
        ((1, 4, 4, 3), (2, 2, 3, 1), {}, InvalidArgumentError, "filter must be 3-dimensional"),
        (
            (1, 4, 4, 3),
            (2, 2, 3),
            {"strides": (1, 1, 1, 2)},
            UnimplementedError,
            "Stride is only supported across spatial dimensions",
        ),
        (
            (1, 4, 4, 3),
            (2, 2, 3),
            {"rates": (1, 1, 1, 2)},
            UnimplementedError,
            "Rate is only supported across spatial dimensions",
        ),
    ],
)
def test_what_does_not_fit_is_refused(images, surface, attrs, error, phrase):
    with pytest.raises(error, match=phrase):
        dilation2d_op.body(np.zeros(images), np.zeros(surface), **PLAIN | attrs)


def test_a_gradient_of_the_wrong_size_is_refused():
    with pytest.raises(InvalidArgumentError, match="out_backprop has incompatible size"):
        dilation2d_backprop_filter_op.body(
            np.zeros((1, 4, 4, 1)), np.zeros((2, 2, 1)), np.zeros((1, 4, 3, 1)), **PLAIN
        )
