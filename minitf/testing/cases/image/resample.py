"""Cases of the ops of `minitf.ops.image.resample`."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import types
from minitf.ops.image.resize import PIXELS
from minitf.ops.image.taps import KERNELS
from minitf.testing.case import Case
from minitf.testing.cases.image.resize import FLOAT_WEIGHTS, SIZES, corners, pixels
from minitf.testing.strategies import real

DOUBLES = types("float32", "float64")


@st.composite
def cubics(draw):
    images = draw(pixels(PIXELS))
    # sums of 4 * 4 terms; the weights of an axis add up to less than 2 in absolute value
    scale = 4 * float(np.abs(images).max(initial=0))
    return Case((images, np.int32(draw(SIZES))), corners(draw), ulps=18, scale=scale)


@st.composite
def cubic_gradients(draw):
    images = draw(pixels(DOUBLES))
    n, _, _, c = images.shape
    grads = draw(real((n, *draw(SIZES), c), np.float32))
    size = 16 * grads[..., :1].size
    weights = FLOAT_WEIGHTS if images.dtype == np.float64 else 1
    scale = 4 * float(np.abs(grads).sum())
    return Case((grads, images), corners(draw), ulps=size * weights, scale=scale)


@st.composite
def areas(draw):
    images = draw(pixels(PIXELS))
    attrs = {"align_corners": draw(st.booleans())}
    # a sum of all pixels at most; a part of a pixel is a difference of places up to 6
    scale = float(np.abs(images).max(initial=0))
    ulps = 6 * images[:1, :, :, :1].size + 12
    return Case((images, np.int32(draw(SIZES))), attrs, ulps=ulps, scale=scale)


@st.composite
def moves(draw):
    """Draw scales, shifts and kernels."""
    scale = draw(st.tuples(*[st.sampled_from([0.25, 0.5, 0.75, 1.0, 1.5, 3.0])] * 2))
    shift = draw(st.tuples(*[st.sampled_from([-2.0, -0.25, 0.0, 0.5, 1.75])] * 2))
    attrs = {
        "kernel_type": draw(st.sampled_from(sorted(KERNELS))),
        "antialias": draw(st.booleans()),
    }
    return np.float32(scale), np.float32(shift), attrs


@st.composite
def movings(draw):
    images = draw(pixels(PIXELS))
    scale, shift, attrs = draw(moves())
    # weights come from sines and exponentials: 2^-20 of the greatest pixel, for each of 36
    bound = 2.0**5 * 36
    largest = float(np.abs(images).max(initial=0))
    inputs = images, np.int32(draw(SIZES)), scale, shift
    return Case(inputs, attrs, ulps=bound, scale=largest)


@st.composite
def moving_gradients(draw):
    images = draw(pixels(types("float32")))
    n, _, _, c = images.shape
    grads = draw(real((n, *draw(SIZES), c), np.float32))
    scale, shift, attrs = draw(moves())
    total = float(np.abs(grads).sum())
    return Case((grads, images, scale, shift), attrs, ulps=2.0**5 * 36, scale=total)


CASES = {
    "ResizeBicubic": cubics(),
    "ResizeBicubicGrad": cubic_gradients(),
    "ResizeArea": areas(),
    "ScaleAndTranslate": movings(),
    "ScaleAndTranslateGrad": moving_gradients(),
}
