"""Cases of the ops of `minitf.ops.array.sets`."""

import numpy as np
from hypothesis import strategies as st

from minitf import dtypes
from minitf.testing.array_cases import elements, index_types
from minitf.testing.case import Case
from minitf.testing.strategies import shapes, whole

OUT = st.sampled_from([dtypes.int32, dtypes.int64])


@st.composite
def vectors(draw, size=None):
    """Draw a vector in which elements repeat."""
    size = draw(st.integers(0, 8)) if size is None else size
    name = draw(st.sampled_from(["int8", "int32", "int64", "float32", "float64", "string", "bool"]))
    pool = draw(elements((3,), name))
    return pool[draw(st.lists(st.integers(0, 2), min_size=size, max_size=size))]


@st.composite
def uniques(draw):
    return Case((draw(vectors()),), {"out_idx": draw(OUT)}, ulps=0)


@st.composite
def uniques_along(draw):
    shape = draw(shapes(min_dims=1, max_dims=3, min_side=1))
    kind = draw(st.sampled_from([np.int32, np.int64, np.float32]))
    x = draw(whole(shape, kind, 0, 1))
    axis = np.array([draw(st.integers(0, len(shape) - 1))], draw(index_types()))
    if len(shape) == 1 and draw(st.booleans()):
        axis = axis[:0]
    return Case((x, axis), {"out_idx": draw(OUT)}, ulps=0)


@st.composite
def differences(draw):
    x = draw(vectors())
    chosen = draw(st.lists(st.sampled_from(range(len(x))), max_size=3)) if len(x) else []
    return Case((x, x[np.array(chosen, int)]), {"out_idx": draw(OUT)}, ulps=0)


CASES = {
    "Unique": uniques(),
    "UniqueWithCounts": uniques(),
    "UniqueV2": uniques_along(),
    "UniqueWithCountsV2": uniques_along(),
    "ListDiff": differences(),
}
