"""Cases of the ops of `minitf.ops.array.joining`."""

import numpy as np
from hypothesis import strategies as st

from minitf.shapes import Shape
from minitf.testing.array_cases import COMMON, elements, index_types, moving, types
from minitf.testing.case import Case
from minitf.testing.strategies import shapes


@st.composite
def joins(draw, *, axis_first=False):
    shape = draw(shapes(min_dims=1, max_dims=3))
    axis = draw(st.integers(0, len(shape) - 1))
    name = draw(types())
    values = []
    for _ in range(draw(st.integers(2, 4))):
        part = (*shape[:axis], draw(st.integers(0, 3)), *shape[axis + 1 :])
        values.append(draw(elements(part, name)))
    signed = axis - draw(st.sampled_from([0, len(shape)]))
    if axis_first:
        return moving((np.array(signed, np.int32), values))
    return moving((values, np.array(signed, draw(index_types()))))


@st.composite
def offsets(draw):
    shape = draw(shapes(min_dims=1, max_dims=3))
    axis = draw(st.integers(0, len(shape) - 1))
    parts = [
        np.array([*shape[:axis], draw(st.integers(0, 3)), *shape[axis + 1 :]], np.int32)
        for _ in range(draw(st.integers(2, 4)))
    ]
    return Case((np.array(axis, np.int32), parts))


@st.composite
def stacks(draw):
    shape, name = draw(shapes(max_dims=3)), draw(types(COMMON))
    values = [draw(elements((1, *shape), name)) for _ in range(draw(st.integers(1, 3)))]
    return Case((values,), {"shape": Shape((len(values), *shape))}, ulps=0)


CASES = {
    "Concat": joins(axis_first=True),
    "ConcatV2": joins(),
    "ConcatOffset": offsets(),
    "ParallelConcat": stacks(),
}
