"""Cases of the ops of `minitf.ops.image.projection`."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from minitf.ops.image.projection import PROJECTABLE
from minitf.testing.case import Case
from minitf.testing.cases.image.resize import FLOAT_WEIGHTS, SIZES, pixels

QUARTERS = st.integers(-8, 8).map(lambda number: number / 4)  # places are then exact
PERSPECTIVES = st.sampled_from([0.0, 0.0, 0.5, -0.5])


@st.composite
def projections(draw):
    images = draw(pixels(PROJECTABLE))
    count = draw(st.sampled_from([1, len(images)]))
    transforms = np.float32(
        [
            [*(draw(QUARTERS) for _ in range(6)), *(draw(PERSPECTIVES) for _ in range(2))]
            for _ in range(count)
        ]
    ).reshape(count, 8)
    attrs = {
        "interpolation": draw(st.sampled_from(["NEAREST", "BILINEAR"])),
        "fill_mode": draw(st.sampled_from(["CONSTANT", "REFLECT", "WRAP", "NEAREST"])),
    }
    if images.dtype.kind in "iu":  # a product that is rounded to a whole number must be exact
        transforms[:, 6:] = 0
    scale = float(np.abs(images.astype(np.float64)).max(initial=0))
    # a weight is rounded twice, a place that is a quotient once more; four pixels are summed
    ulps = 64 * (FLOAT_WEIGHTS if images.dtype == np.float64 else 1)
    return Case((images, transforms, np.int32(draw(SIZES))), attrs, ulps=ulps, scale=scale)


CASES = {"ImageProjectiveTransformV2": projections()}
