"""Cases of the ops of `minitf.ops.nn.normalisation`."""

import numpy as np
from hypothesis import strategies as st

from minitf.testing.case import Case
from minitf.testing.strategies import real

ATTRS = st.fixed_dictionaries(
    {
        "depth_radius": st.integers(0, 3),
        "bias": st.sampled_from([1.0, 2.0]),
        "alpha": st.sampled_from([0.5, 1.0]),
        "beta": st.sampled_from([0.5, 0.75]),
    }
)


@st.composite
def responses(draw, *, count=1):
    """Draw images; float32 only, since TensorFlow computes narrower ones in their own type."""
    shape = draw(st.tuples(*[st.integers(0, 2)] * 3, st.integers(1, 5)))
    images = [draw(real(shape, np.float32)) for _ in range(count)]
    # up to 7 squares of up to 16 in a base of up to 114, then a power of it
    return Case(tuple(images), draw(ATTRS), ulps=64, scale=200 if count > 1 else 1)


CASES = {"LRN": responses(), "LRNGrad": responses(count=3)}
