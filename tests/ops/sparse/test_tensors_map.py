"""Sparse tensors in a map: kept under numbers, taken once, shared by name."""

import numpy as np
import pytest

import minitf as tf
from minitf import ops
from minitf.errors import InvalidArgumentError

INDICES, VALUES, SHAPE = np.array([[0, 1], [1, 0]]), np.float32([1, 2]), np.array([2, 2])


def taken(handles, dtype=tf.float32, name="m"):
    return ops.take_many_sparse_from_tensors_map_op(handles, dtype=dtype, shared_name=name)


def test_what_is_added_is_taken_once():
    number = ops.add_sparse_to_tensors_map_op(INDICES, VALUES, SHAPE, shared_name="m")
    numbers = tf.placeholder(tf.int64, [None])
    found = taken(numbers)
    with tf.Session() as session:
        given = [session.run(number), session.run(number)]
        indices, values, shape = session.run(found, {numbers: given})

        assert given == [0, 1]
        assert indices.tolist() == [[0, 0, 1], [0, 1, 0], [1, 0, 1], [1, 1, 0]]
        assert values.tolist() == [1, 2, 1, 2]
        assert shape.tolist() == [2, 2, 2]
        with pytest.raises(InvalidArgumentError, match="Unable to find SparseTensor: 0 in map: m"):
            session.run(found, {numbers: given})


def test_slices_are_kept_one_by_one():
    numbers = ops.add_many_sparse_to_tensors_map_op(INDICES, VALUES, SHAPE, shared_name="m")
    with tf.Session() as session:
        backwards = session.run(taken(tf.reverse(numbers, [0])))

    assert numbers.shape.as_list() == [2]
    assert backwards.sparse_indices.tolist() == [[0, 0], [1, 1]]
    assert backwards.sparse_values.tolist() == [2, 1]


def test_a_map_without_a_shared_name_has_the_operation_s():
    number = ops.add_sparse_to_tensors_map_op(INDICES, VALUES, SHAPE, name="mine")
    with tf.Session() as session:
        found = session.run(taken([session.run(number)], name="mine"))

    assert found.sparse_values.tolist() == [1, 2]


def test_what_cannot_be_taken_is_said():
    number = ops.add_sparse_to_tensors_map_op(INDICES, VALUES, SHAPE, shared_name="m")
    with tf.Session() as session:
        given = [session.run(number)]
        with pytest.raises(InvalidArgumentError, match="of type int32 but SparseTensor"):
            session.run(taken(given, tf.int32))
        with pytest.raises(InvalidArgumentError, match="sparse_handles is empty"):
            session.run(taken(np.zeros(0, np.int64)))
        with pytest.raises(InvalidArgumentError, match="in map: other"):
            session.run(taken([0], name="other"))
