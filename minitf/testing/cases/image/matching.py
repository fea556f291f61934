"""Cases of the ops of `minitf.ops.image.matching`."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from minitf.testing import skips
from minitf.testing.case import Case


@st.composite
def matches(draw):
    rows, columns = draw(st.integers(0, 4)), draw(st.integers(0, 4))
    size = rows * columns
    distances = draw(st.lists(st.integers(0, 8), min_size=size, max_size=size))
    valid = np.float32(draw(st.integers(-1, rows)))
    attrs = {"top_k": draw(st.integers(-1, 3))}
    return Case(
        (np.float32(distances).reshape(rows, columns), valid), attrs, ulps=0, oracle=skips.NO_OP
    )


CASES = {"BipartiteMatch": matches()}
