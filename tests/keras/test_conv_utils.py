"""Sizes of convolutions, and what their outputs see, against TensorFlow's own inner module."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.keras.utils import conv_utils

AXES = st.lists(
    st.tuples(st.integers(1, 5), st.integers(1, 3), st.integers(1, 3)), min_size=1, max_size=2
).filter(lambda axes: all(size >= taps for size, taps, _ in axes))


@pytest.fixture(scope="module")
def oracle(tensorflow):
    """Return TensorFlow's module."""
    assert tensorflow
    from tensorflow.python.keras.utils import conv_utils as theirs

    return theirs


@pytest.mark.tensorflow
@given(axes=AXES, padding=st.sampled_from(["same", "valid"]), channels=st.booleans())
def test_what_outputs_see_is_tensorflows(oracle, axes, padding, channels):
    given_ = (*zip(*axes, strict=True), padding)
    shape = conv_utils.conv_output_shape(*given_)
    assert shape == oracle.conv_output_shape(*given_)
    mask = conv_utils.conv_kernel_mask(*given_)
    np.testing.assert_array_equal(mask, oracle.conv_kernel_mask(*given_))
    data_format = "channels_first" if channels else "channels_last"
    pairs = [
        list(module.conv_kernel_idxs(*given_, 2, 3, data_format)) for module in (conv_utils, oracle)
    ]
    assert pairs[0] == pairs[1]
    assert len(pairs[0]) == mask.sum() * 6


@pytest.mark.tensorflow
@given(
    sizes=st.tuples(st.integers(1, 9), st.integers(1, 4)),
    padding=st.sampled_from(["same", "valid", "full"]),
    rest=st.tuples(st.none() | st.integers(0, 2), st.integers(1, 3), st.integers(1, 2)),
)
def test_sizes_of_transposed_convolutions_are_tensorflows(oracle, sizes, padding, rest):
    found = conv_utils.deconv_output_length(*sizes, padding, *rest)
    assert found == oracle.deconv_output_length(*sizes, padding, *rest)


def test_kernels_turn_around_in_space():
    kernel = np.arange(12).reshape(2, 3, 2, 1)
    turned = conv_utils.convert_kernel(kernel)
    np.testing.assert_array_equal(turned, kernel[::-1, ::-1])
    np.testing.assert_array_equal(conv_utils.convert_kernel(turned), kernel)
    with pytest.raises(ValueError, match="Invalid kernel shape"):
        conv_utils.convert_kernel(kernel[0, 0])


def test_what_does_not_fit_is_refused():
    assert conv_utils.deconv_output_length(None, 2, "same") is None
    with pytest.raises(ValueError, match="padding"):
        conv_utils.deconv_output_length(2, 2, "other")
    with pytest.raises(ValueError, match="must all match"):
        conv_utils.conv_kernel_mask((3, 3), (2, 2), (1,), "same")
    with pytest.raises(NotImplementedError, match="Padding type other"):
        conv_utils.conv_kernel_mask((3,), (2,), (1,), "other")
    with pytest.raises(ValueError, match="Data format other"):
        next(conv_utils.conv_kernel_idxs((3,), (2,), (1,), "same", 1, 1, "other"))
