"""Cases of the ops of `minitf.ops.math.segment`."""

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import INDICES, NUMBERS, QUANTIZED, as_dtype
from minitf.testing.case import Case
from minitf.testing.elementwise_cases import numbers
from minitf.testing.strategies import dtype_names, shapes, whole


@st.composite
def unsorted(draw):
    dtype = as_dtype(draw(dtype_names(NUMBERS - QUANTIZED)))
    lead, rest = draw(shapes(0, 2)), draw(shapes(0, 2))
    index = as_dtype(draw(dtype_names(INDICES))).numpy
    ids = draw(whole(lead, index, -1, 3))
    count = np.array(draw(st.integers(4, 5)), np.int32)
    data = draw(numbers((*lead, *rest), dtype, -4, 4))
    return Case((data, ids, count), terms=ids.size, smooth=dtype.name == "float64")


@st.composite
def in_order(draw):
    dtype = as_dtype(draw(dtype_names(NUMBERS - QUANTIZED)))
    rows, rest = draw(st.integers(0, 5)), draw(shapes(0, 2))
    index = as_dtype(draw(dtype_names(INDICES))).numpy
    ids = np.sort(draw(whole((rows,), index, 0, 3)))
    data = draw(numbers((rows, *rest), dtype, -4, 4))
    return Case((data, ids), terms=rows, smooth=dtype.name == "float64")


CASES = {"UnsortedSegmentSum": unsorted(), "SegmentSum": in_order()}
