"""Mutexes: between lock and release no other step is.

TensorFlow's pair is MutexLock, whose output is the lock, and ConsumeMutexLock, which lets go of it;
a lock whose step fails is let go of too.  The white paper's pair is MutexAcquire and MutexRelease:
no value goes from one to the other, so they may stand in different steps.

**State** of a `Mutex`: who holds it, and the line of those who wait.

**Invariants**
1. At most one attempt holds it; those who wait get it in order.
2. A lock that nobody can see any more is released.

Worked example: x = x + 1, as one piece.

    lock = MutexLock(mutex)
    with control_dependencies([lock]):
        write = assign(x, x + 1)
    with control_dependencies([write]):
        ConsumeMutexLock(lock)

Source: 2015 Table 1 "MutexAcquire, MutexRelease"; TensorFlow's ops MutexV2 to ConsumeMutexLock.
"""

import contextlib
import threading
from collections import deque
from typing import Any

from minitf.errors import FailedPreconditionError, invalid
from minitf.op_def import op
from minitf.ops.queue.sharing import behind, find_handle, plain_name
from minitf.resources import Context
from minitf.shapes import SCALAR, Shape
from minitf.symbols import Resource, variant
from minitf.waiting import Attempt, Line, Monitor, Turn


class Mutex(Monitor):
    """What one at a time may hold.

    Source: 2015 Table 1.
    """

    def __init__(self, name: str) -> None:
        self.line: Line = deque()
        super().__init__(self.line)
        self.name = name
        self.holder: Lock | None = None

    def release(self, lock: "Lock | None") -> bool:
        """Let the next one have it, if that lock holds it; tell whether it did."""
        with self.changing():
            held = lock is not None and self.holder is lock
            if held:
                self.holder = None
        return held


class Lock(Attempt):
    """An operation that wants to hold a mutex."""

    __slots__ = ("mutex", "who")

    def __init__(self, mutex: Mutex, who: str) -> None:
        super().__init__()
        self.mutex = mutex
        self.who = who

    def advance(self) -> Turn:
        """Hold it if nobody else does."""
        if self.mutex.holder is None:
            self.mutex.holder = self
        return Turn.OVER if self.mutex.holder is self else Turn.STUCK

    def undo(self) -> None:
        """Hold it no more."""
        if self.mutex.holder is self:
            self.mutex.holder = None

    def reason(self) -> str:
        """Say who holds it."""
        holder = self.mutex.holder
        by = f"'{holder.who}'" if holder is not None else "another step"
        return f"mutex '{plain_name(self.mutex.name)}' is held by {by}"


class VisibleLock(Lock):
    """A lock that is a value of the graph: it is held until it is consumed or gone."""

    __slots__ = ()

    def outputs(self) -> "Held":
        """Return the value."""
        return Held(self)


class Held:
    """The value of a `variant` tensor that stands for a held mutex."""

    def __init__(self, lock: Lock) -> None:
        self._lock: Lock | None = lock

    def release(self) -> bool:
        """Let go of the mutex; tell whether it was held."""
        lock, self._lock = self._lock, None
        return lock is not None and lock.mutex.release(lock)

    def __del__(self) -> None:
        """Let go of it, in a thread of its own: whoever drops it may hold any lock."""
        if self._lock is not None:
            with contextlib.suppress(RuntimeError):  # the program is ending
                threading.Thread(target=self.release, daemon=True).start()


# --- MutexV2 --------------------------------------------------------------------------------------


@op("MutexV2", "stateful", outputs=("resource",))
def mutex_v2_op(*, container: str = "", shared_name: str = "", context: Context) -> Resource:
    """Give the handle of a mutex.

    Args:
        container: where it is kept; "" is the default container.
        shared_name: its name there; "" for one of this session and operation alone.

    Returns:
        The handle.

    Source: TensorFlow's op.
    """
    return find_handle(context, container, shared_name, Mutex, Mutex)


@mutex_v2_op.shape
def mutex_v2_shape(**attrs: Any) -> Shape:
    return SCALAR


mutex_v2_op.no_gradient("it has no inputs")

# --- MutexLock, ConsumeMutexLock ------------------------------------------------------------------


@op("MutexLock", "stateful", "asynchronous", outputs=("mutex_lock",))
def mutex_lock_op(mutex: Resource, *, context: Context) -> variant:
    """Lock a mutex; wait until nobody holds it.

    Args:
        mutex: its handle.

    Returns:
        The lock: the mutex is held until it is consumed, or until no step holds it any more.

    Source: TensorFlow's op.
    """
    found = behind(mutex, Mutex)
    return found.ask(found.line, VisibleLock(found, context.node_name))


@mutex_lock_op.shape
def mutex_lock_shape(mutex: Shape) -> Shape:
    return SCALAR


@op("ConsumeMutexLock", "stateful")
def consume_mutex_lock_op(mutex_lock: variant) -> None:
    """Let go of a mutex.

    Args:
        mutex_lock: the lock.

    Raises:
        InvalidArgumentError: if it is no lock.
        FailedPreconditionError: if it has been consumed already.

    Source: TensorFlow's op.
    """
    if not isinstance(mutex_lock, Held):
        raise invalid("Expected input to contain a MutexLock", found=type(mutex_lock).__name__)
    if not mutex_lock.release():
        raise FailedPreconditionError(None, None, "MutexLock has been consumed already")


for _op in (mutex_lock_op, consume_mutex_lock_op):
    _op.no_gradient("a lock has no slope")

# --- MutexAcquire, MutexRelease -------------------------------------------------------------------


@op(
    "MutexAcquire",
    "stateful",
    "asynchronous",
)
def mutex_acquire_op(mutex: Resource, *, context: Context) -> None:
    """Take hold of a mutex; wait until nobody holds it.

    Args:
        mutex: its handle.

    Source: 2015 Table 1.
    """
    found = behind(mutex, Mutex)
    return found.ask(found.line, Lock(found, context.node_name))


@op("MutexRelease", "stateful")
def mutex_release_op(mutex: Resource) -> None:
    """Let go of a mutex, whichever step took hold of it.

    Args:
        mutex: its handle.

    Raises:
        FailedPreconditionError: if nobody holds it.

    Source: 2015 Table 1.
    """
    found = behind(mutex, Mutex)
    if not found.release(found.holder):
        raise FailedPreconditionError(
            None, None, f"Mutex '{found.name}' is released, but nobody holds it"
        )


for _op in (mutex_acquire_op, mutex_release_op):
    _op.no_gradient("it has no outputs")
