"""Cases of the ops of `minitf.ops.array.partition`."""

import math

import numpy as np
from hypothesis import strategies as st

from minitf.testing.array_cases import COMMON, elements, moving, types
from minitf.testing.strategies import shapes


@st.composite
def deals(draw):
    shape = draw(shapes(max_dims=3))
    lead = shape[: draw(st.integers(0, len(shape)))]
    count = draw(st.integers(1, 3))
    size = math.prod(lead)
    to = draw(st.lists(st.integers(0, count - 1), min_size=size, max_size=size))
    data = draw(elements(shape, draw(types(COMMON))))
    return moving((data, np.array(to, np.int32).reshape(lead)), {"num_partitions": count})


@st.composite
def stitches(draw):
    """Draw indices that name every place once: what nobody writes is not defined."""
    size, inner, name = draw(st.integers(1, 6)), draw(shapes(max_dims=2)), draw(types(COMMON))
    order = draw(st.permutations(range(size)))
    cut = draw(st.integers(0, size))
    indices = [np.array(order[:cut], np.int32), np.array(order[cut:], np.int32)]
    data = [draw(elements((len(each), *inner), name)) for each in indices]
    return moving((indices, data))


CASES = {
    "DynamicPartition": deals(),
    "DynamicStitch": stitches(),
    "ParallelDynamicStitch": stitches(),
}
