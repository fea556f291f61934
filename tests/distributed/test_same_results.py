"""A program gives the same whether a session's target is "" or a cluster of processes."""

from __future__ import annotations

import os

import numpy as np
import pytest
from control_flow.random_programs import VARIABLES, State, blocks, build_graph, interpret
from distributed.clusters import TASKS
from executor.random_graphs import random_graphs
from hypothesis import given, settings
from hypothesis import strategies as st

import minitf as tf

PLACES = st.lists(st.sampled_from(TASKS), min_size=1, max_size=40)


def scatter(graph, places):
    """Ask for some task or other for each operation, but for those that must be together."""
    operations = graph.get_operations()
    followed = {each for operation in operations for each in operation.attrs.get("_class", ())}
    for i, operation in enumerate(operations):
        if "_class" not in operation.attrs and f"loc:@{operation.name}" not in followed:
            operation.device = places[i % len(places)]


def both(cluster, graph, run):
    """Return what a function of a session gives with this process, and with a cluster."""
    config = tf.ConfigProto(allow_soft_placement=True)
    found = []
    for target in ("", cluster.target()):
        with tf.Session(target, graph=graph, config=config) as session:
            found.append(run(session))
    return found


@pytest.mark.paper("W-11")
def test_tasks_are_processes_of_their_own(cluster):
    assert len({os.getpid(), *cluster.pids.values()}) == 1 + len(TASKS)
    with tf.Session(cluster.target()) as session:
        names = [device.name for device in session.list_devices()]

    assert sorted(names) == sorted(
        f"{task.replace('/task', '/replica:0/task')}/device:CPU:0" for task in TASKS
    )


@pytest.mark.paper("W-10")
@settings(max_examples=25)
@given(made=random_graphs(), places=PLACES)
def test_a_graph_scattered_over_processes_computes_the_same(cluster, made, places):
    fetches = [tensor for tensor in made.fetches if tensor.graph.is_fetchable(tensor)]
    alone = [made.values[tensor] for tensor in fetches]
    scatter(made.graph, places)
    with tf.Session(cluster.target(), graph=made.graph) as session:
        for _ in range(2):
            found = session.run(fetches, made.feeds)
            for value, wanted in zip(found, alone, strict=True):
                np.testing.assert_array_equal(value, wanted)
                assert value.dtype == wanted.dtype


@pytest.mark.paper("W-10", "O-16")
@settings(max_examples=15)
@given(
    block=blocks(),
    starts=st.lists(st.integers(-4, 4), min_size=3, max_size=3),
    use_resource=st.booleans(),
    places=PLACES,
)
def test_a_program_of_loops_and_branches_scattered_over_processes_computes_what_it_says(
    cluster, block, starts, use_resource, places
):
    wanted = State([np.int32(n) for n in starts], [np.int32(i + 1) for i in range(VARIABLES)])
    with np.errstate(all="ignore"):
        interpret(block, wanted)
    tf.reset_default_graph()
    feeds, results, initializer = build_graph(block, use_resource=use_resource)
    scatter(tf.get_default_graph(), places)
    config = tf.ConfigProto(allow_soft_placement=True, operation_timeout_in_ms=60_000)
    with tf.Session(cluster.target(), config=config) as session:
        for _ in range(2):
            session.run(initializer)
            found = session.run(results, dict(zip(feeds, starts, strict=True)))
            assert found == [*wanted.locals, *wanted.variables]


@pytest.mark.paper("W-10")
def test_training_over_processes_gives_the_same_parameters_bit_for_bit(cluster):
    generator = np.random.default_rng(3)
    images, labels = generator.normal(size=(40, 5)), generator.integers(0, 3, 40)
    with tf.Graph().as_default() as graph:
        with tf.device("/job:ps/task:0"):
            w = tf.Variable(np.ones((5, 3)) / 7, name="trained/w")
            b = tf.Variable(np.zeros(3), name="trained/b")
        with tf.device("/job:worker/task:1"):
            x = tf.placeholder(tf.float64, [None, 5])
            y = tf.placeholder(tf.int64, [None])
            loss = tf.reduce_mean(
                tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=x @ w + b)
            )
            train = tf.train.MomentumOptimizer(0.3, 0.9).minimize(loss)
        initializer = tf.global_variables_initializer()

    def run(session):
        session.run(initializer)
        for first in range(0, 40, 8):
            part = slice(first, first + 8)
            session.run(train, {x: images[part], y: labels[part]})
        return session.run([w, b, loss], {x: images, y: labels})

    alone, together = both(cluster, graph, run)

    for value, other in zip(alone, together, strict=True):
        np.testing.assert_array_equal(value, other)


@pytest.mark.paper("O-06")
def test_a_parameter_server_computes_what_anybody_may(cluster):
    generator = np.random.default_rng(1)
    left, right = generator.normal(size=(2, 30, 30))
    with tf.device("/job:ps/task:0"):
        x = tf.placeholder(tf.float64, [30, 30])
        product = tf.matmul(x, tf.constant(right))
    with tf.Session(cluster.target()) as session:
        options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)
        metadata = tf.RunMetadata()
        found = session.run(product, {x: left}, options, metadata)

    np.testing.assert_allclose(found, left @ right)
    devices = [each.device for each in metadata.step_stats.dev_stats]
    assert devices == ["/job:ps/replica:0/task:0/device:CPU:0"]
