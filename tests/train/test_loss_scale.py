"""Scales of losses: which gradients they let through, and how a dynamic one changes."""

from __future__ import annotations

import numpy as np
import pytest

import minitf

tf = minitf
experimental = tf.train.experimental


def updated(scale, steps, gradients):
    """Return the scales and whether gradients are applied, after each of some gradients."""
    grad = tf.placeholder(tf.float32, [2])
    update, is_good = scale.update([grad, None, grad])
    found = []
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for value in gradients:
            good = session.run([update, is_good] if steps else [is_good], {grad: [value, 1.0]})[-1]
            found.append((float(session.run(scale())), bool(good)))
    return found


def test_a_dynamic_scale_falls_at_infinities_and_grows_after_good_steps():
    scale = experimental.DynamicLossScale(8.0, increment_period=2, multiplier=4.0)

    assert updated(scale, True, [1.0, np.inf, 1.0, 1.0, 1.0, np.nan, np.inf, np.inf]) == [
        *((8.0, True), (2.0, False), (2.0, True), (8.0, True), (8.0, True)),
        *((2.0, False), (1.0, False), (1.0, False)),
    ]


def test_a_dynamic_scale_stays_finite():
    scale = experimental.DynamicLossScale(3e38, increment_period=1)

    assert updated(scale, True, [1.0]) == [(float(np.float32(3e38)), True)]


def test_a_fixed_scale_never_changes():
    scale = experimental.FixedLossScale(16)
    update, is_good = scale.update([tf.constant(np.inf)])

    assert is_good is True
    with tf.Session() as session:
        session.run(update)
        assert session.run(scale()) == 16.0


@pytest.mark.parametrize(
    ("value", "why"), [(0.5, "at least 1"), ("16", "Python int or float"), (None, "Python int")]
)
def test_a_fixed_scale_is_a_number_of_at_least_one(value, why):
    with pytest.raises(ValueError, match=why):
        experimental.FixedLossScale(value)


def test_configurations_make_equal_scales():
    for scale in (
        experimental.FixedLossScale(4),
        experimental.DynamicLossScale(2.0, increment_period=5, multiplier=3.0),
    ):
        again = type(scale).from_config(scale.get_config())

        assert again.get_config() == scale.get_config()
        assert repr(again) == repr(scale)


@pytest.mark.parametrize("use_resource", [False, True])
def test_steps_are_those_of_the_optimizer_but_for_infinite_gradients(use_resource):
    w = tf.get_variable("w", initializer=[1.0, 2.0], use_resource=use_resource)
    plain = tf.get_variable("plain", initializer=[1.0, 2.0], use_resource=use_resource)
    x = tf.placeholder(tf.float32, [])
    step = tf.train.get_or_create_global_step()
    made = experimental.enable_mixed_precision_graph_rewrite(tf.train.AdamOptimizer(0.1))
    train = made.minimize(tf.reduce_sum(w * x), global_step=step, var_list=[w])
    other = tf.train.AdamOptimizer(0.1).minimize(tf.reduce_sum(plain * x), var_list=[plain])
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for value in (2.0, 3.0):
            session.run([train, other], {x: value})
        session.run(train, {x: np.inf})
        found, want, count = session.run([w, plain, step])

    np.testing.assert_allclose(found, want, rtol=1e-6)
    assert count == 2
    assert made.get_slot_names() == ["m", "v"]
    experimental.disable_mixed_precision_graph_rewrite()


def test_a_scaled_optimizer_cannot_be_scaled_again():
    made = experimental.MixedPrecisionLossScaleOptimizer(tf.train.GradientDescentOptimizer(1.0), 8)

    with pytest.raises(ValueError, match="must not already be"):
        experimental.enable_mixed_precision_graph_rewrite(made)
    with pytest.raises(ValueError, match='"opt" must be an instance'):
        experimental.enable_mixed_precision_graph_rewrite("adam")
    with pytest.raises(ValueError, match='"opt" must be an instance of Optimizer'):
        experimental.MixedPrecisionLossScaleOptimizer("adam", 8)
    with pytest.raises(ValueError, match="Could not interpret loss scale"):
        experimental.MixedPrecisionLossScaleOptimizer(tf.train.AdamOptimizer(), "static")
