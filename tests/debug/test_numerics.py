"""A run stops where the first NaN or infinity is born, and says how it came to it."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf

HERE = "test_numerics.py"


def caught(fetches, feeds=None, session=None):
    """Run what must stop; return what is said."""
    with session or tf.Session() as opened:
        opened.run(tf.global_variables_initializer())
        with (
            tf.debug.check_numerics(),
            pytest.raises(tf.errors.InvalidArgumentError) as error,
        ):
            opened.run(fetches, feeds)
    return str(error.value)


def line_of(message, text):
    return any(HERE in line and text in line for line in message.splitlines())


@pytest.mark.paper("W-49")
def test_the_first_bad_operation_is_named_with_its_line_its_inputs_and_where():
    x = tf.placeholder(tf.float32, [2, 2])
    root = tf.sqrt(x, name="root")  # the root
    after = tf.exp(root) * 2.0

    said = caught(after, {x: [[4.0, 9.0], [1.0, -1.0]]})

    assert said.startswith("root : Tensor had NaN values")
    assert "1 NaN, 0 infinite, of 4, the first at [1, 1]" in said
    assert "x was from -1 to 9" in said
    assert "hint: the root of a negative number is NaN" in said
    assert line_of(said, "# the root")


def test_the_loop_iteration_is_named():
    def halve(i, v):
        return i + 1, v / (2.0 - tf.cast(i, tf.float32))

    _, end = tf.while_loop(lambda i, v: i < 5, halve, [0, 1.0])
    said = caught(end)

    assert said.startswith("while/truediv : Tensor had Inf values")
    assert "y was from 0 to 0" in said
    assert "in iteration while/while_context:2" in said
    assert "tf.div_no_nan" in said


def test_a_branch_is_looked_into():
    x = tf.placeholder(tf.float32, [])
    y = tf.cond(x > 0, lambda: x, lambda: tf.log(x))

    assert caught(y, {x: 0.0}).startswith("cond/Log : Tensor had Inf values")
    with tf.Session() as session, tf.debug.check_numerics():
        assert session.run(y, {x: 1.0}) == 1  # the other branch is dead


def test_what_an_optimizer_writes_is_looked_at():
    w = tf.Variable([1.0, 2.0], name="w")
    train = tf.train.GradientDescentOptimizer(1e38).minimize(tf.reduce_sum(w) * 1e30)
    said = caught(train)

    assert "ApplyGradientDescent : Tensor had Inf values" in said
    assert "written to variable 'w'" in said


def test_what_a_resource_variable_is_given_is_looked_at():
    with tf.variable_scope("", use_resource=True):
        w = tf.get_variable("w", initializer=[1.0, 2.0])
    train = tf.train.GradientDescentOptimizer(1e38).minimize(tf.reduce_sum(w) * 1e30)

    assert "written to variable 'w'" in caught(train)


def test_a_nan_that_is_fed_is_told_from_one_that_is_computed():
    x = tf.placeholder(tf.float32, [2])  # the feed
    said = caught(tf.identity(x) + 1.0, {x: [1.0, np.nan]})

    assert "no operation made that NaN" in said
    assert line_of(said, "# the feed")


def test_a_nan_of_infinities_is_born_where_they_meet():
    mask = tf.constant([-np.inf, 0.0], tf.float32)
    x = tf.placeholder(tf.float32, [2])
    difference = tf.subtract(mask, x, name="difference")

    assert caught(difference, {x: [-np.inf, 0.0]}).startswith("difference : Tensor had NaN")


def test_masks_of_infinities_and_nans_that_are_replaced_pass():
    mask = tf.constant([-np.inf, 0.0], tf.float32)
    x = tf.placeholder(tf.float32, [2])
    clean = tf.where(tf.is_nan(x), tf.zeros_like(x), x)
    with tf.Session() as session, tf.debug.check_numerics():
        assert session.run(tf.nn.softmax(clean + mask), {x: [1.0, np.nan]}).tolist() == [0, 1]


@pytest.mark.parametrize(
    ("function", "kind"), [(tf.log, "Log"), (lambda x: x**0.5, "Pow"), (lambda x: 1 / x, "RealDiv")]
)
def test_a_gradient_names_what_it_is_of_and_how_to_leave_a_branch_out(function, kind):
    x = tf.placeholder(tf.float32, [3])
    with tf.Session() as session:
        y = function(x + 0.0)  # the function
        (gradient,) = tf.gradients(y, x)
        with (
            tf.debug.check_numerics(session),
            pytest.raises(tf.errors.InvalidArgumentError) as error,
        ):
            session.run(gradient, {x: [1.0, 4.0, 0.0]})
    said = str(error.value)

    assert f"({kind}), created at" in said
    assert line_of(said, "# the function")
    assert "tf.where(ok, f(tf.where(ok, x, tf.ones_like(x))), other)" in said


def test_the_state_is_the_sessions_and_random_numbers_go_on():
    def three(checked):
        tf.reset_default_graph()
        tf.set_random_seed(5)
        count = tf.Variable(0)
        more, drawn = tf.assign_add(count, 1), tf.random_uniform([])
        found = []
        with tf.Session() as session:
            session.run(count.initializer)
            found.append(session.run([more, drawn]))
            if checked:
                with tf.debug.check_numerics():
                    found.append(session.run([more, drawn]))
            else:
                found.append(session.run([more, drawn]))
            found.append(session.run([more, drawn]))
        return found

    assert three(checked=True) == three(checked=False)


def test_a_monitored_session_can_be_checked():
    step = tf.train.get_or_create_global_step()
    x = tf.placeholder(tf.float32, [])
    train = tf.group(tf.assign_add(step, 1), tf.log(x))
    with tf.train.MonitoredTrainingSession() as session:
        session.run(train, {x: 0.0})
        with (
            tf.debug.check_numerics(session),
            pytest.raises(tf.errors.InvalidArgumentError, match="Log : Tensor had Inf values"),
        ):
            session.run(train, {x: 0.0})


def test_without_a_session_it_is_refused():
    with pytest.raises(ValueError, match="needs a session"), tf.debug.check_numerics():
        pass


def test_after_the_context_nothing_is_looked_at():
    with tf.Session() as session:
        bad = tf.log(tf.constant(0.0))
        with tf.debug.check_numerics():
            assert session.run(tf.constant(1.0)) == 1

        assert session.run(bad) == -np.inf
