"""Gradients of functions in functions, with variables, and of what no gradient flows through."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf

X = np.array([0.1, 0.5, 0.9], np.float32)


@pytest.fixture
def as_functions():
    tf.enable_control_flow_v2()
    yield
    tf.disable_control_flow_v2()


def programs(x, p, w):
    """Branches and loops of all kinds, in each other, with a variable."""
    return [
        tf.cond(p, lambda: tf.exp(x) * w, lambda: tf.tanh(x) * x),
        tf.while_loop(
            lambda i, a: i < 3,
            lambda i, a: (i + 1, tf.sin(a) * a * w + tf.cond(p, lambda: a, lambda: tf.exp(-a))),
            [0, x],
        )[1],
        tf.map_fn(lambda e: e * e * tf.sin(e), x),
        tf.scan(lambda a, e: a * e + tf.sin(a), x),
        tf.while_loop(
            lambda i, a: i < 3,
            lambda i, a: (
                i + 1,
                tf.while_loop(lambda j, b: j < 2, lambda j, b: (j + 1, b * w), [0, a])[1],
            ),
            [0, x],
            maximum_iterations=2,
        )[1],
    ]


def values(build):
    with tf.Graph().as_default():
        x, p = tf.placeholder(tf.float32, [3]), tf.placeholder(tf.bool, [])
        w = tf.get_variable("w", [3], initializer=tf.ones_initializer(), use_resource=True)
        fetches = build(x, p, w)
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            return [session.run(fetches, {x: X, p: chosen}) for chosen in (True, False)]


def with_gradients(x, p, w):
    found = []
    for y in programs(x, p, w):
        found += [y, *[grad for grad in tf.gradients(y, [x, w]) if grad is not None]]
    return found


def test_functions_and_dataflow_give_the_same_values_and_gradients(as_functions):
    got = values(with_gradients)
    tf.disable_control_flow_v2()
    want = values(with_gradients)

    for one, other in zip(got, want, strict=True):
        for a, b in zip(one, other, strict=True):
            np.testing.assert_allclose(a, b, rtol=2e-6, atol=1e-7)


@pytest.mark.parametrize("program", range(5))
def test_second_gradients_are_derivatives_of_the_first(as_functions, program):
    """By differences of the first gradient, in single precision."""
    with tf.Graph().as_default():
        x, p = tf.placeholder(tf.float32, [3]), tf.constant(True)
        y = programs(x, p, tf.constant([1.0, 0.5, 2.0]))[program]
        first = tf.gradients(y, x)[0]
        second = tf.gradients(first, x)[0]
        with tf.Session() as session:
            total = tf.reduce_sum(first)
            got = session.run(second, {x: X}) if second is not None else np.zeros(3)
            step = np.float32(1e-2)
            for i, shift in enumerate(np.eye(3, dtype=np.float32) * step):
                rise = session.run(total, {x: X + shift}) - session.run(total, {x: X - shift})
                np.testing.assert_allclose(got[i], rise / (2 * step), rtol=2e-2, atol=2e-2)


@pytest.mark.tensorflow
def test_tensorflow_runs_our_gradients_of_functions(as_functions):
    theirs = pytest.importorskip("tensorflow.compat.v1")
    with tf.Graph().as_default() as graph:
        x, p = tf.placeholder(tf.float32, [3], name="x"), tf.placeholder(tf.bool, [], name="p")
        names = []
        for i, y in enumerate(programs(x, p, tf.constant([1.0, 0.5, 2.0]))):
            names.append(tf.identity(y, name=f"y{i}").name)
            names.append(tf.identity(tf.gradients(y, x)[0], name=f"d{i}").name)
        message = graph.as_graph_def().SerializeToString()
        with tf.Session() as session:
            want = session.run(names, {"x:0": X, "p:0": False})
    with theirs.Graph().as_default(), theirs.Session() as session:
        read = theirs.GraphDef()
        read.ParseFromString(message)
        theirs.import_graph_def(read, name="")
        got = session.run(names, {"x:0": X, "p:0": False})

    for one, other in zip(got, want, strict=True):
        np.testing.assert_allclose(one, other, rtol=2e-5, atol=1e-6)


@pytest.mark.tensorflow
def test_we_run_tensorflows_functional_loops_and_branches():
    theirs = pytest.importorskip("tensorflow.compat.v1")
    theirs.disable_v2_behavior()
    with theirs.Graph().as_default() as graph:
        theirs.enable_control_flow_v2()
        try:
            x = theirs.placeholder(theirs.float32, [3], name="x")
            p = theirs.placeholder(theirs.bool, [], name="p")
            made = theirs.while_loop(
                lambda i, a: i < 3,
                lambda i, a: (i + 1, theirs.cond(p, lambda: a * a, lambda: theirs.sin(a))),
                [0, x],
            )[1]
            theirs.identity(theirs.gradients(made, x)[0], name="d")
            theirs.identity(theirs.map_fn(lambda e: e * 2.0, made), name="m")
        finally:
            theirs.disable_control_flow_v2()
        message = graph.as_graph_def().SerializeToString()
        with theirs.Session() as session:
            want = session.run(["m:0", "d:0"], {"x:0": X, "p:0": True})
    with tf.Graph().as_default():
        read = tf.GraphDef()
        read.ParseFromString(message)
        tf.import_graph_def(read, name="")
        with tf.Session() as session:
            got = session.run(["m:0", "d:0"], {"x:0": X, "p:0": True})

    for one, other in zip(got, want, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6)
