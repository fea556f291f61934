"""Cases of the ops of `minitf.ops.image.resize`."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import FLOATS, as_dtype, types
from minitf.ops.image.resize import PIXELS
from minitf.testing.case import Case
from minitf.testing.strategies import dtype_names, real, whole

SIDES = st.integers(1, 6)
SIZES = st.tuples(SIDES, SIDES)
CORNERS = st.sampled_from([(False, False), (True, False), (False, True)])
FLOAT_WEIGHTS = 2**29  # float32's epsilon in float64's: weights are rounded to float32


@st.composite
def pixels(draw, allowed, size=None):
    """Draw a batch of images of one of the allowed types; batch and channels may be empty."""
    dtype = as_dtype(draw(dtype_names(allowed)))
    height, width = draw(SIZES) if size is None else size
    shape = (draw(st.integers(0, 2)), height, width, draw(st.integers(1, 3)))
    if dtype.is_integer:
        low = 0 if dtype.is_unsigned else -8
        return draw(whole(shape, dtype.numpy, low))
    return draw(real(shape, dtype.numpy))


def corners(draw):
    """Draw where pixels lie."""
    return dict(zip(("align_corners", "half_pixel_centers"), draw(CORNERS), strict=True))


@st.composite
def blends(draw):
    images = draw(pixels(PIXELS))
    # three roundings along each axis, of numbers no greater than twice the greatest pixel
    scale = 2 * float(np.abs(images).max(initial=0))
    return Case((images, np.int32(draw(SIZES))), corners(draw), ulps=12, scale=scale)


@st.composite
def blend_gradients(draw):
    images = draw(pixels(FLOATS))
    n, _, _, c = images.shape
    grads = draw(real((n, *draw(SIZES), c), np.float32))
    # every gradient may go to one pixel, as two parts along each axis
    size = 4 * grads[..., :1].size
    weights = FLOAT_WEIGHTS if images.dtype == np.float64 else 1
    scale = float(np.abs(grads).sum())
    return Case((grads, images), corners(draw), ulps=size * weights, scale=scale)


@st.composite
def copies(draw):
    images = draw(pixels(PIXELS))
    smooth = images.dtype == np.float64
    return Case((images, np.int32(draw(SIZES))), corners(draw), ulps=0, smooth=smooth)


@st.composite
def copy_gradients(draw):
    grads = draw(pixels(FLOATS | types("uint8", "int8", "int32")))
    smooth = grads.dtype == np.float64
    terms = int(np.prod(grads.shape[1:3]))
    return Case((grads, np.int32(draw(SIZES))), corners(draw), terms=terms, smooth=smooth)


CASES = {
    "ResizeBilinear": blends(),
    "ResizeBilinearGrad": blend_gradients(),
    "ResizeNearestNeighbor": copies(),
    "ResizeNearestNeighborGrad": copy_gradients(),
}
