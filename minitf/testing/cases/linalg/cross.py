"""Cases of the ops of `minitf.ops.linalg.cross`."""

from hypothesis import strategies as st

from minitf.dtypes import FLOATS, INTEGERS, as_dtype
from minitf.testing.case import Case
from minitf.testing.elementwise_cases import is_double, numbers
from minitf.testing.strategies import dtype_names, shapes


@st.composite
def vectors(draw):
    dtype = as_dtype(draw(dtype_names(FLOATS | INTEGERS)))
    shape = (*draw(shapes(0, 3)), 3)
    a, b = (draw(numbers(shape, dtype, -4, 4)) for _ in range(2))
    return Case((a, b), ulps=4, scale=16, smooth=is_double(dtype))


CASES = {"Cross": vectors()}
