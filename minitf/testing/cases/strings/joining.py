"""Cases of the ops of `minitf.ops.strings.joining`."""

import numpy as np
from hypothesis import strategies as st

from minitf.testing.array_cases import index_types
from minitf.testing.case import Case
from minitf.testing.strategies import anything, shapes
from minitf.testing.text_cases import text_arrays

SEPARATORS = st.sampled_from(["", ", "])


@st.composite
def joins(draw):
    shape = draw(shapes())
    inputs = [
        draw(anything(draw(st.sampled_from([shape, ()])), "string"))
        for _ in range(draw(st.integers(1, 3)))
    ]
    return Case((inputs,), {"separator": draw(SEPARATORS)})


@st.composite
def reductions(draw):
    shape = draw(shapes(max_dims=3))
    axes = draw(st.lists(st.sampled_from(range(len(shape))), unique=True)) if shape else []
    signed = np.array([axis - draw(st.sampled_from([0, len(shape)])) for axis in axes], np.int32)
    attrs = {"keep_dims": draw(st.booleans()), "separator": draw(SEPARATORS)}
    return Case((draw(text_arrays(shape)), signed), attrs)


@st.composite
def segments(draw):
    lead, rest = draw(shapes(min_dims=1, max_dims=2)), draw(shapes(max_dims=1))
    count = draw(st.integers(1, 3))
    size = int(np.prod(lead))
    ids = draw(st.lists(st.integers(0, count - 1), min_size=size, max_size=size))
    return Case(
        (
            draw(text_arrays((*lead, *rest))),
            np.array(ids, draw(index_types())).reshape(lead),
            np.array(count, draw(index_types())),
        ),
        {"separator": draw(SEPARATORS)},
    )


CASES = {
    "StringJoin": joins(),
    "ReduceJoin": reductions(),
    "UnsortedSegmentJoin": segments(),
}
