"""Cases of the ops of `minitf.ops.math.clustering`."""

import numpy as np
from hypothesis import strategies as st

from minitf.testing.case import Case
from minitf.testing.strategies import whole


@st.composite
def points_and_centers(draw):
    """Whole numbers, so that squares are exact and equal distances equal."""
    points, centers, width = (
        draw(st.integers(1, 5)),
        draw(st.integers(0, 5)),
        draw(st.integers(1, 3)),
    )
    k = np.array(draw(st.integers(0, 6)))
    sizes = (points, width), (centers, width)
    return Case((*(draw(whole(size)).astype(np.float32) for size in sizes), k), ulps=0)


CASES = {"NearestNeighbors": points_and_centers()}
