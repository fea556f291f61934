"""Cases of the ops of `minitf.ops.sparse.order`."""

import numpy as np
from hypothesis import strategies as st

from minitf.testing.array_cases import EVERY, moving
from minitf.testing.case import Case
from minitf.testing.sparse_cases import places, shuffled, sparse, types
from minitf.testing.strategies import shapes


@st.composite
def orders(draw):
    return moving(draw(shuffled(draw(sparse(draw(types(EVERY)), moved=True)))))


@st.composite
def reshapes(draw):
    shape = draw(shapes(1, 3))
    wanted = draw(st.permutations([*shape, 1]))
    cut = draw(st.integers(0, len(wanted) - 1))
    wanted = [*wanted[:cut], int(np.prod(wanted[cut:]))]
    if wanted[-1] and draw(st.booleans()):
        wanted[draw(st.integers(0, len(wanted) - 1))] = -1
    known = np.prod([size for size in wanted if size != -1])
    wanted = wanted if known or -1 not in wanted else list(shape)
    return Case((draw(places(shape)), np.array(shape, np.int64), np.array(wanted, np.int64)))


CASES = {"SparseReorder": orders(), "SparseReshape": reshapes()}
