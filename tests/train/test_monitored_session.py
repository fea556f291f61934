"""Monitored sessions call their hooks in order, stop when asked, and outlive a lost session."""

from __future__ import annotations

import pytest

import minitf as tf


@pytest.fixture
def counter():
    """A graph of one counter, the global step, and the operation that adds one to it."""
    with tf.Graph().as_default():
        yield tf.assign_add(tf.train.create_global_step(), 1)


class Recorder(tf.train.SessionRunHook):
    def __init__(self, name, calls):
        self.name, self.calls = name, calls

    def begin(self):
        self.calls.append(f"{self.name}.begin")

    def after_create_session(self, session, coord):
        self.calls.append(f"{self.name}.after_create_session")

    def before_run(self, run_context):
        self.calls.append(f"{self.name}.before_run")

    def after_run(self, run_context, run_values):
        self.calls.append(f"{self.name}.after_run")

    def end(self, session):
        self.calls.append(f"{self.name}.end")


def test_hooks_are_called_in_the_order_in_which_they_are_listed(counter):
    calls = []
    hooks = [Recorder("a", calls), Recorder("b", calls)]
    with tf.train.MonitoredSession(hooks=hooks) as sess:
        sess.run(counter)

    steps = ["begin", "after_create_session", "before_run", "after_run", "end"]
    assert calls == [f"{name}.{step}" for step in steps for name in "ab"]


def test_the_graph_is_finalized_while_it_runs(counter):
    with tf.train.MonitoredSession() as sess, pytest.raises(RuntimeError, match="finalized"):
        tf.constant(1, name=str(sess.graph and "late"))


@pytest.mark.parametrize("start", [0, 3])
def test_it_stops_exactly_after_so_many_steps(counter, start):
    hook = tf.train.StopAtStepHook(num_steps=5)
    scaffold = tf.train.Scaffold(init_fn=lambda _, sess: [sess.run(counter) for _ in range(start)])
    runs = 0
    with tf.train.SingularMonitoredSession(hooks=[hook], scaffold=scaffold) as sess:
        while not sess.should_stop():
            value = sess.run(counter)
            runs += 1
    assert (runs, value) == (5, start + 5)


class LosesTheSession(tf.train.SessionRunHook):
    lost = False

    def after_run(self, run_context, run_values):
        if run_context.session.run(tf.train.get_global_step()) == 5 and not self.lost:
            self.lost = True
            raise tf.errors.AbortedError(None, None, "lost")


def test_a_training_whose_session_is_lost_goes_on_from_the_checkpoint(
    counter, tmp_path, event_logs
):
    hooks = [
        tf.train.CheckpointSaverHook(tmp_path, save_steps=2),
        LosesTheSession(),
        tf.train.StopAtStepHook(last_step=7),
    ]
    creator = tf.train.ChiefSessionCreator(checkpoint_dir=str(tmp_path))
    seen = []
    with tf.train.MonitoredSession(creator, hooks) as sess:
        while not sess.should_stop():
            seen.append(int(sess.run(counter)))
    assert seen == [1, 2, 3, 4, 5, 6, 7]
    assert tf.train.latest_checkpoint(str(tmp_path)).endswith("model.ckpt-7")


def test_an_error_calls_no_end_and_is_raised(counter):
    calls = []
    with pytest.raises(ZeroDivisionError), tf.train.MonitoredSession(hooks=[Recorder("a", calls)]):
        raise ZeroDivisionError
    assert "a.end" not in calls


def test_a_training_that_is_started_again_goes_on_from_its_checkpoint(tmp_path, event_logs):
    ends = []
    for last in (3, 8):
        with tf.Graph().as_default():
            step = tf.assign_add(tf.train.create_global_step(), 1)
            hooks = [tf.train.StopAtStepHook(last_step=last)]
            runs = 0
            with tf.train.MonitoredTrainingSession(checkpoint_dir=str(tmp_path), hooks=hooks) as s:
                while not s.should_stop():
                    s.run(step)
                    runs += 1
            ends.append(runs)
    assert ends == [3, 5]


