"""Tasks killed, stopped or started again, and clients that leave: no one waits for ever."""

from __future__ import annotations

import os
import re
import signal
import threading

import numpy as np
import pytest
from distributed.clusters import TASKS, Processes, eventually

import minitf as tf

PS, FIRST, SECOND = TASKS
GONE = (tf.errors.UnavailableError, tf.errors.AbortedError)
HASTY = {
    "minitf.distributed.health.INTERVAL_S": 0.05,
    "minitf.distributed.health.PATIENCE_S": 1.0,
    "minitf.distributed.key._PATIENCE_S": 5.0,  # whoever is silent is noticed before
}


@pytest.fixture
def mortal(forge):
    """Return a cluster whose tasks may be killed."""
    made = Processes(forge, settings=HASTY)
    yield made
    made.close()


def in_thread(run):
    """Start a call in a thread; return what gives the error that ended it."""
    ends = []

    def work():
        try:
            run()
        except BaseException as error:  # noqa: BLE001 looked at by the test
            ends.append(error)
        else:
            ends.append(None)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()

    def end():
        thread.join(60)
        assert ends, "it waits for ever"
        return ends[0]

    return end


def blocked(task, other):
    """Build a step that waits on a task for what never comes; return it and its begin's proof.

    The proof is a variable that the step changes before it waits.
    """
    with tf.device(other):
        begun = tf.get_variable("begun", initializer=0)
        note = tf.assign_add(begun, 1)
    with tf.device(task):
        queue = tf.FIFOQueue(1, tf.float32, shapes=[[]], shared_name="never")
        with tf.control_dependencies([note]):
            x = tf.identity(tf.constant(1.0))
        value = queue.dequeue() + x
    with tf.device(other):
        value = value * 2
    return value, begun


@pytest.mark.paper("W-11", "W-23")
@pytest.mark.parametrize("dies", ["blocked", "other"])
def test_a_worker_that_is_killed_in_a_step_ends_it(mortal, dies):
    value, begun = blocked(SECOND, PS)
    with tf.Session(mortal.target()) as session:
        session.run(begun.initializer)
        end = in_thread(lambda: session.run(value))
        with tf.Session(mortal.target()) as looking:
            eventually(lambda: looking.run(begun) == 1)
        mortal.signal(*(("worker", 1) if dies == "blocked" else ("ps", 0)))
        error = end()

        assert isinstance(error, GONE), error
        job, task = ("worker", 1) if dies == "blocked" else ("ps", 0)
        assert mortal.address(job, task) in error.message


@pytest.mark.paper("W-23")
def test_a_worker_that_is_killed_in_a_loop_ends_it(mortal):
    with tf.device(PS):
        rounds = tf.get_variable("rounds", initializer=0)

    def body(i):
        with tf.device(PS):
            count = tf.assign_add(rounds, 1)
        with tf.control_dependencies([count]), tf.device(SECOND):
            return i + 1

    loop = tf.while_loop(lambda i: i >= 0, body, [tf.constant(0)], parallel_iterations=1)
    with tf.Session(mortal.target()) as session:
        session.run(rounds.initializer)
        end = in_thread(lambda: session.run(loop))
        with tf.Session(mortal.target()) as looking:
            eventually(lambda: looking.run(rounds) > 3)
        mortal.signal("worker", 1)

        assert isinstance(end(), GONE)


@pytest.mark.paper("W-23")
def test_a_silent_worker_ends_the_steps_that_need_it(mortal):
    value, begun = blocked(SECOND, PS)
    with tf.Session(mortal.target()) as session:
        session.run(begun.initializer)
        end = in_thread(lambda: session.run(value))
        with tf.Session(mortal.target()) as looking:
            eventually(lambda: looking.run(begun) == 1)
        mortal.signal("worker", 1, signal.SIGSTOP)
        try:
            error = end()
        finally:
            mortal.signal("worker", 1, signal.SIGCONT)

        assert isinstance(error, tf.errors.UnavailableError)
        assert re.search(r"no answer for \d+ s to health checks", error.message)
        assert f"task /job:worker/replica:0/task:1 at {mortal.address('worker', 1)}" in (
            error.message
        )
        assert session.run(begun) == 1
        with tf.device(SECOND):
            again = tf.constant(2) + begun
        assert session.run(again) == 3  # it goes on where it was stopped


@pytest.mark.paper("W-24")
def test_a_session_goes_on_with_a_task_that_was_started_again(mortal):
    with tf.device(SECOND):
        v = tf.get_variable("lost", initializer=np.arange(3.0))
    with tf.device(PS):
        kept = tf.get_variable("kept", initializer=np.float64(1))
        total = kept + tf.reduce_sum(v)
    with tf.Session(mortal.target()) as session:
        session.run(tf.global_variables_initializer())
        assert session.run(total) == 4
        mortal.signal("worker", 1)
        with pytest.raises(GONE):
            session.run(total)
        mortal.start("worker", 1)

        def runs():
            """Aborted is to be tried again: the worker has forgotten its graphs."""
            try:
                session.run(total)
            except GONE:
                return False
            except tf.errors.FailedPreconditionError as error:
                return error

        error = eventually(runs)
        assert "Attempting to use uninitialized value lost" in error.message
        session.run(v.initializer)
        assert session.run([total, kept]) == [4, 1]


