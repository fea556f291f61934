"""Reductions of segments in any order: worked examples, laws, ids that are out of range."""

import numpy as np
import pytest
from hypothesis import given

from minitf import ops
from minitf.errors import InvalidArgumentError
from minitf.testing.strategies import whole

ROWS = np.int32([[1, 2], [3, 4], [5, 6], [7, 8]])
IDS = np.int32([2, 0, 2, -1])
LEAST, GREATEST = -(2**31), 2**31 - 1


@pytest.mark.parametrize(
    ("op_def", "found"),
    [
        (ops.unsorted_segment_sum_op, [[3, 4], [0, 0], [6, 8]]),
        (ops.unsorted_segment_prod_op, [[3, 4], [1, 1], [5, 12]]),
        (ops.unsorted_segment_min_op, [[3, 4], [GREATEST, GREATEST], [1, 2]]),
        (ops.unsorted_segment_max_op, [[3, 4], [LEAST, LEAST], [5, 6]]),
    ],
)
def test_slices_of_one_segment_are_reduced_and_negative_ids_are_left_out(op_def, found):
    assert op_def.body(ROWS, IDS, np.int32(3)).tolist() == found


def test_an_empty_segment_of_floats_gives_the_greatest_finite_number():
    found = ops.unsorted_segment_min_op.body(np.float16([3]), np.int32([1]), np.int32(2))

    assert found.tolist() == [65504, 3]


@given(data=whole((5, 2), np.int64), ids=whole((5,), np.int32, 0, 3))
def test_sorted_segments_are_segments(data, ids):
    ids = np.sort(ids)
    count = np.int32(ids[-1] + 1)

    np.testing.assert_array_equal(
        ops.segment_sum_op.body(data, ids), ops.unsorted_segment_sum_op.body(data, ids, count)
    )


@given(data=whole((6,), np.int64), ids=whole((6,), np.int32, -1, 3))
def test_the_order_of_slices_does_not_matter(data, ids):
    for op_def in (ops.unsorted_segment_prod_op, ops.unsorted_segment_max_op):
        forward = op_def.body(data, ids, np.int32(4))
        backward = op_def.body(data[::-1], ids[::-1], np.int32(4))
        np.testing.assert_array_equal(forward, backward)


def test_ids_that_are_wrong_are_told_with_their_place():
    data = np.zeros((3, 2), np.float32)
    for ids, count, phrase in [
        ([0, 7, 1], 3, r"segment_ids\[1\] = 7 is out of range \[0, 3\)"),
        ([0, 1], 3, r"data.shape = \[3,2\] does not start with segment_ids.shape = \[2\]"),
        ([0, 1, 1], -2, "num_segments == -2 must not be negative"),
    ]:
        with pytest.raises(InvalidArgumentError, match=phrase):
            ops.unsorted_segment_min_op.body(data, np.int32(ids), np.int32(count))
