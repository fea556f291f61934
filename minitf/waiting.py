"""Waiting without a thread: an operation that cannot go on yet stands in a line and leaves.

A kernel that must wait returns a `Waiting`, a Future of its outputs; whoever makes it possible to
go on brings them.  So a thousand blocked operations cost a thousand small objects and no thread.

**State**
- `Monitor`: a resource that operations wait for.  Its `lock` guards everything in it; its `lines`
  hold the attempts that wait, first come, first served.
- `Attempt`: what one operation asks for; how far it has come; its error.

**Invariants**
1. Only the first of a line goes on, so nobody overtakes.
2. An attempt ends once: its outputs are given to who waits for them, or its error is, or it is
   withdrawn and gives back what it took.  A step that is aborted while an operation waits loses
   nothing, even if the outputs were on their way to it.
3. Futures are resolved outside the lock: their callbacks take other locks.
4. An attempt that is over says so again when it is asked again, and one whose Waiting nobody holds
   is dropped.  So an interrupt (Ctrl-C), which may come anywhere, leaves no line stuck.

Worked example: one seat, for which two operations ask.

    seat.ask(seat.line, Sit())        # the outputs: nobody was there
    seat.ask(seat.line, Sit())        # a Waiting
    with seat.changing():             # the first stands up ...
        seat.taken = False
    # ... and the Waiting is done

**Departure from the paper**: the kernel is not handed a continuation, it returns a Future.

Source: 2015 §5.3 "Asynchronous kernels" (Recv, Enqueue and Dequeue tie up no thread), §4.6.
"""

from __future__ import annotations

import contextlib
import threading
import time
import weakref
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError as FutureCancelled
from concurrent.futures import Future
from enum import Enum
from typing import Any

from minitf.errors import OpError

_MOMENT_S = 1e-6  # in truth some 60 us
_MOST_LOOKS = 100  # then the lock is held for long


def give_way(lock: threading.Lock) -> None:
    """Let whoever holds a lock go on, before the lock is taken.

    Who holds one may have lost the GIL.  A thread that waited for the lock itself would get it
    first and the GIL later, and others would wait for it in turn: from there on threads change
    places at every call, which costs more than the calls.  It is a matter of speed alone.
    """
    looks = _MOST_LOOKS
    while looks and lock.locked():
        time.sleep(_MOMENT_S)
        looks -= 1


class Turn(Enum):
    """How far an attempt came when it was its turn."""

    OVER = "it has what it asked for"
    MOVED = "it got a part, so others may be able to go on"
    STUCK = "nothing has changed"


class End(Enum):
    """What has become of an attempt that had to wait."""

    OPEN = "it waits, or its outputs have not been asked for"
    GIVEN = "whoever waited has its outputs"
    UNDONE = "it was withdrawn, and has given back what it took"


class Attempt:
    """What one operation asks of a Monitor.

    `advance` and `undo` are called with the monitor's lock held.

    Attributes:
        error: why it failed, None if it did not.
        line: where it stands; None if it need not wait, or is over.
        end: what has become of it, if it had to wait.
        waiting: a weak reference to the Future that brings its outputs, if it had to wait.

    Source: 2015 §5.3.
    """

    __slots__ = ("end", "error", "line", "waiting")

    def __init__(self) -> None:
        self.error: OpError | None = None
        self.end = End.OPEN
        self.line: Line | None = None
        self.waiting: weakref.ref[Waiting] | None = None

    def advance(self) -> Turn:
        """Go on as far as possible.

        Raises:
            OpError: if it never can.
        """
        raise NotImplementedError

    def undo(self) -> None:
        """Give back what it took."""

    def outputs(self) -> Any:
        """Return what the kernel returns.  Called without the lock, by the thread that wants it."""
        return None

    def reason(self) -> str:
        """Say what it waits for."""
        raise NotImplementedError


Line = deque[Attempt]


