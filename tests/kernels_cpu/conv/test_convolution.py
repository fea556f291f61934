"""Convolution by tiles and in lines is right however the work is cut."""

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.kernels_cpu.conv import conv2d, depthwise, gathering
from minitf.ops.conv import depthwise as depthwise_ops
from minitf.testing.calls import attributes
from minitf.testing.case import Case, flat_outputs
from minitf.testing.cases.conv.depthwise import convolutions
from minitf.testing.op_catalogue import cases_of, catalogue


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


@pytest.mark.parametrize("name", ["Conv2D", "Conv2DBackpropInput", "Conv2DBackpropFilter"])
@given(data=st.data(), most=st.integers(1, 30))
def test_large_images_are_cut_into_bands(name, data, most):
    case = data.draw(cases_of(name))
    op_def = catalogue()[name]
    kernel = op_def.find_kernel("CPU", attributes(op_def, case))
    gathering.gather.cache_clear()
    with (
        patch.multiple(gathering, GROUP=1, MOST_GROUPED=1, MOST_OF_IMAGE=most),
        np.errstate(all="ignore"),
    ):
        found = kernel and flat_outputs(op_def, kernel.function(*case.inputs, **case.attrs))
    gathering.gather.cache_clear()

    if kernel is not None:
        case.assert_agrees(op_def, found, case.run(op_def))


@pytest.mark.parametrize("N", [1, 2, 127, 128, 129, 131, 255, 257])
def test_a_last_group_of_few_outputs_stays_in_its_images(N):
    images = np.arange(N * 2, dtype=np.float32).reshape(N, 1, 2, 1)
    filter = np.full((1, 1, 1, 3), 2, np.float32)
    guarded = np.full(N * 2 * 3 + 64, 7, np.float32)
    out = guarded[: N * 6].reshape(N, 1, 2, 3)
    with patch.object(conv2d.buffers, "empty", side_effect=lambda shape, dtype: (
        out if shape == out.shape else np.empty(shape, dtype)
    )):  # fmt: skip
        found = conv2d.conv2d(images, filter, strides=(1, 1, 1, 1), padding="VALID")

    np.testing.assert_array_equal(found, images * np.full(3, 2, np.float32))
    assert (guarded[N * 6 :] == 7).all()


@pytest.mark.parametrize(("N", "C", "K"), [(0, 2, 3), (2, 0, 3), (2, 2, 0)])
def test_without_images_or_channels_there_is_nothing_or_zero(N, C, K):
    attrs = {"strides": (1, 1, 1, 1), "padding": "SAME"}
    images, filters = np.ones((N, 4, 4, C), np.float32), np.ones((3, 3, C, K), np.float32)
    grads = np.ones((N, 4, 4, K), np.float32)
    sizes, filter_sizes = np.int32(images.shape), np.int32(filters.shape)

    assert np.array_equal(conv2d.conv2d(images, filters, **attrs), 0 * grads) or C
    to_input = conv2d.conv2d_backprop_input(sizes, filters, grads, **attrs)
    assert to_input.shape == images.shape
    assert K or not to_input.any()
    to_filter = conv2d.conv2d_backprop_filter(images, filter_sizes, grads, **attrs)
    assert to_filter.shape == filters.shape
    assert N or not to_filter.any()
