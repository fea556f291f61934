"""Work is split by its size alone; every part is done once; errors come out; jobs nest."""

import os
import queue
import threading
import weakref
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.kernels_cpu import threads


@pytest.fixture(params=[1, 3])
def count(request, monkeypatch):
    """Work with one thread, and with more threads than this machine may have cores."""
    monkeypatch.setattr(threads, "thread_count", lambda: request.param)
    monkeypatch.setattr(threads, "_QUEUE", None)
    return request.param


@given(count=st.integers(0, 2000), cost=st.sampled_from([1, 1 << 10, 1 << 14, 1 << 20]))
def test_the_parts_are_the_whole(count, cost):
    seen = np.zeros(count, np.int64)

    def loops(first, last, array):
        array[first:last] += 1

    threads.split(loops, count, seen, cost=cost)

    assert np.all(seen == 1)


def test_the_parts_do_not_depend_on_the_number_of_threads(monkeypatch):
    found = []
    for count in (1, 2, 5):
        monkeypatch.setattr(threads, "thread_count", lambda n=count: n)
        parts, lock = [], threading.Lock()

        def loops(first, last, parts=parts, lock=lock):
            with lock:
                parts.append((first, last))

        threads.split(loops, 1000, cost=threads.PART // 7)
        found.append(sorted(parts))

    assert found[0] == found[1] == found[2]
    assert len(found[0]) > 100


def test_small_work_stays_in_the_calling_thread(count):
    where = []
    threads.split(lambda first, last: where.append(threading.current_thread()), threads.PART)

    assert where == [threading.current_thread()]


def test_several_threads_work_on_one_job(count):
    """The first parts wait for each other: they can only end if as many threads take part."""
    together = threading.Barrier(count)

    def work(part):
        if part < count:
            together.wait(timeout=60)

    threads.run_parts(work, 10)

    assert not together.broken


def test_an_error_of_a_part_is_raised_and_no_part_runs_afterwards(count):
    running = []

    def work(part):
        running.append(part)
        try:
            if part == 3:
                raise ZeroDivisionError
        finally:
            running.remove(part)

    with pytest.raises(ZeroDivisionError):
        threads.run_parts(work, 20)

    assert running == []


def test_jobs_inside_jobs_end(count):
    total, lock = [], threading.Lock()

    def inner(part):
        with lock:
            total.append(part)

    threads.run_parts(lambda part: threads.run_parts(inner, 5), 5)

    assert len(total) == 25


def test_helpers_are_silent_about_nan_as_a_step_is(count):
    quiet, lock = [], threading.Lock()
    together = threading.Barrier(count)

    def work(part):
        if part < count:
            together.wait(timeout=60)
        with lock:
            quiet.append(np.geterr()["invalid"])

    with np.errstate(all="ignore"):
        threads.run_parts(work, 10)

    assert set(quiet) == {"ignore"}


@pytest.mark.parametrize(("text", "want"), [("1", 1), ("7", 7)])
def test_the_environment_sets_the_number_of_threads(text, want, monkeypatch):
    monkeypatch.setenv("MINITF_NUM_THREADS", text)

    assert threads.thread_count.__wrapped__() == want


@pytest.mark.parametrize("text", ["0", "-1", "two", ""])
def test_a_number_of_threads_that_is_none_is_refused(text, monkeypatch):
    monkeypatch.setenv("MINITF_NUM_THREADS", text)

    with pytest.raises(ValueError, match="MINITF_NUM_THREADS must be a whole number >= 1"):
        threads.thread_count.__wrapped__()


def test_otherwise_it_is_the_number_of_cores_that_the_process_may_use(monkeypatch):
    monkeypatch.delenv("MINITF_NUM_THREADS", raising=False)
    if hasattr(os, "sched_getaffinity"):
        monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 2, 5})

        assert threads.thread_count.__wrapped__() == 3


def test_arrays_of_a_job_do_not_wait_for_helpers_that_come_late(monkeypatch):
    monkeypatch.setattr(threads, "thread_count", lambda: 3)
    monkeypatch.setattr(threads, "_QUEUE", queue.SimpleQueue())  # nobody ever comes
    array = np.ones(3)
    held = weakref.ref(array)

    threads.run_parts(partial(np.add, array), 5)
    del array

    assert held() is None
