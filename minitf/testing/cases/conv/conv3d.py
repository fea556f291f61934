"""Cases of the ops of `minitf.ops.conv.conv3d`."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import FLOATS, as_dtype
from minitf.ops.conv.conv3d import FIRST_TYPES, conv3d_op
from minitf.testing import skips
from minitf.testing.case import Case
from minitf.testing.cases.conv.conv2d import numbers
from minitf.testing.strategies import dtype_names

SIZES = st.integers(1, 2)


@st.composite
def convolutions(draw, *, kind="Conv3D"):
    """Draw a case of one of the five ops: any layout, padding, stride, dilation, groups."""
    is_first_version = kind in ("Conv3DBackpropInput", "Conv3DBackpropFilter")
    dtype = as_dtype(draw(dtype_names(FIRST_TYPES if is_first_version else FLOATS)))
    n, taken, made = draw(st.integers(0, 2)), draw(SIZES), draw(SIZES)
    window, strides = ([draw(SIZES) for _ in range(3)] for _ in range(2))
    first, groups, dilations = False, 1, [1, 1, 1]
    if draw(st.booleans()):  # what TensorFlow's CPU kernel does not do
        first = not is_first_version and draw(st.booleans())
        groups, *dilations = (draw(SIZES) for _ in range(4))
    space = [
        (taps - 1) * apart + 1 + draw(st.integers(0, 2))
        for taps, apart in zip(window, dilations, strict=True)
    ]
    attrs = {
        "strides": ordered(first, 1, strides, 1),
        "padding": draw(st.sampled_from(["SAME", "VALID"])),
        "data_format": "NCDHW" if first else "NDHWC",
        "dilations": ordered(first, 1, dilations, 1),
    }
    if is_first_version:
        del attrs["data_format"]
    volumes = draw(numbers(ordered(first, n, space, groups * taken), dtype))
    filters = draw(numbers((*window, taken, groups * made), dtype))
    taps = int(np.prod(window))
    terms = {"Conv3D": taps * taken, "Conv3DBackpropInputV2": taps * made}
    case = Case(
        (volumes, filters),
        attrs,
        terms=terms.get(kind, volumes.size * 8 + taps * made),
        smooth=dtype.name == "float64",
        oracle=unsupported_by_tensorflow(first, groups, max(dilations)),
    )
    if kind == "Conv3D":
        return case
    grads = draw(numbers(case.run(conv3d_op)[0].shape, dtype))
    if kind == "Conv3DBackpropInputV2":
        sizes = np.array(volumes.shape, draw(st.sampled_from([np.int32, np.int64])))
        return replace(case, inputs=(sizes, filters, grads))
    if kind == "Conv3DBackpropFilterV2":
        return replace(case, inputs=(volumes, np.int32(filters.shape), grads))
    return replace(case, inputs=(volumes, filters, grads))


def ordered(channels_first, batch, space, channels):
    if channels_first:
        return (batch, channels, *space)
    return (batch, *space, channels)


def unsupported_by_tensorflow(channels_first, groups, dilation):
    """Tell why TensorFlow's CPU kernel does not compute a case."""
    if channels_first:
        return skips.NHWC_ONLY
    return skips.NO_GROUPS_OF_VOLUMES if groups > 1 or dilation > 1 else ""


CASES = {
    kind: convolutions(kind=kind)
    for kind in (
        "Conv3D",
        "Conv3DBackpropInput",
        "Conv3DBackpropInputV2",
        "Conv3DBackpropFilter",
        "Conv3DBackpropFilterV2",
    )
}
