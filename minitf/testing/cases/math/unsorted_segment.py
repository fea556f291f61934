"""Cases of the ops of `minitf.ops.math.unsorted_segment`."""

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import INDICES, NUMBERS, QUANTIZED, REAL_NUMBERS, as_dtype
from minitf.testing.case import Case
from minitf.testing.elementwise_cases import numbers
from minitf.testing.strategies import dtype_names, shapes, whole


@st.composite
def in_any_order(draw, types=NUMBERS - QUANTIZED):
    """Draw data, ids of any rank, some of them negative, and the number of segments."""
    dtype = as_dtype(draw(dtype_names(types)))
    lead, rest = draw(shapes(0, 2)), draw(shapes(0, 2))
    index = as_dtype(draw(dtype_names(INDICES))).numpy
    ids = draw(whole(lead, index, -1, 3))
    count = np.array(draw(st.integers(4, 5)), as_dtype(draw(dtype_names(INDICES))).numpy)
    return draw(numbers((*lead, *rest), dtype, -4, 4)), ids, count


@st.composite
def totals(draw):
    data, ids, count = draw(in_any_order())
    return Case((data, ids, count), terms=ids.size, smooth=data.dtype == np.float64)


@st.composite
def products(draw):
    data, ids, count = draw(in_any_order())
    smooth = data.dtype == np.float64
    # the rule divides by the element: its derivative is not defined at 0, and inexact near it
    twice = bool(np.all(np.abs(data) > 0.1))
    return Case((data, ids, count), terms=ids.size, smooth=smooth, twice=twice)


@st.composite
def extremes(draw):
    data, ids, count = draw(in_any_order(REAL_NUMBERS))
    if smooth := data.dtype == np.float64:
        # the derivative exists where no two slices are close and no segment is empty
        order = np.arange(ids.size).reshape((*ids.shape, *[1] * (data.ndim - ids.ndim)))
        data = data + 20.0 * order
        used = np.unique(ids[ids >= 0])
        ids = np.where(ids < 0, ids, np.searchsorted(used, ids)).astype(ids.dtype)
        count = np.array(used.size, count.dtype)
        smooth = used.size > 0
    return Case((data, ids, count), ulps=0, smooth=smooth)


CASES = {
    "UnsortedSegmentSum": totals(),
    "UnsortedSegmentProd": products(),
    "UnsortedSegmentMin": extremes(),
    "UnsortedSegmentMax": extremes(),
}
