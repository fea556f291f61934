"""What is the same in every round of a loop is computed once; only the time can tell."""

from __future__ import annotations

import numpy as np
import pytest
from executor.stepping import const, request_of, step_of, steps_of, structured

import minitf as tf
from minitf import ops
from minitf.errors import InvalidArgumentError
from minitf.executor.dataflow import Run
from minitf.executor.invariants import MOST_KEPT_BYTES
from minitf.graph import Graph
from minitf.resources import ResourceStore


def counted(plan, kind):
    """Return the generated code of a plan, and a list that grows with each call of a kernel."""
    made, calls = structured(plan), []
    kernel = made._names[kind]
    made._names[kind] = lambda *inputs: calls.append(kind) or kernel(*inputs)
    return made, calls


def squares_in_a_loop(x, n, around=lambda square: square):
    def body(i, h):
        return i + 1, h + around(ops.mat_mul_op(x, x))

    return tf.while_loop(lambda i, _: i < n, body, [0, tf.zeros_like(x)])[1]


@pytest.mark.paper("W-59")
@pytest.mark.parametrize("rounds", [0, 1, 5])
def test_a_product_of_constants_is_made_once_if_there_is_a_round(rounds):
    graph = Graph()
    with graph.as_default():
        x, n = ops.placeholder_op(dtype="float32", shape=[2, 2]), ops.placeholder_op(dtype="int32")
        h = squares_in_a_loop(x, n)
    plan = step_of(graph, [h], [x, n]).plan
    made, calls = counted(plan, "mat_mul")
    feeds = [np.ones((2, 2), np.float32), np.array(rounds, np.int32)]

    np.testing.assert_array_equal(made.run(feeds)[0], Run(plan).run(feeds)[0])
    assert len(calls) == min(rounds, 1)


def test_in_an_inner_loop_it_is_made_once_a_run_of_that():
    graph = Graph()
    with graph.as_default():
        x = ops.placeholder_op(dtype="float32", shape=[2, 2])
        _, h = tf.while_loop(
            lambda i, _: i < 3,
            lambda i, h: (i + 1, squares_in_a_loop(h * 0.5, 4)),
            [0, x],
        )
    plan = step_of(graph, [h], [x]).plan
    made, calls = counted(plan, "mat_mul")
    feeds = [np.ones((2, 2), np.float32)]

    np.testing.assert_array_equal(made.run(feeds)[0], Run(plan).run(feeds)[0])
    assert len(calls) == 3


@pytest.mark.parametrize("rounds", [0, 2])
def test_an_error_comes_where_it_would_come(rounds):
    graph = Graph()
    with graph.as_default():
        x, n = ops.placeholder_op(dtype="float32"), ops.placeholder_op(dtype="int32", shape=[])
        h = tf.while_loop(
            lambda i, _: i < n,
            lambda i, h: (i + 1, tf.reshape(x, [2, 2]) + h),
            [0, tf.zeros([2, 2])],
        )[1]
    plan = step_of(graph, [h], [x, n]).plan
    feeds = [np.ones(3, np.float32), np.array(rounds, np.int32)]
    if not rounds:
        np.testing.assert_array_equal(structured(plan).run(feeds)[0], np.zeros((2, 2)))
        return
    messages = []
    for run in (structured(plan).run, Run(plan).run):
        with pytest.raises(InvalidArgumentError, match="while_context:0") as caught:
            run(feeds)
        messages.append(str(caught.value))

    assert messages[0] == messages[1]


def test_what_is_large_is_made_in_every_round():
    side = int((MOST_KEPT_BYTES // 4) ** 0.5) + 1
    graph = Graph()
    with graph.as_default():
        x = ops.placeholder_op(dtype="float32", shape=[side, side])
        y = squares_in_a_loop(x, 2)
    source = structured(step_of(graph, [y], [x]).plan).source

    assert "if not n0:" not in source


@pytest.mark.parametrize("use_resource", [False, True])
def test_a_body_sees_what_it_wrote_and_one_that_writes_nothing_reads_once(use_resource):
    with tf.Graph().as_default() as graph:
        v = tf.get_variable("v", initializer=np.float32([1, 2]), use_resource=use_resource)
        w = tf.get_variable("w", initializer=np.float32([3, 4]), use_resource=use_resource)

        def body(i, h):
            with tf.control_dependencies([tf.assign_add(v, [1.0, 1.0])]):
                return i + 1, h + v.read_value() * w

        writes = tf.while_loop(lambda i, _: i < 4, body, [0, tf.zeros([2])])[1]
        initializer = tf.global_variables_initializer()
    results = []
    for jit in ("off", "eager"):
        steps = steps_of(graph, ResourceStore(), jit=jit)
        steps.find(request_of([initializer])).run([])
        results.append(steps.find(request_of([writes])).run([])[0].tolist())

    assert results[0] == results[1] == [3 * 14, 4 * 18]


def test_a_read_that_is_asked_for_is_made_in_every_round():
    with tf.Graph().as_default(), tf.Session() as session:
        v = tf.Variable(0)
        later = tf.assign_add(v, 1)

        def step(i):
            session.run(later)
            return i

        def body(i):
            with tf.control_dependencies([tf.py_func(step, [i], tf.int32)]):
                return v.read_value() * 1

        i = tf.while_loop(lambda i: i < 5, body, [const(np.int32(0))])
        for _ in range(4):
            session.run(v.initializer)
            assert session.run(i) == 5
