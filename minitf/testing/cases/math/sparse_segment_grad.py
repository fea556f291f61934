"""Cases of the ops of `minitf.ops.math.sparse_segment_grad`."""

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import FLOATS, as_dtype
from minitf.testing import skips
from minitf.testing.case import Case
from minitf.testing.cases.math.sparse_segment import index_type, indices_below
from minitf.testing.elementwise_cases import numbers
from minitf.testing.strategies import dtype_names, shapes, whole


@st.composite
def spreads(draw):
    dtype = as_dtype(draw(dtype_names(FLOATS)))
    grad = draw(numbers((draw(st.integers(1, 4)), *draw(shapes(0, 2))), dtype, -4, 4))
    count = draw(st.integers(1, 4))
    indices = np.array(draw(indices_below(count)), draw(index_type()))
    ids = np.sort(draw(whole(indices.shape, draw(index_type()), 0, len(grad) - 1)))
    oracle = "" if indices.size else skips.LEAVES_GARBAGE
    rows = np.array(count, np.int32)
    return Case((grad, indices, ids, rows), terms=ids.size + 2, oracle=oracle)


CASES = {
    "SparseSegmentSumGrad": spreads(),
    "SparseSegmentMeanGrad": spreads(),
    "SparseSegmentSqrtNGrad": spreads(),
}
