"""CropAndResize and its gradients: worked examples, adjoints, differences, messages."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf.errors import InvalidArgumentError, OutOfRangeError
from minitf.ops.image.crop import (
    crop_and_resize_grad_boxes_op,
    crop_and_resize_grad_image_op,
    crop_and_resize_op,
)
from minitf.testing.cases.image.crop import METHODS, box_lists
from minitf.testing.cases.image.resize import SIZES
from minitf.testing.strategies import real

RAMP = np.arange(12, dtype=np.float32).reshape(1, 3, 4, 1)
FIRST = np.int32([0])


def crop(box, size, **attrs):
    return crop_and_resize_op.body(RAMP, np.float32([box]), FIRST, np.int32(size), **attrs)[
        0, ..., 0
    ]


def test_the_whole_box_is_the_whole_image():
    np.testing.assert_array_equal(crop([0, 0, 1, 1], [3, 4]), RAMP[0, ..., 0])


def test_a_box_is_read_between_pixels():
    assert crop([0, 0, 0.5, 1], [3, 2]).tolist() == [[0, 3], [2, 5], [4, 7]]


def test_a_box_with_exchanged_corners_turns_the_crop():
    assert crop([1, 1, 0, 0], [2, 2]).tolist() == [[11, 8], [3, 0]]


def test_a_crop_of_one_pixel_is_the_middle():
    assert crop([0, 0, 1, 1], [1, 1]).tolist() == [[5.5]]


def test_the_nearest_pixel_is_taken():
    assert crop([0, 0, 1, 0.5], [2, 2], method="nearest").tolist() == [[0, 2], [8, 10]]


def test_places_outside_the_image_get_the_value_asked_for():
    assert crop([0, -1, 0, 1], [1, 3], extrapolation_value=-7).tolist() == [[-7, 0, 3]]


@given(data=st.data(), size=SIZES, batch=st.integers(1, 2), method=METHODS)
def test_the_gradient_of_the_image_is_the_adjoint(data, size, batch, method):
    boxes, box_ind = data.draw(box_lists(batch))
    images = data.draw(real((batch, *data.draw(SIZES), 2), np.float32))
    grads = data.draw(real((len(boxes), *size, 2), np.float32))

    out = crop_and_resize_op.body(images, boxes, box_ind, np.int32(size), method=method)
    back = crop_and_resize_grad_image_op.body(
        grads, boxes, box_ind, np.int32(images.shape), T=tf.float32, method=method
    )

    scale = np.abs(images).max(initial=0) * np.abs(grads).sum(dtype=float)
    assert abs(np.vdot(back, images) - np.vdot(grads, out)) <= 200 * 2**-23 * scale + 1e-30


def test_the_gradient_of_a_box_is_the_slope_of_the_image():
    """The ramp rises by 4 * 2 over all rows and by 1 * 3 over all columns."""
    grads = np.ones((1, 2, 2, 1), np.float32)

    found = crop_and_resize_grad_boxes_op.body(
        grads, RAMP, np.float32([[0.25, 0.25, 0.6, 0.6]]), FIRST
    )

    # an edge moves two of the four places
    np.testing.assert_allclose(found, [[16, 6, 16, 6]], rtol=1e-6)


def test_gradients_flow_to_images_and_boxes_in_a_graph():
    image = tf.placeholder(tf.float32, [1, 3, 4, 1])
    boxes = tf.constant([[0.25, 0.25, 0.6, 0.6]])
    crops = tf.image.crop_and_resize(image, boxes, [0], [2, 2])
    to_image, to_boxes = tf.gradients(crops, [image, boxes])
    with tf.Session() as session:
        first, second = session.run([to_image, to_boxes], {image: RAMP})

    assert first.sum() == pytest.approx(4)
    np.testing.assert_allclose(second, [[16, 6, 16, 6]], rtol=1e-6)


@pytest.mark.parametrize(
    ("boxes", "index", "size", "error", "phrase"),
    [
        ([[0, 0, 1, 1]], [1], [2, 2], OutOfRangeError, "values outside \\[0, batch_size\\)"),
        ([[0, 0, 1, 1]], [0], [2, 0], InvalidArgumentError, "crop dimensions must be positive"),
        ([[0, 0, 1, 1]], [0], [2], InvalidArgumentError, "crop_size must have two elements"),
        ([[0, 0, 1]], [0], [2, 2], InvalidArgumentError, "as many rows of four"),
    ],
)
def test_what_does_not_fit_is_refused(boxes, index, size, error, phrase):
    with pytest.raises(error, match=phrase):
        crop_and_resize_op.body(RAMP, np.float32(boxes), np.int32(index), np.int32(size))
