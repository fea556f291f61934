"""Cases of the ops of `minitf.ops.array.constants`."""

from hypothesis import strategies as st

from minitf.shapes import UNKNOWN, Shape
from minitf.testing.array_cases import arrays_of, moving


@st.composite
def defaults(draw):
    x = draw(arrays_of())
    return moving((x,), {"shape": Shape(UNKNOWN if draw(st.booleans()) else n for n in x.shape)})


CASES = {"PlaceholderWithDefault": defaults()}
