"""Cases of the ops of `minitf.ops.summary`."""

from hypothesis import strategies as st

from minitf.dtypes import REAL_NUMBERS
from minitf.testing.case import Case
from minitf.testing.strategies import real, shapes, whole
from minitf.testing.text_cases import text_arrays


@st.composite
def scalars(draw):
    shape = draw(shapes(max_dims=2))
    dtype = draw(st.sampled_from(sorted(REAL_NUMBERS, key=str))).numpy
    values = whole(shape, dtype, 0) if dtype.kind in "iu" else real(shape, dtype)
    return Case((draw(text_arrays(shape)), draw(values)))


CASES = {"ScalarSummary": scalars()}
