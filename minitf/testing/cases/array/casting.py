"""Cases of the ops of `minitf.ops.array.casting`."""

from hypothesis import strategies as st

from minitf import dtypes
from minitf.testing.array_cases import NUMBERS, elements, types
from minitf.testing.case import Case
from minitf.testing.strategies import shapes, whole

CASTABLE = ("bool", *NUMBERS)


@st.composite
def casts(draw):
    """Draw numbers that every type can hold: what does not fit is not defined."""
    source, target = draw(types(CASTABLE)), draw(types(CASTABLE))
    array = draw(whole(draw(shapes()), dtypes.DTYPES[source].numpy, 0, 100))
    return Case((array,), {"DstT": dtypes.DTYPES[target]}, ulps=0, smooth=source == "float64")


@st.composite
def bitcasts(draw):
    source, target = (dtypes.DTYPES[draw(st.sampled_from(NUMBERS))] for _ in range(2))
    shape = draw(shapes())
    if target.size > source.size:
        shape = (*shape, target.size // source.size)
    return Case((draw(elements(shape, source.name)),), {"type": target}, ulps=0)


CASES = {"Cast": casts(), "Bitcast": bitcasts()}
