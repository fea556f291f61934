"""Cases of the ops of `minitf.ops.image.crop`."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import as_dtype
from minitf.ops.image.crop import CROPPABLE, FLOAT_PIXELS
from minitf.testing.case import Case
from minitf.testing.cases.image.resize import FLOAT_WEIGHTS, SIZES, pixels
from minitf.testing.strategies import real

# eighths: TensorFlow and we then read every row and column of these sizes at the same place
EDGES = st.sampled_from([-0.25, 0.0, 0.125, 0.25, 0.5, 0.75, 1.0, 1.25])
METHODS = st.sampled_from(["bilinear", "nearest"])


@st.composite
def box_lists(draw, batch):
    """Draw boxes, upside down and beyond the edges among them, and the image of each."""
    count = draw(st.integers(0, 3)) if batch else 0
    edges = draw(st.lists(EDGES, min_size=4 * count, max_size=4 * count))
    images = draw(st.lists(st.integers(0, max(batch - 1, 0)), min_size=count, max_size=count))
    return np.float32(edges).reshape(count, 4), np.int32(images)


@st.composite
def crops(draw):
    images = draw(pixels(CROPPABLE))
    boxes, box_ind = draw(box_lists(len(images)))
    attrs = {
        "method": draw(METHODS),
        "extrapolation_value": draw(st.sampled_from([0.0, -1.5])),
    }
    scale = 2 * float(np.abs(images.astype(np.float64)).max(initial=0))
    # a place is rounded four times, up to 5, and worth the difference of two pixels
    return Case((images, boxes, box_ind, np.int32(draw(SIZES))), attrs, ulps=24, scale=scale)


@st.composite
def to_images(draw):
    dtype = as_dtype(draw(st.sampled_from(sorted(t.name for t in FLOAT_PIXELS))))
    batch, channels = draw(st.integers(1, 2)), draw(st.integers(1, 3))
    boxes, box_ind = draw(box_lists(batch))
    grads = draw(real((len(boxes), *draw(SIZES), channels), np.float32))
    sizes = np.int32([batch, *draw(SIZES), channels])
    weights = FLOAT_WEIGHTS if dtype.name == "float64" else 1
    # all gradients may go to one pixel, each rounded as often as a place of a crop
    ulps = (24 + 4 * grads[..., :1].size) * weights
    attrs = {"T": dtype, "method": draw(METHODS)}
    scale = float(np.abs(grads).sum())
    return Case((grads, boxes, box_ind, sizes), attrs, ulps=ulps, scale=scale)


@st.composite
def to_boxes(draw):
    images = draw(pixels(CROPPABLE))
    boxes, box_ind = draw(box_lists(len(images)))
    grads = draw(real((len(boxes), *draw(SIZES), images.shape[3]), np.float32))
    largest = float(np.abs(images.astype(np.float64)).max(initial=0))
    scale = 12 * largest * float(np.abs(grads).sum())
    return Case((grads, images, boxes, box_ind), ulps=24 + grads[:1].size, scale=scale)


CASES = {
    "CropAndResize": crops(),
    "CropAndResizeGradBoxes": to_boxes(),
    "CropAndResizeGradImage": to_images(),
}
