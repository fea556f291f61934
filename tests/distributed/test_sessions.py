"""What sessions of a cluster share, refuse, report and leave behind."""

from __future__ import annotations

import gc
import logging
import re
import threading

import numpy as np
import pytest
from distributed.clusters import TASKS, Servers, described, eventually

import minitf as tf

PS, FIRST, SECOND = TASKS


def on_ps(name, value, **options):
    with tf.device(PS):
        return tf.get_variable(name, initializer=value, **options)


def test_clients_of_several_tasks_share_variables_by_name(cluster):
    with tf.Graph().as_default():
        v = on_ps("shared", 3.0)
        with tf.Session(cluster.target("worker", 0)) as session:
            session.run(v.initializer)
    with tf.Graph().as_default():
        w = on_ps("shared", 0.0)
        with tf.Session(cluster.target("worker", 1)) as session:
            assert session.run(tf.assign_add(w, 1)) == 4
    with tf.Graph().as_default(), tf.Session(cluster.target("ps", 0)) as session:
        assert session.run(on_ps("shared", 0.0)) == 4


def test_an_isolated_session_keeps_its_state_to_itself(cluster):
    v = on_ps("isolated", 3.0)
    config = tf.ConfigProto(isolate_session_state=True)
    with tf.Session(cluster.target(), config=config) as one:
        one.run(v.initializer)
        with (
            tf.Session(cluster.target(), config=config) as other,
            pytest.raises(tf.errors.FailedPreconditionError, match="value isolated"),
        ):
            other.run(v)
        with (
            tf.Session(cluster.target()) as shared,
            pytest.raises(tf.errors.FailedPreconditionError),
        ):
            shared.run(v)
        assert one.run(v) == 3


def test_a_reset_drops_the_containers_that_it_names(cluster):
    with tf.container("mine"):
        a = on_ps("reset_a", 1.0)
    b = on_ps("reset_b", 2.0)
    with tf.Session(cluster.target()) as session:
        session.run([a.initializer, b.initializer])
    tf.Session.reset(cluster.target(), ["mine"])
    with tf.Session(cluster.target()) as session:
        assert session.run(b) == 2
        with pytest.raises(tf.errors.FailedPreconditionError, match="reset_a"):
            session.run(a)
    tf.Session.reset(cluster.target())
    with tf.Session(cluster.target()) as session, pytest.raises(tf.errors.FailedPreconditionError):
        session.run(b)


@pytest.mark.paper("W-30")
@pytest.mark.parametrize("device", ["/job:ps/task:7", "/job:nobody", f"{PS}/gpu:0"])
def test_a_device_that_does_not_exist_is_refused_with_those_that_do(cluster, device):
    with tf.device(device):
        x = tf.constant(1) + 1
    with (
        tf.Session(cluster.target()) as session,
        pytest.raises(tf.errors.InvalidArgumentError) as caught,
    ):
        session.run(x)

    assert "Cannot assign a device for operation" in caught.value.message
    assert "/job:ps/replica:0/task:0/device:CPU:0" in caught.value.message


def test_device_filters_hide_tasks(cluster):
    filtered = tf.ConfigProto(device_filters=["/job:ps"])
    with tf.device(SECOND):
        x = tf.constant(1) + 1
    with tf.Session(cluster.target(), config=filtered) as session:
        names = {device.name for device in session.list_devices()}
        with pytest.raises(tf.errors.InvalidArgumentError, match="Cannot assign a device"):
            session.run(x)

    assert names == {
        f"{task}/device:CPU:0"
        for task in ("/job:ps/replica:0/task:0", "/job:worker/replica:0/task:0")
    }


def test_feeds_are_checked_by_the_client(cluster):
    x = tf.placeholder(tf.float32, [2])
    with tf.device(PS):
        y = x + 1
    with tf.Session(cluster.target()) as session:
        with pytest.raises(ValueError, match="Cannot feed value of shape"):
            session.run(y, {x: [1, 2, 3]})
        assert session.run([y, x], {x: [1, 2]})[0].tolist() == [2, 3]
        with pytest.raises(tf.errors.InvalidArgumentError, match="must feed a value"):
            session.run(y)


