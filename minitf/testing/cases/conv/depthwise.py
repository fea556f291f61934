"""Cases of the ops of `minitf.ops.conv.depthwise`."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import FLOATS, as_dtype
from minitf.ops.conv.depthwise import depthwise_conv2d_native_op
from minitf.testing import skips
from minitf.testing.case import Case
from minitf.testing.cases.conv.conv2d import numbers, ordered
from minitf.testing.strategies import dtype_names

SIZES = st.integers(1, 3)


@st.composite
def convolutions(draw, *, kind=""):
    """Draw a case of one of the three ops: any layout, padding, stride, dilation."""
    dtype = as_dtype(draw(dtype_names(FLOATS)))
    n = draw(st.integers(0, 2))
    c, m, r, s, u = (draw(SIZES) for _ in range(5))
    first, v, a, b = False, u, 1, 1
    if draw(st.booleans()):  # what TensorFlow's CPU kernel does not do
        first, v, a, b = draw(st.booleans()), draw(SIZES), draw(SIZES), draw(SIZES)
    h = (r - 1) * a + 1 + draw(st.integers(0, 4))
    w = (s - 1) * b + 1 + draw(st.integers(0, 4))
    padding = draw(st.sampled_from(["SAME", "VALID", "EXPLICIT"]))
    attrs = {
        "strides": ordered(first, 1, u, v, 1),
        "padding": padding,
        "data_format": "NCHW" if first else "NHWC",
        "dilations": ordered(first, 1, a, b, 1),
    }
    if padding == "EXPLICIT":
        top, bottom, left, right = (draw(st.integers(0, 2)) for _ in range(4))
        pairs = ordered(first, (0, 0), (top, bottom), (left, right), (0, 0))
        attrs["explicit_paddings"] = tuple(x for pair in pairs for x in pair)
    images = draw(numbers(ordered(first, n, h, w, c), dtype))
    filters = draw(numbers((r, s, c, m), dtype))
    terms = {"": r * s, "BackpropInput": r * s * m, "BackpropFilter": n * h * w * 9}
    case = Case(
        (images, filters),
        attrs,
        terms=terms[kind],
        smooth=dtype.name == "float64",
        oracle=unsupported_by_tensorflow(first, u == v, a * b > 1),
    )
    if not kind:
        return case
    grads = draw(numbers(case.run(depthwise_conv2d_native_op)[0].shape, dtype))
    if kind == "BackpropInput":
        return replace(case, inputs=(np.int32(images.shape), filters, grads))
    oracle = case.oracle or ("" if n else skips.LEAVES_GARBAGE)
    return replace(case, inputs=(images, np.int32(filters.shape), grads), oracle=oracle)


def unsupported_by_tensorflow(channels_first, has_equal_strides, is_dilated):
    """Tell why TensorFlow's CPU kernel does not compute a case."""
    if channels_first:
        return skips.NHWC_ONLY
    if is_dilated:
        return skips.NO_DILATIONS
    return "" if has_equal_strides else skips.EQUAL_STRIDES


CASES = {
    "DepthwiseConv2dNative": convolutions(),
    "DepthwiseConv2dNativeBackpropInput": convolutions(kind="BackpropInput"),
    "DepthwiseConv2dNativeBackpropFilter": convolutions(kind="BackpropFilter"),
}
