"""Unique, UniqueV2, UniqueWithCounts, ListDiff: cases, laws, messages."""

import numpy as np
import pytest
from hypothesis import given

from minitf.errors import InvalidArgumentError
from minitf.ops.array.sets import list_diff_op, unique_v2_op, unique_with_counts_op
from minitf.testing.cases.array.sets import vectors


@given(x=vectors())
def test_the_distinct_elements_rebuild_the_vector(x):
    y, idx, count = unique_with_counts_op.body(x)

    assert count.sum() == len(x)
    assert (np.diff([np.argmax(idx == i) for i in range(len(y))]) > 0).all()
    if x.dtype.kind != "f":  # NaN equals nothing
        assert y[idx].tolist() == x.tolist()


def test_every_nan_is_distinct():
    y, idx, _ = unique_with_counts_op.body(np.array([np.nan, 1.0, np.nan]))

    assert idx.tolist() == [0, 1, 2]
    assert np.isnan(y[[0, 2]]).all()


def test_the_difference_of_sets_keeps_order_and_place():
    out, idx = list_diff_op.body(np.array([3, 1, 2, 3]), np.array([1]))

    assert (out.tolist(), idx.tolist()) == ([3, 2, 3], [0, 2, 3])


def test_unique_without_an_axis_wants_a_vector():
    with pytest.raises(InvalidArgumentError, match="unique expects a 1D vector"):
        unique_v2_op.body(np.zeros((2, 2)), np.zeros(0, np.int64))
