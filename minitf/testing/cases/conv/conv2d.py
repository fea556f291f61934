"""Cases of the ops of `minitf.ops.conv.conv2d`."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import FLOATS, as_dtype, types
from minitf.ops.conv.conv2d import (
    conv2d_op,
)
from minitf.testing import skips
from minitf.testing.case import Case
from minitf.testing.strategies import dtype_names, real, whole

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
        return skips.NHWC_ONLY
    if kind != "Conv2D" and (groups > 1 or dilation > 1):
        return skips.NO_GROUPS
    return ""


CASES = {
    "Conv2D": convolutions(),
    "Conv2DBackpropInput": convolutions(kind="Conv2DBackpropInput"),
    "Conv2DBackpropFilter": convolutions(kind="Conv2DBackpropFilter", integers=False),
}
