"""Cases of the ops of `minitf.ops.sparse.sets`."""

import numpy as np
from hypothesis import strategies as st

from minitf.testing.array_cases import elements
from minitf.testing.case import Case
from minitf.testing.sparse_cases import places
from minitf.testing.strategies import shapes

NAMES = ("int8", "int16", "int32", "int64", "uint8", "uint16", "string")


@st.composite
def values(draw, pool, shape):
    """Draw an array of a few values, so that they repeat."""
    size = int(np.prod(shape))
    chosen = draw(st.lists(st.integers(0, len(pool) - 1), min_size=size, max_size=size))
    return pool[np.array(chosen, np.int64)].reshape(shape)


@st.composite
def rows(draw, pool, lead, *, is_sparse):
    """Draw the inputs that hold one operand."""
    shape = (*lead, draw(st.integers(0, 4)))
    if not is_sparse:
        return (draw(values(pool, shape)),)
    indices = draw(places(shape))
    return indices, draw(values(pool, (len(indices),))), np.array(shape, np.int64)


@st.composite
def sizes(draw):
    pool = draw(elements((4,), draw(st.sampled_from(NAMES))))
    inputs = draw(rows(pool, draw(shapes(1, 2)), is_sparse=True))
    return Case(inputs, {"validate_indices": draw(st.booleans())})


@st.composite
def operations(draw, first, second):
    pool, lead = draw(elements((4,), draw(st.sampled_from(NAMES)))), draw(shapes(1, 2))
    inputs = [draw(rows(pool, lead, is_sparse=each)) for each in (first, second)]
    operation = draw(st.sampled_from(["a-b", "b-a", "intersection", "union"]))
    attrs = {"set_operation": operation, "validate_indices": draw(st.booleans())}
    return Case((*inputs[0], *inputs[1]), attrs)


DENSE, SPARSE = False, True

CASES = {
    "SetSize": sizes(),
    "DenseToDenseSetOperation": operations(DENSE, DENSE),
    "DenseToSparseSetOperation": operations(DENSE, SPARSE),
    "SparseToSparseSetOperation": operations(SPARSE, SPARSE),
}
