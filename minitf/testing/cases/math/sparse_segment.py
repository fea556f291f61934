"""Cases of the ops of `minitf.ops.math.sparse_segment`."""

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import FLOATS, INDICES, REAL_NUMBERS, as_dtype
from minitf.testing.case import Case
from minitf.testing.elementwise_cases import numbers
from minitf.testing.strategies import dtype_names, shapes, whole


def indices_below(count):
    """Draw the numbers of some of `count` rows, a row perhaps several times."""
    return st.lists(st.integers(0, count - 1), max_size=5) if count else st.just([])


@st.composite
def index_type(draw):
    return as_dtype(draw(dtype_names(INDICES))).numpy


@st.composite
def sums(draw, types, *, counted=False):
    dtype = as_dtype(draw(dtype_names(types)))
    data = draw(numbers((draw(st.integers(0, 4)), *draw(shapes(0, 2))), dtype, -4, 4))
    indices = np.array(draw(indices_below(len(data))), draw(index_type()))
    ids = np.sort(draw(whole(indices.shape, draw(index_type()), 0, 3)))
    inputs = data, indices, ids
    if counted:
        inputs += (np.array(draw(st.integers(4, 5)), draw(index_type())),)
    return Case(inputs, terms=ids.size + 2, smooth=dtype.name == "float64")


CASES = {
    "SparseSegmentSum": sums(REAL_NUMBERS),
    "SparseSegmentSumWithNumSegments": sums(REAL_NUMBERS, counted=True),
    "SparseSegmentMean": sums(FLOATS),
    "SparseSegmentMeanWithNumSegments": sums(FLOATS, counted=True),
    "SparseSegmentSqrtN": sums(FLOATS),
    "SparseSegmentSqrtNWithNumSegments": sums(FLOATS, counted=True),
}
