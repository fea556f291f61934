"""The pool on which loops that release the GIL are split.

**State**: a queue of jobs and the threads that wait for them, started by the first job that has
more than one part; per thread, how many may work on the jobs that it starts.

**Invariants**
1. The parts depend on the work alone, never on how many threads there are: so do the bits.
2. The calling thread works on its own job, and helpers join if they are free: a job never waits for
   a thread, so jobs started inside jobs cannot block each other.
3. Work of one part stays in the calling thread: a hand-over costs 25 to 90 us.

    threads.split(scale_loops, x.size, x, factor, out)  # scale_loops(first, last, x, factor, out)

`MINITF_NUM_THREADS` sets the number of threads; else it is the number of cores that this process
may use.  A session may set another number for its own steps (`limit`).

Source: 2015 §3 (a device runs its kernels with a thread pool); OSDI §5.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from functools import cache
from queue import SimpleQueue
from typing import Any

import numpy as np

from minitf.kernels_cpu.jit import compiles_only

PART = 1 << 18  # simple operations: about 50 us of work in cache, 150 us in memory


@cache
def thread_count() -> int:
    """Return how many threads work on one job.

    Raises:
        ValueError: if MINITF_NUM_THREADS is not a whole number >= 1.
    """
    text = os.environ.get("MINITF_NUM_THREADS")
    if text is None:
        if hasattr(os, "sched_getaffinity"):
            return len(os.sched_getaffinity(0))
        return os.cpu_count() or 1
    if not text.isdigit() or int(text) < 1:
        raise ValueError(f"MINITF_NUM_THREADS must be a whole number >= 1, not {text!r}")
    return int(text)


class _Own(threading.local):
    """What holds for the jobs that a thread starts."""

    limit: int | None = None


_OWN = _Own()


def limit(count: int | None) -> int | None:
    """Set how many threads work on the jobs that this thread starts; return what it was.

    Args:
        count: 1 or more; None for `thread_count()`.
    """
    before, _OWN.limit = _OWN.limit, count
    return before


def split(loops: Callable[..., Any], count: int, *args: Any, cost: int = 1) -> None:
    """Call `loops(first, last, *args)` on consecutive parts that together are 0..count.

    Args:
        loops: releases the GIL; parts write to different elements.
        count: how many items (elements, rows, images) there are.
        args: passed on.
        cost: simple operations per item.
    """
    size = max(1, PART // cost)
    if compiles_only() and count:  # one item tells the types
        count = 1
    if count <= size:
        loops(0, count, *args)
        return
    run_parts(
        lambda part: loops(part * size, min(part * size + size, count), *args), -(-count // size)
    )


def run_parts(work: Callable[[int], Any], parts: int) -> None:
    """Call `work(0)` to `work(parts - 1)`, at once as far as threads are free.

    Raises:
        BaseException: the first error of a part; parts not begun by then are left out.
    """
    if compiles_only():
        parts = min(parts, 1)
    helpers = min(_OWN.limit or thread_count(), parts) - 1
    if helpers < 1:
        for part in range(parts):
            work(part)
        return
    job = _Job(work, parts, _OWN.limit)
    queue = _started_queue(helpers)
    for _ in range(helpers):
        queue.put(job)
    job.help()
    job.wait()


class _Job:
    """Parts of one piece of work, taken one by one by whoever is free."""

    __slots__ = ("begun", "error", "finished", "limit", "lock", "open", "parts", "work")

    def __init__(self, work: Callable[[int], Any], parts: int, limit: int | None) -> None:
        self.work = work
        self.parts = parts
        self.limit = limit  # holds for jobs inside this one too
        self.begun = 0
        self.open = 0  # parts that are running
        self.error: BaseException | None = None
        self.lock = threading.Lock()
        self.finished = threading.Condition(self.lock)

    def help(self) -> None:
        """Work on parts until all are begun."""
        while True:
            with self.lock:
                if self.begun == self.parts or self.error is not None:
                    return
                part = self.begun
                self.begun += 1
                self.open += 1
            error = None
            try:
                self.work(part)
            except BaseException as raised:  # noqa: BLE001 the caller raises it, whatever it is
                error = raised
            with self.lock:
                self.open -= 1
                self.error = self.error or error
                if not self.open:
                    self.finished.notify_all()

    def wait(self) -> None:
        """Return when no part is running any more; raise the first error."""
        with self.lock:
            while self.open:
                self.finished.wait()
            self.work = _nothing  # helpers that come late find the job: its arrays need not wait
        if self.error is not None:
            raise self.error


def _nothing(part: int) -> None:
    """Stand in for work that is done."""


_QUEUE: SimpleQueue[_Job] | None = None
_HELPERS = 0  # how many threads serve the queue
_START = threading.Lock()


def _started_queue(helpers: int) -> SimpleQueue[_Job]:
    """Return the queue, with at least so many threads that serve it."""
    global _QUEUE, _HELPERS  # noqa: PLW0603 one pool per process
    with _START:
        if _QUEUE is None:
            _QUEUE, _HELPERS = SimpleQueue(), 0
        for number in range(_HELPERS, helpers):
            threading.Thread(
                target=_serve, args=(_QUEUE,), name=f"minitf-kernel-{number}", daemon=True
            ).start()
        _HELPERS = max(_HELPERS, helpers)
        return _QUEUE


def helper_count() -> int:
    """Return how many threads of the pool have been started."""
    return 0 if _QUEUE is None else _HELPERS


def _serve(queue: SimpleQueue[_Job]) -> None:
    with np.errstate(all="ignore"):  # the step decides what a NaN means, not the thread
        while True:
            job = queue.get()
            limit(job.limit)
            job.help()
            del job  # it would keep its arrays until the next one comes


def _forget() -> None:
    """Start anew in a forked child, which has none of its parent's threads."""
    global _QUEUE, _START
    _QUEUE, _START = None, threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
