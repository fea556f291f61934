"""Moving averages: of variables, of Tensors, their names, TensorFlow's values and nodes."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest
from variables.scenarios import nodes

import minitf
from minitf.train.moving_averages import assign_moving_average, weighted_moving_average

both_kinds = pytest.mark.parametrize("use_resource", [False, True], ids=["ref", "resource"])


def test_an_average_follows_its_variable():
    tf = minitf
    v = tf.Variable([1.0, 2.0])
    ema = tf.train.ExponentialMovingAverage(0.75)
    with tf.control_dependencies([tf.assign_add(v, [4.0, 8.0])]):
        update = ema.apply()
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(update)  # 1 + (5 - 1) / 4, 2 + (10 - 2) / 4

        assert session.run(ema.average(v)).tolist() == [2, 4]


def test_few_updates_make_an_average_fast():
    tf = minitf
    v, count = tf.Variable(10.0), tf.Variable(8, trainable=False)
    ema = tf.train.ExponentialMovingAverage(0.99, num_updates=count)
    with tf.Session() as session:
        update = ema.apply([v])
        session.run(tf.global_variables_initializer())
        session.run(v.assign(0.0))
        session.run(update)  # the decay is (1 + 8) / (10 + 8)

        assert session.run(ema.average(v)) == 5


def test_an_average_of_a_tensor_may_be_divided_by_its_bias():
    tf = minitf
    x = tf.placeholder(tf.float64, [], name="x")
    plain = tf.train.ExponentialMovingAverage(np.float64(0.5))
    unbiased = tf.train.ExponentialMovingAverage(np.float64(0.5), zero_debias=True, name="Fair")
    updates = [plain.apply([x]), unbiased.apply([x])]
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        seen = []
        for value in (8.0, 8.0, 16.0):
            session.run(updates, {x: value})
            seen.append(session.run([plain.average(x), unbiased.average(x)]))

    # sums 4, 6, 11; the biases 1/2, 3/4, 7/8
    assert seen == [[4, 8], [6, 8], [11, 11 / 0.875]]


def test_averages_have_names_before_and_after():
    tf = minitf
    v = tf.Variable(1.0, name="layer/v")
    step = tf.train.create_global_step()
    ema = tf.train.ExponentialMovingAverage(0.9)
    before = ema.average_name(v)
    assert ema.average(v) is None
    ema.apply([v])

    assert before == ema.average_name(v) == "layer/v/ExponentialMovingAverage"
    assert ema.average(v).op.name == before
    assert ema.name == "ExponentialMovingAverage"
    assert tf.moving_average_variables() == [v]
    assert ema.variables_to_restore() == {
        before: v,
        "global_step": step,
    }
    assert ema.variables_to_restore([]) == {
        "layer/v": v,
        "global_step": step,
        before: ema.average(v),
    }


def test_a_second_call_moves_the_same_averages():
    tf = minitf
    v = tf.Variable([1.0])
    ema = tf.train.ExponentialMovingAverage(0.9)
    ema.apply([v])
    count = len(tf.global_variables())
    ema.apply([v])

    assert len(tf.global_variables()) == count


def test_averages_are_not_trained_and_live_with_their_variables():
    tf = minitf
    with tf.device("/job:ps/task:1"):
        v = tf.get_variable("v", [2])
    ema = tf.train.ExponentialMovingAverage(0.9)
    ema.apply([v])

    assert tf.trainable_variables() == [v]
    assert ema.average(v).device == v.device


def test_whole_numbers_have_no_average():
    tf = minitf
    with pytest.raises(TypeError, match="The variables must be half, float, or double: v:0"):
        tf.train.ExponentialMovingAverage(0.9).apply([tf.Variable(1, name="v")])


def test_a_variable_moves_towards_a_value():
    tf = minitf
    v = tf.Variable([0.0, 4.0])
    moved = assign_moving_average(v, [8.0, 8.0], 0.75, zero_debias=False)
    with tf.Session() as session:
        session.run(v.initializer)

        assert session.run(moved).tolist() == [2, 5]


def test_a_weighted_average_divides_two_averages():
    tf = minitf
    x, w = tf.placeholder(tf.float64, []), tf.placeholder(tf.float64, [])
    average = weighted_moving_average(x, 0.5, w)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(average, {x: 2.0, w: 1.0})  # sums 1, 0.5
        got = session.run(average, {x: 8.0, w: 3.0})  # 0.5 + 12, 0.25 + 1.5

    np.testing.assert_allclose(got, 12.5 / 1.75, rtol=1e-7)


# --- TensorFlow ----------------------------------------------------------------------------------


def averaged(tf, *, num_updates, zero_debias, use_resource):
    """Return what averages of Tensors are after some updates, their names, and all nodes."""
    with tf.Graph().as_default() as graph, tf.Session() as session:
        x = tf.placeholder(tf.float32, [2], name="x")
        tensors = [x * 3.0, tf.identity(x, name="u")]
        count = tf.Variable(0, name="n", trainable=False, use_resource=use_resource)
        with tf.variable_scope("", use_resource=use_resource):
            ema = tf.train.ExponentialMovingAverage(
                0.9, count if num_updates else None, zero_debias=zero_debias
            )
            update = ema.apply(tensors)
        session.run(tf.global_variables_initializer())
        for value in range(4):
            session.run(update, {x: [value, 1]})
        values = session.run([ema.average(each) for each in tensors])
        restored = sorted((name, v.name) for name, v in ema.variables_to_restore().items())
    return values, [ema.average_name(each) for each in tensors], restored, nodes(graph)


@pytest.mark.tensorflow
@pytest.mark.parametrize("num_updates", [False, True])
@pytest.mark.parametrize("zero_debias", [False, True])
def test_averages_are_tensorflows(num_updates, zero_debias, tensorflow):
    (
        (ours, our_names, our_restored, our_nodes),
        (theirs, their_names, their_restored, their_nodes),
    ) = (
        averaged(tf, num_updates=num_updates, zero_debias=zero_debias, use_resource=False)
        for tf in (minitf, tensorflow)
    )

    np.testing.assert_allclose(ours, theirs, rtol=1e-6)
    assert our_names == their_names
    assert our_restored == their_restored
    assert our_nodes == their_nodes


def assigned(tf, *, zero_debias, use_resource):
    name = "minitf.train" if tf is minitf else "tensorflow.python.training"
    module = import_module(f"{name}.moving_averages")
    with tf.Graph().as_default(), tf.Session() as session:
        with tf.variable_scope("a/b", use_resource=use_resource):
            v = tf.get_variable("foo", [2], initializer=tf.zeros_initializer(), trainable=False)
            first = module.assign_moving_average(v, [1.0, 2.0], 0.9, zero_debias=zero_debias)
            second = module.assign_moving_average(v, [5.0, 2.0], 0.5, zero_debias=zero_debias)
        session.run(tf.global_variables_initializer())
        values = [session.run(each) for each in (first, second, first)]
    return values, [each.name for each in tf.global_variables()]


@pytest.mark.tensorflow
@pytest.mark.parametrize("zero_debias", [False, True])
@both_kinds
def test_assigned_averages_are_tensorflows(zero_debias, use_resource, tensorflow):
    (ours, our_names), (theirs, their_names) = (
        assigned(tf, zero_debias=zero_debias, use_resource=use_resource)
        for tf in (minitf, tensorflow)
    )

    np.testing.assert_allclose(ours, theirs, rtol=1e-6)
    assert our_names == their_names
