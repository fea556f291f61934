"""Cases of the ops of `minitf.ops.math.segment`."""

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import INDICES, NUMBERS, QUANTIZED, REAL_NUMBERS, as_dtype
from minitf.testing.case import Case
from minitf.testing.elementwise_cases import numbers
from minitf.testing.strategies import dtype_names, shapes, whole


@st.composite
def in_order(draw, types=NUMBERS - QUANTIZED):
    """Draw data and sorted ids, some of them left out."""
    dtype = as_dtype(draw(dtype_names(types)))
    rows, rest = draw(st.integers(0, 5)), draw(shapes(0, 2))
    index = as_dtype(draw(dtype_names(INDICES))).numpy
    ids = np.sort(draw(whole((rows,), index, 0, 3)))
    return draw(numbers((rows, *rest), dtype, -4, 4)), ids


@st.composite
def totals(draw):
    data, ids = draw(in_order())
    return Case((data, ids), terms=ids.size, smooth=data.dtype == np.float64)


@st.composite
def products(draw):
    data, ids = draw(in_order())
    smooth = data.dtype == np.float64
    # the rule divides by the element: its derivative is not defined at 0, and inexact near it
    twice = bool(np.all(np.abs(data) > 0.1))
    return Case((data, ids), terms=ids.size, smooth=smooth, twice=twice)


@st.composite
def extremes(draw):
    data, ids = draw(in_order(REAL_NUMBERS))
    if smooth := data.dtype == np.float64:  # the derivative exists where no two rows are close
        data = data + 20.0 * np.arange(len(ids)).reshape(-1, *[1] * (data.ndim - 1))
    return Case((data, ids), ulps=0, smooth=smooth)


CASES = {
    "SegmentSum": totals(),
    "SegmentMean": totals(),
    "SegmentProd": products(),
    "SegmentMin": extremes(),
    "SegmentMax": extremes(),
}
