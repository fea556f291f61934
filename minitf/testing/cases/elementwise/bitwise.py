"""Cases of the ops of `minitf.ops.elementwise.bitwise`."""

from hypothesis import strategies as st

from minitf.dtypes import INTEGERS, as_dtype
from minitf.testing.case import Case
from minitf.testing.strategies import anything, broadcastable, dtype_names, laid_out, shapes, whole


@st.composite
def bits_of_one(draw):
    return Case((draw(anything(draw(shapes(0, 3)), draw(dtype_names(INTEGERS)))),))


@st.composite
def bits_of_two(draw):
    dtype = draw(dtype_names(INTEGERS))
    return Case(tuple(draw(anything(shape, dtype)) for shape in draw(broadcastable())))


@st.composite
def shifts(draw):
    dtype = as_dtype(draw(dtype_names(INTEGERS)))
    first, second = draw(broadcastable())
    bits = dtype.numpy.itemsize * 8
    low = 0 if dtype.is_unsigned else -2
    places = draw(whole(second, dtype.numpy, low, bits + 2))
    return Case((draw(anything(first, dtype)), laid_out(draw, places)))


CASES = {
    "BitwiseAnd": bits_of_two(),
    "BitwiseOr": bits_of_two(),
    "BitwiseXor": bits_of_two(),
    "Invert": bits_of_one(),
    "LeftShift": shifts(),
    "RightShift": shifts(),
    "PopulationCount": bits_of_one(),
}
