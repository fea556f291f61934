"""Sums of chosen rows: worked examples, the same as gather and sum, indices that are wrong."""

import numpy as np
import pytest
from hypothesis import given

from minitf import ops
from minitf.errors import InvalidArgumentError
from minitf.testing.strategies import whole

ROWS = np.float32([[1, 2], [3, 4], [5, 6]])
INDICES, IDS = np.int32([0, 2, 2, 0, 1]), np.int32([0, 0, 0, 0, 2])


@pytest.mark.parametrize(
    ("op_def", "found"),
    [
        (ops.sparse_segment_sum_op, [[12, 16], [0, 0], [3, 4]]),
        (ops.sparse_segment_mean_op, [[3, 4], [0, 0], [3, 4]]),
        (ops.sparse_segment_sqrt_n_op, [[6, 8], [0, 0], [3, 4]]),
    ],
)
def test_chosen_rows_are_summed(op_def, found):
    assert op_def.body(ROWS, INDICES, IDS).tolist() == found


def test_the_number_of_segments_may_be_given():
    found = ops.sparse_segment_sum_with_num_segments_op.body(ROWS, INDICES, IDS, np.int32(4))

    assert found.tolist() == [[12, 16], [0, 0], [3, 4], [0, 0]]


@given(
    data=whole((4, 2), np.float64),
    indices=whole((6,), np.int32, 0, 3),
    ids=whole((6,), np.int64, 0, 2),
)
def test_they_are_segments_of_gathered_rows(data, indices, ids):
    ids = np.sort(ids)
    for sparse, dense in [
        (ops.sparse_segment_sum_op, ops.segment_sum_op),
        (ops.sparse_segment_mean_op, ops.segment_mean_op),
    ]:
        np.testing.assert_array_equal(
            sparse.body(data, indices, ids), dense.body(data[indices], ids)
        )


def test_indices_and_ids_that_are_wrong_are_refused():
    for indices, ids, phrase in [
        ([0, 3], [0, 1], r"Bad: indices\[1\] == 3 out of range \[0, 3\)"),
        ([0, -1], [0, 1], r"Bad: indices\[1\] == -1 out of range \[0, 3\)"),
        ([0, 1], [1, 0], "segment ids are not increasing"),
        ([0, 1], [-1, 0], "segment ids must be >= 0"),
        ([0, 1], [0], "segment_ids and indices should have same size"),
        ([[0, 1]], [0, 1], "indices should be a vector"),
    ]:
        with pytest.raises(InvalidArgumentError, match=phrase):
            ops.sparse_segment_mean_op.body(ROWS, np.int32(indices), np.int32(ids))
    with pytest.raises(InvalidArgumentError, match="segment ids must be < num_segments"):
        ops.sparse_segment_sum_with_num_segments_op.body(ROWS, INDICES, IDS, np.int32(2))
