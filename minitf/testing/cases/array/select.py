"""Cases of the ops of `minitf.ops.array.select`."""

from hypothesis import strategies as st

from minitf.testing.array_cases import COMMON, elements, moving, types
from minitf.testing.strategies import broadcastable, shapes, whole


@st.composite
def selections(draw):
    shape, name = draw(shapes(max_dims=3)), draw(types(COMMON))
    choices = [shape, (), shape[:1]]
    condition = draw(whole(draw(st.sampled_from(choices)), bool, 0, 1))
    return moving((condition, draw(elements(shape, name)), draw(elements(shape, name))))


@st.composite
def broadcast_selections(draw):
    condition, t, e = draw(broadcastable(3))
    name = draw(types(COMMON))
    chosen = draw(whole(condition, bool, 0, 1))
    return moving((chosen, draw(elements(t, name)), draw(elements(e, name))))


CASES = {"Select": selections(), "SelectV2": broadcast_selections()}
