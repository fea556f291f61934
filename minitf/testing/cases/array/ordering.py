"""Cases of the ops of `minitf.ops.array.ordering`."""

import numpy as np
from hypothesis import strategies as st

from minitf.testing.array_cases import EVERY, elements, index_types, moving, types
from minitf.testing.case import Case
from minitf.testing.strategies import shapes


@st.composite
def transposes(draw, names=EVERY):
    x = draw(elements(draw(shapes()), draw(types(names))))
    return moving((x, np.array(draw(st.permutations(range(x.ndim))), draw(index_types()))))


@st.composite
def permutations(draw):
    size = draw(st.integers(0, 6))
    return Case((np.array(draw(st.permutations(range(size))), draw(index_types())),))


CASES = {
    "Transpose": transposes(),
    "ConjugateTranspose": transposes(("float32", "float64", "complex64", "complex128")),
    "InvertPermutation": permutations(),
}
