"""Cases of the ops of `minitf.ops.array.indexing`."""

import math

import numpy as np
from hypothesis import strategies as st

from minitf.testing import skips
from minitf.testing.array_cases import NUMBERS, arrays_of, elements, index_types, moving, types
from minitf.testing.case import Case
from minitf.testing.strategies import shapes


@st.composite
def index_array(draw, shape, size):
    """Draw indices below `size`; of any shape without elements if there are none."""
    if not size:
        shape = (0, *shape[1:])
    count = math.prod(shape)
    values = draw(st.lists(st.integers(0, max(size - 1, 0)), min_size=count, max_size=count))
    return np.array(values, draw(index_types())).reshape(shape)


@st.composite
def gathers(draw):
    params = draw(elements(draw(shapes(min_dims=1, max_dims=3)), draw(types())))
    return moving((params, draw(index_array(draw(shapes(max_dims=2)), len(params)))))


@st.composite
def gathers_along(draw):
    shape = draw(shapes(min_dims=1, max_dims=4))
    axis = draw(st.integers(0, len(shape) - 1))
    batch = draw(st.integers(0, axis))
    params = draw(elements(shape, draw(types())))
    inner = draw(shapes(max_dims=2))
    if not shape[axis]:
        inner = (0, *inner[1:])
    count = math.prod(shape[:batch]) * math.prod(inner)
    values = draw(st.lists(st.integers(0, max(shape[axis] - 1, 0)), min_size=count, max_size=count))
    indices = np.array(values, draw(index_types())).reshape(shape[:batch] + inner)
    if batch and indices.ndim > batch and draw(st.booleans()):
        batch -= indices.ndim
    signed = np.array(axis - draw(st.sampled_from([0, len(shape)])), draw(index_types()))
    return moving((params, indices, signed), {"batch_dims": batch})


@st.composite
def coordinates(draw, shape, *, unique=False):
    """Draw rows of coordinates into the first dimensions of a shape."""
    depth = draw(st.integers(1 if unique else 0, len(shape)))
    lead = draw(shapes(max_dims=2))
    if 0 in shape[:depth]:
        lead = (0, *lead[1:])
    count = math.prod(lead)
    places = math.prod(shape[:depth])
    if unique:
        count = min(count, places)
        lead = (count,)
    flat = st.lists(
        st.integers(0, max(places - 1, 0)), min_size=count, max_size=count, unique=unique
    )
    rows = np.stack(np.unravel_index(draw(flat), shape[:depth]), -1) if depth and count else []
    return np.array(rows, draw(index_types())).reshape(*lead, depth)


@st.composite
def gathers_nd(draw):
    params = draw(elements(draw(shapes(min_dims=1, max_dims=3)), draw(types())))
    oracle = "" if params.size else skips.REFUSES_EMPTY
    return moving((params, draw(coordinates(params.shape))), oracle=oracle)


@st.composite
def conditions(draw):
    x = draw(arrays_of(("bool", *(name for name in NUMBERS if "float16" not in name))))
    return Case((x,), oracle="" if x.ndim else skips.REFUSES_SCALARS)


CASES = {
    "Gather": gathers(),
    "GatherV2": gathers_along(),
    "GatherNd": gathers_nd(),
    "Where": conditions(),
}
