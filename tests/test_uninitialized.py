"""A variable without a value: all that the run needed are listed, each with its cause."""

from __future__ import annotations

import pytest

import minitf as tf
from minitf import ops


def failure(session, fetch):
    with pytest.raises(
        tf.errors.FailedPreconditionError, match="Attempting to use uninitialized value"
    ) as caught:
        session.run(fetch)
    return str(caught.value)


def test_a_fetched_variable_and_one_behind_a_handle_are_listed_too():
    ref = tf.Variable(1.0, name="ref")
    handle = tf.get_variable("handle", shape=[], use_resource=True)
    with tf.Session() as session:
        message = failure(session, [ref, handle + 1.0])

    assert "2 variables that this run needs have no value" in message
    assert "  ref, created at" in message
    assert "  handle, created at" in message


def test_only_those_without_a_value_are_listed():
    a, b = tf.Variable(1.0, name="a"), tf.Variable(2.0, name="b")
    with tf.Session() as session:
        session.run(a.initializer)
        message = failure(session, a * b)

    assert "1 variable that this run needs has no value" in message
    assert "  b, created at" in message
    assert "  a, created at" not in message


def test_an_initializer_in_the_same_step_that_nobody_waits_for_is_named_as_the_cause():
    w = ops.variable_v2_op(shape=[], dtype="float32", name="w")
    read = ops.identity_op(w)
    with tf.control_dependencies([read]):
        assign = ops.assign_op(w, 1.0)
    with tf.Session() as session:
        message = failure(session, [read, assign.op])

    assert "it is initialized in the same step, and its reader did not wait for that" in message


def test_an_initializer_that_never_ran_is_named_as_the_cause():
    w = tf.Variable(1.0)
    tf.global_variables_initializer()
    with tf.Session() as session:
        message = failure(session, w + 1.0)

    assert "its initializer has not run in this session" in message


def test_other_failed_preconditions_are_left_as_they_are():
    tf.Variable(1.0)
    x = tf.placeholder(tf.float32)
    with tf.Session() as session, pytest.raises(tf.errors.InvalidArgumentError) as caught:
        session.run(x + 1.0)

    assert "no value" not in str(caught.value)
