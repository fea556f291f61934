"""Joining: hand-worked examples, messages."""

import numpy as np
import pytest

from minitf.errors import InvalidArgumentError
from minitf.ops.strings.arrays import strings
from minitf.ops.strings.joining import reduce_join_op, unsorted_segment_join_op

GRID = strings([b"a", b"b", b"c", b"d"], (2, 2))


@pytest.mark.parametrize(
    ("axes", "text"), [([0, 1], b"acbd"), ([1, 0], b"abcd"), ([-1, -2], b"abcd")]
)
def test_the_first_dimension_named_runs_fastest(axes, text):
    assert reduce_join_op.body(GRID, np.array(axes, np.int32)).item() == text


def test_one_dimension_is_joined_and_kept():
    rows = reduce_join_op.body(GRID, np.array(1, np.int32), keep_dims=True, separator="-")

    assert rows.tolist() == [[b"a-b"], [b"c-d"]]


def test_no_dimension_to_join_leaves_all_as_it_is():
    assert reduce_join_op.body(GRID, np.zeros(0, np.int32)) is GRID


def test_segments_are_joined_in_order():
    ids, count = np.array([1, 0, 1]), np.array(3)
    made = unsorted_segment_join_op.body(
        strings([b"a", b"b", b"c"], (3,)), ids, count, separator=","
    )

    assert made.tolist() == [b"b", b"a,c", b""]


def test_rows_are_joined_column_by_column():
    made = unsorted_segment_join_op.body(GRID, np.array([0, 0]), np.array(1), separator=",")

    assert made.tolist() == [[b"a,c", b"b,d"]]


def test_what_joining_refuses():
    with pytest.raises(
        InvalidArgumentError, match="Invalid reduction dimension 2 for input with 2"
    ):
        reduce_join_op.body(GRID, np.array(2))
    with pytest.raises(InvalidArgumentError, match="Duplicate reduction dimension -1"):
        reduce_join_op.body(GRID, np.array([1, -1]))
    for ids in ([0, 1], [-1, 0]):
        with pytest.raises(InvalidArgumentError, match="not allowed to exceed num_segments"):
            unsorted_segment_join_op.body(GRID, np.array(ids), np.array(1))
    with pytest.raises(InvalidArgumentError, match="Segment_id cannot have rank 0"):
        unsorted_segment_join_op.body(GRID, np.array(0), np.array(1))
