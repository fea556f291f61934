"""Tools for porting a model: parameters, a frozen loss, comparisons, mistakes, stable seeds."""

from __future__ import annotations

import logging

import numpy as np
import pytest

import minitf as tf

# --- parameters ----------------------------------------------------------------------------------


@pytest.mark.paper("W-46")
def test_parameters_are_counted_by_variable():
    tf.layers.dense(tf.zeros([1, 3]), 4, name="first")  # 12 weights, 4 biases
    tf.Variable(0, trainable=False, name="global_step")
    counted = tf.debug.count_parameters()

    assert [(row.name, row.shape, row.parameters) for row in counted.rows] == [
        ("first/kernel", (3, 4), 12),
        ("first/bias", (4,), 4),
    ]
    assert counted.total == 16
    assert counted.nbytes == 64
    assert counted.operations == len(tf.get_default_graph().get_operations())
    assert "2 variables, 16 parameters, 64 bytes" in str(counted)
    assert "first/kernel" in str(counted)
    assert "test_porting.py" in str(counted)


def test_other_variables_and_unknown_shapes_are_counted_as_they_are():
    tf.Variable(tf.placeholder(tf.float64), validate_shape=False, name="any")
    tf.Variable(np.zeros((1024, 1024), np.float64), trainable=False, name="big")
    counted = tf.debug.count_parameters(variables=tf.global_variables())

    assert [row.parameters for row in counted.rows] == [None, 1 << 20]
    assert "8.0 MiB" in str(counted)
    assert tf.debug.count_parameters(tf.Graph()).rows == ()


# --- a learning rate of 0 ------------------------------------------------------------------------


def trained(*, average):
    """A loss that reads a moving average, which each step updates if told so."""
    rate = tf.placeholder(tf.float32, [])
    w, mean = tf.Variable(2.0, name="w"), tf.Variable(0.0, trainable=False, name="mean")
    loss = tf.square(w) + mean
    train = tf.train.MomentumOptimizer(rate, 0.9).minimize(loss)
    if average:
        train = tf.group(train, tf.assign_add(mean, 0.25))
    return rate, loss, train


@pytest.mark.paper("W-47")
def test_a_learning_rate_of_0_leaves_the_loss():
    rate, loss, train = trained(average=False)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())

        assert tf.debug.check_frozen_loss(session, loss, train, {rate: 0.0}) == 4


@pytest.mark.paper("W-47")
def test_what_changes_a_frozen_loss_is_named():
    rate, loss, train = trained(average=True)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        with pytest.raises(AssertionError, match=r"4\.0 before 3 steps.*4\.75 after") as caught:
            tf.debug.check_frozen_loss(session, loss, train, {rate: 0.0})

    assert "variable 'mean' changed by up to 0.75" in str(caught.value)
    assert "'w'" not in str(caught.value)
    assert "test_porting.py" in str(caught.value)


def test_a_loss_that_is_another_each_time_names_what_is_random():
    w = tf.Variable(1.0)
    loss = w * tf.random_uniform([], name="noise")
    train = tf.train.GradientDescentOptimizer(0.0).minimize(loss)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        with pytest.raises(AssertionError, match="noise/RandomUniform"):
            tf.debug.check_frozen_loss(session, loss, train)


# --- comparisons ---------------------------------------------------------------------------------


@pytest.mark.paper("W-50")
def test_part_of_a_graph_is_compared_with_a_function():
    x = tf.placeholder(tf.float32, [None])
    hidden = tf.square(x)
    outputs = [hidden + 1.0, tf.cast(hidden, tf.int32)]
    values = np.array([1.0, 2.0, 3.0], np.float32)

    def reference(squares):
        sums = squares + 1
        sums[1] = np.nextafter(np.float32(5), np.float32(9))
        return sums, squares.astype(np.int32) + np.array([0, 0, 2])

    with tf.Session() as session:
        floats, integers = tf.debug.compare(session, outputs, {hidden: values**2}, reference)

    assert (floats.most_ulps, floats.worst) == (1, (1,))
    assert floats.mean_ulps == pytest.approx(1 / 3)
    assert floats.most == np.spacing(np.float32(5))
    assert (integers.most_ulps, integers.ours, integers.theirs) == (2, 9, 11)
    assert "at most 2 ulps apart" in str(integers)
    assert "at [2] 9 and 11" in str(integers)


def test_equal_values_nans_and_infinities_are_no_distance_apart():
    x = tf.placeholder(tf.float64, [4])
    values = np.array([np.nan, np.inf, -np.inf, 0.0])
    with tf.Session() as session:
        same = tf.debug.compare(session, tf.identity(x), {x: values}, lambda each: each)
        other = tf.debug.compare(session, tf.identity(x), {x: values}, np.zeros_like)

    assert str(same).endswith("equal")
    assert other.most_ulps == np.inf


