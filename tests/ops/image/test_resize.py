"""Resizing by the nearest pixel and by blending: worked examples, adjoints, messages."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf.errors import InvalidArgumentError
from minitf.ops.image.resize import (
    resize_bilinear_grad_op,
    resize_bilinear_op,
    resize_nearest_neighbor_grad_op,
    resize_nearest_neighbor_op,
)
from minitf.testing.cases.image.resize import CORNERS, SIZES
from minitf.testing.strategies import real

RAMP = np.float32([0, 3, 6]).reshape(1, 1, 3, 1)
ONE_BY_SIX = np.int32([1, 6])


def test_blended_pixels_lie_between_those_of_the_image():
    found = resize_bilinear_op.body(RAMP, ONE_BY_SIX)

    assert found.ravel().tolist() == [0, 1.5, 3, 4.5, 6, 6]


def test_aligned_corners_spread_the_image_from_edge_to_edge():
    found = resize_bilinear_op.body(RAMP, np.int32([1, 5]), align_corners=True)

    assert found.ravel().tolist() == [0, 1.5, 3, 4.5, 6]


def test_half_pixel_centres_keep_the_image_in_the_middle():
    found = resize_bilinear_op.body(RAMP, ONE_BY_SIX, half_pixel_centers=True)

    assert found.ravel().tolist() == [0, 0.75, 2.25, 3.75, 5.25, 6]


def test_the_nearest_pixel_is_copied():
    found = resize_nearest_neighbor_op.body(RAMP, np.int32([2, 5]))

    assert found[0, :, :, 0].tolist() == 2 * [[0, 0, 3, 3, 6]]


def test_a_flat_image_stays_exactly_flat():
    flat = np.full((1, 7, 5, 1), 201, np.uint8)

    found = resize_bilinear_op.body(flat, np.int32([10, 13]))

    assert np.unique(found).tolist() == [201]


def test_each_pixel_gets_back_what_its_copies_got():
    found = resize_nearest_neighbor_grad_op.body(np.ones((1, 1, 5, 1), np.int32), np.int32([1, 3]))

    assert found.ravel().tolist() == [2, 2, 1]


@given(before=SIZES, after=SIZES, corners=CORNERS, data=st.data())
@pytest.mark.parametrize(
    ("forward", "backward"),
    [
        (resize_bilinear_op, resize_bilinear_grad_op.body),
        (
            resize_nearest_neighbor_op,
            lambda g, x, **at: resize_nearest_neighbor_grad_op.body(
                g, np.int32(x.shape[1:3]), **at
            ),
        ),
    ],
)
def test_the_gradients_are_adjoints(forward, backward, before, after, corners, data):
    at = dict(zip(("align_corners", "half_pixel_centers"), corners, strict=True))
    images = data.draw(real((1, *before, 2), np.float32))
    grads = data.draw(real((1, *after, 2), np.float32))
    out = forward.body(images, np.int32(after), **at)
    back = backward(grads, images, **at)

    size = np.abs(images).max(initial=0) * np.abs(grads).sum(dtype=float)

    assert abs(np.vdot(back, images) - np.vdot(grads, out)) <= 200 * 2**-23 * size + 1e-30


def test_a_gradient_flows_back_through_a_resized_image():
    x = tf.placeholder(tf.float32, [1, None, 3, 1])
    y = tf.image.resize_nearest_neighbor(tf.square(x), [4, 4])
    (slope,) = tf.gradients(y, x)
    (bend,) = tf.gradients(slope, x)
    image = np.arange(6, dtype=np.float32).reshape(1, 2, 3, 1)
    with tf.Session() as session:
        first, second = session.run([slope, bend], {x: image})

    # the first column has two copies, in both rows of two
    assert first[0, :, :, 0].tolist() == [[0, 4, 8], [24, 16, 20]]
    assert second[0, :, :, 0].tolist() == 2 * [[8, 4, 4]]


def test_integers_get_no_gradient():
    x = tf.placeholder(tf.uint8, [1, 2, 2, 1])

    assert tf.gradients(tf.image.resize_bilinear(x, [3, 3]), x) == [None]


@pytest.mark.parametrize(
    ("shape", "size", "corners", "phrase"),
    [
        ((2, 2, 3), [4, 4], {}, "must be 4-dimensional"),
        ((1, 2, 2, 3), [4], {}, "shape_t must have two elements"),
        ((1, 2, 2, 3), [4, 0], {}, "output dimensions must be positive"),
        ((1, 0, 2, 3), [4, 4], {}, "input image must be of non-zero size"),
        (
            (1, 2, 2, 3),
            [4, 4],
            {"align_corners": True, "half_pixel_centers": True},
            "If half_pixel_centers is True, align_corners must be False",
        ),
    ],
)
@pytest.mark.parametrize("resize", [resize_bilinear_op, resize_nearest_neighbor_op])
def test_what_does_not_fit_is_refused(resize, shape, size, corners, phrase):
    with pytest.raises(InvalidArgumentError, match=phrase):
        resize.body(np.zeros(shape), np.int32(size), **corners)
