"""`tf.py_function`, gradients that a program chooses, and functional ops by hand."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf.functional import calls
from minitf.functional.defun import Defun

X = np.array([1.0, -2.0, 3.0], np.float32)


def run(fetches):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(fetches)


def test_a_function_looks_at_values_and_gradients_flow_through_it():
    seen = []

    def largest(x, k):
        seen.append(float(tf.reduce_sum(x)))
        return tf.sin(x) * k if tf.reduce_sum(x) > 0 else x

    x = tf.constant(X)
    y = tf.py_function(largest, [x, 3.0], tf.float32)
    (dx,) = tf.gradients(y, x)

    value, slope = run([y, dx])
    np.testing.assert_allclose(value, 3 * np.sin(X), rtol=1e-6)
    np.testing.assert_allclose(slope, 3 * np.cos(X), rtol=1e-6)
    assert seen == [2.0], "the gradient uses what the call has computed"


def test_values_behave_as_arrays_and_numbers():
    def looked_at(x):
        assert [int(each) for each in x] == [1, 2]
        assert (len(x), bool(x[0]), x.numpy().tolist()) == (2, True, [1, 2])
        return np.asarray(x) + 1, "text"

    numbers, text = run(tf.py_function(looked_at, [tf.constant([1, 2])], [tf.int32, tf.string]))
    assert (numbers.tolist(), text) == ([2, 3], b"text")


def test_what_a_function_returns_must_fit():
    two = tf.py_function(lambda: (1.0, 2.0), [], tf.float32)
    nothing = tf.py_function(lambda: None, [], [])

    with pytest.raises(tf.errors.InvalidArgumentError, match="returns 2 values"):
        run(two)
    assert run(nothing) is None
    with pytest.raises(ValueError, match="Expected func to be callable"):
        tf.py_function(3, [], tf.float32)


def test_gradients_are_recomputed_or_passed_through():
    x = tf.constant(X)
    w = tf.Variable([1.0, 2.0, 3.0], use_resource=True)
    again = tf.recompute_grad(lambda a: tf.sin(a) * w)(x)
    passed = tf.grad_pass_through(tf.round)(x)

    of_x, of_w, ones = run([*tf.gradients(again, [x, w]), *tf.gradients(passed, x)])
    np.testing.assert_allclose(of_x, np.cos(X) * [1, 2, 3], rtol=1e-6)
    np.testing.assert_allclose(of_w, np.sin(X), rtol=1e-6)
    assert ones.tolist() == [1, 1, 1]


@Defun(tf.float32)
def doubled(x):
    return x * 2.0


@Defun(tf.float32)
def squared(x):
    return x * x


def test_functional_branches_and_loops_by_hand():
    @Defun(tf.int32, tf.float32)
    def small(i, x):
        return i < 3

    @Defun(tf.int32, tf.float32)
    def step(i, x):
        return i + 1, x * 2.0

    @Defun(tf.int32, tf.float32)
    def adding(i, x):
        return x + tf.cast(i, tf.float32)

    assert run(calls.If(tf.constant(False), [3.0], doubled, squared)) == [9]
    assert run(calls.While([0, 1.0], small, step)) == [3, 8]
    assert run(calls.For(0, 5, 1, [1.0], adding)) == [11]
    assert run(calls.For(5, 0, -2, [1.0], adding, rewrite_with_while=True)) == [10]
    assert run(calls.Gradient([3.0, 1.0], squared)) == [6]
    assert run(calls.partitioned_call([3.0], squared)) == [9]
    with pytest.raises(TypeError, match="Expected a function of the graph"):
        calls.partitioned_call([3.0], 5)


def test_loops_by_hand_hand_on_what_their_body_captures():
    k = tf.constant(3.0)

    @Defun(tf.float32)
    def small(x):
        return x < 20.0

    @Defun(tf.float32)
    def step(x):
        return x * k

    @Defun(tf.float32)
    def capturing(x):
        return x < k

    assert run(calls.While([1.0], small, step)) == [27]
    with pytest.raises(ValueError, match="both cond and body capture"):
        calls.While([1.0], capturing, step)
