"""Functions that only compute run as the dataflow that they stand for, and give the same."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf.devices import local_devices
from minitf.executor import step as steps_module
from minitf.executor.lower import lower
from minitf.executor.placer import place
from minitf.executor.prune import Request, prune
from minitf.executor.step_options import StepOptions

X = np.array([0.3, -0.7, 1.1], np.float32)


@pytest.fixture(autouse=True)
def as_functions():
    tf.enable_control_flow_v2()
    yield
    tf.disable_control_flow_v2()


def lowered(*fetches):
    """Return the operations that compute some tensors, by type, after lowering."""
    subgraph = prune(Request(fetches, (), ()))
    options = StepOptions()
    lower(subgraph, place(subgraph, local_devices({}), options))
    return [op.type for op in subgraph.operations]


def programs(x, p):
    @tf.function
    def called(a):
        return tf.cond(p, lambda: a * 2.0, lambda: tf.ones([3]))

    return {
        "call": called(x),
        "branch": tf.cond(p, lambda: tf.exp(x), lambda: tf.constant([1.0, 2.0, 3.0])),
        "loop": tf.while_loop(lambda i, a: i < 4, lambda i, a: (i + 1, a * x), [0, x])[1],
        "loop in branch": tf.cond(
            p,
            lambda: tf.while_loop(lambda a: tf.reduce_sum(a) < 9, lambda a: [a + 1.0], [x]),
            lambda: called(x),
        ),
        "branch in loop": tf.while_loop(
            lambda i, a: i < 3,
            lambda i, a: (i + 1, tf.cond(i > 1, lambda: called(a), lambda: a + 1.0)),
            [0, x],
        )[1],
        "lists": tf.scan(lambda a, e: a * e, x),
    }


@pytest.mark.parametrize(
    "name", ["call", "branch", "loop", "loop in branch", "branch in loop", "lists"]
)
def test_lowered_functions_give_what_calls_give(monkeypatch, name):
    x, p = tf.placeholder(tf.float32, [3]), tf.placeholder(tf.bool, [])
    y = programs(x, p)[name]
    fetches = [y, tf.gradients(y, x)[0]]

    def run():
        with tf.Session() as session:
            feeds = [{x: X, p: chosen} for chosen in (True, False)] * 3
            return [session.run(fetches, feed) for feed in feeds]

    made = run()
    monkeypatch.setattr(steps_module, "lower", lambda *_: None)
    for one, other in zip(made, run(), strict=True):
        for got, want in zip(one, other, strict=True):
            np.testing.assert_allclose(got, want, rtol=1e-6)


def test_nothing_is_left_of_a_loop_but_its_dataflow():
    x = tf.constant(X)
    y = tf.while_loop(lambda i, a: i < 4, lambda i, a: (i + 1, a * x), [0, x])[1]

    types = lowered(y)
    assert "StatelessWhile" not in types
    assert types.count("Enter") == 5, "counters and variables, two of which nobody reads or changes"
    assert types.count("NextIteration") == 2


def test_lists_for_a_gradient_that_is_not_asked_for_are_not_filled():
    x = tf.constant(X)
    y = tf.while_loop(lambda i, a: i < 4, lambda i, a: (i + 1, tf.sin(a)), [0, x])[1]
    (grad,) = tf.gradients(y, x)

    assert "TensorListPushBack" not in lowered(y)
    assert "TensorListPushBack" in lowered(grad)


def test_functions_with_effects_stay_calls():
    v = tf.Variable(1.0, use_resource=True)
    x = tf.constant(X)
    acting = tf.while_loop(
        lambda i: i < 3, lambda i: [tf.cast(v.assign_add(1.0), tf.int32) + i], [0]
    )
    reading = tf.while_loop(lambda i, a: i < 3, lambda i, a: (i + 1, a * v), [0, x])[1]

    assert "While" in lowered(acting)
    assert "While" not in lowered(reading)


def test_random_numbers_differ_in_each_iteration():
    drawn = tf.map_fn(lambda _: tf.random_uniform([]), tf.zeros([5]))

    with tf.Session() as session:
        first, second = session.run(drawn), session.run(drawn)
    assert len({*first.tolist(), *second.tolist()}) == 10


@pytest.mark.parametrize("trips", [0, 1, 3])
def test_a_loop_ends_whose_next_values_come_from_what_no_iteration_changes(trips):
    @tf.function
    def looped(n, p):
        return tf.while_loop(
            lambda i, *_: i < n,
            lambda i, a, b, c: (
                i + 1,
                p,
                p * p,
                tf.cond(p > 2, lambda: p, lambda: p - 1),
            ),
            [0, -1, -1, -1],
        )

    with tf.Session() as session:
        found = session.run(looped(tf.constant(trips), tf.constant(3)))

    assert found == ([trips, 3, 9, 3] if trips else [0, -1, -1, -1])


def test_operations_without_results_may_stand_in_functions():
    @tf.function
    def waiting(x):
        with tf.control_dependencies([tf.no_op()]):
            return tf.identity(x) * 2.0

    y = waiting(tf.constant(X))

    assert "PartitionedCall" not in lowered(y)
    with tf.Session() as session:
        np.testing.assert_array_equal(session.run(y), X * 2)
