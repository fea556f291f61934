"""The runs of one session that are under way, and what ends them all.

**State**: the runs; after `end_all` the error that ends whatever begins.

**Invariant**: a run that begins after `end_all` is aborted too, so that none can wait for ever in a
session that is closed.

Source: 2015 §3.3 (a step is aborted); TensorFlow 1.15's Session.close.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any, Protocol

from minitf.errors import DeadlineExceededError
from minitf.executor.plan import Node


class Abortable(Protocol):
    """A run that is under way."""

    def abort(self, error: BaseException) -> None:
        """End it, from any thread."""

    def is_blocked(self) -> bool:
        """Tell whether it can do nothing but wait."""

    def waits(self) -> list[tuple[Node, Future[Any]]]:
        """Return the nodes that wait for something outside the step, and what they wait for."""


class _Work:
    """Something that is done for a run: it cannot be ended, and never waits for others."""

    def abort(self, error: BaseException) -> None:
        """Nothing to end: the run that it is done for does."""

    def is_blocked(self) -> bool:
        """It does not wait."""
        return False

    def waits(self) -> list[tuple[Node, Future[Any]]]:
        """It does not wait."""
        return []


class Runs:
    """The runs of one session that are under way.

    Source: OSDI §3.2 (concurrent steps).
    """

    def __init__(self) -> None:
        self._runs: set[Abortable] = set()
        self._end: BaseException | None = None

    def __iter__(self) -> Iterator[Abortable]:
        """Iterate over a copy: runs come and go."""
        return iter(tuple(self._runs))

    def begin(self, run: Abortable) -> None:
        """Note that a run begins."""
        self._runs.add(run)
        if self._end is not None:
            run.abort(self._end)

    def end(self, run: Abortable) -> None:
        """Note that it is over."""
        self._runs.discard(run)

    @contextlib.contextmanager
    def working(self) -> Iterator[None]:
        """Note that a step is being made, by which others may be helped."""
        work = _Work()
        self.begin(work)
        try:
            yield
        finally:
            self.end(work)

    def end_all(self, error: BaseException) -> None:
        """Abort the runs that are under way, and whatever begins from here on."""
        self._end = error
        for run in self:
            run.abort(error)


def timer_of(run: Abortable, timeout_s: float) -> threading.Timer:
    """Start what aborts a run when its time is over, and return it."""
    late = DeadlineExceededError(
        None, None, f"Timed out waiting for notification: the step took more than {timeout_s} s"
    )
    timer = threading.Timer(timeout_s, run.abort, [late])
    timer.daemon = True
    timer.start()
    return timer
