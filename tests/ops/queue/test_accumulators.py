"""Accumulators of gradients: the mean of those that are not stale, when there are enough."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf
import minitf as tf
from minitf import dtypes, ops
from minitf.ops.queue.accumulators import DenseAccumulator
from minitf.ops.queue.sparse_accumulators import Gradient, SparseAccumulator
from minitf.shapes import Shape


def dense(dtype=dtypes.float32, shape=(2,), reduction="MEAN"):
    return DenseAccumulator("a", dtype, Shape(shape), reduction)


def sparse(shape=(4, 2), reduction="MEAN"):
    return SparseAccumulator("a", dtypes.float32, Shape(shape), reduction)


def rows(indices, values, shape=None):
    return Gradient(
        np.array(indices, np.int64),
        np.array(values, np.float32),
        None if shape is None else np.array(shape, np.int64),
    )


# --- dense --------------------------------------------------------------------------------------


@pytest.mark.paper("O-26")
def test_the_mean_of_all_that_has_come_is_given_and_the_step_advances():
    accumulator = dense()
    for gradient in ([1, 2], [3, 4], [5, 9]):
        accumulator.apply(0, np.float32(gradient))

    assert accumulator.take(2).tolist() == [3, 5]
    assert (accumulator.step, accumulator.count) == (1, 0)


def test_the_sum_is_given_where_it_is_asked_for():
    accumulator = dense(reduction="SUM")
    for gradient in ([1, 2], [3, 4]):
        accumulator.apply(0, np.float32(gradient))

    assert accumulator.take(1).tolist() == [4, 6]


@pytest.mark.paper("O-27")
def test_a_stale_gradient_is_dropped():
    accumulator = dense()
    accumulator.set_step(5)
    accumulator.apply(4, np.float32([9, 9, 9]))  # not even its shape is looked at
    accumulator.apply(5, np.float32([1, 1]))
    accumulator.apply(7, np.float32([3, 3]))

    assert accumulator.count == 2
    assert accumulator.take(1).tolist() == [2, 2]
    accumulator.apply(5, np.float32([1, 1]))
    assert accumulator.count == 0


@pytest.mark.paper("O-26", "W-42")
def test_a_take_waits_until_there_are_enough():
    accumulator = dense()
    first, second = accumulator.take(2), accumulator.take(1)
    accumulator.apply(0, np.float32([1, 1]))

    assert first.reason == "accumulator 'a' has 1 of 2 gradients"
    assert not first.done()
    accumulator.apply(0, np.float32([3, 5]))
    assert first.result().tolist() == [2, 3]
    assert not second.done()  # its turn begins with the next step
    accumulator.apply(0, np.float32([7, 7]))
    assert not second.done()  # stale
    accumulator.apply(1, np.float32([7, 7]))
    assert second.result().tolist() == [7, 7]


def test_a_take_that_is_cancelled_gives_back_gradients_and_step():
    accumulator = dense()
    take = accumulator.take(2)
    accumulator.apply(0, np.float32([1, 2]))
    accumulator.apply(0, np.float32([3, 4]))

    assert take.done()
    accumulator.apply(1, np.float32([5, 6]))
    take.cancel()
    assert (accumulator.step, accumulator.count) == (0, 3)
    assert accumulator.take(3).tolist() == [3, 4]


def test_a_gradient_that_does_not_fit_is_refused():
    accumulator = dense(shape=(None,))
    accumulator.apply(0, np.float32([1, 2, 3]))
    for gradient, phrase in (
        (np.float32([1, 2]), "Shape mismatch: expected [3], got [2]"),
        (np.float32(1), "Shape mismatch: expected [3], got []"),
        (np.float64([1, 2, 3]), "Type mismatch: expected float, got double"),
    ):
        with pytest.raises(tf.errors.InvalidArgumentError, match=re.escape(phrase)):
            accumulator.apply(0, gradient)
    with pytest.raises(tf.errors.InvalidArgumentError, match="must be positive, but was 0"):
        accumulator.take(0)

    assert accumulator.take(1).tolist() == [1, 2, 3]
    accumulator.apply(1, np.float32([1, 2]))  # the shape was not declared


def test_a_stored_gradient_is_a_copy():
    accumulator = dense()
    gradient = np.float32([1, 2])
    accumulator.apply(0, gradient)
    gradient[:] = 9

    assert accumulator.take(1).tolist() == [1, 2]


def test_sixteen_bit_gradients_are_added_up_in_single_precision():
    accumulator = dense(dtypes.float16, ())
    for _ in range(3000):  # in half precision the sum would stop at 2048
        accumulator.apply(0, np.float16(1))
    mean = accumulator.take(1)

    assert mean == 1
    assert mean.dtype == np.float16


@pytest.mark.paper("O-26")
@given(st.lists(st.lists(st.integers(-9, 9), min_size=2, max_size=2), min_size=1, max_size=6))
def test_the_mean_of_equal_parts_is_that_of_one_big_batch(gradients):
    accumulator = dense(dtypes.float64)
    for gradient in gradients:
        accumulator.apply(0, np.float64(gradient))

    assert accumulator.take(len(gradients)).tolist() == np.mean(gradients, axis=0).tolist()


@pytest.mark.paper("O-27")
def test_with_a_backup_worker_the_last_gradient_of_each_step_is_dropped_exactly_once():
    """Three workers, two count: the sleeper's gradient comes when its step is over."""
    accumulator = dense(shape=())
    dropped = 0
    for step in range(5):
        take = accumulator.take(2)
        for _worker in range(2):
            accumulator.apply(step, np.float32(step))
        assert take.result() == step
        before = accumulator.count
        accumulator.apply(step, np.float32(99))  # the third
        dropped += accumulator.count == before

    assert dropped == 5
    assert accumulator.count == 0


