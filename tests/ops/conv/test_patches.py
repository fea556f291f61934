"""ExtractImagePatches, ExtractVolumePatches: an example, convolution, gradients, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.dtypes import as_dtype
from minitf.errors import InvalidArgumentError, OutOfRangeError, UnimplementedError
from minitf.ops.conv.conv2d import conv2d_op
from minitf.ops.conv.patches import extract_image_patches_op, extract_volume_patches_op
from minitf.testing.cases.conv.patches import windows
from minitf.testing.strategies import whole

ONES = (1, 1, 1, 1)


def test_a_window_is_laid_out_row_by_row_and_padding_is_0():
    image = np.arange(1, 7).reshape(1, 2, 3, 1)
    attrs = {"ksizes": (1, 2, 2, 1), "strides": (1, 2, 2, 1), "rates": ONES, "padding": "SAME"}

    found = extract_image_patches_op.body(image, **attrs)

    assert found.tolist() == [[[[1, 2, 4, 5], [3, 0, 6, 0]]]]


def test_taps_lie_apart_by_the_rate():
    image = np.arange(9).reshape(1, 3, 3, 1)
    attrs = {"ksizes": (1, 2, 2, 1), "strides": ONES, "rates": (1, 2, 2, 1), "padding": "VALID"}

    assert extract_image_patches_op.body(image, **attrs).ravel().tolist() == [0, 2, 6, 8]


def test_a_volume_is_laid_out_plane_by_plane():
    volume = np.arange(16).reshape(1, 2, 2, 2, 2)
    attrs = {"ksizes": (1, 2, 2, 2, 1), "strides": (1,) * 5, "padding": "VALID"}

    assert extract_volume_patches_op.body(volume, **attrs).ravel().tolist() == list(range(16))


@given(case=windows({as_dtype("float64")}, 2, dilated=True), k=st.integers(1, 3), data=st.data())
def test_patches_times_filters_are_a_convolution(case, k, data):
    images, attrs = case.inputs[0], case.attrs
    _, r, s, _ = attrs["ksizes"]
    filters = data.draw(whole((r, s, images.shape[-1], k), np.float64))

    patches = extract_image_patches_op.body(images, **attrs)
    wanted = conv2d_op.body(
        images,
        filters,
        strides=attrs["strides"],
        dilations=attrs["rates"],
        padding=attrs["padding"],
    )

    np.testing.assert_allclose(patches @ filters.reshape(-1, k), wanted, atol=1e-9)


@pytest.mark.parametrize(
    ("ksizes", "error", "phrase"),
    [
        ((1, 2, 1), InvalidArgumentError, "ksizes field must specify 4 dimensions"),
        ((1, 0, 1, 1), OutOfRangeError, "ksizes is out of range"),
        ((1, 1, 1, 2), UnimplementedError, "Only support ksizes across space"),
        ((1, 5, 1, 1), InvalidArgumentError, "caused by subtracting 5 from 3"),
    ],
)
def test_a_window_that_does_not_fit_is_refused(ksizes, error, phrase):
    with pytest.raises(error, match=phrase):
        extract_image_patches_op.body(
            np.zeros((1, 3, 3, 1)), ksizes=ksizes, strides=ONES, rates=ONES, padding="VALID"
        )
