"""Cases of the ops of `minitf.ops.sparse.slicing`."""

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import as_dtype
from minitf.testing.array_cases import EVERY, moving
from minitf.testing.case import Case
from minitf.testing.elementwise_cases import numbers
from minitf.testing.sparse_cases import NUMBERS, places, sparse, types
from minitf.testing.strategies import shapes


@st.composite
def joins(draw):
    name = draw(types(EVERY))
    shape = draw(shapes(1, 3))
    axis = draw(st.integers(0, len(shape) - 1))
    parts = []
    for _ in range(draw(st.integers(2, 3))):
        own = (*shape[:axis], draw(st.integers(0, 3)), *shape[axis + 1 :])
        parts.append(draw(sparse(name, own, moved=True)))
    dim = axis - draw(st.sampled_from([0, len(shape)]))
    return Case(tuple(map(list, zip(*parts, strict=True))), {"concat_dim": dim}, ulps=0)


@st.composite
def splits(draw):
    parts = draw(sparse(draw(types(EVERY)), draw(shapes(1, 3, min_side=1)), moved=True))
    axis = draw(st.integers(0, len(parts[2]) - 1))
    signed = axis - draw(st.sampled_from([0, len(parts[2])]))
    count = draw(st.integers(1, int(parts[2][axis])))
    return Case((np.array(signed, np.int64), *parts), {"num_split": count}, ulps=0)


def boxes(rank):
    """Draw where a box starts, and its sizes."""
    vectors = st.lists(st.integers(0, 3), min_size=rank, max_size=rank)
    return st.tuples(*[vectors.map(lambda x: np.array(x, np.int64))] * 2)


@st.composite
def slices(draw):
    parts = draw(sparse(draw(types(EVERY)), moved=True))
    return moving((*parts, *draw(boxes(len(parts[2])))))


@st.composite
def slice_gradients(draw):
    name = draw(types(NUMBERS))
    shape = draw(shapes(1, 3))
    indices, (start, size) = draw(places(shape)), draw(boxes(len(shape)))
    inside = ((indices >= start) & (indices < start + size)).all(axis=1)
    grad = draw(numbers((int(inside.sum()),), as_dtype(name), -4, 4))
    return Case((grad, indices, start, indices[inside] - start), ulps=0)


CASES = {
    "SparseConcat": joins(),
    "SparseSplit": splits(),
    "SparseSlice": slices(),
    "SparseSliceGrad": slice_gradients(),
}