@pytest.mark.parametrize("version", ["", "resource_"], ids=["ref", "resource"])
def test_both_kinds_of_handle_do_the_same(version):
    def op(name):
        return getattr(ops, f"{version}{name}_op")

    handle = op("conditional_accumulator")(dtype=tf.float32, shape=[2])
    step = tf.placeholder(tf.int64, [])
    apply = op("accumulator_apply_gradient")(handle, step, np.float32([2, 4]))
    take = op("accumulator_take_gradient")(handle, 1, dtype=tf.float32)
    number = op("accumulator_num_accumulated")(handle)
    advance = op("accumulator_set_global_step")(handle, 3)
    with tf.Session() as session:
        session.run(apply, {step: 0})
        assert session.run(number) == 1
        assert session.run(take).tolist() == [2, 4]
        session.run(advance)
        session.run(apply, {step: 2})
        assert session.run(number) == 0
        session.run(apply, {step: 3})
        assert session.run(number) == 1


@pytest.mark.paper("W-39")
def test_an_accumulator_is_shared_by_its_name_and_must_agree():
    def shared(**changed):
        options = {"dtype": tf.float32, "shape": [2], "shared_name": "a"} | changed
        return tf.ConditionalAccumulator(**options)

    with tf.Session() as session:
        session.run(shared().apply_grad([1.0, 2.0]))
        assert session.run(shared().num_accumulated()) == 1
        for other in (
            shared(dtype=tf.float64),
            shared(shape=[3]),
            shared(reduction_type="SUM"),
            tf.SparseConditionalAccumulator(tf.float32, [2], shared_name="a"),
        ):
            with pytest.raises(tf.errors.InvalidArgumentError, match="Shared accumulator 'a'"):
                session.run(other.num_accumulated())


def test_a_take_of_another_type_is_refused():
    handle = tf.ConditionalAccumulator(tf.float32, [2]).accumulator_ref
    take = ops.resource_accumulator_take_gradient_op(handle, 1, dtype=tf.float64)
    with (
        tf.Session() as session,
        pytest.raises(tf.errors.InvalidArgumentError, match="expected float, got double"),
    ):
        session.run(take)


