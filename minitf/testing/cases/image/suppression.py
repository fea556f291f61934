"""Cases of the ops of `minitf.ops.image.suppression`."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import as_dtype, types
from minitf.testing.case import Case
from minitf.testing.strategies import dtype_names

CORNERS = st.sampled_from([-0.25, 0.0, 0.25, 0.5, 0.75, 1.0, 1.5])
# no quotient of the areas that these corners give lies within a rounding of one of these
THRESHOLDS = st.sampled_from([0.0, 0.055, 0.17, 0.31, 0.617, 1.0])


@st.composite
def scored(draw, dtype, count=None):
    """Draw boxes and their scores, equal ones among them."""
    count = draw(st.integers(0, 6)) if count is None else count
    corners = draw(st.lists(CORNERS, min_size=4 * count, max_size=4 * count))
    scores = draw(st.lists(st.integers(-2, 12), min_size=count, max_size=count))
    return np.array(corners, dtype).reshape(count, 4), np.array(scores, dtype) / dtype.type(8)


@st.composite
def choices(draw, *, version):
    single = as_dtype("float32").numpy
    name = "float32" if version == 1 else draw(dtype_names(types("float16", "float32")))
    dtype = as_dtype(name).numpy
    boxes, scores = draw(scored(dtype))
    of_limits = dtype if version == 5 else draw(st.sampled_from([dtype, single]))
    most, threshold = np.int32(draw(st.integers(0, 8))), draw(THRESHOLDS)
    if version == 1:
        return Case((boxes, scores, most), {"iou_threshold": threshold})
    inputs = (boxes, scores, most, of_limits.type(threshold))
    if version > 2:
        inputs += (of_limits.type(draw(st.sampled_from([-np.inf, 0.0, 0.55]))),)
    if version > 4:
        inputs += (of_limits.type(draw(st.sampled_from([0.0, 0.5, 2.0]))),)
    attrs = {"pad_to_max_output_size": draw(st.booleans())} if version > 3 else {}
    # a score is lowered by up to five exponentials, each rounded thrice
    return Case(inputs, attrs, ulps=16)


@st.composite
def tables(draw):
    count = draw(st.integers(0, 6))
    size = count * count
    overlaps = draw(st.lists(st.integers(0, 8), min_size=size, max_size=size))
    _, scores = draw(scored(np.dtype(np.float32), count))
    limits = np.float32(draw(THRESHOLDS)), np.float32(draw(st.sampled_from([-1.0, 0.55])))
    table = np.float32(overlaps).reshape(count, count) / np.float32(8)
    return Case((table, scores, np.int32(draw(st.integers(0, 8))), *limits))


CASES = {
    "NonMaxSuppression": choices(version=1),
    "NonMaxSuppressionV2": choices(version=2),
    "NonMaxSuppressionV3": choices(version=3),
    "NonMaxSuppressionV4": choices(version=4),
    "NonMaxSuppressionV5": choices(version=5),
    "NonMaxSuppressionWithOverlaps": tables(),
}
