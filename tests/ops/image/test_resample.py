"""Cubic, area and general resampling: worked examples, adjoints, messages."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.errors import InvalidArgumentError
from minitf.ops.image.resample import (
    resize_area_op,
    resize_bicubic_grad_op,
    resize_bicubic_op,
    scale_and_translate_grad_op,
    scale_and_translate_op,
)
from minitf.testing.cases.image.resample import moves
from minitf.testing.cases.image.resize import CORNERS, SIZES
from minitf.testing.strategies import real

RAMP = np.float32([0, 16, 32, 48]).reshape(1, 1, 4, 1)


def test_a_cubic_goes_through_the_pixels_and_over_their_range():
    step = np.float32([0, 0, 64, 64]).reshape(1, 1, 4, 1)

    found = resize_bicubic_op.body(step, np.int32([1, 8]))

    # half-way weights for a = -3/4: -3/32, 19/32, 19/32, -3/32
    assert found.ravel().tolist() == [0, -6, 0, 32, 64, 70, 64, 64]


def test_an_area_is_the_mean_of_the_pixels_under_it():
    found = resize_area_op.body(RAMP, np.int32([1, 3]))

    # each covers 4/3 pixels: (0 + 16 / 3) / (4/3), (2/3 * 16 + 2/3 * 32) / (4/3), ...
    np.testing.assert_allclose(found.ravel(), [4, 24, 44], rtol=1e-6)


def test_a_triangle_at_scale_two_blends_neighbours():
    found = scale_and_translate_op.body(
        RAMP, np.int32([1, 8]), np.float32([1, 2]), np.float32([0, 0]), kernel_type="triangle"
    )

    assert found.ravel().tolist() == [0, 4, 12, 20, 28, 36, 44, 48]


def test_a_shift_moves_the_image_and_leaves_zeros():
    found = scale_and_translate_op.body(
        RAMP, np.int32([1, 4]), np.float32([1, 1]), np.float32([0, 2]), kernel_type="box"
    )

    assert found.ravel().tolist() == [0, 0, 0, 16]


def assert_adjoint(images, grads, out, back):
    size = 4 * np.abs(images).max(initial=0) * np.abs(grads).sum(dtype=float)

    assert abs(np.vdot(back, images) - np.vdot(grads, out)) <= 400 * 2**-23 * size + 1e-30


@given(before=SIZES, after=SIZES, corners=CORNERS, data=st.data())
def test_the_gradient_of_a_cubic_is_its_adjoint(before, after, corners, data):
    at = dict(zip(("align_corners", "half_pixel_centers"), corners, strict=True))
    images = data.draw(real((1, *before, 2), np.float32))
    grads = data.draw(real((1, *after, 2), np.float32))

    out = resize_bicubic_op.body(images, np.int32(after), **at)
    back = resize_bicubic_grad_op.body(grads, images, **at)

    assert_adjoint(images, grads, out, back)


@given(before=SIZES, after=SIZES, how=moves(), data=st.data())
def test_the_gradient_of_a_kernel_is_its_adjoint(before, after, how, data):
    scale, shift, attrs = how
    images = data.draw(real((1, *before, 2), np.float32))
    grads = data.draw(real((1, *after, 2), np.float32))

    out = scale_and_translate_op.body(images, np.int32(after), scale, shift, **attrs)
    back = scale_and_translate_grad_op.body(grads, images, scale, shift, **attrs)

    assert_adjoint(images, grads, out, back)


@pytest.mark.parametrize(
    ("scale", "kind", "phrase"),
    [
        ([0, 1], "box", "scale must be greater than zero"),
        ([1, 1], "blur", "Unrecognized kernel type: blur"),
    ],
)
def test_scales_and_kernels_that_do_not_exist_are_refused(scale, kind, phrase):
    with pytest.raises(InvalidArgumentError, match=phrase):
        scale_and_translate_op.body(
            RAMP, np.int32([1, 4]), np.float32(scale), np.float32([0, 0]), kernel_type=kind
        )
