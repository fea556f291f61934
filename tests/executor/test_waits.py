"""A step for known shapes keeps the waits that somebody could notice, and no others."""

from __future__ import annotations

import numpy as np
import pytest
from executor.stepping import request_of, steps_of
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf.executor.dataflow import Run
from minitf.executor.plan import Planner
from minitf.executor.prune import prune
from minitf.executor.ready import Shuffled
from minitf.executor.specialise import specialise
from minitf.executor.waits import drop_needless_waits
from minitf.resources import ResourceStore


def waits(fetches, feeds=(), shapes=()):
    """Return name -> names of what it waits for, in the step for feeds of these shapes."""
    subgraph = specialise(prune(request_of(fetches, feeds)), shapes, 0)
    return {
        op.name: [each.name for each in subgraph.control_sources(op)] for op in subgraph.operations
    }


def variable(name):
    return tf.get_variable(name, [3], initializer=tf.zeros_initializer())


@pytest.mark.paper("W-59")
def test_a_reader_waits_for_a_change_of_its_variable_and_for_no_other():
    v, w = variable("v"), variable("w")
    x = tf.placeholder(tf.float32, [3])
    with tf.control_dependencies([tf.assign(v, x, name="change")]):
        y = tf.multiply(v, x, name="of_v")
        z = tf.multiply(w, x, name="of_w")
    found = waits([y, z], [x], [(3,)])

    assert found["of_v"] == ["change"]
    assert found["of_w"] == []


def test_a_change_waits_for_readers_of_its_variable_and_for_other_changes():
    v, w = variable("v"), variable("w")
    x = tf.placeholder(tf.float32, [3])
    of_v, of_w = tf.multiply(v, x, name="of_v"), tf.multiply(w, x, name="of_w")
    plain = tf.square(x, name="plain")
    first = tf.assign_add(w, x, name="first")
    with tf.control_dependencies([of_v, of_w, plain, first]):
        last = tf.assign(v, x, name="last")
    found = waits([of_v, of_w, plain, last], [x], [(3,)])

    assert sorted(found["last"]) == ["first", "of_v"]


def test_order_that_went_through_an_operation_stays_without_it():
    """`middle` need not wait for `change`, nor `last` for it; but `last` reads what that wrote."""
    v = variable("v")
    x = tf.placeholder(tf.float32, [3])
    with tf.control_dependencies([tf.assign(v, x, name="change")]):
        middle = tf.square(x, name="middle")
    with tf.control_dependencies([middle]):
        last = tf.multiply(v, x, name="last")
    found = waits([middle, last], [x], [(3,)])

    assert found["middle"] == []
    assert found["last"] == ["change"]


def test_other_effects_keep_their_place():
    v = variable("v")
    x = tf.placeholder(tf.float32, [3])
    queue = tf.FIFOQueue(1, tf.float32)
    of_v = tf.multiply(v, x, name="of_v")
    with tf.control_dependencies([of_v]):
        put = queue.enqueue(1.0, name="put")
    with tf.control_dependencies([put, tf.check_numerics(x, "", name="check")]):
        again = tf.add(v, x, name="again")
    found = waits([of_v, again], [x], [(3,)])

    assert found["put"] == ["of_v"]
    assert sorted(found["again"]) == ["check", "put"]


def test_a_wait_for_a_later_operation_stays():
    v = variable("v")
    early = tf.multiply(v, 2.0, name="early")
    late = tf.assign(v, [1, 2, 3], name="late")
    early.op._add_control_input(late.op)
    subgraph = prune(request_of([early]))
    drop_needless_waits(subgraph)

    assert early.op.control_inputs == [late.op]
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for _ in range(5):
            np.testing.assert_array_equal(session.run(early), [2, 4, 6])


def test_batch_norms_are_a_few_loops():
    """Gradients under the updates of moving averages, as programs write them, are fused."""
    x, y = tf.placeholder(tf.float32, [None, 4]), tf.placeholder(tf.float32, [None, 1])
    h = tf.nn.relu(tf.layers.batch_normalization(tf.layers.dense(x, 5), training=True))
    loss = tf.losses.mean_squared_error(y, tf.layers.dense(h, 1))
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        train = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    subgraph = specialise(prune(request_of([train], [x, y])), [(6, 4), (6, 1)], 0)

    writers = [op for op in subgraph.operations if op.type.startswith(("Apply", "Assign"))]
    averages = [op for op in writers if "AssignMovingAvg" in op.name]
    assert len(averages) == 2
    for op in subgraph.operations:
        if op in writers and op not in averages:
            assert set(averages) <= set(subgraph.control_sources(op))
        else:
            assert not set(averages) & set(subgraph.control_sources(op))


KINDS = ("assign", "add", "read", "square", "sum")
INSTRUCTIONS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 1), st.integers(0, 20)), min_size=1, max_size=9
)


@pytest.mark.parametrize("resource", [False, True])
@given(instructions=INSTRUCTIONS, seed=st.integers(0, 99))
def test_a_program_of_one_thread_is_run_as_it_stands(resource, instructions, seed):
    """Where each instruction waits for the one before, it does so under every legal order."""
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float64, [])
        variables = [
            tf.Variable(np.float64(i + 1), use_resource=resource, name=f"v{i}") for i in range(2)
        ]
        made = [x]
        for kind, which, place in instructions:
            value, variable = made[place % len(made)], variables[which]
            with graph.control_dependencies([made[-1].op]):
                if kind == "read":
                    made.append(variable * 2.0)
                elif kind in ("square", "sum"):
                    made.append(tf.square(value) * 0.25 if kind == "square" else value + made[-1])
                else:
                    change = tf.assign if kind == "assign" else tf.assign_add
                    with graph.control_dependencies([change(variable, value * 0.5)]):
                        made.append(value - 1.0)
        init = tf.global_variables_initializer()
    steps = steps_of(graph, ResourceStore(), jit="off")
    steps.find(request_of([init])).run([])
    subgraph = specialise(prune(request_of(made[1:], [x])), [()], 0)
    placement = dict.fromkeys(subgraph.operations, steps._devices[0])
    plan = Planner(subgraph, steps._kernels(placement, compiled=False)).plan()

    state = [1.0, 2.0]
    for run in range(3):
        expected = [fed := np.float64(0.5 * run)]
        for kind, which, place in instructions:
            value = expected[place % len(expected)]
            if kind == "read":
                expected.append(state[which] * 2.0)
            elif kind in ("square", "sum"):
                expected.append(value * value * 0.25 if kind == "square" else value + expected[-1])
            else:
                state[which] = value * 0.5 + (0.0 if kind == "assign" else state[which])
                expected.append(value - 1.0)
        assert Run(plan, Shuffled(seed + run)).run([fed]) == expected[1:]
