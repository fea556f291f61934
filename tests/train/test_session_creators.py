"""A worker waits for the chief, who initializes what they share."""

from __future__ import annotations

import threading

import pytest

import minitf as tf
from minitf.train import session_manager


def test_a_worker_trains_on_once_the_chief_has_initialized(monkeypatch):
    target = "local://chief and worker"
    asked, values = threading.Event(), []
    monkeypatch.setattr(session_manager.time, "sleep", lambda _: asked.set())

    def train(is_chief):
        with tf.Graph().as_default():
            count = tf.assign_add(tf.train.create_global_step(), 1)
            with tf.train.MonitoredTrainingSession(target, is_chief) as session:
                values.append(int(session.run(count)))

    try:
        worker = threading.Thread(target=train, args=(False,), daemon=True)
        worker.start()
        assert asked.wait(60), "the worker sees that nothing is initialized"
        train(is_chief=True)
        worker.join(60)
    finally:
        tf.Session.reset(target)

    assert sorted(values) == [1, 2]


def test_a_worker_gives_up_after_a_time():
    tf.train.create_global_step()
    creator = tf.train.WorkerSessionCreator(max_wait_secs=0)
    with pytest.raises(
        tf.errors.DeadlineExceededError, match=r"not ready after waiting 0 secs.*global_step"
    ):
        creator.create_session()


def test_a_creator_must_create():
    with pytest.raises(TypeError, match="abstract"):
        tf.train.SessionCreator().create_session()


def test_a_session_that_cannot_be_prepared_is_closed():
    tf.train.create_global_step()
    sessions = []

    def init_fn(scaffold, session):
        sessions.append(session)
        raise tf.errors.UnavailableError(None, None, "gone")

    creator = tf.train.ChiefSessionCreator(tf.train.Scaffold(init_fn=init_fn))
    with pytest.raises(tf.errors.UnavailableError):
        creator.create_session()
    assert sessions[0].is_closed


def test_the_variables_that_keep_a_session_from_being_ready_are_named():
    tf.train.create_global_step()
    manager = tf.train.SessionManager(ready_op=tf.report_uninitialized_variables())
    with pytest.raises(RuntimeError, match="Variables not initialized: global_step"):
        manager.prepare_session("", init_op=tf.no_op())
