"""Threads that help to run steps: those of long steps, and those of other partitions.

Source: 2015 §3.2.2 (partitions run side by side); OSDI §5 ("kernels run in parallel on multiple
cores").
"""

from __future__ import annotations

import contextlib
import queue
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor

_Mailbox = queue.SimpleQueue[Callable[[], object] | None]


class Crew:
    """The threads that help to run long steps; made when first needed.

    Args:
        threads: how many may run a step, the calling one among them.
        begin: called by each of them, when it begins.
    """

    def __init__(self, threads: int, begin: Callable[[], object] | None = None) -> None:
        self.threads = threads
        self._begin = begin
        self._pool: Executor | None = None
        self._lock = threading.Lock()

    def pool(self) -> Executor:
        """Return the pool."""
        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(self.threads - 1, "minitf-step", self._begin)
            return self._pool

    def close(self) -> None:
        """End the threads."""
        with self._lock:
            if self._pool is not None:
                self._pool.shutdown(wait=False)


class Team:
    """Threads of which there are as many as are needed: none is ever waited for.

    Partitions wait for each other, so one that stood in line behind another might never run.

    **State**: the mailboxes of threads that have nothing to do, which end when it is forgotten.

    Source: 2015 §3.2.2.
    """

    def __init__(self) -> None:
        self._idle: list[_Mailbox] = []
        self._is_closed = False
        weakref.finalize(self, _dismiss, self._idle).atexit = False

    def start(self, work: Callable[[], object]) -> None:
        """Let a thread do something, which must not raise."""
        try:
            mailbox = self._idle.pop()
        except IndexError:
            mailbox = queue.SimpleQueue()
            arguments = mailbox, weakref.ref(self)
            threading.Thread(
                target=_serve, args=arguments, name="minitf-partition", daemon=True
            ).start()
        mailbox.put(work)

    def rest(self, mailbox: _Mailbox) -> None:
        """Note that a thread has nothing to do; one that was busy when the team closed ends now."""
        self._idle.append(mailbox)
        if self._is_closed:
            _dismiss(self._idle)

    def close(self) -> None:
        """End the threads: those that have nothing to do now, the others when they are done."""
        self._is_closed = True
        _dismiss(self._idle)


def _serve(mailbox: _Mailbox, team: weakref.ref[Team]) -> None:
    """Do what comes, until the Team is forgotten."""
    while (work := mailbox.get()) is not None:
        work()
        del work  # it holds a run
        found = team()
        if found is None:
            return
        found.rest(mailbox)
        del found


def _dismiss(idle: list[_Mailbox]) -> None:
    with contextlib.suppress(IndexError):  # several threads may do it at once
        while True:
            idle.pop().put(None)