def test_a_report_has_all_devices(cluster):
    with tf.device(PS):
        x = tf.placeholder(tf.float32, [2], name="x") + 1
    with tf.device(SECOND):
        y = x * 2
    options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE, output_partition_graphs=True)
    metadata = tf.RunMetadata()
    with tf.Session(cluster.target()) as session:
        session.run(y, {"x:0": [1, 2]}, options=options, run_metadata=metadata)
    wanted = {
        f"{task}/device:CPU:0"
        for task in ("/job:ps/replica:0/task:0", "/job:worker/replica:0/task:1")
    }

    assert {each.device for each in metadata.step_stats.dev_stats} == wanted
    assert {graph.node[0].device for graph in metadata.partition_graphs} == wanted
    kinds = [sorted(node.op for node in graph.node) for graph in metadata.partition_graphs]
    assert sorted(kinds, key=str) == sorted(
        [["AddV2", "Const", "Placeholder", "_Send"], ["Const", "Mul", "_Recv"]], key=str
    )


def test_a_graph_grows_between_steps(cluster):
    with tf.Session(cluster.target()) as session:
        total = tf.constant(0)
        for i in range(6):
            with tf.device(TASKS[i % 3]):
                total += 1
            assert session.run(total) == i + 1


@pytest.mark.thorough
def test_threads_share_a_session(servers):
    v = on_ps("counted", np.int64(0), use_resource=True)
    x = tf.placeholder(tf.int64, [])
    with tf.device(SECOND):
        doubled = x * 2
    with tf.device(PS):
        answer = doubled + 1
        count = v.assign_add(1, use_locking=True, read_value=False)
    found = {}

    def work(session, number):
        for i in range(200):
            value = session.run([answer, count], {x: number * 1000 + i})[0]
            found.setdefault(number, []).append(value)

    with tf.Session(servers.target) as session:
        session.run(v.initializer)
        threads = [threading.Thread(target=work, args=(session, n)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert session.run(v) == 1600
        eventually(lambda: servers.under_way() == 0)
    for number in range(8):
        assert found[number] == [2 * (number * 1000 + i) + 1 for i in range(200)]


def test_sessions_and_servers_leave_no_thread_or_connection():
    gc.collect()
    before = set(threading.enumerate())
    made = Servers()
    with tf.device(PS):
        x = tf.placeholder(tf.float32, [], name="x") + 1
    with tf.device(SECOND):
        y = x * 2
    for _ in range(3):
        with tf.Session(made.target) as session:
            assert session.run(y, {"x:0": 1}) == 4
    listener = made.all[FIRST]._listener
    # Left are those of the other tasks.
    eventually(lambda: len(listener._connections) <= 2, "the connections of clients are closed")
    made.close()

    def left():
        return [
            thread.name
            for thread in set(threading.enumerate()) - before
            if thread.name.startswith("minitf-") and thread.name != "minitf-step"
        ]

    eventually(lambda: not left(), left)


def test_a_silent_task_is_named_with_its_address_and_the_reason(monkeypatch, caplog):
    monkeypatch.setattr("minitf.distributed.tasks._REPORT_S", 0.05)
    cluster = described({"worker": 2})
    server = tf.train.Server(cluster, "worker", 0)
    with tf.device("/job:worker/task:1"):
        x = tf.constant(1) + 1
    config = tf.ConfigProto(operation_timeout_in_ms=700)
    try:
        with (
            caplog.at_level(logging.WARNING, "tensorflow"),
            tf.Session(server.target, config=config) as session,
            pytest.raises(tf.errors.DeadlineExceededError),
        ):
            session.run(x)
        lines = [record.getMessage() for record in caplog.records]
        address = cluster["worker"][1]
        wanted = (
            "CreateSession still waiting for response from worker:\n"
            f"  /job:worker/replica:0/task:1 at {address}: failed to connect to {address}: "
        )
        assert any(re.match(re.escape(wanted), line) for line in lines)
    finally:
        server.stop()
