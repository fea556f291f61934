"""Replicas of a model train it together: in step, out of step, with spare ones, from checkpoints.

Two parameter servers and three workers are processes of their own.  Each replica has its own graph
and its own session with its worker's server, as separate programs have; this process drives them,
so that what happens between two replicas is known.
"""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

import minitf as tf
from minitf.distributed import wire

PATIENCE_S = 60
SERVE = """
import json, sys
import minitf as tf
jobs = json.loads(sys.argv[1])
server = tf.train.Server(jobs, job_name=sys.argv[2], task_index=int(sys.argv[3]))
print("ready", flush=True)
sys.stdin.read()
"""


def free_ports(count):
    """Return ports that nobody listens at."""
    sockets = [socket.create_server(("localhost", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


@pytest.fixture(scope="module")
def jobs():
    """Return the jobs of a cluster whose tasks serve, each in a process, but for the last."""
    hosts = [f"localhost:{port}" for port in free_ports(6)]
    found = {"ps": hosts[:2], "worker": hosts[2:]}
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", SERVE, json.dumps(found), job, str(task)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for job, tasks in found.items()
        for task in range(len(tasks))
        if tasks[task] != hosts[-1]
    ]
    assert [process.stdout.readline() for process in processes] == [b"ready\n"] * 5
    yield found
    for process in processes:
        process.kill()
        process.communicate()


@pytest.fixture
def replica_of(jobs):
    """Return what makes the replica of a worker; the cluster keeps nothing of earlier tests."""
    tf.Session.reset(f"grpc://{jobs['worker'][0]}")
    with contextlib.ExitStack() as stack:
        yield lambda task, build: stack.enter_context(
            contextlib.closing(Replica(jobs, task, build))
        )


class Replica:
    """One replica: a graph of its own, and a session with the server of its worker."""

    def __init__(self, cluster, task, build):
        self.graph = tf.Graph()
        setter = tf.train.replica_device_setter(
            worker_device=f"/job:worker/task:{task}", cluster=cluster
        )
        with self.graph.as_default(), tf.device(setter):
            build(self)
        self.session = tf.Session(f"grpc://{cluster['worker'][task]}", graph=self.graph)

    def run(self, *arguments):
        return self.session.run(*arguments)

    def close(self):
        self.session.close()

    def start(self, *arguments):
        """Run in a thread; return what waits for the result."""
        found = []

        def work():
            with contextlib.suppress(tf.errors.CancelledError):  # the test is over
                found.append(self.run(*arguments))

        thread = threading.Thread(target=work, daemon=True)
        thread.start()

        def result():
            thread.join(PATIENCE_S)
            return found[0]

        return result


def at_once(replicas, batches):
    """Let replicas do one training step each, side by side."""
    running = [
        replica.start(replica.train, {replica.x: batch})
        for replica, batch in zip(replicas, batches, strict=True)
    ]
    for result in running:
        result()


def wait_until(is_so):
    """Wait for a condition."""
    end = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < end


def saved(path):
    """Return the variables of a checkpoint."""
    reader = tf.train.load_checkpoint(path)
    return {name: reader.get_tensor(name) for name in reader.get_variable_to_shape_map()}


def gated(replica, passed):
    """Return a value that another replica lets pass, once this one has said that it has it."""
    with tf.device("/job:ps/task:0"):
        gate = tf.FIFOQueue(1, [tf.bool], [[]], shared_name="gate")
        seen = tf.FIFOQueue(1, [tf.bool], [[]], shared_name="seen")
    replica.open, replica.see = gate.enqueue(True), seen.dequeue()
    with tf.control_dependencies([passed]):
        told = seen.enqueue(True)
    with tf.control_dependencies([told]):
        opened = gate.dequeue()
    with tf.control_dependencies([opened]):
        return tf.identity(passed)


# --- out of step ----------------------------------------------------------------------------------


@pytest.mark.paper("O-25")
def test_an_asynchronous_update_is_of_values_that_others_have_changed_since(replica_of):
    def build(replica):
        replica.version = version = tf.train.get_or_create_global_step()
        replica.weight = weight = tf.get_variable("weight", [], initializer=tf.ones_initializer())
        replica.init = tf.global_variables_initializer()
        optimizer = tf.train.GradientDescentOptimizer(0.5)
        replica.read = tf.identity(version)
        with tf.control_dependencies([replica.read]):
            gradient = tf.identity(weight)
        late = gated(replica, gradient)
        replica.late = optimizer.apply_gradients([(late, weight)], version)
        replica.train = optimizer.apply_gradients([(gradient, weight)], version)

    slow, fast = (replica_of(task, build) for task in range(2))
    slow.run(slow.init)
    running = slow.start([slow.read, slow.late])
    fast.run(fast.see)
    fast.run(fast.train)
    fast.run(fast.train)
    fast.run(fast.open)
    read = running()[0]
    staleness = fast.run(fast.version) - 1 - read

    assert staleness == 2
    assert fast.run(fast.weight) == 1 * 0.5 * 0.5 - 0.5 * 1


@pytest.mark.paper("O-24")
def test_a_checkpoint_beside_asynchronous_training_may_hold_half_an_update(replica_of, tmp_path):
    def build(replica):
        left = tf.get_variable("left", [], initializer=tf.zeros_initializer())
        right = tf.get_variable("right", [], initializer=tf.zeros_initializer())
        replica.devices = [left.device, right.device]
        replica.init = tf.global_variables_initializer()
        replica.update = right.assign_add(gated(replica, left.assign_add(1.0)))
        replica.saver = tf.train.Saver(sharded=True)

    trainer, saver = (replica_of(task, build) for task in range(2))
    trainer.run(trainer.init)
    running = trainer.start(trainer.update.op)
    saver.run(saver.see)
    torn = saver.saver.save(saver.session, str(tmp_path / "torn"), write_meta_graph=False)
    saver.run(saver.open)
    running()

    assert saver.devices == ["/job:ps/task:0", "/job:ps/task:1"]
    assert saved(torn) == {"left": 1, "right": 0}


# --- in step --------------------------------------------------------------------------------------

ROWS = np.array([[1, 2], [3, 4], [5, 6], [7, 8]], np.float32)


def synchronous(wanted, replicas, *, sleeps=False):
    """Return what builds a replica of a linear model, trained in step with the others.

    Args:
        wanted: how many gradients make an update.
        replicas: how many replicas there are.
        sleeps: whether this one waits before it computes its gradient.
    """

    def build(replica):
        replica.step = step = tf.train.get_or_create_global_step()
        replica.x = tf.placeholder(tf.float32, [None, 2])
        replica.left = tf.get_variable("left", [2], initializer=tf.zeros_initializer())
        replica.right = tf.get_variable("right", [2], initializer=tf.zeros_initializer())
        late = gated(replica, tf.identity(replica.x))
        x = late if sleeps else replica.x
        loss = tf.reduce_mean(tf.reduce_sum(x * (replica.left + replica.right), 1))
        optimizer = tf.train.SyncReplicasOptimizer(
            tf.train.GradientDescentOptimizer(0.25), wanted, replicas
        )
        replica.train = optimizer.minimize(loss, global_step=step)
        replica.local_step = tf.local_variables()[0]
        replica.gradients = [number_of_gradients(each) for each in (replica.left, replica.right)]
        replica.local_init = optimizer.local_step_init_op
        replica.chief_init = optimizer.chief_init_op
        replica.tokens = optimizer.get_init_tokens_op(num_tokens=0)
        replica.runner = optimizer.get_chief_queue_runner()
        replica.init = tf.global_variables_initializer()
        replica.saver = tf.train.Saver([replica.left, replica.right], sharded=True)

    return build


def number_of_gradients(variable):
    """Return how many gradients of a variable wait for an update."""
    with tf.device(variable.device):
        accumulator = tf.ConditionalAccumulator(
            tf.float32, shape=variable.shape, shared_name=f"{variable.name}/grad_accum"
        )
    return accumulator.num_accumulated()


def begun(replicas):
    """Let the first replica be the chief, and all be ready to train."""
    chief, *others = replicas
    chief.run(chief.init)
    chief.run(chief.chief_init)
    for replica in others:
        replica.run(replica.local_init)
    chief.run(chief.tokens)
    chief.runner.create_threads(chief.session, daemon=True, start=True)


@pytest.mark.paper("O-26")
@pytest.mark.paper("O-29")
def test_synchronous_replicas_train_as_one_with_the_whole_batch(replica_of, tmp_path):
    replicas = [replica_of(task, synchronous(2, 2)) for task in range(2)]
    begun(replicas)
    weights = np.zeros(2, np.float32)
    for step in range(1, 4):
        at_once(replicas, [ROWS[:2], ROWS[2:]])
        wait_until(lambda: replicas[0].run(replicas[0].step) == step)  # noqa: B023 ends in this round
        weights -= np.float32(0.25) * ROWS.mean(0)
        path = replicas[0].saver.save(
            replicas[0].session, str(tmp_path / "whole"), step, write_meta_graph=False
        )
        found = saved(path)

        np.testing.assert_array_equal(replicas[1].run(replicas[1].left), weights)
        np.testing.assert_array_equal(found["left"], weights)
        np.testing.assert_array_equal(found["right"], weights)


@pytest.mark.paper("O-27")
def test_the_gradient_of_a_replica_that_came_late_is_dropped_once(replica_of):
    """Two gradients of three make an update: the third replica sleeps through three of them."""
    fast = [replica_of(task, synchronous(2, 3)) for task in range(2)]
    sleeper = replica_of(2, synchronous(2, 3, sleeps=True))
    chief = fast[0]
    begun([*fast, sleeper])
    running = sleeper.start(sleeper.train, {sleeper.x: 1e6 * ROWS})
    chief.run(chief.see)
    while chief.run(chief.step) < 3:
        at_once(fast, [ROWS, ROWS])

        for replica in fast:
            local = replica.run(replica.local_step)
            assert local <= replica.run(replica.step)  # none is ahead of the others
    step, before = chief.run([chief.step, chief.gradients])
    chief.run(chief.open)
    running()
    dropped = chief.run(chief.gradients) == before
    weights = chief.run(chief.left)
    # Its tokens are those of the updates that it has missed; with the last it is up to date.
    while sleeper.run(sleeper.local_step) < step:
        chief.run(chief.open)
        sleeper.run(sleeper.train, {sleeper.x: ROWS})
        chief.run(chief.see)
    chief.run(chief.open)
    sleeper.start(sleeper.train, {sleeper.x: ROWS})
    wait_until(lambda: chief.run(chief.gradients) == [count + 1 for count in before])

    assert dropped
    np.testing.assert_array_equal(weights, -0.25 * step * ROWS.mean(0))


# --- tables over parameter servers ----------------------------------------------------------------


@pytest.mark.paper("O-20")
def test_a_table_over_parameter_servers_sends_the_rows_that_are_read(jobs, monkeypatch):
    """What arrives at a worker for a step does not grow with the table."""
    arrived = []

    def noted(head, body, parsed=wire.parsed):
        arrived.append(len(head) + len(body))
        return parsed(head, body)

    def bytes_of_a_step(rows):
        with tf.Graph().as_default():
            with tf.device(tf.train.replica_device_setter(cluster=jobs)):
                parts = tf.get_variable(
                    f"table_{rows}",
                    [rows, 4],
                    initializer=tf.zeros_initializer(),
                    partitioner=tf.fixed_size_partitioner(2),
                )
            init = tf.global_variables_initializer()
            with tf.device("/job:worker/task:3"):
                ids = tf.placeholder(tf.int64, [5])
                read = tf.nn.embedding_lookup(parts, ids)
                loss = 3 * tf.reduce_sum(read)
            train = tf.train.GradientDescentOptimizer(0.5).minimize(loss)
            with tf.Session(server.target) as session:
                session.run(init)
                for _ in range(2):  # once to place it
                    arrived.clear()
                    session.run([train, loss], {ids: [0, 7, 7, 4, rows - 1]})
                    count = sum(arrived)
                return count, [session.run(part) for part in parts], [v.device for v in parts]

    server = tf.train.Server(jobs, job_name="worker", task_index=3)
    monkeypatch.setattr(wire, "parsed", noted)
    small, parts, devices = bytes_of_a_step(10)
    large, _, _ = bytes_of_a_step(1_000_000)
    server.stop()

    assert devices == ["/job:ps/task:0", "/job:ps/task:1"]
    assert [part[:, 0].tolist() for part in parts] == [[-3, 0, -3, 0, 0], [0, 0, 0, -6, -3]]
    assert abs(small - large) < 64
