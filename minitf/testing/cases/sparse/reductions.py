"""Cases of the ops of `minitf.ops.sparse.reductions`."""

import numpy as np
from hypothesis import strategies as st

from minitf.testing.case import Case
from minitf.testing.sparse_cases import NUMBERS, REALS, shuffled, sparse, types


@st.composite
def reductions(draw, names, *, adds):
    parts = draw(shuffled(draw(sparse(draw(types(names))))))
    rank = len(parts[2])
    axes = draw(
        st.one_of(
            st.integers(-rank, rank - 1), st.lists(st.integers(-rank, rank - 1), max_size=rank)
        )
    )
    count = len(parts[1])
    return Case(
        (*parts, np.array(axes, np.int32)),
        {"keep_dims": draw(st.booleans())},
        terms=count if adds else None,
        ulps=0,
        smooth=adds,
    )


CASES = {
    "SparseReduceSum": reductions(NUMBERS, adds=True),
    "SparseReduceSumSparse": reductions(NUMBERS, adds=True),
    "SparseReduceMax": reductions(REALS, adds=False),
    "SparseReduceMaxSparse": reductions(REALS, adds=False),
}
