"""Cases of the ops of `minitf.ops.sparse.rows`."""

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import as_dtype
from minitf.testing.array_cases import EVERY, elements, moving
from minitf.testing.case import Case
from minitf.testing.elementwise_cases import numbers
from minitf.testing.sparse_cases import NUMBERS, shuffled, sparse, types


@st.composite
def fillings(draw):
    name = draw(types(EVERY))
    parts = draw(shuffled(draw(sparse(name, moved=True))))
    return moving((*parts, draw(elements((), name))))


@st.composite
def filling_gradients(draw):
    name = draw(types(NUMBERS))
    size = draw(st.integers(0, 6))
    places = draw(st.lists(st.integers(0, size - 1), unique=True)) if size else []
    grad = draw(numbers((size,), as_dtype(name), -4, 4))
    return Case((np.array(places, np.int64), grad), terms=size)


@st.composite
def softmaxes(draw):
    name = draw(types(("float16", "float32", "float64")))
    parts = draw(sparse(name, min_dims=2))
    # exp of a rounded difference of at most 8, a sum of at most 6, a quotient
    return Case(parts, ulps=8 + 6 + 4, smooth=True)


CASES = {
    "SparseFillEmptyRows": fillings(),
    "SparseFillEmptyRowsGrad": filling_gradients(),
    "SparseSoftmax": softmaxes(),
}
