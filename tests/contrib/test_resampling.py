"""Examples that are drawn by chance (tf.contrib.training)."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf

training = tf.contrib.training


@pytest.fixture
def session():
    with tf.Graph().as_default(), tf.Session() as session:
        yield session


def test_rows_appear_at_their_rates(session):
    rates = tf.constant([0.0, 0.5, 1.0, 3.0])
    a, b = training.resample_at_rate([tf.range(4), tf.range(4) * 2], rates, seed=1)
    counts = np.zeros(4)
    for _ in range(300):
        rows, doubled = session.run([a, b])
        np.testing.assert_array_equal(2 * rows, doubled)
        assert (np.diff(rows) >= 0).all()
        counts += np.bincount(rows, minlength=4)
    np.testing.assert_allclose(counts / 300, [0, 0.5, 1, 3], atol=0.4)  # 4 deviations


@pytest.mark.parametrize("back_prop", [False, True])
def test_gradients_flow_if_asked_for(session, back_prop):
    x = tf.constant([1.0, 2.0])
    (found,) = training.resample_at_rate([x], [2.0, 2.0], back_prop=back_prop)
    assert (tf.gradients(found, x)[0] is not None) == back_prop


def test_weights_become_rates_by_their_mean_so_far(session):
    weights = tf.placeholder(tf.float32, [None])
    (rows,), rates = training.weighted_resample([tf.range(3)], weights, 2.0, mean_decay=0.5, seed=2)
    session.run(tf.global_variables_initializer())
    mean, total = 0.0, 0.0
    for fed in ([1.0, 2, 3], [4, 0, 8], [1, 1, 1]):
        mean, total = mean / 2 + np.mean(fed) / 2, total / 2 + 0.5
        found, at = session.run([rows, rates], {weights: fed})
        wanted = 2 * np.array(fed) / (mean / total)
        np.testing.assert_allclose(at, wanted[found], rtol=1e-5)


@pytest.mark.parametrize("many", [False, True])
def test_examples_are_accepted_by_their_probability(session, many):
    numbers = tf.train.range_input_producer(4, shuffle=False).dequeue()
    example = [tf.stack([numbers, numbers + 1]), tf.stack([numbers] * 2)] if many else [numbers] * 2
    (a, b) = training.rejection_sample(
        example, lambda each: tf.cast(each[0] % 2, tf.float32), 6, enqueue_many=many
    )
    coordinator = tf.train.Coordinator()
    threads = tf.train.start_queue_runners(session, coordinator)
    found, other = session.run([a, b])
    coordinator.request_stop()
    coordinator.join(threads)
    assert found.shape == other.shape == (6,)
    assert (found % 2 == 1).all()
    if not many:
        np.testing.assert_array_equal(found, other)


def test_a_probability_above_1_is_an_error_if_asked_for(session):
    one = tf.constant(1.0)
    (found,) = training.rejection_sample([one], lambda each: 2 * each[0], 1, runtime_checks=True)
    coordinator = tf.train.Coordinator()
    threads = tf.train.start_queue_runners(session, coordinator)
    with pytest.raises(tf.errors.OutOfRangeError):
        session.run(found)
    with pytest.raises(tf.errors.InvalidArgumentError, match="Accept probabilities"):
        coordinator.join(threads)


def test_a_store_of_its_own_holds_variables_apart(session):
    container = tf.contrib.eager.EagerVariableStore()
    outer = tf.get_variable("v", [2])
    with container.as_default():
        inner = tf.get_variable("v", [3], initializer=tf.ones_initializer())
        fixed = tf.get_variable("a", [], trainable=False, use_resource=True)
    with tf.variable_scope("", reuse=True):
        assert tf.get_variable("v", [2]) is outer
    assert container.variables() == [fixed, inner]
    assert container.trainable_variables() == [inner]
    assert container.non_trainable_variables() == [fixed]
    session.run(tf.global_variables_initializer())
    copied = container.copy()
    assert not set(copied.variables()) & {fixed, inner}
    session.run([each.initializer for each in copied.variables()])
    session.run(tf.assign(inner, [7.0, 7, 7]))
    assert session.run(copied.trainable_variables()[0]).tolist() == [1, 1, 1]
    with pytest.raises(ValueError, match="Cannot construct"):
        tf.contrib.eager.EagerVariableStore("x")
