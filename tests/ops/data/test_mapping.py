"""map_defun calls a function for each row."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf import errors
from minitf.data.running import map_defun


def test_rows_are_mapped_and_stacked():
    factor = tf.constant(10)
    rows = [tf.constant([[1, 2], [3, 4], [5, 6]]), tf.constant([1, 2, 3])]

    sums, products = map_defun(
        lambda row, n: (tf.reduce_sum(row), row * n * factor), rows, [tf.int32] * 2, [[], [2]]
    )

    assert sums.shape.as_list() == [3]
    assert products.shape.as_list() == [3, 2]
    with tf.Session() as session:
        found = session.run([sums, products])
    np.testing.assert_array_equal(found[0], [3, 7, 11])
    np.testing.assert_array_equal(found[1], [[10, 20], [60, 80], [150, 180]])


def test_no_rows_give_no_rows():
    (found,) = map_defun(lambda x: tf.stack([x, x]), [tf.zeros([0])], [tf.float32], [[2]])

    with tf.Session() as session:
        assert session.run(found).shape == (0, 2)


def test_there_must_be_equally_many_rows():
    with pytest.raises(ValueError, match="must have the same dimension 0"):
        map_defun(lambda x, y: x, [tf.zeros([2]), tf.zeros([3])], [tf.float32], [[]])
    sizes = tf.placeholder(tf.float32, [None]), tf.zeros([3])
    (found,) = map_defun(lambda x, y: x + y, list(sizes), [tf.float32], [[]])
    with tf.Session() as session, pytest.raises(errors.InvalidArgumentError, match="dimension 0"):
        session.run(found, {sizes[0]: [1.0]})


def test_arguments_are_lists():
    x = tf.zeros([2])
    for arguments, what in (
        ((x, [tf.float32], [[]]), "elems"),
        (([x], tf.float32, [[]]), "output_dtypes"),
        (([x], [tf.float32], ()), "output_shapes"),
    ):
        with pytest.raises(ValueError, match=f"`{what}` must be a list"):
            map_defun(lambda y: y, *arguments)
