"""TopK, TopKV2, InTopK, InTopKV2: cases, order of equals, messages."""

import numpy as np
import pytest
from cases import Case
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from strategies import dtype_names, real, shapes, whole

from minitf.dtypes import REAL_NUMBERS, as_dtype
from minitf.errors import InvalidArgumentError
from minitf.ops.nn.topk import in_top_kv2_op, top_kv2_op


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
    removed = "TensorFlow no longer makes TopK" if attribute else ""
    return Case(inputs, attrs, ulps=0, smooth=smooth, oracle=removed)


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
    "InTopK": predictions_and_targets(attribute=True),
    "InTopKV2": predictions_and_targets(),
}


@given(row=whole(6), k=st.integers(0, 6))
def test_values_come_in_order_and_equals_by_index(row, k):
    values, indices = top_kv2_op.body(row, np.int32(k))
    by_hand = sorted(range(6), key=lambda i: (-row[i], i))[:k]

    assert indices.tolist() == by_hand
    assert values.tolist() == row[by_hand].tolist()


@given(predictions=real((5, 4), np.float32), targets=whole(5, np.int32, 0, 3))
def test_a_target_is_in_the_top_k_if_top_k_lists_a_value_as_low(predictions, targets):
    values, _ = top_kv2_op.body(predictions, np.int32(2))

    found = in_top_kv2_op.body(predictions, targets, np.int32(2))

    assert found.tolist() == (predictions[np.arange(5), targets] >= values[:, 1]).tolist()


def test_more_than_a_row_has_is_refused():
    with pytest.raises(InvalidArgumentError, match="must have last dimension >= k = 5 but is 3"):
        top_kv2_op.body(np.zeros(3), np.int32(5))
