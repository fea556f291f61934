"""SegmentSum, UnsortedSegmentSum: cases, ids that are out of range or unsorted."""

import numpy as np
import pytest
from hypothesis import given

from minitf import ops
from minitf.errors import InvalidArgumentError
from minitf.testing.strategies import whole


def test_rows_of_one_segment_add_up_and_negative_ids_are_left_out():
    data = np.int32([[1, 2], [3, 4], [5, 6], [7, 8]])

    found = ops.unsorted_segment_sum_op.body(data, np.int32([2, 0, 2, -1]), np.int32(3))

    assert found.tolist() == [[3, 4], [0, 0], [6, 8]]


@given(data=whole((5, 2), np.int64), ids=whole((5,), np.int32, 0, 3))
def test_sorted_segments_are_segments(data, ids):
    ids = np.sort(ids)
    count = np.int32(ids[-1] + 1)

    np.testing.assert_array_equal(
        ops.segment_sum_op.body(data, ids), ops.unsorted_segment_sum_op.body(data, ids, count)
    )


def test_ids_that_are_wrong_are_told_with_their_place():
    data = np.zeros((3, 2), np.float32)

    with pytest.raises(
        InvalidArgumentError, match=r"segment_ids\[1\] = 7 is out of range \[0, 3\)"
    ):
        ops.unsorted_segment_sum_op.body(data, np.int32([0, 7, 1]), np.int32(3))
    with pytest.raises(InvalidArgumentError, match="segment ids are not increasing"):
        ops.segment_sum_op.body(data, np.int32([0, 2, 1]))
    with pytest.raises(InvalidArgumentError, match="segment ids must be >= 0"):
        ops.segment_sum_op.body(data, np.int32([-1, 0, 1]))
    with pytest.raises(InvalidArgumentError, match="should be a vector of the same size"):
        ops.segment_sum_op.body(data, np.int32([0, 1]))
