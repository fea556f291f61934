"""Cases of the ops of `minitf.ops.array.searching`."""

import numpy as np
from hypothesis import strategies as st

from minitf import dtypes
from minitf.testing import skips
from minitf.testing.array_cases import elements, index_types
from minitf.testing.case import Case

SORTABLE = ("int8", "int32", "int64", "uint8", "float16", "bfloat16", "float32", "float64")


@st.composite
def sorted_rows(draw):
    rows, size, count = (draw(st.integers(0, 4)) for _ in range(3))
    name = draw(st.sampled_from(SORTABLE))
    pool = draw(elements((rows, size + count), name))
    row = np.nan_to_num(pool[:, :size], nan=0)
    attrs = {"out_type": draw(st.sampled_from([dtypes.int32, dtypes.int64]))}
    return Case((np.sort(row, axis=1), np.roll(pool, 1, axis=1)[:, :count]), attrs)


@st.composite
def flat_indices(draw):
    kind = draw(index_types())
    dims = draw(st.lists(st.integers(1, 4), max_size=4))
    place = st.integers(0, int(np.prod(dims)) - 1)
    indices = np.array(draw(st.one_of(place, st.lists(place, max_size=4))), kind)
    oracle = "" if indices.size else skips.REFUSES_EMPTY
    return Case((indices, np.array(dims, kind)), oracle=oracle)


CASES = {
    "LowerBound": sorted_rows(),
    "UpperBound": sorted_rows(),
    "UnravelIndex": flat_indices(),
}
