"""Work done behind the program's back: compilers run in one thread beside it.

**State**, one per process: a queue of jobs and the thread that takes them, started by the first.

**Invariants**
1. Whoever needs a job that has not begun does it himself, so nobody waits for jobs of others.
2. At exit the thread stops after the job that it is at: a compiler is never torn down under it.
3. A forked child has no thread: it starts its own.

    job = behind.start(lambda: compile_it())
    job.result()            # waits; after a second it says for what

Source: no paper; measured: a compiler in a thread costs the program as much as one in a process.
"""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

R = TypeVar("R")
_SILENT_S = 1.0  # work over a second shows progress


class Job(Generic[R]):
    """A call that is made once, by whoever comes first."""

    def __init__(self, work: Callable[[], R], what: str) -> None:
        self._work = work
        self._what = what
        self._claim = threading.Lock()
        self._done = threading.Event()
        self._process = os.getpid()
        self._value: R
        self._error: Exception | None = None

    def do(self) -> None:
        """Do it, unless somebody has begun.

        Raises:
            BaseException: an interrupt, which is no result: whoever asks next does it again.
        """
        if self.is_done or not self._claim.acquire(blocking=False):
            return
        try:
            self._value = self._work()
        except Exception as error:  # noqa: BLE001 raised where the result is asked for
            self._error = error
        except BaseException:
            self._claim.release()
            raise
        del self._work
        self._done.set()

    @property
    def is_done(self) -> bool:
        """Whether there is a result."""
        return self._done.is_set()

    def result(self) -> R:
        """Return what the work returned; do it if nobody has begun.

        Raises:
            Exception: what the work raised.
        """
        self.do()
        if not self._done.wait(_SILENT_S):
            self._wait_and_say_so()
        if self._error is not None:
            raise self._error
        return self._value

    def _wait_and_say_so(self) -> None:
        from rich.console import Console

        if self._process != os.getpid():
            raise RuntimeError("the process was forked while a step was being compiled")
        with Console(stderr=True).status(self._what):
            while not self._done.wait(_SILENT_S):
                self.do()  # whoever had begun may have been interrupted


def start(work: Callable[[], R], what: str) -> Job[R]:
    """Have a call made behind the program.

    Args:
        work: what to do.
        what: says so, to somebody who waits for it.
    """
    job = Job(work, what)
    _queue().put(job)
    return job


_lock = threading.Lock()
_started: SimpleQueue[Job[Any] | None] | None = None


def _queue() -> SimpleQueue[Job[Any] | None]:
    """Return the queue of the thread, which the first call starts."""
    global _started  # noqa: PLW0603 one thread per process
    with _lock:
        if _started is None:
            _started = SimpleQueue()
            thread = threading.Thread(
                target=_serve, args=(_started,), name="minitf-compiler", daemon=True
            )
            thread.start()
            atexit.register(_stop, _started, thread)
        return _started


def _serve(queue: SimpleQueue[Job[Any] | None]) -> None:
    while (job := queue.get()) is not None:
        job.do()


def _stop(queue: SimpleQueue[Job[Any] | None], thread: threading.Thread) -> None:
    while not queue.empty():  # jobs that nobody will ask for any more
        queue.get()
    queue.put(None)
    thread.join()


def _forget() -> None:
    global _started, _lock
    _started, _lock = None, threading.Lock()
    atexit.unregister(_stop)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
