"""What a step costs in messages: one RunGraph per worker, one question per tensor and reader."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from distributed.clusters import TASKS, Servers, bytes_of, eventually

import minitf as tf
from minitf.distributed.messages import DeregisterGraph, ReceiveTensor, RegisterGraph, RunGraph
from minitf.distributed.rendezvous import task_of

PS, FIRST, SECOND = TASKS


def crossings(requests):
    """Count what was asked for, by the operation that made it and who asked."""
    edges = [request.key.split(";") for request in requests]
    return Counter((edge.split("_", 2)[2], task_of(there)) for _, _, there, edge, _ in edges)


@pytest.mark.paper("W-20", "W-21")
def test_a_step_is_one_request_per_worker_and_one_question_per_tensor_and_reader(servers):
    """Figure 4: x is used twice on the other device, and y comes back."""
    with tf.device(PS):
        x = tf.placeholder(tf.float32, [4], name="x") + 1
        x = tf.identity(x, name="sent")
    with tf.device(FIRST):
        b, c = x * 2, x * 3
        y = tf.identity(b + c, name="back")
    with tf.device(SECOND):
        d = x - 1
    with tf.device(PS):
        z = y + x
    with tf.Session(servers.target) as session:
        session.run([z, d], {"x:0": np.ones(4)})
        for _ in range(3):
            first = len(servers.requests)
            with servers.asked() as counts:
                session.run([z, d], {"x:0": np.ones(4)})
            assert {key: n for key, n in counts.items() if key[1] == "RunGraph"} == dict.fromkeys(
                [(task, "RunGraph") for task in TASKS], 1
            )
            assert set(counts) == {(FIRST, "RunStep")} | {
                (task, kind) for task, kind in counts if kind in ("RunGraph", "ReceiveTensor")
            }
            assert crossings(servers.of_kind(ReceiveTensor, first)) == {
                ("sent", "/job:worker/replica:0/task:0"): 1,
                ("sent", "/job:worker/replica:0/task:1"): 1,
                ("back", "/job:ps/replica:0/task:0"): 1,
            }


@pytest.mark.paper("W-21")
@pytest.mark.parametrize("crossing", [1, 5, 40])
def test_a_worker_gets_one_run_request_whatever_crosses(servers, crossing):
    total = tf.placeholder(tf.float32, [], name="x")
    for i in range(crossing):
        with tf.device(TASKS[i % 3]):
            total += 1
    with tf.Session(servers.target) as session:
        session.run(total, {"x:0": 0})
        with servers.asked() as counts:
            assert session.run(total, {"x:0": 0}) == crossing

    requests = [n for (_, kind), n in counts.items() if kind == "RunGraph"]
    assert requests == [1] * min(crossing, 3)


@pytest.mark.paper("O-14")
def test_a_run_request_is_as_long_for_a_graph_ten_times_as_large(servers):
    sizes, graphs = [], []
    for count in (20, 200):
        with tf.Graph().as_default():
            total = tf.placeholder(tf.float32, [], name="x")
            for i in range(count):
                with tf.device(TASKS[i % 3]):
                    total += 1
            with tf.Session(servers.target) as session:
                first = len(servers.requests)
                session.run(total, {"x:0": 0})
                session.run(total, {"x:0": 0})
            runs = servers.of_kind(RunGraph, first)
            sizes.append(sorted(len(run.handle) + bytes_of(run) for run in runs))
            graphs.append(sum(map(bytes_of, servers.of_kind(RegisterGraph, first))))

    assert graphs[1] > 5 * graphs[0]
    for small, large in zip(*sizes, strict=True):
        assert abs(small - large) <= 16  # numbers of steps and graphs have more digits or fewer


@pytest.mark.paper("O-14")
def test_a_step_is_registered_once(servers):
    with tf.device(PS):
        x = tf.placeholder(tf.float32, [], name="x") + 1
    with tf.device(SECOND):
        y = x * 2
    with tf.Session(servers.target) as session:
        first = len(servers.requests)
        assert [session.run(y, {"x:0": i}) for i in range(5)] == [2, 4, 6, 8, 10]
        assert len(servers.of_kind(RegisterGraph, first)) == 2
        session.run(x, {"x:0": 1})
        assert len(servers.of_kind(RegisterGraph, first)) == 3


@pytest.mark.paper("W-34", "O-16")
@pytest.mark.parametrize("leader", TASKS)
def test_the_predicate_goes_to_each_other_participant_once_an_iteration(servers, leader):
    n = tf.placeholder(tf.int32, [], name="n")

    def goes_on(i, _):
        with tf.device(leader):
            return tf.less(i, n, name="goes_on")

    def body(i, a):
        for task in TASKS:
            with tf.device(task):
                a = a * 2 + i
        return i + 1, a

    with tf.device(leader):
        results = tf.while_loop(goes_on, body, [tf.constant(0), tf.constant(1)])
    with tf.Session(servers.target) as session:
        for trips in (0, 1, 2, 7):
            expected = 1
            for i in range(trips):
                expected = ((expected * 2 + i) * 2 + i) * 2 + i
            first = len(servers.requests)
            assert session.run(results, {n: trips}) == (trips, expected)
            asked = crossings(servers.of_kind(ReceiveTensor, first))
            told = {there: count for (name, there), count in asked.items() if "LoopCond" in name}
            others = [task for task in TASKS if task != leader]
            assert told == {task.replace("/task", "/replica:0/task"): trips + 1 for task in others}


def test_nothing_is_kept_of_steps_that_are_over(servers):
    n = tf.placeholder(tf.int32, [], name="n")

    def body(i):
        with tf.device(SECOND):
            i = i + 1
        with tf.device(PS):
            return tf.cond(i > 2, lambda: i * 1, lambda: i + 0)

    result = tf.while_loop(lambda i: i < n, body, [0])
    with tf.Session(servers.target) as session:
        for trips in range(60):
            assert session.run(result, {n: trips % 5}) == trips % 5
        eventually(lambda: servers.under_way() == 0, "steps that are forgotten")
        graphs = [len(server._worker._graphs) for server in servers.all.values()]
        assert max(graphs) <= 1
    eventually(
        lambda: (
            not any(
                server._worker._graphs or server._worker._sessions or server._master._sessions
                for server in servers.all.values()
            )
        ),
        "what a session had is gone",
    )


def test_graphs_that_no_step_needs_any_more_are_forgotten():
    made = Servers()
    try:
        x = tf.placeholder(tf.float32, [], name="x")
        with tf.device(PS):
            y = x + 1
        with tf.Session(made.target) as session:
            session.run(y, {x: 1})
            tf.get_default_graph().get_operation_by_name("x")._set_device("/cpu:0")
            assert session.run(y + 1, {x: 1}) == 3
            assert made.of_kind(DeregisterGraph)
    finally:
        made.close()
    assert made.under_way() == 0
