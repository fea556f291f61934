"""Cases of the ops of `minitf.ops.nn.topk`."""

from dataclasses import replace

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from minitf.dtypes import REAL_NUMBERS, as_dtype
from minitf.testing.case import Case
from minitf.testing.strategies import dtype_names, shapes, whole


@st.composite
def rows_and_k(draw, *, attribute=False):
    dtype = as_dtype(draw(dtype_names(REAL_NUMBERS)))
    shape = draw(shapes(min_dims=1, max_dims=3))
    k = draw(st.integers(0, shape[-1]))
    smooth = dtype.name == "float64"
    if smooth:  # distinct entries: a small step keeps their order
        size = int(np.prod(shape))
        rows = np.array(draw(st.permutations(range(size))), np.float64).reshape(shape)
    else:
        rows = draw(whole(shape, dtype.numpy, 0 if dtype.is_unsigned else -8))
    attrs = {"k": k} if attribute else {}
    inputs = (rows,) if attribute else (rows, np.int32(k))
    return Case(inputs, attrs, ulps=0, smooth=smooth)


@st.composite
def rows_and_place(draw):
    """Draw rows as for TopKV2, with a place in each of them."""
    case = draw(rows_and_k())
    rows, _ = case.inputs
    assume(rows.shape[-1])
    place = draw(st.integers(0, rows.shape[-1] - 1))
    attrs = {"reverse": draw(st.booleans())}
    return replace(case, inputs=(rows, np.int32(place)), attrs=attrs)


@st.composite
def predictions_and_targets(draw, *, attribute=False):
    n, classes = draw(st.integers(0, 4)), draw(st.integers(1, 5))
    predictions = draw(whole((n, classes), np.float32, -2, 2))
    if draw(st.booleans()) and n:
        predictions = predictions.copy()
        predictions[0, 0] = draw(st.sampled_from([np.nan, np.inf, -np.inf]))
    dtype = draw(st.sampled_from([np.int32, np.int64]))
    targets = draw(hnp.arrays(dtype, n, elements=st.integers(-1, classes)))
    k = draw(st.integers(0, 6))
    inputs = (predictions, targets) if attribute else (predictions, targets, dtype(k))
    return Case(inputs, {"k": k} if attribute else {})


CASES = {
    "TopK": rows_and_k(attribute=True),
    "TopKV2": rows_and_k(),
    "NthElement": rows_and_place(),
    "InTopK": predictions_and_targets(attribute=True),
    "InTopKV2": predictions_and_targets(),
}
