"""Hooks save, log, count, wait and trace when they should."""

from __future__ import annotations

import json
import logging
import types

import numpy as np
import pytest

import minitf as tf
from minitf import protos
from minitf.train import step_hooks


@pytest.fixture
def counter():
    """The operation that adds one to the global step."""
    return tf.assign_add(tf.train.create_global_step(), 1)


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until a test sets it: [seconds]."""
    now_s = [0.0]
    monkeypatch.setattr(step_hooks.time, "monotonic", lambda: now_s[0])
    return now_s


def steps(session, counter, count):
    return [int(session.run(counter)) for _ in range(count)]


def names(folder):
    return sorted(path.name.removesuffix(".index") for path in folder.glob("*.index"))


# --- checkpoints --------------------------------------------------------------------------------


@pytest.mark.paper("W-25")
def test_checkpoints_are_saved_every_so_many_seconds(counter, clock, tmp_path, event_logs):
    hook = tf.train.CheckpointSaverHook(tmp_path, save_secs=10)
    with tf.train.MonitoredSession(hooks=[hook]) as session:
        for now_s in (1, 9, 10, 11, 19, 25):
            clock[0] = now_s
            session.run(counter)
        assert names(tmp_path) == ["model.ckpt-0", "model.ckpt-3", "model.ckpt-6"]

    assert names(tmp_path) == ["model.ckpt-0", "model.ckpt-3", "model.ckpt-6"]


@pytest.mark.paper("W-25")
def test_the_graph_and_the_checkpoints_of_every_second_step_stand_in_the_event_file(
    counter, tmp_path, event_logs
):
    hook = tf.train.CheckpointSaverHook(tmp_path, save_steps=2)
    with tf.train.MonitoredSession(hooks=[hook]) as session:
        steps(session, counter, 3)

    saved = [("CHECKPOINT", step) for step in (0, 2, 3)]
    assert event_logs[str(tmp_path)].events == [("graph", None), ("meta_graph", None), *saved]
    written = (tmp_path / "graph.pbtxt").read_text()
    assert 'name: "global_step"' in written


def test_the_saver_is_the_only_one_of_the_collection(counter, tmp_path, event_logs):
    hook = tf.train.CheckpointSaverHook(tmp_path, save_steps=1)
    hook.begin()
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        with pytest.raises(RuntimeError, match="No items in collection savers"):
            hook.after_create_session(session, None)
        for _ in range(2):
            tf.add_to_collection(tf.GraphKeys.SAVERS, tf.train.Saver())
        with pytest.raises(RuntimeError, match="More than one item in collection savers"):
            hook.after_create_session(session, None)


# --- summaries ----------------------------------------------------------------------------------


def test_summaries_of_a_scaffold_go_to_the_folder(counter, tmp_path, event_logs):
    value = protos.Summary.Value(tag="loss", simple_value=0.5)
    summary = tf.constant(protos.Summary(value=[value]).SerializeToString())
    hook = tf.train.SummarySaverHook(
        save_steps=2, output_dir=tmp_path, scaffold=tf.train.Scaffold(summary_op=summary)
    )
    with tf.train.MonitoredSession(hooks=[hook]) as session:
        steps(session, counter, 4)

    log = event_logs[str(tmp_path)]
    assert log.summaries == [("loss", 0.5)] * 2
    assert [kind for kind, _ in log.events] == ["START", "summary", "summary", "flush"]


def test_without_summaries_or_a_file_nothing_is_written(counter, event_logs):
    hook = tf.train.SummarySaverHook(save_steps=1, scaffold=tf.train.Scaffold())
    with tf.train.MonitoredSession(hooks=[hook]) as session:
        assert steps(session, counter, 2) == [1, 2]

    assert not event_logs


def test_a_training_session_writes_rates_and_checkpoints_to_their_folders(
    counter, tmp_path, event_logs
):
    checkpoints, events = str(tmp_path / "checkpoints"), str(tmp_path / "events")
    with tf.train.MonitoredTrainingSession(
        checkpoint_dir=checkpoints,
        summary_dir=events,
        save_checkpoint_steps=2,
        log_step_count_steps=1,
    ) as session:
        steps(session, counter, 3)

    kinds = [kind for kind, _ in event_logs[checkpoints].events]
    assert kinds == ["graph", "meta_graph", "CHECKPOINT", "CHECKPOINT", "CHECKPOINT"]
    assert {tag for tag, _ in event_logs[events].summaries} == {"global_step/sec"}
    assert ("START", 1) in event_logs[events].events


# --- the rate of steps --------------------------------------------------------------------------


def test_the_rate_is_steps_by_seconds(counter, clock, caplog):
    rates = []

    class Counter(tf.train.StepCounterHook):
        def _log_and_record(self, elapsed_steps, elapsed_time, global_step):
            rates.append((elapsed_steps, elapsed_time, global_step))
            super()._log_and_record(elapsed_steps, elapsed_time, global_step)

    with (
        caplog.at_level(logging.INFO, "tensorflow"),
        tf.train.MonitoredSession(hooks=[Counter(every_n_steps=2)]) as session,
    ):
        for second in range(5):
            clock[0] = second / 4
            session.run(counter)

    assert rates == [(2, 0.5, 3), (2, 0.5, 5)]
    assert caplog.messages.count("global_step/sec: 4") == 2


def test_a_step_that_does_not_count_is_warned_of_five_times(caplog):
    tf.train.create_global_step()
    idle = tf.no_op()
    with (
        caplog.at_level(logging.WARNING, "tensorflow"),
        tf.train.MonitoredSession(hooks=[tf.train.StepCounterHook(1)]) as session,
    ):
        for _ in range(9):
            session.run(idle)

    warnings = [line for line in caplog.messages if "has not been increased: it is 0" in line]
    assert len(warnings) == 5


def test_a_step_that_was_read_too_early_is_not_warned_of(caplog):
    step = tf.train.get_or_create_global_step()
    hook = tf.train.StepCounterHook(1)
    hook.begin()
    with caplog.at_level(logging.WARNING, "tensorflow"), tf.Session() as session:
        for number in (3, 4):
            session.run(tf.assign(step, number))
            read = types.SimpleNamespace(results=3)  # the second one from before it was counted
            hook.after_run(types.SimpleNamespace(session=session), read)

    assert not [line for line in caplog.messages if "has not been increased" in line]


# --- logs ---------------------------------------------------------------------------------------


def test_values_are_logged_every_so_many_seconds(counter, clock, caplog):
    hook = tf.train.LoggingTensorHook({"step": counter}, every_n_secs=10)
    with (
        caplog.at_level(logging.INFO, "tensorflow"),
        tf.train.MonitoredSession(hooks=[hook]) as session,
    ):
        for now_s in (0, 5, 10, 15, 20.5):
            clock[0] = now_s
            session.run(counter)

    lines = [line for line in caplog.messages if line.startswith("step = ")]
    assert lines == ["step = 1", "step = 3 (10.000 sec)", "step = 5 (10.500 sec)"]


def test_numpy_prints_afterwards_as_before_even_if_a_formatter_fails(counter):
    before = np.get_printoptions()
    hook = tf.train.LoggingTensorHook([counter], 1, formatter=lambda values: values["missing"])
    with pytest.raises(KeyError), tf.train.MonitoredSession(hooks=[hook]) as session:
        session.run(counter)

    assert np.get_printoptions() == before


# --- waiting ------------------------------------------------------------------------------------


def test_the_first_run_waits_for_the_global_step(counter, monkeypatch, caplog):
    waited = []

    class Chief(tf.train.SessionRunHook):
        def after_create_session(self, session, coord):
            def others_train(seconds):
                waited.append(seconds)
                session.run(add)

            monkeypatch.setattr(step_hooks.time, "sleep", others_train)

    add = tf.assign_add(tf.train.get_global_step(), 1500)
    hooks = [Chief(), tf.train.GlobalStepWaiterHook(4000)]
    with (
        caplog.at_level(logging.INFO, "tensorflow"),
        tf.train.MonitoredSession(hooks=hooks) as session,
    ):
        assert steps(session, counter, 2) == [4501, 4502]

    assert len(waited) == 3
    assert [line for line in caplog.messages if "Current step is 1500" in line]


def test_nobody_waits_for_step_0(counter, monkeypatch):
    monkeypatch.setattr(step_hooks.time, "sleep", None)
    with tf.train.MonitoredSession(hooks=[tf.train.GlobalStepWaiterHook(0)]) as session:
        assert steps(session, counter, 2) == [1, 2]


# --- traces -------------------------------------------------------------------------------------


def test_every_second_step_is_traced(counter, tmp_path, event_logs):
    hook = tf.train.ProfilerHook(save_steps=2, output_dir=tmp_path, show_memory=True)
    with tf.train.MonitoredSession(hooks=[hook]) as session:
        steps(session, counter, 5)

    traced = sorted(path.name for path in tmp_path.glob("timeline-*.json"))
    assert len(traced) == 2
    assert [kind for kind, _ in event_logs[str(tmp_path)].events] == [
        name.replace("timeline-", "step_").removesuffix(".json") for name in traced
    ]
    events = json.loads((tmp_path / traced[0]).read_text())["traceEvents"]
    assert "AssignAdd" in {event["name"] for event in events}