# --- sparse -------------------------------------------------------------------------------------


@pytest.mark.paper("O-26")
def test_the_mean_of_a_row_is_over_the_gradients_that_had_it():
    accumulator = sparse()
    accumulator.apply(0, rows([0, 2], [[1, 1], [2, 2]]))
    accumulator.apply(0, rows([2], [[4, 4]]))
    indices, values, shape = accumulator.take(2)

    assert indices.tolist() == [0, 2]
    assert values.tolist() == [[1, 1], [3, 3]]
    assert shape.tolist() == [4, 2]


def test_indices_may_come_in_any_order_and_more_than_once():
    accumulator = sparse(reduction="SUM")
    accumulator.apply(0, rows([3, 1, 3], [[1, 1], [2, 2], [4, 4]]))
    accumulator.apply(0, rows([0, 3], [[7, 7], [8, 8]]))
    indices, values, _ = accumulator.take(2)

    assert indices.tolist() == [0, 1, 3]
    assert values[:, 0].tolist() == [7, 2, 13]


@given(st.data())
def test_a_sum_of_rows_is_the_sum_of_dense_gradients(data):
    accumulator = sparse(reduction="SUM")
    total = np.zeros((4, 2), np.float32)
    for _ in range(data.draw(st.integers(1, 4))):
        indices = data.draw(st.lists(st.integers(0, 3), max_size=5))
        values = np.float32(data.draw(st.lists(st.integers(-9, 9), min_size=10, max_size=10)))
        values = values.reshape(5, 2)[: len(indices)]
        accumulator.apply(0, rows(indices, values, [4, 2]))
        np.add.at(total, np.array(indices, int), values)
    indices, values, _ = accumulator.take(1)
    found = np.zeros((4, 2), np.float32)
    found[indices] = values

    np.testing.assert_array_equal(found, total)
    assert (np.diff(indices) > 0).all()


def test_an_unknown_size_is_given_as_minus_one():
    accumulator = sparse(shape=None)
    accumulator.apply(0, rows([1], [[1, 2]], [9, 2]))

    assert accumulator.take(1)[2].tolist() == [-1, 2]


@pytest.mark.parametrize(
    ("gradient", "phrase"),
    [
        (rows([0], 2), "Values cannot be 0-dimensional."),
        (rows([[0]], [[1, 1]]), "Input indices should be vector but received shape: [1,1]"),
        (rows([0, 1], [[1, 1]]), "Expected 2 non-empty input values, got 1"),
        (rows([0], [[1, 1]], [4]), "expected shape rank at least 2, got 1"),
        (rows([0], [[1, 1]], [4, 3]), "expected shape dim 1 to be 2, got 3"),
        (rows([0], [1]), "expected values rank 2, got 1"),
        (rows([0], [[1, 1, 1]]), "expected values dim 1 to be 2, got 3"),
        (rows([4], [[1, 1]]), "index of slice 0 exceeded limits of shape; index is 4 exceeded 4"),
        (rows([0, -1], [[1, 1]] * 2), "index of slice 1 exceeded limits of shape; index is -1"),
    ],
)
def test_rows_that_do_not_fit_are_refused(gradient, phrase):
    with pytest.raises(tf.errors.InvalidArgumentError, match=re.escape(phrase)):
        sparse().apply(0, gradient)


def test_rows_must_fit_those_that_have_come():
    accumulator = sparse(shape=None)
    accumulator.apply(0, rows([1], [[1, 2]]))
    with pytest.raises(
        tf.errors.InvalidArgumentError, match="expected values dim 1 to be 2, got 3"
    ):
        accumulator.apply(0, rows([1], [[1, 2, 3]]))
    with pytest.raises(tf.errors.InvalidArgumentError, match="index is -1 exceeded 0"):
        accumulator.apply(0, rows([-1], [[1, 2]]))


# --- the public classes -------------------------------------------------------------------------


