"""Cases of the ops of `minitf.ops.array.scatter`."""

import numpy as np
from hypothesis import strategies as st

from minitf.testing import skips
from minitf.testing.array_cases import moving
from minitf.testing.cases.array.indexing import coordinates
from minitf.testing.strategies import real, shapes, whole

TYPES = st.sampled_from([np.int32, np.int64, np.float32, np.float64, np.complex64])


@st.composite
def scatters(draw, *, into=False, unique=False):
    shape = draw(shapes(min_dims=1, max_dims=3, min_side=1))
    indices = draw(coordinates(shape, unique=True) if unique else coordinates(shape))
    size = (*indices.shape[:-1], *shape[indices.shape[-1] :])
    kind = draw(TYPES)
    fill = real if kind is np.float64 and unique else whole
    updates = draw(fill(size, kind))
    oracle = "" if indices.ndim > 1 and indices.shape[-1] else skips.ROWS_OF_COORDINATES
    if into:
        return moving((draw(fill(shape, kind)), indices, updates), oracle=oracle)
    return moving((indices, updates, np.array(shape, indices.dtype)), oracle=oracle)


CASES = {
    "ScatterNd": scatters(),
    "TensorScatterUpdate": scatters(into=True, unique=True),
    "TensorScatterAdd": scatters(into=True),
    "ScatterNdNonAliasingAdd": scatters(into=True),
    "TensorScatterSub": scatters(into=True),
}
