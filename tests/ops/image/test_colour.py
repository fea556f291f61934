"""Hue, saturation, value, contrast: colours with names, laws, messages."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.dtypes import types
from minitf.errors import InvalidArgumentError
from minitf.ops.image.colour import (
    adjust_contrastv2_op,
    adjust_hue_op,
    adjust_saturation_op,
    hsv_to_rgb_op,
    rgb_to_hsv_op,
)
from minitf.testing.cases.image.colour import colours

RED, YELLOW, BLUE = [1, 0, 0], [1, 1, 0], [0, 0, 1]
ORANGE, GREY, BLACK = [1, 0.5, 0], [0.5, 0.5, 0.5], [0, 0, 0]
TURNS = st.floats(-2, 2, width=32)


@pytest.mark.parametrize(
    ("colour", "hsv"),
    [
        (RED, [0, 1, 1]),
        (YELLOW, [1 / 6, 1, 1]),
        (BLUE, [2 / 3, 1, 1]),
        (ORANGE, [1 / 12, 1, 1]),
        ([0.5, 0.25, 0.25], [0, 0.5, 0.5]),
        (GREY, [0, 0, 0.5]),
        (BLACK, [0, 0, 0]),
    ],
)
def test_colours_have_a_hue_a_saturation_and_a_value(colour, hsv):
    np.testing.assert_allclose(rgb_to_hsv_op.body(np.float64(colour)), hsv, rtol=1e-15)
    np.testing.assert_allclose(hsv_to_rgb_op.body(np.float64(hsv)), colour, atol=1e-15)


def test_a_third_of_a_turn_takes_red_to_green():
    found = adjust_hue_op.body(np.float32([[RED]]), np.float32(1 / 3))

    np.testing.assert_allclose(found[0, 0], [0, 1, 0], atol=1e-6)


def test_saturation_moves_colours_from_grey():
    found = adjust_saturation_op.body(np.float32([[[1, 0.5, 0.5], GREY]]), np.float32(0.5))

    assert found.tolist() == [[[1, 0.75, 0.75], GREY]]


def test_contrast_moves_pixels_from_the_mean_of_their_channel():
    image = np.float32([[[0, 8], [2, 8]]])

    assert adjust_contrastv2_op.body(image, np.float32(3)).tolist() == [[[-2, 8], [4, 8]]]


@given(images=colours(types("float64"), 1))
def test_there_and_back_is_the_same_colour(images):
    back = hsv_to_rgb_op.body(rgb_to_hsv_op.body(images))

    np.testing.assert_allclose(back, images, atol=1e-14)


@given(images=colours(types("float32"), 2), turn=TURNS)
def test_a_turned_hue_keeps_the_least_and_the_greatest_channel(images, turn):
    found = adjust_hue_op.body(images, np.float32(turn))

    np.testing.assert_array_equal(found.min(-1), images.min(-1))
    np.testing.assert_array_equal(found.max(-1), images.max(-1))


@pytest.mark.parametrize(
    ("op", "shape", "phrase"),
    [
        (adjust_hue_op, (2, 2, 4), "input must have 3 channels but instead has 4 channels"),
        (adjust_saturation_op, (2, 3), "input must be at least 3-D"),
        (adjust_contrastv2_op, (2, 3), "input must be at least 3-D"),
    ],
)
def test_what_is_no_image_is_refused(op, shape, phrase):
    with pytest.raises(InvalidArgumentError, match=phrase):
        op.body(np.zeros(shape, np.float32), np.float32(1))
