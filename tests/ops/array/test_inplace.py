"""Ops that change rows give a new tensor, and leave the one they take as it was."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf import ops
from minitf.compat.internal import inplace_ops

X = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], np.float32)
ROWS = np.array([2, 0, 2], np.int32)
V = np.array([[1.0, 1.0], [2.0, 2.0], [7.0, 7.0]], np.float32)


def test_of_several_values_for_a_row_the_last_replaces_it():
    assert ops.inplace_update_op.body(X, ROWS, V).tolist() == [[2, 2], [3, 4], [7, 7]]
    assert X.tolist() == [[1, 2], [3, 4], [5, 6]]


def test_several_additions_to_a_row_add_up():
    assert ops.inplace_add_op.body(X, ROWS, V).tolist() == [[3, 4], [3, 4], [13, 14]]
    assert ops.inplace_sub_op.body(X, ROWS, V).tolist() == [[-1, 0], [3, 4], [-3, -2]]


def test_numbers_of_rows_count_round_and_round():
    last = np.array([-1], np.int32)
    assert ops.inplace_update_op.body(X, last, V[:1]).tolist() == [[1, 2], [3, 4], [1, 1]]


@pytest.mark.parametrize(
    ("i", "v", "message"),
    [
        ([0], [1.0, 2.0], "ranks"),
        (0, [[1.0, 2.0]], "i must be a vector"),
        ([0, 1], [[1.0, 2.0]], "doesn't match at index 0"),
        ([0], [[1.0, 2.0, 3.0]], "x and v shape doesn't match"),
    ],
)
def test_shapes_that_do_not_fit_are_refused(i, v, message):
    with tf.Graph().as_default(), pytest.raises(ValueError, match=message):
        ops.inplace_update_op(tf.constant(X), tf.constant(i), tf.constant(v))


def test_a_row_a_number_of_rows_or_all_can_be_changed():
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.constant(X)
        one = inplace_ops.alias_inplace_update(x, 1, [9.0, 9.0])
        some = inplace_ops.alias_inplace_add(x, [0, 1], tf.ones([2, 2]))
        everything = inplace_ops.alias_inplace_sub(x, None, X)
        safe = inplace_ops.inplace_update(x, tf.constant(0), [0.0, 0.0])
        found = session.run([one, some, everything, safe, x])

    assert found[0].tolist() == [[1, 2], [9, 9], [5, 6]]
    assert found[1].tolist() == [[2, 3], [4, 5], [5, 6]]
    assert found[2].tolist() == np.zeros([3, 2]).tolist()
    assert found[3].tolist() == [[0, 0], [3, 4], [5, 6]]
    assert found[4].tolist() == X.tolist()
