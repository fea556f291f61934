"""Threads make elements ahead of time, and nothing else differs."""

from __future__ import annotations

import gc
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ops.data.elements import elements_of, outcomes

import minitf as tf
from minitf import errors
from minitf.ops.data.dataset import Elements
from minitf.ops.data.parallel import mapped, prefetched

Dataset = tf.data.Dataset
DEADLINE_S = 30


def wait_until(condition):
    """Wait until something is so; fail at the deadline."""
    end = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < end
        threading.Event().wait(0.002)


def threads(prefix):
    """The threads that run for datasets."""
    return [each for each in threading.enumerate() if each.name.startswith(prefix)]


def counting(limit, made):
    """An iteration over numbers that notes what it makes; at 3 it fails, once."""

    def step():
        number = len(made)
        if number == limit:
            raise StopIteration
        made.append(number)
        if number == 3:
            raise ValueError("three")
        return (number,)

    return Elements(step)


@given(size=st.integers(0, 8), ahead=st.integers(0, 4), calls=st.integers(1, 4))
def test_what_comes_is_what_comes_without_threads(size, ahead, calls):
    with tf.Graph().as_default():
        data = Dataset.range(size)
        assert elements_of(data.prefetch(ahead)) == list(range(size))
        assert elements_of(data.map(lambda n: n * n, calls)) == [n * n for n in range(size)]


def test_no_more_is_ahead_than_there_is_room_for():
    made = []
    elements = prefetched(counting(9, made), 2)

    assert next(elements) == (0,)
    wait_until(lambda: len(made) == 3)
    assert next(elements) == (1,)
    wait_until(lambda: len(made) == 4)
    assert next(elements) == (2,)
    with pytest.raises(ValueError, match="three"):
        next(elements)
    assert [each[0] for each in elements] == [4, 5, 6, 7, 8]


def test_a_prefetching_thread_ends_with_its_iteration():
    before = len(threads("minitf-prefetch"))
    elements = prefetched(counting(9, []), 1)
    next(elements)
    assert len(threads("minitf-prefetch")) == before + 1

    del elements
    gc.collect()

    wait_until(lambda: len(threads("minitf-prefetch")) == before)


def test_calls_run_at_the_same_time_and_their_threads_end():
    before = len(threads("minitf-map"))
    barrier = threading.Barrier(3, timeout=DEADLINE_S)

    def call(element):
        barrier.wait()
        return element

    elements = mapped(iter([(n,) for n in range(6)]), call, 3)

    assert [each[0] for each in elements] == list(range(6))
    wait_until(lambda: len(threads("minitf-map")) == before)


def test_an_error_of_a_call_comes_in_its_turn():
    data = Dataset.range(5).map(lambda n: 6 // (n - 1), num_parallel_calls=3)
    iterator = data.make_initializable_iterator()
    following = iterator.get_next()

    with tf.Session() as session:
        session.run(iterator.initializer)
        assert session.run(following) == -6
        with pytest.raises(errors.InvalidArgumentError, match="division by zero"):
            session.run(following)
        assert [int(session.run(following)) for _ in range(3)] == [6, 3, 2]
        for _ in range(2):
            with pytest.raises(errors.OutOfRangeError):
                session.run(following)


def test_python_functions_of_several_calls_run_together():
    barrier = threading.Barrier(2, timeout=DEADLINE_S)

    def meet(number):
        barrier.wait()
        return number

    data = Dataset.range(4).map(lambda n: tf.py_func(meet, [n], tf.int64), num_parallel_calls=2)

    assert elements_of(data) == [0, 1, 2, 3]


def test_numbers_of_threads_are_checked():
    with pytest.raises(errors.InvalidArgumentError, match="buffer_size must be >= 0"):
        elements_of(Dataset.range(3).prefetch(-2))
    with pytest.raises(errors.InvalidArgumentError, match="num_parallel_calls must be greater"):
        elements_of(Dataset.range(3).map(lambda n: n, 0))
    auto = tf.data.experimental.AUTOTUNE
    assert elements_of(Dataset.range(3).map(lambda n: n, auto).prefetch(auto)) == [0, 1, 2]


PIPELINES = {
    "map": lambda lib: lib.data.Dataset.range(5).map(lambda n: 6 // (n - 2), 3),
    "prefetch": lambda lib: lib.data.Dataset.range(5).map(lambda n: 6 // (n - 2)).prefetch(2),
    "no room": lambda lib: lib.data.Dataset.range(3).prefetch(0),
}


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", PIPELINES)
def test_what_threads_make_is_tensorflows(tensorflow, name):
    assert outcomes(tf, PIPELINES[name]) == outcomes(tensorflow, PIPELINES[name])
