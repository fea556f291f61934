"""Unique, UniqueV2, UniqueWithCounts, ListDiff: cases, laws, messages."""

import numpy as np
import pytest
from array_cases import elements, index_types
from cases import Case
from hypothesis import given
from hypothesis import strategies as st
from strategies import shapes, whole

from minitf import dtypes
from minitf.errors import InvalidArgumentError
from minitf.ops.array.sets import list_diff_op, unique_v2_op, unique_with_counts_op

OUT = st.sampled_from([dtypes.int32, dtypes.int64])


@st.composite
def vectors(draw, size=None):
    """Draw a vector in which elements repeat."""
    size = draw(st.integers(0, 8)) if size is None else size
    name = draw(st.sampled_from(["int8", "int32", "int64", "float32", "float64", "string", "bool"]))
    pool = draw(elements((3,), name))
    return pool[draw(st.lists(st.integers(0, 2), min_size=size, max_size=size))]


@st.composite
def uniques(draw):
    return Case((draw(vectors()),), {"out_idx": draw(OUT)}, ulps=0)


@st.composite
def uniques_along(draw):
    shape = draw(shapes(min_dims=1, max_dims=3, min_side=1))
    kind = draw(st.sampled_from([np.int32, np.int64, np.float32]))
    x = draw(whole(shape, kind, 0, 1))
    axis = np.array([draw(st.integers(0, len(shape) - 1))], draw(index_types()))
    if len(shape) == 1 and draw(st.booleans()):
        axis = axis[:0]
    return Case((x, axis), {"out_idx": draw(OUT)}, ulps=0)


@st.composite
def differences(draw):
    x = draw(vectors())
    chosen = draw(st.lists(st.sampled_from(range(len(x))), max_size=3)) if len(x) else []
    return Case((x, x[np.array(chosen, int)]), {"out_idx": draw(OUT)}, ulps=0)


CASES = {
    "Unique": uniques(),
    "UniqueWithCounts": uniques(),
    "UniqueV2": uniques_along(),
    "ListDiff": differences(),
}


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
