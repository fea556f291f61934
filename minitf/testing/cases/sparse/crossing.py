"""Cases of the op of `minitf.ops.sparse.crossing`."""

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import int64, string
from minitf.testing.array_cases import elements
from minitf.testing.case import Case
from minitf.testing.sparse_cases import sparse


@st.composite
def crosses(draw):
    count = draw(st.integers(1, 3))
    names = st.sampled_from(["int64", "string"])
    columns = st.lists(names, max_size=2)
    wide = st.integers(0, 3)
    parts = [draw(sparse(each, (count, draw(wide)), moved=True)) for each in draw(columns)]
    dense = [draw(elements((count, draw(wide)), each)) for each in draw(columns)]
    if not parts and not dense:
        dense = [draw(elements((count, 1), "string"))]
    indices, values, shapes = map(list, zip(*parts, strict=True)) if parts else ([], [], [])
    hashed = draw(st.booleans())
    numeric = any(each.dtype == np.int64 for each in (*values, *dense))
    attrs = {
        "hashed_output": hashed,
        "num_buckets": draw(st.sampled_from([0, 7])),
        "hash_key": draw(st.sampled_from([0, 0xDECAFCAFFE])),
        "out_type": int64 if hashed else string,
        "internal_type": int64 if numeric else string,
    }
    return Case((indices, values, shapes, dense), attrs)


CASES = {"SparseCross": crosses()}
