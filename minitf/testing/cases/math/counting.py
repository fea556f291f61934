"""Cases of the ops of `minitf.ops.math.counting`."""

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import INDICES, as_dtype
from minitf.ops.math.counting import COUNTABLE
from minitf.testing.case import Case
from minitf.testing.elementwise_cases import numbers
from minitf.testing.strategies import dtype_names, shapes, whole


@st.composite
def whole_numbers(draw):
    arr = draw(whole(draw(shapes(0, 2)), np.int32, 0, 6))
    dtype = as_dtype(draw(dtype_names(COUNTABLE)))
    weights = draw(numbers(draw(st.sampled_from([arr.shape, (0,)])), dtype, -4, 4))
    size = np.array(draw(st.integers(0, 8)), np.int32)
    return Case((arr, size, weights), terms=arr.size)


@st.composite
def histograms(draw):
    dtype = as_dtype(draw(dtype_names(COUNTABLE)))
    values = draw(whole(draw(shapes(0, 2)), dtype.numpy, -3, 12))
    ends = np.array([draw(st.integers(-2, 2)), draw(st.integers(3, 9))], dtype.numpy)
    bins = np.array(draw(st.integers(1, 5)), np.int32)
    return Case((values, ends, bins), {"dtype": as_dtype(draw(dtype_names(INDICES)))})


@st.composite
def buckets(draw):
    dtype = as_dtype(draw(dtype_names(COUNTABLE)))
    values = draw(whole(draw(shapes(0, 3)), dtype.numpy, -3, 8))
    edges = draw(st.lists(st.integers(-8, 16).map(lambda n: n / 2), max_size=5))
    return Case((values,), {"boundaries": tuple(sorted(edges))})


CASES = {
    "Bincount": whole_numbers(),
    "HistogramFixedWidth": histograms(),
    "Bucketize": buckets(),
}
