"""Convolution by tiles and in lines is right however the work is cut."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.kernels_cpu.conv import conv2d, depthwise
from minitf.ops.conv import depthwise as depthwise_ops
from minitf.testing.case import Case
from minitf.testing.cases.conv.depthwise import convolutions


@pytest.mark.parametrize("kind", ["", "BackpropInput", "BackpropFilter"])
@given(data=st.data())
def test_taps_too_many_for_whole_lines_are_taken_window_by_window(kind, data):
    case = data.draw(convolutions(kind=kind))
    name = "depthwise_conv2d_native" + kind.replace("Backprop", "_backprop_").lower()
    op_def = getattr(depthwise_ops, f"{name}_op")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(depthwise, "MOST_TAPS", 0)
        got = case.run(op_def, getattr(depthwise, name))

    case.assert_agrees(op_def, got, case.run(op_def))


def test_the_sum_of_a_filter_gradient_stays_exact_over_many_windows():
    images = np.ones((8, 128, 128, 1), np.float32)
    grads = np.full((8, 128, 128, 1), 1 + 2.0**-12, np.float32)  # 13 bits, of 24

    found = depthwise.depthwise_conv2d_native_backprop_filter(
        images, np.int32([1, 1, 1, 1]), grads, strides=(1, 1, 1, 1), padding="SAME"
    )

    assert abs(found.item() / (8 * 128 * 128 * (1 + 2.0**-12)) - 1) < 2.0**-20


@pytest.mark.parametrize("odd", [np.inf, -np.inf, np.nan])
def test_padding_times_what_is_not_finite_is_not_a_number(odd):
    attrs = {"strides": (1, 1, 1, 1), "padding": "SAME"}
    images, filters = np.ones((1, 3, 3, 2), np.float32), np.ones((3, 3, 2, 1), np.float32)
    grads, sizes = np.ones((1, 3, 3, 2), np.float32), np.int32(filters.shape)
    filters[0, 0, 1], grads[0, 0, 0, 0] = odd, odd
    names = "depthwise_conv2d_native", "depthwise_conv2d_native_backprop_filter"
    for name, inputs in zip(names, [(images, filters), (images, sizes, grads)], strict=True):
        op_def, case = getattr(depthwise_ops, f"{name}_op"), Case(inputs, attrs)

        got, want = case.run(op_def, getattr(depthwise, name)), case.run(op_def)

        assert np.isnan(want[0]).any()
        np.testing.assert_array_equal(got, want)


@given(case=convolutions())
def test_a_depthwise_convolution_has_the_bits_of_its_body(case):
    op_def = depthwise_ops.depthwise_conv2d_native_op
    (got,) = case.run(op_def, depthwise.depthwise_conv2d_native)

    np.testing.assert_array_equal(got, case.run(op_def)[0])


@given(
    shape=st.tuples(st.integers(1, 3), st.integers(3, 7), st.integers(3, 7), st.integers(1, 5)),
    window=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    stride=st.integers(1, 2),
    padding=st.sampled_from(["SAME", "VALID"]),
)
def test_a_filter_gradient_is_the_same_without_partial_sums(shape, window, stride, padding):
    """Large filters are made so, by threads that share their cells; here a small one is."""
    random = np.random.RandomState(0)
    filter_shape = np.array([*window, shape[-1], 4], np.int32)
    attrs = {
        "strides": [1, stride, stride, 1], "padding": padding, "explicit_paddings": [],
        "data_format": "NHWC", "dilations": [1, 1, 1, 1],
    }  # fmt: skip
    frame = conv2d.conv_frame(**attrs)
    images = random.rand(*shape).astype(np.float32)
    grads = conv2d.convolve(frame, images, np.zeros(filter_shape, np.float32), conv2d.correlate)
    grads = random.rand(*grads.shape).astype(np.float32)
    found = []
    for most in (0, conv2d.MOST_SUMMED):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(conv2d, "MOST_SUMMED", most)
            made = conv2d.convolve_filter(frame, images, filter_shape, grads, conv2d.pair)
        found.append(np.array(made))

    np.testing.assert_allclose(found[0], found[1], rtol=1e-5, atol=1e-5)
