"""Generated code: the values, effects, errors and lifetimes of the reference executor."""

from __future__ import annotations

import weakref

import numpy as np
import pytest
from executor import toy_ops
from executor.random_graphs import random_graphs
from executor.stepping import const, request_of, step_of, steps_of
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf import ops
from minitf.errors import InvalidArgumentError
from minitf.executor.dataflow import Run
from minitf.executor.lines import in_order
from minitf.executor.ready import Fifo, InOrder, Lifo, Shuffled
from minitf.executor.straightline import StraightLine
from minitf.graph import Graph


def square_plus_one():
    graph = Graph()
    with graph.as_default():
        x = ops.placeholder_op(dtype="float32", name="x")
        square = ops.mul_op(x, x, name="square")
        y = ops.add_v2_op(square, 1.0, name="y")
    return step_of(graph, [y], [x]).plan


@pytest.mark.paper("W-59")
def test_the_text_is_a_line_per_operation():
    assert StraightLine(square_plus_one()).source == (
        "def step(feeds):\n"
        "    t0, = feeds\n"
        "    t0 = mul(t0, t0)  # square\n"
        "    t0 = add_v2(t0, constant)  # y\n"
        "    return [t0]\n"
    )


@pytest.mark.paper("W-16", "W-59")
@given(random_graphs(), st.booleans(), st.booleans())
def test_it_gives_what_every_order_gives(made, passes, keeps_all):
    step = steps_of(made.graph, passes=passes).find(request_of(made.fetches, made.feeds))
    feeds = list(made.feeds.values())
    got = StraightLine(step.plan, keeps_all=keeps_all).run(feeds)

    for ready in (Fifo(), Lifo(), InOrder(), Shuffled(1)):
        for one, other in zip(got, Run(step.plan, ready).run(feeds), strict=True):
            np.testing.assert_array_equal(one, other)


@given(random_graphs())
def test_the_order_is_that_of_the_plan_as_far_as_it_can_be(made):
    plan = steps_of(made.graph).find(request_of(made.fetches, made.feeds)).plan
    order = [node.index for node in in_order(plan)]

    assert order == sorted(order)  # nothing here is delayed: construction order is legal
    assert len(order) == len(plan.nodes) - 2


def test_what_only_hands_on_is_no_line_unless_all_is_kept():
    graph = Graph()
    with graph.as_default():
        x = ops.placeholder_op(dtype="float32")
        wait = ops.no_op_op()
        with graph.control_dependencies([wait]):
            y = ops.identity_op(ops.stop_gradient_op(x))
    plan = step_of(graph, [y], [x]).plan

    assert StraightLine(plan).source.count("\n") == 3
    assert StraightLine(plan, keeps_all=True).source.count("# ") == 3
    assert StraightLine(plan).run([np.float32(2)]) == [2]


def test_a_value_dies_with_its_last_reader():
    graph = Graph()
    seen = []
    with graph.as_default():
        x = ops.placeholder_op(dtype="float32")
        big = ops.neg_op(x)
        small = ops.sum_op(big, [0])
        tapped = toy_ops.tap_op(small, text="sum")
    plan = step_of(graph, [tapped], [x]).plan
    kernels = {n.operation.type: n.kernel for n in plan.nodes if n.operation}
    made = []

    def neg(value):
        result = kernels["Neg"](value)
        made.append(weakref.ref(result))
        return result

    straight = StraightLine(plan)
    straight._names["neg"] = neg
    straight._names["tap"] = lambda value: seen.append(made[0]()) or value
    straight.run([np.ones(3, np.float32)])

    assert seen == [None]


@pytest.mark.paper("O-14")
def test_an_error_is_the_reference_executors():
    graph = Graph()
    with graph.as_default():
        x = ops.placeholder_op(dtype="float32", name="x")
        y = ops.reshape_op(x, [2, 2], name="y")
        z = ops.neg_op(y)
    plan = step_of(graph, [z], [x]).plan
    messages = []
    for run in (Run(plan).run, StraightLine(plan).run):
        with pytest.raises(InvalidArgumentError) as caught:
            run([np.ones(3, np.float32)])
        messages.append((str(caught.value), caught.value.op))

    assert messages[0] == messages[1]
    assert messages[0][1] is y.op
    assert "float32[3] of 'x:0'" in messages[0][0]


def test_lists_and_several_outputs_are_taken_apart():
    graph = Graph()
    with graph.as_default():
        x = ops.placeholder_op(dtype="int32")
        first, rest = ops.split_op(0, x, num_split=2)
        joined = ops.concat_v2_op([rest, first], 0)
        _, indices = ops.unique_op(joined)
        head, tail = toy_ops.two_lists_op([indices, joined])
    plan = step_of(graph, [head, tail[1]], [x]).plan

    got = StraightLine(plan).run([np.int32([1, 1, 2, 3])])

    assert [each.tolist() for each in got] == [[0, 1, 2, 2], [2, 3, 1, 1]]


@pytest.mark.paper("O-12")
def test_writes_and_reads_keep_the_order_of_control_edges():
    with tf.Graph().as_default(), tf.Session() as session:
        v = tf.Variable(1.0)
        before = v.read_value()
        with tf.control_dependencies([before]):
            added = tf.assign_add(v, 1.0)
        with tf.control_dependencies([added]):
            after = v.read_value()
        session.run(v.initializer)
        found = [session.run([before, after]) for _ in range(8)]

    assert found == [[n, n + 1] for n in range(1, 9)]


def test_a_feed_that_nobody_reads_and_a_fetch_that_is_fed():
    graph = Graph()
    with graph.as_default():
        x = ops.placeholder_op(dtype="float32")
        unread = ops.placeholder_op(dtype="float32")
        y = const(2.0)
    plan = step_of(graph, [x, y], [x, unread]).plan

    assert StraightLine(plan).run([np.float32(1), np.float32(3)]) == [1, 2]


def test_a_name_from_outside_is_no_code():
    graph = Graph()
    with graph.as_default():
        x = ops.placeholder_op(dtype="float32")
        y = ops.neg_op(x)
    y.op.name = "a\n    raise SystemExit\r#"
    straight = StraightLine(step_of(graph, [y], [x]).plan)

    assert straight.source.count("\n") == 4
    assert straight.run([np.float32(1)]) == [-1]
