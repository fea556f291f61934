"""Initial values, regularizers and optimize_loss of `tf.contrib.layers`, by their formulas."""

from __future__ import annotations

import functools
import math

import numpy as np
import pytest

import minitf as tf

layers = tf.contrib.layers


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def run(fetches):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(fetches)


# --- initial values ------------------------------------------------------------------------------

FANS = {(50, 30): (50, 30), (3, 3, 20, 10): (180, 90), (40,): (40, 40), (): (1, 1)}


@pytest.mark.parametrize("mode", ["FAN_IN", "FAN_OUT", "FAN_AVG"])
@pytest.mark.parametrize("shape", FANS)
def test_uniform_numbers_fill_the_interval_of_their_variance(shape, mode):
    fan_in, fan_out = FANS[shape]
    n = {"FAN_IN": fan_in, "FAN_OUT": fan_out, "FAN_AVG": (fan_in + fan_out) / 2}[mode]
    limit = math.sqrt(3 * 0.7 / n)
    found = run(layers.variance_scaling_initializer(0.7, mode, uniform=True, seed=1)(shape))
    expected = run(tf.random_uniform(shape, -limit, limit, seed=1))

    assert found.shape == shape
    assert (np.abs(found) <= limit).all()
    if found.size > 1000:
        assert np.abs(found).max() > 0.99 * limit
        np.testing.assert_allclose(found.std(), expected.std(), rtol=0.05)


def test_normal_numbers_are_truncated_at_two_deviations():
    found = run(layers.variance_scaling_initializer(seed=1)([100, 50]))
    deviation = math.sqrt(1.3 * 2 / 100)

    assert np.abs(found).max() <= 2 * deviation
    np.testing.assert_allclose(found.var(), 2 / 100, rtol=0.05)


def test_xavier_averages_inputs_and_outputs():
    uniform = tf.get_variable("w", [30, 50], initializer=layers.xavier_initializer(seed=2))
    normal = tf.get_variable(
        "f", [3, 3, 20, 30], tf.float64, layers.xavier_initializer_conv2d(uniform=False, seed=2)
    )
    found = run([uniform, normal])

    assert np.abs(found[0]).max() <= math.sqrt(3 / 40)
    assert found[1].dtype == np.float64
    np.testing.assert_allclose(found[1].var(), 1 / (9 * 25), rtol=0.05)


def test_initial_values_of_other_types_and_modes_are_refused():
    with pytest.raises(TypeError, match="non-floating point type"):
        layers.xavier_initializer(dtype=tf.int32)
    with pytest.raises(TypeError, match="non-floating point type"):
        layers.xavier_initializer()([2], tf.int32)
    with pytest.raises(TypeError, match=r"Unknown mode fan_in \[FAN_IN, FAN_OUT, FAN_AVG\]"):
        layers.variance_scaling_initializer(mode="fan_in")


# --- regularizers --------------------------------------------------------------------------------


def test_regularizers_are_sums_of_powers():
    w = tf.constant([[1.0, -2.0]])
    both = layers.sum_regularizer([layers.l1_regularizer(0.1), layers.l2_regularizer(0.5)])
    found = run([both(w), layers.l1_l2_regularizer(0.1, 0.5)(w)])

    np.testing.assert_allclose(found, [0.3 + 0.5 * 2.5] * 2, rtol=1e-6)


def test_a_regularizer_is_applied_to_all_weights():
    weights = [tf.get_variable(f"w{i}", initializer=[1.0 + i]) for i in range(2)]
    for each in weights:
        tf.add_to_collection(tf.GraphKeys.WEIGHTS, each)
    total = layers.apply_regularization(layers.l2_regularizer(2.0))
    nothing = layers.apply_regularization(layers.l2_regularizer(0.0), weights[:1])

    assert run([total, nothing]) == [5.0, 0.0]
    assert tf.losses.get_regularization_losses() == [total, nothing]
    assert total.op.name == "get_regularization_penalty"


def test_weights_must_be_there_and_losses_scalars():
    with pytest.raises(ValueError, match="No weights to regularize"):
        layers.apply_regularization(layers.l1_regularizer(1.0))
    with pytest.raises(ValueError, match="instead of a Tensor with rank 1"):
        layers.apply_regularization(tf.identity, [tf.ones([2])])


# --- optimize_loss -------------------------------------------------------------------------------


def model():
    """Return a variable [1, 2] and the loss whose gradient it is."""
    w = tf.get_variable("w", initializer=[3.0, 4.0])
    return w, tf.reduce_sum(tf.square(w)) / 2


