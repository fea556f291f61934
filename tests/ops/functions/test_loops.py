"""While and For: functions repeated, and gradients through them."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf.autodiff.functional_loops import repeat
from minitf.function_graph import trace
from minitf.shapes import Shape

KINDS = [(tf.int32, Shape([])), (tf.float32, Shape([2]))]
X = np.array([0.3, -0.7], np.float32)


def loop(x, step, count=3):
    graph = tf.get_default_graph()
    number = len(graph.traced_functions())
    cond = trace(lambda i, a: [i < count], KINDS, graph, f"cond{number}")
    body = trace(lambda i, a: [i + 1, step(a)], KINDS, graph, f"body{number}")
    return repeat(cond, body, [tf.constant(0), x])[1]


def run(fetches, feeds=None):
    with tf.Session() as session:
        return session.run(fetches, feeds)


def test_a_loop_runs_its_body_while_the_condition_holds():
    y = loop(tf.constant([1.0, 2.0]), lambda a: a * 2.0)

    assert y.op.type == "StatelessWhile"
    assert run(y).tolist() == [8, 16]


def test_a_loop_whose_condition_never_holds_gives_its_first_values():
    assert run(loop(tf.constant(X), lambda a: a * 2.0, count=0)).tolist() == X.tolist()


@pytest.mark.parametrize("step", [lambda a: tf.sin(a) * a + a, lambda a: a + 1.0], ids=["s", "l"])
def test_gradients_through_a_loop_are_those_of_the_same_steps_written_out(step):
    x = tf.constant(X)
    y, plain = loop(x, step), x
    for _ in range(3):
        plain = step(plain)

    got, want = tf.gradients(y, x)[0], tf.gradients(plain, x)[0]
    np.testing.assert_allclose(*run([got, want]), rtol=1e-5)
    second = tf.gradients(want, x)[0]
    if second is not None:
        np.testing.assert_allclose(*run([tf.gradients(got, x)[0], second]), rtol=1e-4)


def test_a_loop_that_runs_no_iteration_hands_its_gradient_on():
    x = tf.constant(X)

    assert run(tf.gradients(loop(x, tf.sin, count=0), x)[0]).tolist() == [1, 1]


def test_a_body_that_gives_another_number_of_values_is_refused():
    graph = tf.get_default_graph()
    cond = trace(lambda a: [a < 3], KINDS[:1], graph, "one_cond")
    body = trace(lambda a: [a, a], KINDS[:1], graph, "two_results")
    made = tf.raw_ops.StatelessWhile(input=[0], cond=cond.name, body=body.name)

    with pytest.raises(tf.errors.InvalidArgumentError, match=r"returned 2 arguments\. Expected: 1"):
        run(made)


def test_a_for_loop_adds_up_a_range():
    graph = tf.get_default_graph()
    kinds = [(tf.int32, Shape([])), (tf.int32, Shape([]))]
    body = trace(lambda i, total: [total + i], kinds, graph, "adding")

    def total(*numbers):
        return run(
            tf.raw_ops.For(
                start=numbers[0], limit=numbers[1], delta=numbers[2], input=[0], body=body.name
            )
        )[0]

    assert [total(0, 5, 1), total(5, 0, -2), total(3, 3, 0)] == [10, 9, 0]
    with pytest.raises(tf.errors.InvalidArgumentError, match="delta must not be 0"):
        total(0, 1, 0)
    with pytest.raises(tf.errors.InvalidArgumentError, match="start <= limit must hold"):
        total(2, 1, 1)
