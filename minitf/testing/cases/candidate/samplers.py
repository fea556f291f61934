"""Cases of the ops of `minitf.ops.candidate.samplers`."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from minitf.testing.case import Case


@st.composite
def true_and_sampled(draw):
    """Draw few classes, so that hits are frequent; equal sampled ones too."""
    batch, num_true = draw(st.integers(0, 4)), draw(st.integers(1, 3))
    classes = st.integers(-2, 8)
    true = draw(hnp.arrays(np.int64, (batch, num_true), elements=classes))
    sampled = draw(hnp.arrays(np.int64, draw(st.integers(0, 6)), elements=classes))
    return Case((true, sampled), {"num_true": num_true}, ulps=0)


CASES = {
    "ComputeAccidentalHits": true_and_sampled(),
}
