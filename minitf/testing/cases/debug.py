"""Cases of the ops of `minitf.ops.debug`."""

import numpy as np
from hypothesis import strategies as st

from minitf.testing.array_cases import elements, moving, types
from minitf.testing.case import Case
from minitf.testing.strategies import real, shapes


@st.composite
def finite(draw):
    dtype = draw(st.sampled_from([np.float16, np.float32, np.float64]))
    return Case(
        (draw(real(draw(shapes(max_dims=3)), dtype)),), {"message": "m"}, ulps=0, smooth=True
    )


@st.composite
def anything(draw):
    return moving((draw(elements(draw(shapes()), draw(types()))),))


CASES = {"CheckNumerics": finite(), "DebugGradientIdentity": anything()}