@pytest.mark.paper("W-24")
def test_training_goes_on_from_the_last_checkpoint_bit_for_bit(mortal, tmp_path):
    with tf.device(PS):
        step = tf.train.get_or_create_global_step()
        w = tf.get_variable("w", initializer=np.linspace(0, 1, 7))
    with tf.device(SECOND):
        update = w * 1.37 - tf.sin(w)
    with tf.device(PS):
        train = tf.group(tf.assign(w, update), tf.assign_add(step, 1))
    saver = tf.train.Saver()
    hook = tf.train.CheckpointSaverHook(str(tmp_path), save_steps=3, saver=saver)
    creator = tf.train.ChiefSessionCreator(
        tf.train.Scaffold(saver=saver), master=mortal.target(), checkpoint_dir=str(tmp_path)
    )
    with tf.train.MonitoredSession(creator, hooks=[hook]) as session:
        for _ in range(5):
            session.run(train)
        mortal.signal("ps", 0)
        mortal.start("ps", 0)
        checkpoint = tf.train.latest_checkpoint(str(tmp_path))
        reader = tf.train.NewCheckpointReader(checkpoint)
        values = session.run([w, step])  # made anew, and restored, by itself
        session.run(train)
        after = session.run([w, step])

    assert values[0].tobytes() == reader.get_tensor("w").tobytes()
    assert values[1] == reader.get_tensor("global_step") >= 3
    np.testing.assert_allclose(after[0], values[0] * 1.37 - np.sin(values[0]))
    assert after[1] == values[1] + 1


CLIENT = """
import minitf as tf
with tf.device("/job:ps/task:0"):
    begun = tf.get_variable("begun_by_client", initializer=0)
    note = tf.assign_add(begun, 1)
with tf.device("/job:worker/task:1"):
    taken = tf.FIFOQueue(9, tf.float32, shapes=[[]], shared_name="common")
    with tf.control_dependencies([note]):
        value = taken.dequeue()
session = tf.Session(target)
session.run(begun.initializer)
session.run(value)
"""


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_a_client_that_ends_takes_its_steps_along(servers, forge, end):
    with tf.device(PS):
        begun = tf.get_variable("begun_by_client", initializer=0)
    with tf.device(SECOND):
        queue = tf.FIFOQueue(9, tf.float32, shapes=[[]], shared_name="common")
        put, take = queue.enqueue(7.0), queue.dequeue()
    with tf.Session(servers.target) as session:
        session.run(begun.initializer)
        sessions = servers.all[FIRST]._master._sessions
        client = forge.make(client=CLIENT, target=servers.target)
        eventually(lambda: session.run(begun) == 1, "a client that runs")
        assert len(sessions) == 2
        os.kill(client, end)
        eventually(lambda: len(sessions) == 1, "the session of the client is gone")
        eventually(lambda: servers.under_way() == 0, "its step is over")

        session.run(put)
        assert session.run(take) == 7


@pytest.mark.parametrize("how", ["close", "timeout", "run timeout", "interrupt"])
def test_a_step_that_its_client_ends_is_over_on_the_workers(servers, how, interruptible):
    with tf.device(SECOND):
        queue = tf.FIFOQueue(9, tf.float32, shapes=[[]], shared_name=f"ended by {how}")
        put, take = queue.enqueue(7.0), queue.dequeue()
    with tf.device(PS):
        value = take + 1
    limit = tf.ConfigProto(operation_timeout_in_ms=100 if how == "timeout" else 0)
    session = tf.Session(servers.target, config=limit)
    if how == "timeout":
        with pytest.raises(tf.errors.DeadlineExceededError):
            session.run(value)
    elif how == "run timeout":
        with pytest.raises(tf.errors.DeadlineExceededError):
            session.run(value, options=tf.RunOptions(timeout_in_ms=100))
    elif how == "close":
        end = in_thread(lambda: session.run(value))
        eventually(lambda: servers.under_way() == 2, "a step that waits")
        session.close()
        error = end()
        assert isinstance(error, tf.errors.CancelledError)
        assert "Session has been closed" in error.message
    else:
        main = threading.main_thread().ident
        step = threading.Thread(
            target=lambda: (
                eventually(lambda: servers.under_way() == 2),
                signal.pthread_kill(main, signal.SIGINT),
            )
        )
        step.start()
        with pytest.raises(KeyboardInterrupt):
            session.run(value)
        step.join()
    eventually(lambda: servers.under_way() == 0, "the step is over")
    with tf.Session(servers.target) as other:
        other.run(put)
        assert other.run(value) == 8
    session.close()


def test_a_step_on_other_tasks_runs_while_one_is_missing(mortal):
    mortal.signal("worker", 1)
    with tf.device(PS):
        here = tf.constant(1) + 1
    with tf.device(SECOND):
        there = tf.constant(3) + here
    with tf.Session(mortal.target()) as session:
        end = in_thread(lambda: session.run(there))
        assert session.run(here) == 2
        mortal.start("worker", 1)

        assert end() is None


def test_a_step_that_needs_a_missing_task_keeps_to_its_time(mortal):
    mortal.signal("worker", 1)
    with tf.device(SECOND):
        there = tf.constant(3) + 1
    config = tf.ConfigProto(operation_timeout_in_ms=300)
    with tf.Session(mortal.target(), config=config) as session:
        with pytest.raises(tf.errors.DeadlineExceededError):
            session.run(there)
        mortal.start("worker", 1)

        def runs():
            try:
                return session.run(there)
            except tf.errors.DeadlineExceededError:
                return None

        assert eventually(runs) == 4