def test_feeds_of_hooks_are_merged_and_may_not_be_given_twice(counter):
    x, y = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
    total = x + y
    with tf.train.MonitoredSession(hooks=[tf.train.FeedFnHook(lambda: {x: 1.0})]) as sess:
        assert sess.run(total, {y: 2.0}) == 3
        with pytest.raises(RuntimeError, match="Same tensor is fed"):
            sess.run(total, {x: 1.0, y: 2.0})


@pytest.mark.parametrize("fails", [True, False])
def test_a_loss_that_is_nan_fails_or_stops(counter, fails):
    hook = tf.train.NanTensorHook(tf.constant(float("nan")), fail_on_nan_loss=fails)
    sess = tf.train.MonitoredSession(hooks=[hook])
    if fails:
        with pytest.raises(tf.train.NanLossDuringTrainingError):
            sess.run(counter)
    else:
        sess.run(counter)
        assert sess.should_stop()
    sess.close()


def test_it_closes_once_and_calls_end_once(counter):
    calls = []
    session = tf.train.MonitoredSession(hooks=[Recorder("a", calls)])
    session.close()
    for again in (session.close, lambda: session.run(counter)):
        with pytest.raises(RuntimeError, match="Session is already closed"):
            again()
    assert calls.count("a.end") == 1
    assert session.should_stop()
    assert session.graph is None


def test_the_graph_may_grow_again_after_it(counter):
    with tf.train.MonitoredSession():
        assert tf.get_default_graph().finalized
    assert not tf.get_default_graph().finalized


class Fails(tf.train.SessionRunHook):
    def after_create_session(self, session, coord):
        self.session = session
        raise ValueError("not today")


def test_a_session_that_cannot_be_finished_is_closed(counter):
    hook = Fails()
    with pytest.raises(ValueError, match="not today"):
        tf.train.MonitoredSession(hooks=[hook])
    assert hook.session.is_closed


def endless_queue():
    """A queue that a thread fills with zeros; return what takes one."""
    queue = tf.FIFOQueue(3, tf.int32, [])
    tf.train.add_queue_runner(tf.train.QueueRunner(queue, [queue.enqueue(0)]))
    return queue.dequeue()


def test_queues_are_filled_and_their_threads_end_with_it(counter):
    take = endless_queue()
    threads = []

    class Sees(tf.train.SessionRunHook):
        def after_create_session(self, session, coord):
            threads.extend(coord._threads)

    with tf.train.MonitoredSession(hooks=[Sees()]) as session:
        assert [int(session.run(take)) for _ in range(9)] == [0] * 9
    assert threads
    assert not any(thread.is_alive() for thread in threads)


def test_queues_are_filled_in_each_new_session(counter):
    take = endless_queue()
    with tf.train.MonitoredSession(hooks=[LosesTheSession()]) as session:
        taken = [session.run([counter, take])[1] for _ in range(9)]

    assert taken == [0] * 9


@pytest.mark.paper("W-24")
@pytest.mark.parametrize("error", [tf.errors.AbortedError, tf.errors.UnavailableError])
@pytest.mark.parametrize("where", ["before_run", "after_run", "after_create_session"])
def test_what_is_restored_is_of_one_moment(counter, tmp_path, event_logs, error, where):
    vector = tf.get_variable("vector", initializer=tf.zeros([5]))
    with tf.control_dependencies([tf.assign_add(vector, tf.ones([5]))]):
        count = tf.assign_add(tf.train.get_global_step(), 1)
    left = [7, 11] if where != "after_create_session" else [1]

    class Loses(tf.train.SessionRunHook):
        calls = 0

    def lose(self, *_):
        self.calls += 1
        if self.calls in left:
            raise error(None, None, "lost")

    setattr(Loses, where, lose)
    hooks = [Loses(), tf.train.StopAtStepHook(last_step=12)]
    with tf.train.MonitoredTrainingSession(
        checkpoint_dir=str(tmp_path), hooks=hooks, save_checkpoint_steps=3
    ) as session:
        while not session.should_stop():
            step, values = session.run([count, vector])
    with tf.Session() as session:
        tf.train.Saver().restore(session, tf.train.latest_checkpoint(str(tmp_path)))
        step, values = session.run([tf.train.get_global_step(), vector])

    assert step == 12
    assert values.tolist() == [12] * 5
