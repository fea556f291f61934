"""Cases of the ops of `minitf.ops.sparse.dense`."""

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import as_dtype
from minitf.testing.array_cases import EVERY, elements, index_types, moving
from minitf.testing.case import Case
from minitf.testing.elementwise_cases import numbers
from minitf.testing.sparse_cases import NUMBERS, REALS, sparse, types


@st.composite
def made_dense(draw):
    name = draw(types(EVERY))
    kind = draw(index_types())
    indices, values, shape = draw(sparse(name, moved=True))
    if draw(st.booleans()):
        values = draw(elements((), name))
    if len(shape) == 1 and draw(st.booleans()):
        indices = indices[:, 0]
        if indices.size == 1 and values.ndim == 0:
            indices = indices[0]
    default = draw(elements((), name))
    inputs = (np.asarray(indices, kind), shape.astype(kind), values, default)
    return moving(inputs, {"validate_indices": draw(st.booleans())})


@st.composite
def sums(draw):
    name = draw(types(NUMBERS))
    kind = draw(index_types())
    indices, values, shape = draw(sparse(name))
    dense = draw(numbers(tuple(shape.tolist()), as_dtype(name), -4, 4))
    inputs = (indices.astype(kind), values, shape.astype(kind), dense)
    return Case(inputs, terms=1, smooth=True)


@st.composite
def elementwise(draw, *, divides=False):
    name = draw(types(REALS))
    parts = draw(sparse(name))
    sizes = [draw(st.sampled_from([min(size, 1), size])) for size in parts[2].tolist()]
    sizes = sizes[draw(st.integers(0, len(sizes))) :]
    low, kinks = (0.5, (0,)) if divides else (-4, ())
    dense = draw(numbers(tuple(sizes), as_dtype(name), low, 4, kinks))
    return Case((*parts, dense), ulps=2, scale=4, smooth=True)


CASES = {
    "SparseToDense": made_dense(),
    "SparseTensorDenseAdd": sums(),
    "SparseDenseCwiseAdd": elementwise(),
    "SparseDenseCwiseMul": elementwise(),
    "SparseDenseCwiseDiv": elementwise(divides=True),
}
