"""Calls of functions: PartitionedCall and its kin, and gradients through them."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf
from minitf.autodiff.functional import call
from minitf.function_graph import trace
from minitf.functional import calls
from minitf.shapes import Shape

VECTOR = (tf.float32, Shape([3]))
X = np.array([0.1, -0.5, 0.9], np.float32)


def run(fetches, feeds=None):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(fetches, feeds)


def squares(name="squares"):
    return trace(lambda a: [a * a, tf.reduce_sum(a)], [VECTOR], tf.get_default_graph(), name)


def test_a_call_gives_what_the_function_gives():
    square, total = call(squares(), [tf.constant([1.0, 2.0, 3.0])])

    assert square.op.type == "PartitionedCall"
    values = run([square, total])
    assert [each.tolist() for each in values] == [[1, 4, 9], 6]


def test_a_function_with_effects_is_called_by_the_stateful_op():
    drawn = trace(lambda: [tf.random_uniform([2])], [], tf.get_default_graph(), "drawn")

    assert call(drawn, [])[0].op.type == "StatefulPartitionedCall"


@pytest.mark.parametrize("order", [1, 2])
def test_gradients_through_a_call_are_those_of_its_body(order):
    x = tf.constant(X)

    def body(a):
        return [tf.exp(a) * tf.sin(a)]

    called = call(trace(body, [VECTOR], x.graph, "f"), [x])[0]
    plain = body(x)[0]
    for _ in range(order):
        called, plain = tf.gradients(called, x)[0], tf.gradients(plain, x)[0]

    got, want = run([called, plain])
    np.testing.assert_allclose(got, want, rtol=1e-6)


def test_a_gradient_draws_no_further_random_numbers():
    """What the forward call has drawn is what the gradient multiplies with."""
    x = tf.constant(X)
    f = trace(lambda a: [a * tf.random_uniform([3])], [VECTOR], x.graph, "noisy")
    y = call(f, [x])[0]
    (dx,) = tf.gradients(y, x)

    y_value, dx_value = run([y, dx])
    np.testing.assert_allclose(y_value, X * dx_value, rtol=1e-6)


def test_a_differentiated_call_keeps_its_first_results():
    x = tf.constant(X)
    y = call(trace(lambda a: [tf.exp(a) * tf.exp(a)], [VECTOR], x.graph, "f"), [x])
    before = run(y)
    tf.gradients(y, x)

    assert len(y[0].op.outputs) > 1
    np.testing.assert_array_equal(run(y)[0], before[0])


def test_a_remote_call_runs_the_function_in_this_process():
    squares("remote")

    made = calls.remote_call([X], [tf.float32, tf.float32], "remote", "/cpu:0")
    assert made[0].op.type == "RemoteCall"
    np.testing.assert_array_equal(run(made[0]), X * X)


def test_a_symbolic_gradient_is_the_gradient_of_a_function():
    squares("symbolic")

    (made,) = calls.Gradient([X, np.ones(3, np.float32), np.float32(1)], "symbolic")
    np.testing.assert_allclose(run(made), 2 * X + 1, rtol=1e-6)


def test_an_unknown_gradient_function_is_not_found():
    squares("plain")
    made = tf.raw_ops.SymbolicGradient(input=[X, X, np.float32(1)], Tout=[tf.float32], f="plain")

    with pytest.raises(tf.errors.NotFoundError, match="is not defined"):
        run(made)


@pytest.mark.tensorflow
def test_tensorflow_runs_our_functions_and_we_run_its():
    theirs = pytest.importorskip("tensorflow.compat.v1")
    x = tf.placeholder(tf.float32, [3], name="x")
    y = call(squares("crossing"), [x])[0]
    d = tf.identity(tf.gradients(y, x)[0], name="d")
    message = tf.get_default_graph().as_graph_def().SerializeToString()
    with theirs.Graph().as_default() as graph, theirs.Session() as session:
        read = theirs.GraphDef()
        read.ParseFromString(message)
        theirs.import_graph_def(read, name="")
        got = session.run("d:0", {"x:0": X})
        assert {"PartitionedCall"} <= {op.type for op in graph.get_operations()}

    np.testing.assert_allclose(got, run(d, {x: X}), rtol=1e-6)
    with theirs.Graph().as_default() as graph:
        theirs.disable_v2_behavior()
        z = theirs.placeholder(theirs.float32, [3], name="z")
        theirs.identity(theirs.function(lambda a: a * a + 1.0)(z), name="w")
        message = graph.as_graph_def().SerializeToString()
    with tf.Graph().as_default():
        read = tf.GraphDef()
        read.ParseFromString(message)
        tf.import_graph_def(read, name="")
        with tf.Session() as session:
            np.testing.assert_allclose(session.run("w:0", {"z:0": X}), X * X + 1, rtol=1e-6)
