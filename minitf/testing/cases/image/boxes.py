"""Cases of the ops of `minitf.ops.image.boxes`."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import as_dtype, types
from minitf.testing.case import Case
from minitf.testing.strategies import dtype_names, real

EDGES = st.sampled_from([-0.25, 0.0, 0.125, 0.25, 0.5, 0.75, 1.0, 1.25])


@st.composite
def drawings(draw, *, colours):
    dtype = as_dtype(draw(dtype_names(types("float16", "float32"))))
    batch, boxes, depth = (
        draw(st.integers(0, 2)),
        draw(st.integers(0, 12)),
        draw(st.sampled_from([1, 3, 4])),
    )
    images = draw(
        real((batch, draw(st.integers(1, 8)), draw(st.integers(1, 8)), depth), dtype.numpy)
    )
    count = batch * boxes * 4
    edges = draw(st.lists(EDGES, min_size=count, max_size=count))
    inputs = images, np.float32(edges).reshape(batch, boxes, 4)
    if colours:
        inputs += (draw(real((draw(st.integers(0, 3)), draw(st.integers(depth, 4))), np.float32)),)
    return Case(inputs, ulps=0)


CASES = {
    "DrawBoundingBoxes": drawings(colours=False),
    "DrawBoundingBoxesV2": drawings(colours=True),
}
