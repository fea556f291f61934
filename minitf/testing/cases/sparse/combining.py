"""Cases of the ops of `minitf.ops.sparse.combining`."""

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import as_dtype
from minitf.ops.sparse.coordinates import numbered
from minitf.testing.case import Case
from minitf.testing.elementwise_cases import numbers
from minitf.testing.sparse_cases import REALS, places, sparse, types
from minitf.testing.strategies import shapes

SUMMED = (
    *("int8", "int16", "int32", "int64"),
    *("float32", "float64", "complex64", "complex128"),
)


@st.composite
def sums(draw):
    name = draw(types(SUMMED))
    shape = draw(shapes(1, 3))
    a, b = (draw(sparse(name, shape)) for _ in range(2))
    least = draw(st.sampled_from([0, 0, -1, 3]))
    thresh = np.array(least, as_dtype(name).real_dtype.numpy)
    # a sum of two is rounded once, so both sides drop the same ones
    return Case((*a, *b, thresh), ulps=1, smooth=least <= 0, constant=("thresh",))


@st.composite
def sum_gradients(draw):
    name = draw(types(SUMMED))
    shape = draw(shapes(1, 3))
    a, b = (draw(places(shape)) for _ in range(2))
    *_, found = numbered(a, b)
    kept = np.array([draw(st.booleans()) for _ in found], bool)
    grad = draw(numbers((int(kept.sum()),), as_dtype(name), -4, 4))
    return Case((grad, a, b, found[kept]), ulps=0)


@st.composite
def choices(draw):
    name = draw(types(REALS))
    shape = draw(shapes(1, 3))
    return Case((*draw(sparse(name, shape)), *draw(sparse(name, shape))), ulps=0)


CASES = {
    "SparseAdd": sums(),
    "SparseAddGrad": sum_gradients(),
    "SparseSparseMaximum": choices(),
    "SparseSparseMinimum": choices(),
}