class Waiting(Future[Any]):
    """The outputs of an operation that waits.

    Source: 2015 §5.3.
    """

    def __init__(self, monitor: Monitor, attempt: Attempt) -> None:
        super().__init__()
        self._monitor = monitor
        self._attempt = attempt

    @property
    def reason(self) -> str | None:
        """What it waits for, in words; None if the outputs are on their way."""
        return None if self._attempt.line is None else self._attempt.reason()

    def cancel(self) -> bool:
        """Stop waiting and give back what was taken, even if the outputs have come.

        Returns:
            Whether it was still waiting.
        """
        return self._monitor.withdraw(self._attempt) and super().cancel()

    def result(self, timeout: float | None = None) -> Any:
        """Return the outputs.

        Raises:
            OpError: if the operation failed.
            concurrent.futures.CancelledError: if it was cancelled.
        """
        super().result(timeout)
        if not self._monitor.give(self._attempt):
            raise FutureCancelled
        return self._attempt.outputs()


class Monitor:
    """A resource that operations wait for without a thread.

    Attributes:
        lock: guards everything in it.
        lines: where attempts wait, in the order in which they are served.

    Source: 2015 §5.3; OSDI §3.1 "Stateful operations: queues".
    """

    def __init__(self, *lines: Line) -> None:
        self.lock = threading.Lock()
        self.lines = lines

    def ask(self, line: Line, attempt: Attempt) -> Any:
        """Return an attempt's outputs, a Waiting if they must be waited for.

        Raises:
            OpError: if the attempt fails at once.
        """
        waiting: Waiting | None = None
        with self.changing():
            if line or _turn(attempt) is not Turn.OVER:
                waiting = Waiting(self, attempt)
                attempt.waiting, attempt.line = weakref.ref(waiting), line
                line.append(attempt)
        if waiting is not None:
            return waiting
        if attempt.error is not None:
            raise attempt.error
        return attempt.outputs()

    def give(self, attempt: Attempt) -> bool:
        """Let an attempt that is over be final; tell whether it is, and was not withdrawn."""
        give_way(self.lock)
        with self.lock:
            if attempt.end is End.OPEN:
                attempt.end = End.GIVEN
            return attempt.end is End.GIVEN

    def withdraw(self, attempt: Attempt) -> bool:
        """Take an attempt out of its line and undo it, unless it is final.

        Returns:
            Whether it stood in its line.
        """
        with self.changing():
            line, attempt.line = attempt.line, None
            if line is not None:
                line.remove(attempt)
            if attempt.end is End.OPEN:
                attempt.end = End.UNDONE
                attempt.undo()
        return line is not None

    @contextlib.contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the lock for a change, after which whoever can go on does."""
        over: list[Attempt] = []
        give_way(self.lock)
        try:
            with self.lock:
                yield
                self.serve(over)
        finally:
            settle(over)

    def serve(self, over: list[Attempt]) -> None:
        """Let the first of each line go on until none can.  The lock is held.

        Args:
            over: gets the attempts that are over; `settle` them without the lock.
        """
        lines = [line for line in self.lines if line]
        while True in [_serve_line(line, over) for line in lines]:
            if len(lines) == 1:  # it has gone as far as it can, and there is no other
                return
            lines = [line for line in self.lines if line]


def _serve_line(line: Line, over: list[Attempt]) -> bool:
    """Let the first go on, and the next if it is over; tell whether anything has changed."""
    has_changed = False
    while line:
        attempt = line[0]
        if attempt.waiting is None or attempt.waiting() is None:  # nobody wants it any more
            attempt.undo()
        else:
            turn = _turn(attempt)
            if turn is not Turn.OVER:
                return has_changed or turn is Turn.MOVED
            over.append(attempt)
        attempt.line = None
        line.popleft()
        has_changed = True
    return has_changed


def _turn(attempt: Attempt) -> Turn:
    try:
        return attempt.advance()
    except OpError as error:
        attempt.error = error.with_traceback(None)  # whose frames would keep the attempt alive
        return Turn.OVER


def settle(over: Iterable[Attempt]) -> None:
    """Tell those who wait for attempts that these are over.  No lock may be held."""
    for attempt in over:
        waiting = attempt.waiting() if attempt.waiting is not None else None
        if waiting is None or waiting.done():
            continue
        if attempt.error is not None:
            waiting.set_exception(attempt.error)
        else:
            waiting.set_result(None)