def after_a_step(**arguments):
    """Return the loss that a step gives, the variable and the global step after it."""
    w, loss = model()
    step = tf.train.create_global_step()
    train = layers.optimize_loss(
        **{"loss": loss, "global_step": step, "learning_rate": 0.5, "optimizer": "SGD", **arguments}
    )
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(train), session.run(w).tolist(), session.run(step)


@pytest.mark.parametrize(
    "optimizer",
    [
        "SGD",
        tf.train.GradientDescentOptimizer,
        tf.train.GradientDescentOptimizer(0.5),
        functools.partial(tf.train.GradientDescentOptimizer, use_locking=True),
    ],
)
def test_a_step_changes_variables_and_gives_the_loss_before(optimizer):
    assert after_a_step(optimizer=optimizer) == (12.5, [1.5, 2.0], 1)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"clip_gradients": 1.0}, [3 - 0.5 * 0.6, 4 - 0.5 * 0.8]),
        ({"clip_gradients": lambda pairs: [(2 * g, v) for g, v in pairs]}, [0, 0]),
        ({"gradient_multipliers": {"w": 0.5}}, [2.25, 3]),
        ({"learning_rate_decay_fn": lambda rate, step: rate / 2}, [2.25, 3]),
        (
            {"learning_rate": None, "optimizer": lambda: tf.train.GradientDescentOptimizer(1)},
            [0, 0],
        ),
        ({"gradient_noise_scale": 0.0}, [1.5, 2]),
    ],
)
def test_gradients_and_rates_are_changed_as_asked(arguments, expected):
    _, found, _ = after_a_step(**arguments)

    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_noise_moves_gradients():
    tf.set_random_seed(1)
    _, found, _ = after_a_step(gradient_noise_scale=0.1)

    assert found != [1.5, 2.0]
    np.testing.assert_allclose(found, [1.5, 2.0], atol=0.1)


def test_sparse_gradients_stay_sparse(graph):
    table = tf.get_variable("table", initializer=[[1.0], [2.0], [3.0]])
    loss = tf.reduce_sum(tf.gather(table, [1, 1]))
    train = layers.optimize_loss(
        loss, None, 1.0, "SGD", gradient_multipliers={table: 0.5}, clip_gradients=100.0
    )
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(train)
        assert session.run(table).ravel().tolist() == [1, 1, 3]
    assert any(each.type == "ScatterSub" for each in graph.get_operations())


def test_updates_come_first_and_the_step_may_stay():
    mean = tf.get_variable("mean", initializer=0.0, trainable=False)
    tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, tf.assign_add(mean, 1.0))
    _, loss = model()
    step = tf.train.create_global_step()
    train = layers.optimize_loss(loss, None, 0.5, "Adam", increment_global_step=False)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(train)
        assert session.run([mean, step]) == [1, 0]
    assert train.op.name.startswith("OptimizeLoss/")


def test_summaries_show_what_is_asked(graph):
    after_a_step(
        summaries=tf.contrib.layers.OPTIMIZER_SUMMARIES,
        clip_gradients=1.0,
        learning_rate_decay_fn=lambda rate, step: rate,
    )
    names = [each.op.name for each in tf.get_collection(tf.GraphKeys.SUMMARIES)]

    assert names == [
        f"OptimizeLoss/{name}"
        for name in (
            *("learning_rate_1", "global_norm/gradient_norm", "loss", "gradients/w_0"),
            *("gradient_norm/w_0", "global_norm/clipped_gradient_norm"),
        )
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"learning_rate": 1}, "should be 0d Tensor or float. Got 1 of type"),
        ({"learning_rate": -1.0}, "Invalid learning_rate -1.0"),
        ({"learning_rate": None}, "Learning rate is None, but should be specified"),
        ({"optimizer": "Newton"}, "Optimizer name should be one of .Adagrad, Adam, Ftrl"),
        ({"optimizer": 3}, "Unrecognized optimizer: should be string"),
        ({"optimizer": lambda rate: rate}, "function should return subclass of Optimizer"),
        ({"clip_gradients": "all"}, "Unknown type <class 'str'> for clip_gradients"),
        ({"summaries": ["weights"]}, "Summaries should be one of .learning_rate"),
        ({"variables": [], "gradient_multipliers": {}}, "No variables to optimize"),
    ],
)
def test_bad_arguments_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        after_a_step(**arguments)


def test_a_decaying_rate_needs_a_global_step():
    _, loss = model()
    with pytest.raises(ValueError, match="global_step is required for learning_rate_decay_fn"):
        layers.optimize_loss(loss, None, 0.1, "SGD", learning_rate_decay_fn=lambda rate, _: rate)
