"""Threads stop together, and the first error is raised where they are joined."""

from __future__ import annotations

import sys
import threading

import pytest

import minitf as tf

DEADLINE_S = 60


def started(*targets):
    threads = [threading.Thread(target=target, daemon=True) for target in targets]
    for thread in threads:
        thread.start()
    return threads


def test_all_threads_stop_when_one_asks_to():
    coord = tf.train.Coordinator()
    threads = started(coord.wait_for_stop, coord.wait_for_stop, coord.request_stop)
    coord.join(threads)

    assert coord.should_stop()
    assert coord.joined
    assert not any(thread.is_alive() for thread in threads)


def test_threads_that_end_by_themselves_are_joined():
    coord = tf.train.Coordinator()
    for thread in started(lambda: None, lambda: None):
        coord.register_thread(thread)
    coord.join()

    assert not coord.should_stop()


def test_the_first_error_is_raised_by_join():
    coord = tf.train.Coordinator()

    def work():
        with coord.stop_on_exception():
            raise ZeroDivisionError("first")

    threads = started(work)
    assert coord.wait_for_stop(DEADLINE_S)
    coord.request_stop(ValueError("second"))

    with pytest.raises(ZeroDivisionError, match="first") as caught:
        coord.join(threads)
    assert [frame.name for frame in caught.traceback][-1] == "work"
    with pytest.raises(ZeroDivisionError, match="first"):
        coord.raise_requested_exception()


def test_what_exc_info_gives_is_taken_as_the_error():
    coord = tf.train.Coordinator()
    try:
        raise ZeroDivisionError
    except ZeroDivisionError:
        coord.request_stop(sys.exc_info())

    with pytest.raises(ZeroDivisionError):
        coord.join()


@pytest.mark.parametrize(
    ("kinds", "error", "is_clean"),
    [
        (None, tf.errors.OutOfRangeError(None, None, "the end"), True),
        (None, tf.errors.CancelledError(None, None, "no end"), False),
        ((StopIteration,), StopIteration(), True),
        ((), tf.errors.OutOfRangeError(None, None, "no end"), False),
    ],
)
def test_the_end_of_the_input_is_no_error(kinds, error, is_clean):
    coord = tf.train.Coordinator(clean_stop_exception_types=kinds)
    coord.request_stop(error)
    coord.raise_requested_exception() if is_clean else None

    assert coord.should_stop()
    if not is_clean:
        with pytest.raises(type(error)):
            coord.join()


def test_threads_that_go_on_are_named():
    coord, go_on = tf.train.Coordinator(), threading.Event()
    thread = threading.Thread(target=go_on.wait, name="the slow one", daemon=True)
    thread.start()
    coord.request_stop()

    with pytest.raises(RuntimeError, match="threads still running: the slow one"):
        coord.join([thread], stop_grace_period_secs=0.01)
    coord.join([thread], stop_grace_period_secs=0.01, ignore_live_threads=True)
    go_on.set()


def test_an_error_comes_before_threads_that_go_on():
    coord, go_on = tf.train.Coordinator(), threading.Event()
    threads = started(go_on.wait)
    coord.request_stop(KeyError("lost"))

    with pytest.raises(KeyError, match="lost"):
        coord.join(threads, stop_grace_period_secs=0.01)
    go_on.set()


def test_an_error_after_the_join_is_raised_at_once():
    coord = tf.train.Coordinator()
    coord.join()
    coord.request_stop()
    with pytest.raises(KeyError):
        coord.request_stop(KeyError())
    coord.clear_stop()

    assert not coord.should_stop()
    assert not coord.joined
    coord.request_stop(KeyError())
    with pytest.raises(KeyError):
        coord.join()


def test_a_request_to_stop_is_waited_for_no_longer_than_asked():
    assert tf.train.Coordinator().wait_for_stop(0.001) is False


def test_a_thread_that_has_not_begun_is_not_waited_for():
    tf.train.Coordinator().join([threading.Thread(target=lambda: None)])


# --- LooperThread -------------------------------------------------------------------------------


def test_a_looper_calls_until_its_coordinator_stops():
    coord, calls = tf.train.Coordinator(), []

    def work(enough, name):
        calls.append(name)
        if len(calls) == enough:
            coord.request_stop()

    looper = tf.train.LooperThread.loop(coord, None, work, args=(5,), kwargs={"name": "x"})
    coord.join([looper])

    assert calls == ["x"] * 5
    assert not looper.isAlive()


def test_a_looper_calls_at_intervals():
    coord, calls = tf.train.Coordinator(), []

    def work():
        calls.append(1)
        if len(calls) == 3:
            coord.request_stop()

    tf.train.LooperThread.loop(coord, 0.001, work)
    coord.join()

    assert len(calls) == 3


def test_a_subclass_says_what_is_done_first_in_between_and_last():
    seen = []

    class Looper(tf.train.LooperThread):
        def start_loop(self):
            seen.append("start")

        def run_loop(self):
            seen.append("run")
            coord.request_stop()

        def stop_loop(self):
            seen.append("stop")

    coord = tf.train.Coordinator()
    Looper(coord, None).start()
    coord.join()

    assert seen == ["start", "run", "stop"]


def test_what_a_looper_raises_is_raised_by_join():
    coord = tf.train.Coordinator()
    tf.train.LooperThread.loop(coord, None, lambda: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        coord.join()


def test_wrong_arguments_of_a_looper_are_refused():
    with pytest.raises(ValueError, match="'coord' argument must be a Coordinator"):
        tf.train.LooperThread(None, 1)
    with pytest.raises(ValueError, match="require that you also pass 'target'"):
        tf.train.LooperThread(tf.train.Coordinator(), 1, args=(1,))
