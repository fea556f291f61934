"""Conv2D and its gradients: cases, adjointness, hand-worked examples, messages."""

from dataclasses import replace

import numpy as np
import pytest
from cases import Case
from hypothesis import given
from hypothesis import strategies as st
from strategies import dtype_names, real, whole

from minitf.dtypes import FLOATS, as_dtype, types
from minitf.errors import InvalidArgumentError
from minitf.ops.conv.conv2d import (
    conv2d_backprop_filter_op,
    conv2d_backprop_input_op,
    conv2d_op,
)

SIZES = st.integers(1, 3)


@st.composite
def convolutions(draw, *, kind="Conv2D", integers=True):
    """Draw a case of one of the three ops: any layout, padding, stride, dilation, groups."""
    dtype = as_dtype(draw(dtype_names(FLOATS | types("int32") if integers else FLOATS)))
    n, groups, taken, made = draw(st.integers(0, 2)), draw(SIZES), draw(SIZES), draw(SIZES)
    r, s, u, v, a, b = (draw(SIZES) for _ in range(6))
    h = (r - 1) * a + 1 + draw(st.integers(0, 4))
    w = (s - 1) * b + 1 + draw(st.integers(0, 4))
    first = draw(st.booleans())
    padding = draw(st.sampled_from(["SAME", "VALID", "EXPLICIT"]))
    margins = [draw(st.integers(0, 2)) if padding == "EXPLICIT" else 0 for _ in range(4)]
    attrs = {
        "strides": ordered(first, 1, u, v, 1),
        "padding": padding,
        "data_format": "NCHW" if first else "NHWC",
        "dilations": ordered(first, 1, a, b, 1),
    }
    if padding == "EXPLICIT":
        pairs = ordered(first, (0, 0), margins[:2], margins[2:], (0, 0))
        attrs["explicit_paddings"] = tuple(x for pair in pairs for x in pair)
    images = draw(numbers(ordered(first, n, h, w, groups * taken), dtype))
    filters = draw(numbers((r, s, taken, groups * made), dtype))
    terms = {"Conv2D": r * s * taken, "Conv2DBackpropInput": r * s * made}
    case = Case(
        (images, filters),
        attrs,
        terms=terms.get(kind, n * h * w * 9),
        smooth=dtype.name == "float64",
        oracle=unsupported_by_tensorflow(kind, first, groups, a * b),
    )
    if kind == "Conv2D":
        return case
    grads = draw(numbers(case.run(conv2d_op)[0].shape, dtype))
    if kind == "Conv2DBackpropInput":
        return replace(case, inputs=(np.int32(images.shape), filters, grads))
    return replace(case, inputs=(images, np.int32(filters.shape), grads))


def ordered(channels_first, batch, height, width, channels):
    if channels_first:
        return (batch, channels, height, width)
    return (batch, height, width, channels)


def numbers(shape, dtype):
    """Draw whole numbers, whose sums of products are exact, or real ones."""
    if dtype.is_integer:
        return whole(shape, dtype.numpy)
    return st.one_of(whole(shape, dtype.numpy, -3, 3), real(shape, dtype.numpy))


def unsupported_by_tensorflow(kind, channels_first, groups, dilation):
    """Tell why TensorFlow's CPU kernel does not compute a case."""
    if channels_first:
        return "on the CPU it has NHWC only"
    if kind != "Conv2D" and (groups > 1 or dilation > 1):
        return "on the CPU it has no gradients with groups or dilations"
    return ""


CASES = {
    "Conv2D": convolutions(),
    "Conv2DBackpropInput": convolutions(kind="Conv2DBackpropInput"),
    "Conv2DBackpropFilter": convolutions(kind="Conv2DBackpropFilter", integers=False),
}
ONE = (1, 1, 1, 1)


def test_a_2x2_box_sums_each_window():
    image = np.arange(9, dtype=np.float32).reshape(1, 3, 3, 1)
    box = np.ones((2, 2, 1, 1), np.float32)

    found = conv2d_op.body(image, box, strides=ONE, padding="VALID")

    assert found[0, :, :, 0].tolist() == [[8, 12], [20, 24]]


def test_same_padding_puts_the_odd_cell_behind():
    image = np.ones((1, 1, 4, 1), np.float32)
    pair = np.float32([1, 10]).reshape(1, 2, 1, 1)

    found = conv2d_op.body(image, pair, strides=ONE, padding="SAME")

    assert found.ravel().tolist() == [11, 11, 11, 1]


@given(case=convolutions(integers=False), data=st.data())
@pytest.mark.paper("W-26")
def test_the_gradients_are_adjoints(case, data):
    images, filters = (x.astype(np.float64) for x in case.inputs)
    out = conv2d_op.body(images, filters, **case.attrs)
    grads = data.draw(whole(out.shape, np.float64))
    to_input = conv2d_backprop_input_op.body(np.int32(images.shape), filters, grads, **case.attrs)
    to_filter = conv2d_backprop_filter_op.body(images, np.int32(filters.shape), grads, **case.attrs)

    want = (out * grads).sum()
    size = (np.abs(out) * np.abs(grads)).sum()

    assert abs((to_input * images).sum() - want) <= 1e-13 * size + 1e-300
    assert abs((to_filter * filters).sum() - want) <= 1e-13 * size + 1e-300


@pytest.mark.parametrize(
    ("images", "filters", "phrase"),
    [
        ((1, 8, 8, 3), (3, 3, 2, 4), "Depth of input .3. is not a multiple of input depth"),
        (
            (1, 8, 8, 4),
            (3, 3, 2, 3),
            "Depth of output .3. is not a multiple of the number of groups .2.",
        ),
        ((1, 2, 8, 3), (3, 3, 3, 4), "Negative dimension size caused by subtracting 3 from 2"),
        ((8, 8, 3), (3, 3, 3, 4), "input must be 4-dimensional"),
    ],
)
def test_what_does_not_fit_is_refused(images, filters, phrase):
    with pytest.raises(InvalidArgumentError, match=phrase):
        conv2d_op.body(np.zeros(images), np.zeros(filters), strides=ONE, padding="VALID")


def test_a_gradient_of_the_wrong_size_is_refused():
    with pytest.raises(InvalidArgumentError, match="actual = 4, computed = 3"):
        conv2d_backprop_input_op.body(
            np.int32([1, 5, 5, 1]),
            np.zeros((3, 3, 1, 1)),
            np.zeros((1, 4, 3, 1)),
            strides=ONE,
            padding="VALID",
        )
