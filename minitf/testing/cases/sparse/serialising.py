"""Cases of the ops of `minitf.ops.sparse.serialising`."""

import numpy as np
from hypothesis import strategies as st

from minitf import ops
from minitf.dtypes import as_dtype
from minitf.testing.array_cases import EVERY
from minitf.testing.case import Case
from minitf.testing.sparse_cases import sparse, types


@st.composite
def written(draw, min_dims):
    return Case(draw(sparse(draw(types(EVERY)), min_dims=min_dims, moved=True)), ulps=0)


@st.composite
def read(draw, lead):
    """Draw sparse tensors of one rank as strings, in an array with leading axes."""
    name, rank = draw(types(EVERY)), draw(st.integers(1, 3))
    rows = np.empty((*draw(lead), 3), object)
    for at in np.ndindex(rows.shape[:-1]):
        shape = tuple(draw(st.lists(st.integers(0, 3), min_size=rank, max_size=rank)))
        rows[at] = ops.serialize_sparse_op.body(*draw(sparse(name, shape, moved=True)))
    return Case((rows,), {"dtype": as_dtype(name)}, ulps=0)


COUNTS = st.integers(1, 3)

CASES = {
    "SerializeSparse": written(1),
    "SerializeManySparse": written(2),
    "DeserializeSparse": read(st.lists(COUNTS, max_size=2).map(tuple)),
    "DeserializeManySparse": read(st.tuples(COUNTS)),
}
