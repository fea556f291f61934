"""Cases of the ops of `minitf.ops.ragged.rows`."""

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import as_dtype
from minitf.testing.case import Case
from minitf.testing.ragged_cases import nested_splits


@st.composite
def ranges(draw):
    dtype = draw(st.sampled_from([np.int32, np.int64, np.float32, np.float64]))
    rows = draw(st.integers(0, 3))
    shapes = st.sampled_from([(), (rows,)])
    numbers = st.integers(-4, 4)
    inputs = [
        np.array(draw(st.lists(each, min_size=(n := int(np.prod(s))), max_size=n)), dtype).reshape(
            s
        )
        for each, s in ((x, draw(shapes)) for x in (numbers, numbers, numbers.filter(bool)))
    ]
    return Case(tuple(inputs), {"Tsplits": as_dtype(draw(st.sampled_from(["int32", "int64"])))})


@st.composite
def gathered(draw):
    splits = draw(
        nested_splits(draw(st.integers(1, 2)), draw(st.sampled_from([np.int32, np.int64])))
    )
    inner = draw(st.sampled_from([(), (2,)]))
    values = np.arange(np.prod((int(splits[-1][-1]), *inner)), dtype=np.float64)
    values = values.reshape(-1, *inner)
    rows = splits[0].size - 1
    shape = draw(st.sampled_from([(2,), (2, 2), (0,)])) if rows else (0,)
    indices = np.array(
        draw(
            st.lists(
                st.integers(0, max(rows - 1, 0)),
                min_size=int(np.prod(shape)),
                max_size=int(np.prod(shape)),
            )
        ),
        np.int64,
    ).reshape(shape)
    rank = len(splits) + indices.ndim - 1
    return Case(
        (splits, values, indices), {"OUTPUT_RAGGED_RANK": rank}, ulps=0, smooth=True, twice=False
    )


CASES = {"RaggedGather": gathered(), "RaggedRange": ranges()}
