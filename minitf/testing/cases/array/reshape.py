"""Cases of the ops of `minitf.ops.array.reshape`."""

import math

import numpy as np
from hypothesis import strategies as st

from minitf.testing.array_cases import arrays_of, index_types, moving


@st.composite
def reshapes(draw):
    """Draw an array and a shape of as many elements, one size often -1."""
    x = draw(arrays_of())
    left, sizes = x.size, []
    while left > 1 and draw(st.booleans()):
        sizes.append(draw(st.sampled_from([d for d in range(1, left + 1) if left % d == 0])))
        left //= sizes[-1]
    sizes.append(left)
    if draw(st.booleans()) and math.prod(sizes):
        sizes[draw(st.integers(0, len(sizes) - 1))] = -1
    return moving((x, np.array(draw(st.permutations(sizes)), draw(index_types()))))


@st.composite
def expansions(draw):
    x = draw(arrays_of())
    dim = draw(st.integers(-x.ndim - 1, x.ndim))
    return moving((x, np.array(dim, draw(index_types()))))


@st.composite
def squeezes(draw):
    x = draw(arrays_of())
    ones = [i for i, n in enumerate(x.shape) if n == 1]
    dims = draw(st.lists(st.sampled_from(ones), unique=True)) if ones else []
    signed = tuple(i - draw(st.sampled_from([0, x.ndim])) for i in dims)
    return moving((x,), {"squeeze_dims": signed})


CASES = {"Reshape": reshapes(), "ExpandDims": expansions(), "Squeeze": squeezes()}
