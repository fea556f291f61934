"""Cases of the ops of `minitf.ops.random.gamma`."""

import numpy as np
from hypothesis import strategies as st

from minitf.testing.case import Case
from minitf.testing.strategies import real


@st.composite
def gamma_slopes(draw):
    """Draw a case of RandomGammaGrad: any positive alpha and samples around it."""
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    count = draw(st.integers(0, 4))
    alpha = draw(real(count, low=1 / 64, high=30))
    ratio = draw(real((2, count), low=0.5, high=2))
    inputs = alpha.astype(dtype), (alpha * ratio).astype(dtype)
    # TensorFlow computes in the type of its inputs (hundreds of ulp here, far more farther out),
    # and ends its series at the first small term, though it may be about to change its sign: one
    # case in N is off by N ulp
    return Case(inputs, ulps=2**12 if dtype is np.float32 else 2**22)


CASES = {"RandomGammaGrad": gamma_slopes()}
