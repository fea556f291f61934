"""Cases of the ops of `minitf.ops.summary.numbers`."""

from __future__ import annotations

from hypothesis import strategies as st

from minitf.dtypes import REAL_NUMBERS
from minitf.testing.case import Case
from minitf.testing.strategies import real, shapes, whole
from minitf.testing.text_cases import TEXT, scalar, text_arrays


@st.composite
def numbers(draw, shape):
    dtype = draw(st.sampled_from(sorted(REAL_NUMBERS, key=str))).numpy
    return draw(whole(shape, dtype, 0) if dtype.kind in "iu" else real(shape, dtype))


@st.composite
def scalars(draw):
    shape = draw(shapes(max_dims=2))
    return Case((draw(text_arrays(shape)), draw(numbers(shape))))


@st.composite
def histograms(draw):
    return Case((scalar(draw(TEXT)), draw(numbers(draw(shapes())))))


CASES = {"ScalarSummary": scalars(), "HistogramSummary": histograms()}
