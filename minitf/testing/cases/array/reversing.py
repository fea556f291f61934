"""Cases of the ops of `minitf.ops.array.reversing`."""

import numpy as np
from hypothesis import strategies as st

from minitf.testing import skips
from minitf.testing.array_cases import COMMON, elements, index_types, moving, types
from minitf.testing.strategies import shapes


@st.composite
def reversals(draw, *, marks=False):
    x = draw(elements(draw(shapes()), draw(types(COMMON))))
    chosen = [draw(st.booleans()) for _ in range(x.ndim)]
    if marks:
        oracle = "" if x.size else skips.REFUSES_EMPTY
        return moving((x, np.array(chosen, bool)), oracle=oracle)
    signed = [i - draw(st.sampled_from([0, x.ndim])) for i in np.flatnonzero(chosen).tolist()]
    return moving((x, np.array(signed, draw(index_types()))))


@st.composite
def sequences(draw):
    shape = draw(shapes(min_dims=2, max_dims=4))
    seq_dim, batch_dim = draw(st.permutations(range(len(shape))))[:2]
    x = draw(elements(shape, draw(types(("bool", "int32", "float32", "float64", "complex64")))))
    lengths = [draw(st.integers(0, shape[seq_dim])) for _ in range(shape[batch_dim])]
    attrs = {"seq_dim": seq_dim, "batch_dim": batch_dim}
    return moving((x, np.array(lengths, draw(index_types()))), attrs)


@st.composite
def rolls(draw):
    x = draw(elements(draw(shapes(min_dims=1)), draw(types())))
    count = draw(st.integers(1, 3))
    shifts = [draw(st.integers(-5, 5)) for _ in range(count)]
    axes = [draw(st.integers(-x.ndim, x.ndim - 1)) for _ in range(count)]
    if count == 1 and draw(st.booleans()):
        (shifts,), (axes,) = shifts, axes
    return moving((x, np.array(shifts, draw(index_types())), np.array(axes, draw(index_types()))))


CASES = {
    "ReverseV2": reversals(),
    "Reverse": reversals(marks=True),
    "ReverseSequence": sequences(),
    "Roll": rolls(),
}
