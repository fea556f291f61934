"""Cases of the ops of `minitf.ops.elementwise.limits`."""

from hypothesis import strategies as st

from minitf.dtypes import REAL_NUMBERS, as_dtype, types
from minitf.testing.case import Case
from minitf.testing.elementwise_cases import numbers, of_two
from minitf.testing.strategies import dtype_names, shapes


@st.composite
def clipped(draw):
    dtype = as_dtype(draw(dtype_names(REAL_NUMBERS)))
    shape = draw(shapes(0, 3))
    t = draw(numbers(shape, dtype, -8, 8, kinks=(2, 6)))
    limits = draw(st.sampled_from([shape, ()])), draw(st.sampled_from([shape, ()]))
    low = draw(numbers(limits[0], dtype, 2, 2))
    high = draw(numbers(limits[1], dtype, 6, 6))
    return Case((t, low, high), ulps=0, smooth=dtype.name == "float64")


CASES = {
    "ClipByValue": clipped(),
    "NextAfter": of_two(types("float32", "float64"), apart=True, ulps=0),
}