def some_of_each(tf):
    """Build every method of both classes; return what can be fetched one after the other."""
    step = tf.constant(0)
    dense = tf.ConditionalAccumulator(tf.float32, [2], name="dense")
    sparse = tf.SparseConditionalAccumulator(tf.float32, [3, 2], name="sparse")
    slices = tf.IndexedSlices(tf.ones([1, 2]), tf.constant([1]))
    steps = [
        dense.apply_grad([1.0, 2.0], local_step=step),
        dense.apply_grad([3.0, 5.0], 0, name="second"),
        sparse.apply_grad([0, 2], [[1.0, 1.0], [2.0, 2.0]], [3, 2]),
        sparse.apply_indexed_slices_grad(slices, local_step=step),
        dense.num_accumulated(),
        sparse.num_accumulated(),
        dense.take_grad(2),
        sparse.take_indexed_slices_grad(1),
        dense.set_global_step(7),
        sparse.set_global_step(step + 7),
        dense.apply_grad([1.0, 2.0], local_step=6),
        dense.num_accumulated(name="number"),
    ]
    taken = sparse.take_grad(1, name="taken")
    assert isinstance(taken, tuple)
    return steps


@pytest.mark.tensorflow
def test_the_classes_build_tensorflows_nodes_and_give_its_values(tensorflow):
    found = []
    for library in (minitf, tensorflow):
        with library.Graph().as_default() as graph, library.Session() as session:
            steps = some_of_each(library)
            nodes = [
                (op.name, op.type, [t.name for t in op.inputs], [str(t.shape) for t in op.outputs])
                for op in graph.get_operations()
            ]
            found.append((nodes, [session.run(step) for step in steps]))
    (ours, our_values), (theirs, their_values) = found

    assert [node[:3] for node in ours] == [node[:3] for node in theirs]
    np.testing.assert_equal(
        [value for value in our_values if not isinstance(value, tuple)],
        [value for value in their_values if not isinstance(value, tuple)],
    )
    np.testing.assert_equal(tuple(our_values[7]), tuple(their_values[7]))


@pytest.mark.thorough
@pytest.mark.tensorflow
@pytest.mark.paper("O-26", "O-27")
@given(
    reduction=st.sampled_from(["MEAN", "SUM"]),
    steps=st.lists(
        st.one_of(
            st.tuples(st.just("apply"), st.integers(0, 4), st.integers(-9, 9)),
            st.tuples(st.just("set"), st.integers(0, 4), st.just(0)),
            st.tuples(st.just("take"), st.integers(1, 3), st.just(0)),
        ),
        max_size=12,
    ),
)
def test_sequences_give_what_tensorflow_gives(tensorflow, reduction, steps):
    programs = []
    for library in (minitf, tensorflow):
        with library.Graph().as_default() as graph:
            accumulator = library.ConditionalAccumulator(
                library.float32, [], reduction_type=reduction
            )
            number, value = library.placeholder(library.int64, []), library.placeholder("float32")
            made = {
                "apply": accumulator.apply_grad(value, number),
                "set": accumulator.set_global_step(number),
                "take": accumulator.take_grad(library.cast(number, library.int32)),
                "count": accumulator.num_accumulated(),
            }
        programs.append((library.Session(graph=graph), made, number, value))
    session, made, number, value = programs[0]
    for what, first, second in steps:
        if what == "take" and session.run(made["count"]) < first:
            continue
        results = [
            [session.run(made[what], {number: first, value: second}), session.run(made["count"])]
            for session, made, number, value in programs
        ]

        assert results[0] == results[1]
    for session, *_ in programs:
        session.close()


def test_a_waiting_take_in_a_session_is_served_by_another_step():
    accumulator = tf.ConditionalAccumulator(tf.float32, [])
    apply, take = accumulator.apply_grad(4.0), accumulator.take_grad(2)
    with tf.control_dependencies([apply]):
        other = accumulator.apply_grad(6.0, name="other")
    with tf.Session() as session:
        mean, _ = session.run([take, other])  # of one step even: nobody holds a thread

    assert mean == 5
