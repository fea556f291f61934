"""Cases of the ops of `minitf.ops.image.combined_suppression`."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from minitf.testing.case import Case
from minitf.testing.cases.image.suppression import CORNERS, THRESHOLDS


@st.composite
def detections(draw):
    batch, boxes, classes = (draw(st.integers(1, n)) for n in (2, 5, 3))
    shared = draw(st.booleans())
    shape = batch, boxes, 1 if shared else classes, 4
    size = int(np.prod(shape))
    corners = draw(st.lists(CORNERS, min_size=size, max_size=size))
    # different scores: TensorFlow sorts equal ones in no particular order
    scores = draw(st.permutations(range(batch * boxes * classes)))
    inputs = (
        np.float32(corners).reshape(shape),
        np.float32(scores).reshape(batch, boxes, classes) / np.float32(8),
        np.int32(draw(st.integers(1, 4))),
        np.int32(draw(st.integers(1, 8))),
        np.float32(draw(THRESHOLDS)),
        np.float32(draw(st.sampled_from([0.0, 0.55]))),
    )
    attrs = {"pad_per_class": draw(st.booleans()), "clip_boxes": draw(st.booleans())}
    return Case(inputs, attrs, ulps=0)


CASES = {"CombinedNonMaxSuppression": detections()}