def test_other_shapes_are_infinitely_apart_and_other_numbers_of_arrays_refused():
    x = tf.placeholder(tf.float32, [2])
    with tf.Session() as session:
        found = tf.debug.compare(session, x + 1, {x: [1, 2]}, lambda each: np.zeros(3))
        assert (found.most_ulps, found.ours, found.theirs) == (np.inf, (2,), (3,))
        with pytest.raises(ValueError, match="1 arrays for 2 outputs"):
            tf.debug.compare(session, [x, x], {x: [1, 2]}, lambda each: [each])


def test_the_variables_of_two_sessions_are_compared_worst_first():
    graph, other = tf.Graph(), tf.Graph()
    sessions = []
    for each, start in ((graph, 1.0), (other, 1.5)):
        with each.as_default():
            tf.Variable([1.0, 2.0], name="a")
            tf.Variable(start, name="b")
            sessions.append(tf.Session())
            sessions[-1].run(tf.global_variables_initializer())
    found = tf.debug.compare_variables(*sessions)

    assert list(found) == ["b", "a"]
    assert found["a"].most_ulps == 0
    assert found["b"].most == 0.5
    with pytest.raises(ValueError, match="no variable of the same name"):
        tf.debug.compare_variables(sessions[0], tf.Session(graph=tf.Graph()))


# --- mistakes ------------------------------------------------------------------------------------


def kinds():
    return [mistake.kind for mistake in tf.debug.find_mistakes()]


@pytest.mark.paper("W-46")
def test_a_column_that_meets_a_row_is_a_mistake():
    predictions = tf.placeholder(tf.float32, [None, 1])
    labels = tf.placeholder(tf.float32, [None])
    tf.square(predictions - labels)  # the mistake
    (mistake,) = tf.debug.find_mistakes()

    assert mistake.kind == "broadcast"
    assert "float32[?, 1] and float32[?] are both stretched to [?, ?]" in str(mistake)
    assert "# the mistake" in str(mistake)


def test_biases_scalars_and_outer_products_are_no_mistake():
    x = tf.placeholder(tf.float32, [None, 3])
    w = tf.Variable(tf.zeros([3]))
    y = x + w + 1.0 + (tf.ones([5, 1, 3]) - tf.ones([1, 4, 3]))[0, 0]
    tf.gradients(y * x, [x, w])
    unknown = tf.placeholder(tf.float32)
    tf.add(unknown, x)

    assert kinds() == []


def test_prints_and_assertions_that_nothing_waits_for_are_mistakes():
    x = tf.placeholder(tf.float32, [])
    tf.Print(x, [x])
    tf.Assert(x > 0, [x])
    assert kinds() == ["unused print", "unused assertion"]

    with tf.control_dependencies([tf.Assert(x > 0, [x])]):
        tf.identity(tf.Print(x, [x]))
    assert len(kinds()) == 2


def test_the_logarithm_of_a_softmax_is_a_mistake_and_is_logged_once(caplog):
    x = tf.placeholder(tf.float32, [None, 3])
    with caplog.at_level(logging.WARNING, "tensorflow"):
        tf.log(tf.reshape(tf.nn.softmax(x), [-1]))
        assert caplog.text == ""
        tf.log(tf.nn.sigmoid(x))
        tf.log(tf.nn.softmax(x))

    assert kinds() == ["log of softmax"] * 3
    assert caplog.text.count("takes the logits") == 1
    assert "tf.nn.sigmoid_cross_entropy_with_logits" in caplog.text


# --- seeds ---------------------------------------------------------------------------------------


def drawn(set_seed, *, summary):
    """What is drawn of two operations, with or without a summary between them."""
    tf.reset_default_graph()
    set_seed(3)
    first = tf.random_uniform([2])
    if summary:
        tf.summary.histogram("first", first)
    with tf.name_scope("layer"):
        second = tf.random_normal([2])
    with tf.Session() as session:
        return [each.tolist() for each in session.run([first, second])]


def test_a_stable_seed_draws_the_same_with_a_summary_more():
    plain = drawn(tf.debug.set_stable_seed, summary=False)

    assert drawn(tf.debug.set_stable_seed, summary=True) == plain
    assert drawn(tf.debug.set_stable_seed, summary=False) == plain
    assert drawn(lambda _: tf.debug.set_stable_seed(4), summary=False) != plain
    assert drawn(tf.set_random_seed, summary=True) != drawn(tf.set_random_seed, summary=False)


def test_operations_in_one_scope_draw_different_numbers_by_a_stable_seed():
    tf.debug.set_stable_seed(3)
    with tf.name_scope("same/"):
        seeds = [tf.get_seed(None) for _ in range(3)]
    assert len(set(seeds)) == 3

    tf.set_random_seed(3)
    assert tf.get_seed(None) == (3, 0)
