"""Cases of the ops of `minitf.ops.strings.distance`."""

import numpy as np
from hypothesis import strategies as st

from minitf.testing.array_cases import elements
from minitf.testing.case import Case


@st.composite
def distances(draw):
    rank, name = draw(st.integers(2, 3)), draw(st.sampled_from(["int32", "int64", "string"]))
    pool = draw(elements((3,), name))
    inputs = []
    for _ in range(2):
        shape = [draw(st.integers(1, 2)) for _ in range(rank - 1)]
        places = []
        for place in np.ndindex(*shape):
            length = draw(st.integers(0, 4))
            places += [(*place, i) for i in range(length)]
        chosen = [draw(st.integers(0, 2)) for _ in places]
        indices = np.array(places, np.int64).reshape(len(places), rank)
        inputs += [indices, pool[chosen], np.array([*shape, 4], np.int64)]
    return Case(tuple(inputs), {"normalize": draw(st.booleans())}, ulps=1)


CASES = {"EditDistance": distances()}
