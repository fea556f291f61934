"""Cases of the ops of `minitf.ops.image.colour`."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import FLOATS, as_dtype, types
from minitf.testing.case import Case
from minitf.testing.strategies import dtype_names, real, shapes

HALF_OR_SINGLE = types("float16", "float32")


@st.composite
def colours(draw, allowed, least=0, channels=3):
    """Draw images of channels mostly in [0, 1], greys and pure colours among them."""
    dtype = as_dtype(draw(dtype_names(allowed)))
    shape = (*draw(shapes(least, 3)), channels)
    levels = st.sampled_from([0.0, 0.25, 0.5, 1.0])
    size = int(np.prod(shape))
    if draw(st.booleans()):
        listed = draw(st.lists(levels, min_size=size, max_size=size))
        return np.array(listed, dtype.numpy).reshape(shape)
    # fine steps, not the subnormal differences that one of two roundings turns into 0
    return (np.round(draw(real(shape, np.float32, 0, 1)) * 1024) / 1024).astype(dtype.numpy)


@st.composite
def to_hsv(draw):
    # hue is a quotient of rounded differences plus a rounded third
    return Case((draw(colours(FLOATS)),), ulps=6, scale=1)


@st.composite
def to_rgb(draw):
    # 6 * hue carries six units in the last place of 1
    return Case((draw(colours(FLOATS)),), ulps=16, scale=1)


@st.composite
def hues(draw):
    images = draw(colours(HALF_OR_SINGLE, 2))
    delta = np.float32(draw(st.floats(-1.5, 1.5, width=32)))
    # the place on the circle, up to 6 + 9, is rounded four times; it is worth the spread, at most 1
    return Case((images, delta), ulps=64, scale=1)


@st.composite
def saturations(draw):
    images = draw(colours(HALF_OR_SINGLE, 2))
    scale = np.float32(draw(st.floats(-0.5, 3, width=32)))
    return Case((images, scale), ulps=64, scale=1)


@st.composite
def contrasts(draw):
    images = draw(colours(HALF_OR_SINGLE, 2, draw(st.integers(1, 4))))
    factor = np.float32(draw(st.floats(-0.5, 3, width=32)))
    ulps = int(np.prod(images.shape[-3:-1])) + 4  # of a sum in single precision
    return Case((images, factor), ulps=4 * ulps, scale=4)


CASES = {
    "AdjustContrastv2": contrasts(),
    "AdjustHue": hues(),
    "AdjustSaturation": saturations(),
    "HSVToRGB": to_rgb(),
    "RGBToHSV": to_hsv(),
}
