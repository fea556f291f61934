"""Gradients of sums of chosen rows: worked examples, indices that are wrong."""

import numpy as np
import pytest

from minitf import ops
from minitf.errors import InvalidArgumentError

GRAD = np.float32([[8, 4], [2, 6]])
INDICES, IDS = np.int32([0, 2, 2, 0, 1]), np.int32([0, 0, 0, 0, 1])


@pytest.mark.parametrize(
    ("op_def", "found"),
    [
        (ops.sparse_segment_sum_grad_op, [[16, 8], [2, 6], [16, 8], [0, 0]]),
        (ops.sparse_segment_mean_grad_op, [[4, 2], [2, 6], [4, 2], [0, 0]]),
        (ops.sparse_segment_sqrt_n_grad_op, [[8, 4], [2, 6], [8, 4], [0, 0]]),
    ],
)
def test_each_chosen_row_gets_its_segments_gradient(op_def, found):
    assert op_def.body(GRAD, INDICES, IDS, np.int32(4)).tolist() == found


def test_indices_and_ids_that_are_wrong_are_refused():
    for indices, ids, phrase in [
        ([0, 7], [0, 1], r"Index 7 out of range \[0, 4\)"),
        ([0, 1], [0, 2], "Invalid number of segments"),
        ([0, 1], [0], "segment_ids and indices should have same size"),
    ]:
        with pytest.raises(InvalidArgumentError, match=phrase):
            ops.sparse_segment_sum_grad_op.body(GRAD, np.int32(indices), np.int32(ids), np.int32(4))
