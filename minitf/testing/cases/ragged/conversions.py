"""Cases of the ops of `minitf.ops.ragged.conversions`."""

import numpy as np
from hypothesis import strategies as st

from minitf.testing.case import Case
from minitf.testing.ragged_cases import nested_splits


@st.composite
def parts(draw):
    splits = draw(
        nested_splits(draw(st.integers(1, 2)), draw(st.sampled_from([np.int32, np.int64])))
    )
    inner = draw(st.sampled_from([(), (2,)]))
    count = int(splits[-1][-1])
    values = np.arange(1, 1 + count * int(np.prod(inner)), dtype=np.float64)
    return splits, values.reshape(count, *inner)


@st.composite
def sparse(draw):
    splits, values = draw(parts())
    return Case((splits, values), ulps=0, smooth=True, twice=False)


@st.composite
def dense(draw):
    splits, values = draw(parts())
    rank = len(splits) + values.ndim
    sizes = st.sampled_from([-1, 1, 3])
    wanted = [draw(sizes) for _ in range(len(splits) + 1)] + [-1] * (values.ndim - 1)
    shape = np.array(wanted, np.int64) if draw(st.booleans()) else np.array(-1, np.int64)
    assert len(wanted) == rank
    default = np.full(values.shape[1:] if draw(st.booleans()) else (), -1.0)
    tensors, kinds = splits, ["ROW_SPLITS"] * len(splits)
    if draw(st.booleans()):
        ids = [
            np.repeat(np.arange(each.size - 1), np.diff(each)).astype(each.dtype) for each in splits
        ]
        tensors = [np.array(splits[0].size - 1, splits[0].dtype), *ids]
        kinds = ["FIRST_DIM_SIZE", *["VALUE_ROWIDS"] * len(splits)]
    return Case(
        (shape, values, default, tensors),
        {"row_partition_types": tuple(kinds)},
        ulps=0,
        smooth=True,
        twice=False,
    )


CASES = {"RaggedTensorToSparse": sparse(), "RaggedTensorToTensor": dense()}
