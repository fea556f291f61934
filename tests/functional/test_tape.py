"""`tf.GradientTape` in graphs, Jacobians, and loops over numbers."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf.functional.parallel_for import batch_jacobian, for_loop, jacobian, pfor

X = np.array([1.0, 2.0, 3.0], np.float32)


def run(fetches):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(fetches)


def test_gradients_flow_through_what_was_recorded_only():
    x = tf.constant(X)
    with tf.GradientTape(persistent=True) as tape:
        before = x * 2.0
        tape.watch(x)
        y = x * x
        with tape.stop_recording():
            held = x * 3.0
        z = y * held
    after = z * 2.0

    assert run(tape.gradient(z, x)).tolist() == (2 * X * 3 * X).tolist()
    assert tape.gradient(before, x) is None
    assert tape.gradient(after, x) is None
    assert run(tape.gradient(z, y)).tolist() == (3 * X).tolist()


def test_trainable_variables_are_watched_unless_told_otherwise():
    w = tf.Variable(2.0, use_resource=True)
    old = tf.Variable(3.0)
    fixed = tf.Variable(5.0, use_resource=True, trainable=False)
    with tf.GradientTape(persistent=True) as tape:
        y = w * w * fixed + old
    with tf.GradientTape(watch_accessed_variables=False) as blind:
        z = w * w

    assert run(tape.gradient(y, [w, old])) == [20, 1]
    assert tape.gradient(y, fixed) is None
    assert set(tape.watched_variables()) == {w, old}
    assert blind.gradient(z, w) is None


def test_a_tape_is_spent_by_its_first_gradient_unless_it_is_persistent():
    x = tf.constant(2.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = x * x
    tape.gradient(y, x)

    with pytest.raises(RuntimeError, match="can only be called once on non-persistent tapes"):
        tape.gradient(y, x)
    with pytest.raises(RuntimeError, match="stop recording a tape which is not recording"):
        tape.stop_recording().__enter__()


def test_tapes_in_each_other_give_second_derivatives():
    x = tf.constant(2.0)
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = x * x * x
        first = inner.gradient(y, x)

    assert run([first, outer.gradient(first, x)]) == [12, 12]


def test_a_tape_that_is_reset_forgets():
    x = tf.constant(2.0)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = x * x
        tape.reset()
        tape.watch(x)
        z = x * 3.0

    assert tape.gradient(y, x) is None
    assert run(tape.gradient(z, x)) == 3


def test_output_gradients_and_unconnected_sources():
    x, other = tf.constant(X), tf.constant([1.0, 1.0])
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([x, other])
        y = x * x

    weighted = tape.gradient(y, x, output_gradients=tf.constant([1.0, 0.0, 2.0]))
    zeros = tape.gradient(y, other, unconnected_gradients=tf.UnconnectedGradients.ZERO)
    assert [each.tolist() for each in run([weighted, zeros])] == [[2, 0, 12], [0, 0]]


def test_a_jacobian_has_a_row_for_each_element():
    x = tf.constant(X)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = tf.stack([x[0] * x[1], x[1] * x[2]])
    wanted = [[2, 1, 0], [0, 3, 2]]

    made = [tape.jacobian(y, x), jacobian(y, x)]
    assert [each.shape.as_list() for each in made] == [[2, 3]] * 2
    assert [each.tolist() for each in run(made)] == [wanted] * 2


def test_a_batch_jacobian_pairs_rows():
    x = tf.constant([[1.0, 2.0], [3.0, 4.0]])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = x[:, :1] * x
    wanted = [[[2, 0], [2, 1]], [[6, 0], [4, 3]]]

    assert run(batch_jacobian(y, x)).tolist() == wanted
    assert run(tape.batch_jacobian(y, x)).tolist() == wanted
    with pytest.raises(ValueError, match="Need first dimension of output shape"):
        batch_jacobian(tf.ones([3, 1]), x)


def test_a_tape_works_inside_a_function():
    @tf.function
    def slope(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.scan(lambda a, e: a * e, x)
        return tape.jacobian(y, x)

    assert run(slope(tf.constant(X))).tolist() == [[1, 0, 0], [2, 1, 0], [6, 3, 2]]


def test_loops_over_numbers_stack_what_they_give():
    doubled, nothing = for_loop(lambda i: [i * 2, None], [tf.int32, tf.int32], 3)
    pair = pfor(lambda i: (i, tf.cast(i, tf.float32)), 3)
    mapped = tf.vectorized_map(lambda e: e * e, tf.constant(X))

    assert nothing is None
    assert [each.tolist() for each in run([doubled, *pair, mapped])] == [
        [0, 2, 4],
        [0, 1, 2],
        [0, 1, 2],
        (X * X).tolist(),
    ]
