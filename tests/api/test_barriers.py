"""Barriers as TensorFlow 1.x builds them, and tables of sparse tensors."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf.api.barriers import Barrier
from minitf.compat.internal import sparse_ops
from minitf.contexts.branch import BranchContext
from minitf.contexts.loop import LoopContext


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def test_elements_leave_when_all_their_components_are_there():
    barrier = Barrier([tf.string, tf.float32], shapes=[[], [2]], name="B")
    names = barrier.insert_many(0, ["a", "b"], ["x", "y"])
    numbers = barrier.insert_many(1, ["b", "a"], [[1.0, 2.0], [3.0, 4.0]])
    sizes = [barrier.ready_size(), barrier.incomplete_size()]
    taken = barrier.take_many(2)
    fewer = barrier.take_many(5, allow_small_batch=True)
    with tf.Session() as session:
        session.run(names)
        assert session.run(sizes) == [0, 2]
        session.run(numbers)
        assert session.run(sizes) == [2, 0]
        found = session.run(taken)
        session.run(barrier.close())
        with pytest.raises(tf.errors.OutOfRangeError, match="is closed and has insufficient"):
            session.run(taken)

    assert found.keys.tolist() == [b"b", b"a"]  # as they were completed
    assert found.values[0].tolist() == [b"y", b"x"]
    assert found.values[1].tolist() == [[1, 2], [3, 4]]
    assert [each.shape.as_list() for each in taken.values] == [[2], [2, 2]]
    assert fewer.keys.shape.as_list() == [None]
    assert barrier.name == "B"
    assert [names.name, barrier.barrier_ref.name] == ["B_BarrierInsertMany", "B:0"]


def test_shapes_of_components_are_checked():
    with pytest.raises(ValueError, match="Empty tensors are not supported"):
        Barrier(tf.float32, shapes=[[0]])
    with pytest.raises(ValueError, match="has 2 entries, but there are 1 types"):
        Barrier(tf.float32, shapes=[[], []])


def test_sparse_tensors_are_kept_in_a_table_and_written_down():
    x = tf.SparseTensor([[0, 0], [1, 1]], [1.0, 2.0], [2, 2])
    one = sparse_ops.add_sparse_to_tensors_map(x)
    many = sparse_ops.add_many_sparse_to_tensors_map(x)
    taken = [
        sparse_ops.take_many_sparse_from_tensors_map(many.op, many),
        sparse_ops.deserialize_sparse(tf.serialize_sparse(x), tf.float32, rank=2),
        sparse_ops.take_many_sparse_from_tensors_map(one.op, [one], rank=3),
        sparse_ops.sparse_dense_cwise_add(x, [[3.0, 4.0]]),
    ]
    with tf.Session() as session:
        wanted, (rows, read, whole, added) = session.run([x, taken])

    for got in (rows, read):
        for part, other in zip(got, wanted, strict=True):
            np.testing.assert_array_equal(part, other)
    np.testing.assert_array_equal(whole.indices, [[0, 0, 0], [0, 1, 1]])
    np.testing.assert_array_equal(added.values, [4, 6])
    with pytest.raises(TypeError, match="must be one of AddSparseToTensorsMap"):
        sparse_ops.take_many_sparse_from_tensors_map(tf.no_op(), [1])
    with pytest.raises(TypeError, match="must be a SparseTensor"):
        sparse_ops.add_sparse_to_tensors_map(3)


def test_contexts_lead_to_their_messages_and_back(graph):
    tf.cond(tf.placeholder(tf.bool), lambda: tf.constant(1), lambda: tf.constant(2))
    tf.while_loop(lambda i: i < 3, lambda i: i + 1, [0])
    keys = tf.GraphKeys.COND_CONTEXT, tf.GraphKeys.WHILE_CONTEXT
    for key, kind in zip(keys, (BranchContext, LoopContext), strict=True):
        message = graph.get_collection(key)[0].to_proto()

        assert kind.from_proto(message).to_proto() == message
        assert kind.from_proto(message).IsWhileContext() == (kind is LoopContext)
        assert kind.from_proto(message).IsCondContext() == (kind is BranchContext)
