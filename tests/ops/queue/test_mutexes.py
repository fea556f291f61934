"""Mutexes: one step at a time is between lock and release."""

from __future__ import annotations

import gc
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import minitf as tf
from minitf import ops
from minitf.ops.queue.mutexes import Held, Lock, Mutex, VisibleLock

THREADS = 4


def lock(mutex, kind=Lock):
    return mutex.ask(mutex.line, kind(mutex, "op"))


@pytest.mark.paper("W-06")
def test_those_who_wait_hold_it_one_after_the_other():
    mutex = Mutex("m")
    assert lock(mutex) is None
    second, third = lock(mutex), lock(mutex)

    assert second.reason == "mutex 'm' is held by 'op'"
    assert not second.done()
    assert mutex.release(mutex.holder)
    assert second.done()
    assert not third.done()
    second.cancel()  # its step is aborted: the next one has it
    assert third.done()


def test_a_lock_is_held_until_it_is_released_or_gone():
    mutex = Mutex("m")
    held = lock(mutex, VisibleLock)
    waiting = lock(mutex, VisibleLock)

    assert isinstance(held, Held)
    assert held.release()
    assert not held.release()
    second = waiting.result()
    third = lock(mutex, VisibleLock)
    served = threading.Event()
    third.add_done_callback(lambda future: served.set())
    del second, waiting
    gc.collect()
    assert served.wait(60)


def counting(make_section):
    """Increment a variable by read and write, in many threads; return what it counts."""
    count = tf.Variable(np.int64(0), name="count")
    step = make_section(count)
    with tf.Session() as session, ThreadPoolExecutor(THREADS) as pool:
        session.run(count.initializer)
        for done in [pool.submit(session.run, step) for _ in range(THREADS * 25)]:
            done.result()
        return session.run(count)


def increment(count, after):
    with tf.control_dependencies([after]):
        read = tf.identity(count)
    return tf.assign(count, tf.py_func(lambda x: x + 1, [read], tf.int64))


@pytest.mark.paper("W-06")
def test_acquire_and_release_make_one_piece_of_read_and_write():
    def section(count):
        mutex = ops.mutex_v2_op()
        acquire = ops.mutex_acquire_op(mutex)
        with tf.control_dependencies([increment(count, acquire)]):
            return ops.mutex_release_op(mutex)

    assert counting(section) == THREADS * 25


def test_lock_and_consume_make_one_piece_of_read_and_write():
    def section(count):
        mutex = ops.mutex_v2_op(shared_name="m")
        made = ops.mutex_lock_op(mutex)
        with tf.control_dependencies([increment(count, made)]):
            return ops.consume_mutex_lock_op(made)

    assert counting(section) == THREADS * 25


def test_the_lock_of_a_step_that_fails_is_released():
    mutex = ops.mutex_v2_op()
    made = ops.mutex_lock_op(mutex)
    x = tf.placeholder(tf.int32, [])
    with tf.control_dependencies([made]):
        checked = tf.gather([1, 2], x)
    with tf.control_dependencies([checked]):
        step = ops.consume_mutex_lock_op(made)
    with tf.Session() as session:
        for _ in range(3):
            with pytest.raises(tf.errors.InvalidArgumentError):
                session.run(step, {x: 9})
        session.run(step, {x: 1})


def test_a_mutex_that_nobody_holds_cannot_be_released():
    mutex = ops.mutex_v2_op(name="m")
    with (
        tf.Session() as session,
        pytest.raises(tf.errors.FailedPreconditionError, match="nobody holds it"),
    ):
        session.run(ops.mutex_release_op(mutex))


def test_a_lock_is_consumed_once_and_nothing_else_is():
    made = ops.mutex_lock_op(ops.mutex_v2_op())
    once = ops.consume_mutex_lock_op(made)
    with tf.control_dependencies([once]):
        twice = ops.consume_mutex_lock_op(made)
    with (
        tf.Session() as session,
        pytest.raises(tf.errors.FailedPreconditionError, match="consumed already"),
    ):
        session.run(twice)
    with pytest.raises(tf.errors.InvalidArgumentError, match="Expected input to contain a MutexL"):
        ops.consume_mutex_lock_op.body(3)
