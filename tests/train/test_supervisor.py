"""A Supervisor saves, summarises and restores beside the loop, and raises what fails there."""

from __future__ import annotations

import pytest

import minitf as tf

DEADLINE_S = 60


@pytest.fixture
def counter():
    """The operation that adds one to the global step."""
    return tf.assign_add(tf.train.create_global_step(), 1)


def supervisor(**options):
    """A Supervisor that does nothing on the side."""
    return tf.train.Supervisor(save_model_secs=0, save_summaries_secs=0, **options)


def test_a_training_goes_on_where_the_last_one_ended(tmp_path, event_logs):
    seen = []
    for last in (3, 5):
        with tf.Graph().as_default():
            count = tf.assign_add(tf.train.create_global_step(), 1)
            sv = supervisor(logdir=tmp_path)
            with sv.managed_session() as session:
                while not sv.should_stop():
                    seen.append(int(session.run(count)))
                    if seen[-1] == last:
                        sv.request_stop()
                sv.saver.save(session, sv.save_path, global_step=sv.global_step)
            with pytest.raises(RuntimeError, match="closed"):
                session.run(count)

    assert seen == [1, 2, 3, 4, 5]


def test_what_is_done_on_the_side_is_done_until_the_end(counter, tmp_path, event_logs):
    sv = tf.train.Supervisor(logdir=tmp_path, save_model_secs=0.001, save_summaries_secs=0.001)
    log = event_logs[str(tmp_path)]
    with sv.managed_session() as session:
        session.run(counter)
        wanted = {("CHECKPOINT", 1), ("summary", 1)}
        sv.loop(0.001, lambda: wanted <= set(log.events) and sv.request_stop())
        assert sv.coord.wait_for_stop(DEADLINE_S)

    assert log.events[:3] == [("graph", None), ("meta_graph", None), ("START", 0)]
    assert log.events[-1] == ("STOP", None)
    assert not log.is_open
    assert tf.train.latest_checkpoint(str(tmp_path)).endswith("model.ckpt-1")


def fail():
    raise ValueError("no more")


def test_what_the_block_fails_with_is_raised_and_stops_all(counter):
    sv = supervisor()
    with pytest.raises(ValueError, match="no more"), sv.managed_session():
        fail()
    assert sv.should_stop()


def test_what_a_thread_fails_with_is_raised_and_stops_all(counter):
    sv = supervisor()
    with pytest.raises(ValueError, match="no more"), sv.managed_session():
        assert not sv.loop(None, fail).join(DEADLINE_S)
    assert sv.should_stop()


def test_the_end_of_input_is_no_error(counter):
    sv = supervisor()
    with sv.managed_session():
        raise tf.errors.OutOfRangeError(None, None, "end")
    assert sv.should_stop()


def test_a_session_that_cannot_be_prepared_is_an_error(counter):
    sv = supervisor(init_op=None, local_init_op=None)
    with pytest.raises(RuntimeError, match="no init_op"), sv.managed_session():
        pass


def test_its_session_may_be_opened_again(counter, tmp_path, event_logs):
    sv = supervisor(logdir=tmp_path)
    for _ in range(2):
        with sv.managed_session() as session:
            session.run(counter)
    assert [kind for kind, _ in event_logs[str(tmp_path)].events].count("graph") == 2


def test_a_worker_needs_variables_with_devices(counter):
    with pytest.raises(ValueError, match="all Variables must have their device set"):
        supervisor(is_chief=False)


def test_a_basic_loop_begins_anew_when_the_session_is_lost(counter):
    seen = []
    sv = supervisor()

    def step(session, last):
        seen.append(int(session.run(counter)))
        if len(seen) == 2:
            raise tf.errors.AbortedError(None, None, "lost")
        if seen[-1] == last:
            sv.request_stop()

    tf.train.basic_train_loop(sv, step, kwargs={"last": 3})

    assert seen == [1, 2, 1, 2, 3]
