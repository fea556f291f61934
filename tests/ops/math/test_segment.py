"""Reductions of sorted segments: worked examples, empty segments, ids that are wrong."""

import numpy as np
import pytest

import minitf as tf
from minitf import ops
from minitf.errors import InvalidArgumentError

ROWS = np.int32([[1, 8], [3, 4], [5, -6]])
IDS = np.int32([0, 0, 2])


@pytest.mark.parametrize(
    ("op_def", "found"),
    [
        (ops.segment_sum_op, [[4, 12], [0, 0], [5, -6]]),
        (ops.segment_mean_op, [[2, 6], [0, 0], [5, -6]]),
        (ops.segment_prod_op, [[3, 32], [1, 1], [5, -6]]),
        (ops.segment_min_op, [[1, 4], [0, 0], [5, -6]]),
        (ops.segment_max_op, [[3, 8], [0, 0], [5, -6]]),
    ],
)
def test_rows_of_a_segment_are_reduced_and_a_segment_may_be_empty(op_def, found):
    assert op_def.body(ROWS, IDS).tolist() == found


def test_means_of_integers_are_rounded_towards_zero():
    found = ops.segment_mean_op.body(np.int32([1, 2, -1, -2]), np.int32([0, 0, 1, 1]))

    assert found.tolist() == [1, -1]


def test_a_nan_is_an_extreme_wherever_it_stands():
    for data in ([1, np.nan], [np.nan, 1]):
        with np.errstate(invalid="ignore"):
            found = ops.segment_max_op.body(np.float32(data), np.int32([0, 0]))

        assert np.isnan(found).all()


def test_the_product_of_the_others_is_right_where_elements_are_zero():
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.constant([2.0, 3.0, 0.0, 5.0, 0.0, 0.0, 7.0])
        y = ops.segment_prod_op(x, [0, 0, 1, 1, 2, 2, 2])
        (grad,) = tf.gradients(y, x)

        assert session.run(grad).tolist() == [3, 2, 5, 0, 0, 0, 0]


def test_ids_that_are_wrong_are_refused():
    data = np.zeros((3, 2), np.float32)
    for ids, phrase in [
        ([0, 2, 1], "segment ids are not increasing"),
        ([-1, 0, 1], "segment ids must be >= 0"),
        ([0, 1], "segment_ids should be the same size as dimension 0 of input"),
        ([[0], [1], [2]], "segment_ids should be a vector"),
    ]:
        with pytest.raises(InvalidArgumentError, match=phrase):
            ops.segment_max_op.body(data, np.int32(ids))
