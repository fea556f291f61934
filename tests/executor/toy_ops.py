"""Ops that only tests use: they record, wait, fail, count, or take a branch.

They are left out of the catalogue, which holds the ops that programs can name.
"""

import threading
from concurrent.futures import Future
from typing import Any

import numpy as np

from minitf.dead import DEAD
from minitf.dtypes import ANY, DType
from minitf.op_def import CATALOGUE, op
from minitf.resources import Context
from minitf.shapes import Shape
from minitf.symbols import List, N, T
from minitf.symbols import bool as boolean


def toy(name: str, *flags: str, **limits: Any) -> Any:
    """Make an op as `@op` does, without a place in the catalogue."""

    def register(body: Any) -> Any:
        made = op(name, *flags, **limits)(body)
        del CATALOGUE[name]
        if made.inputs and made.outputs:
            count = len(made.outputs)
            made.shape(lambda *shapes, **_: [shapes[0]] * count if count > 1 else shapes[0])
        return made

    return register


# --- recording -----------------------------------------------------------------------------------

LOG: list[str] = []
_LOG_LOCK = threading.Lock()


@toy("Note", "stateful")
def note_op(*, text: str) -> None:
    """Append a text to the log."""
    with _LOG_LOCK:
        LOG.append(text)


@toy("Tap", "stateful", T=ANY)
def tap_op(x: T, *, text: str) -> T:
    """Append a text to the log and hand the input on."""
    with _LOG_LOCK:
        LOG.append(text)
    return x


@toy("Runs", "stateful", T=ANY)
def runs_op(x: T, *, context: Context) -> T:
    """Count, in the session, how often it ran, and hand the input on."""
    with context.lock:
        context.local[context.node_name] = context.local.get(context.node_name, 0) + 1
    return x


# --- branches ------------------------------------------------------------------------------------


@toy("Branch", T=ANY, outputs=("output_false", "output_true"))
def branch_op(data: T, pred: boolean) -> tuple[T, T]:
    """Send the data one way and DEAD the other (2015 §4.4 "Switch")."""
    return (DEAD, data) if pred else (data, DEAD)


branch_op.shape(lambda data, pred: (data, data))


@toy("TwoLists", T=ANY, outputs=("first", "rest"))
def two_lists_op(values: List[T, N]) -> tuple[T, List[T, N]]:
    """Give the first of several inputs, and all of them."""
    return values[0], list(values)


two_lists_op.shape(lambda values: [values[0], *values])

# --- failing -------------------------------------------------------------------------------------

ERRORS: dict[str, Exception] = {}


@toy("Fail", "stateful", T=ANY)
def fail_op(x: T, *, key: str) -> T:
    """Raise the exception registered under `key`."""
    raise ERRORS[key]


@toy("Refuse", T=ANY)
def refuse_op(x: T) -> T:
    """Refuse every input, though it is a pure function of it."""
    raise ValueError("refused")


# --- waiting -------------------------------------------------------------------------------------


class Gate:
    """Values that asynchronous kernels wait for: a queue without a bound, of Futures."""

    def __init__(self) -> None:
        self.waiting: list[Future[Any]] = []
        self.items: list[Any] = []
        self.lock = threading.Lock()
        self.changed = threading.Condition(self.lock)
        self.someone_waits = threading.Event()

    def get(self) -> Future[Any]:
        future: Future[Any] = Future()
        with self.lock:
            if self.items:
                future.set_result(self.items.pop(0))
            else:
                self.waiting.append(future)
                self.someone_waits.set()
                self.changed.notify_all()
        return future

    def wait_for(self, count: int) -> None:
        """Wait until that many kernels wait for an item."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.waiting) >= count, timeout=30)

    def put(self, item: Any) -> None:
        with self.lock:
            while self.waiting:
                future = self.waiting.pop(0)
                if future.set_running_or_notify_cancel():
                    break
            else:
                self.items.append(item)
                return
        future.set_result(item)


def gate_of(context: Context, name: str) -> Gate:
    return context.resources.find_or_create("", name, Gate, Gate)


@toy("Get", "stateful", "asynchronous")
def get_op(*, gate_name: str, T: DType, context: Context) -> T:
    """Take an item from the gate of that name; wait for one without a thread."""
    return gate_of(context, gate_name).get()


get_op.shape(lambda **_: Shape(None))


@toy("Put", "stateful", T=ANY)
def put_op(x: T, *, gate_name: str, context: Context) -> None:
    """Put an item into the gate of that name."""
    gate_of(context, gate_name).put(np.asarray(x))
