"""Checks of values: what passes, and how what does not is told."""

from __future__ import annotations

import time

import numpy as np
import pytest

import minitf as tf


@pytest.mark.tensorflow
@pytest.mark.parametrize(
    ("values", "kinds"),
    [
        ([1.0, np.nan], "NaN"),
        ([np.inf, 1.0], "Inf"),
        ([-np.inf, np.nan], "Inf and NaN"),
    ],
)
def test_what_is_not_finite_is_told_with_tensorflows_words(values, kinds, tensorflow):
    for lib in (tf, tensorflow):
        with lib.Graph().as_default(), lib.Session() as session:
            checked = lib.check_numerics(lib.constant(values), "the loss")
            with pytest.raises(lib.errors.InvalidArgumentError) as refused:
                session.run(checked)

        assert f"the loss : Tensor had {kinds} values" in str(refused.value)


def test_the_first_place_is_told():
    x = tf.placeholder(tf.float32, [2, 3])
    with (
        tf.Session() as session,
        pytest.raises(tf.errors.InvalidArgumentError, match=r"first: at \[1, 2\]"),
    ):
        session.run(tf.check_numerics(x, "x"), {x: [[0, 1, 2], [3, 4, np.nan]]})


def test_the_gradient_is_checked_too():
    x = tf.placeholder(tf.float32, [])
    (slope,) = tf.gradients(tf.log(tf.check_numerics(x, "x")), x)
    with (
        tf.Session() as session,
        pytest.raises(
            tf.errors.InvalidArgumentError, match=r"infinity \(Inf\) values .*gradient. x"
        ),
    ):
        session.run(slope, {x: 0})


def test_every_tensor_of_a_graph_can_be_checked():
    x = tf.placeholder(tf.float32, [], name="x")
    tf.log(x, name="logarithm")
    tf.constant(1)
    check = tf.add_check_numerics_ops()
    with tf.Session() as session:
        session.run(check, {x: 1})
        with pytest.raises(tf.errors.InvalidArgumentError, match="logarithm:0 : Tensor had Inf"):
            session.run(check, {x: 0})


def test_a_place_for_debuggers_hands_values_and_gradients_on():
    x = tf.Variable([1.0, 2.0])
    y = tf.raw_ops.DebugGradientIdentity(input=x)
    ref = tf.raw_ops.DebugGradientRefIdentity(input=x._ref())
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())

        assert session.run(tf.gradients(y * 3, x)[0]).tolist() == [3, 3]
        assert session.run(tf.gradients(ref * 3, x)[0]).tolist() == [3, 3]


def test_the_clock_goes_on():
    before = time.time()
    with tf.Session() as session:
        times = [session.run(tf.timestamp()) for _ in range(2)]

    assert before <= times[0] <= times[1] <= time.time()
