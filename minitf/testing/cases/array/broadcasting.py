"""Cases of the ops of `minitf.ops.array.broadcasting`."""

import numpy as np
from hypothesis import strategies as st

from minitf.testing.array_cases import NUMBERS, elements, index_types, moving, types
from minitf.testing.case import Case
from minitf.testing.strategies import broadcastable, shapes, whole


@st.composite
def broadcasts(draw):
    small, large = draw(broadcastable())
    wanted = np.broadcast_shapes(small, large)
    value = draw(elements(small, draw(types(("bool", *NUMBERS)))))
    return moving((value, np.array(wanted, draw(index_types()))))


@st.composite
def two_shapes(draw):
    kind = draw(index_types())
    return Case(tuple(np.array(shape, kind) for shape in draw(broadcastable())))


@st.composite
def tiles(draw):
    shape = draw(shapes(max_dims=3))
    times = np.array([draw(st.integers(0, 3)) for _ in shape], draw(index_types()))
    return moving((draw(elements(shape, draw(types()))), times))


@st.composite
def tile_gradients(draw):
    shape = draw(shapes(max_dims=3))
    times = np.array([draw(st.integers(1, 3)) for _ in shape], np.int32)
    whole_shape = tuple(np.multiply(shape, times).tolist())
    value = draw(whole(whole_shape, draw(st.sampled_from([np.int32, np.float64]))))
    return Case((value, times), ulps=0, smooth=True)


CASES = {
    "BroadcastTo": broadcasts(),
    "BroadcastArgs": two_shapes(),
    "BroadcastGradientArgs": two_shapes(),
    "Tile": tiles(),
    "TileGrad": tile_gradients(),
}
