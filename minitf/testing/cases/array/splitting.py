"""Cases of the ops of `minitf.ops.array.splitting`."""

import numpy as np
from hypothesis import strategies as st

from minitf.testing import skips
from minitf.testing.array_cases import elements, moving, types
from minitf.testing.strategies import shapes


@st.composite
def splits(draw):
    shape, count = list(draw(shapes(min_dims=1, max_dims=3))), draw(st.integers(1, 3))
    axis = draw(st.integers(0, len(shape) - 1))
    shape[axis] *= count
    signed = np.array(axis - draw(st.sampled_from([0, len(shape)])), np.int32)
    return moving((signed, draw(elements(tuple(shape), draw(types())))), {"num_split": count})


@st.composite
def splits_of_sizes(draw):
    shape = list(draw(shapes(min_dims=1, max_dims=3)))
    axis = draw(st.integers(0, len(shape) - 1))
    sizes = draw(st.lists(st.integers(0, 3), min_size=1, max_size=4))
    shape[axis] = sum(sizes)
    value = draw(elements(tuple(shape), draw(types())))
    if draw(st.booleans()):
        sizes[draw(st.integers(0, len(sizes) - 1))] = -1
    kind = draw(st.sampled_from([np.int32, np.int64]))
    dim = np.array(axis - draw(st.sampled_from([0, len(shape)])), np.int32)
    inputs = value, np.array(sizes, kind), dim
    oracle = skips.WANTS_SIZE if sizes == [-1] else ""
    return moving(inputs, {"num_split": len(sizes)}, oracle=oracle)


@st.composite
def packs(draw):
    shape, name = draw(shapes(max_dims=3)), draw(types())
    values = [draw(elements(shape, name)) for _ in range(draw(st.integers(1, 4)))]
    return moving((values,), {"axis": draw(st.integers(-len(shape) - 1, len(shape)))})


@st.composite
def unpacks(draw):
    shape = draw(shapes(min_dims=1, max_dims=4))
    axis = draw(st.integers(-len(shape), len(shape) - 1))
    return moving((draw(elements(shape, draw(types()))),), {"num": shape[axis], "axis": axis})


CASES = {"Split": splits(), "SplitV": splits_of_sizes(), "Pack": packs(), "Unpack": unpacks()}
