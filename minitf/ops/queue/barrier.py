"""Barriers: tuples whose components come one by one, under a key, and leave when they are complete.

**State**
- `incomplete`: key -> when it was first seen, and the components that have come.
- `ready`: complete elements, the one whose key came first at the top of a heap.
- `is_closed`, `is_cancelled`; `takers`, the line of operations that wait.

**Invariants**
1. A key has each component at most once; with the last one it moves to `ready`.
2. An insertion is whole: if one of its keys is refused, none has been inserted.
3. Once closed no new key comes; what is incomplete may be completed, unless it was cancelled.
4. A take waits as long as enough can still come.  One that is cancelled puts its elements back.

Worked example: two components.

    insert keys [a, b] values [1, 2] into 0      incomplete: a, b
    insert keys [b] values [x] into 1            ready: b (2, x)
    take 1  ->  keys [b], values [2], [x]

Source: TensorFlow's ops of the same names.
"""

import heapq
import itertools
from collections import deque
from typing import Any, NamedTuple

import numpy as np

from minitf.dtypes import DType, by_numpy, c_name
from minitf.errors import CancelledError, OutOfRangeError, invalid
from minitf.ops.queue.elements import Element, Form, owned, shape_text
from minitf.ops.queue.sharing import plain_name
from minitf.shapes import Shape
from minitf.waiting import Attempt, Line, Monitor, Turn

Array = np.ndarray[Any, Any]

_FIRST = np.iinfo(np.int64).min  # TensorFlow's number of the first insertion


class Entry(NamedTuple):
    """A key that has been seen: its insertion's number, and its components, None if missing."""

    number: int
    components: list[Any]


class Ready(NamedTuple):
    """A complete element; they are ordered by insertion, then by completion."""

    number: int
    turn: int
    key: bytes
    components: Element


class Barrier(Monitor):
    """Elements that are put together from parts.

    Args:
        name: its name, for messages.
        types: the type of each component.
        shapes: the shape of each component.

    Source: TensorFlow's Barrier.
    """

    def __init__(self, name: str, types: tuple[DType, ...], shapes: tuple[Shape, ...]) -> None:
        if len(shapes) != len(types) or not all(shape.is_full for shape in shapes):
            raise invalid("All of the component shapes must be specified")
        self.takers: Line = deque()
        super().__init__(self.takers)
        self.name = name
        self.types = types
        self.shapes = shapes
        self.form = Form(types, shapes)
        self.incomplete: dict[bytes, Entry] = {}
        self.ready: list[Ready] = []
        self.is_closed = self.is_cancelled = False
        self._next_number = int(_FIRST)
        self._turns = itertools.count()

    def insert(self, keys: Array, component: int, values: Array) -> None:
        """Give some keys one of their components.

        Raises:
            InvalidArgumentError: if a value does not fit, or a key has that component already.
            CancelledError: if the barrier is closed and the keys are new or cancelled.
        """
        wanted = keys.tolist()
        self._check_values(len(wanted), component, values)
        with self.changing():
            self._check_open(len(wanted))
            self._check_keys(wanted, component)
            number, is_new = self._next_number, False
            for key, value in zip(wanted, values, strict=True):
                entry = self.incomplete.get(key)
                if entry is None:
                    entry = self.incomplete[key] = Entry(number, [None] * len(self.types))
                    is_new = True
                entry.components[component] = owned(np.asarray(value, values.dtype))
                if all(each is not None for each in entry.components):
                    del self.incomplete[key]
                    self.push(entry.number, key, tuple(entry.components))
            self._next_number += is_new

    def take(self, count: int, *, at_most: bool) -> Any:
        """Take complete elements; a Waiting as long as too few are complete and more can be.

        Raises:
            OutOfRangeError: if it is closed and there can never be enough.
        """
        return self.ask(self.takers, Take(self, count, at_most))

    def close(self, *, cancel: bool) -> None:
        """Refuse new keys; with `cancel`, drop those that are incomplete.

        Raises:
            CancelledError: if it is closed already, and nothing more is to be cancelled.
        """
        with self.changing():
            if self.is_closed and (self.is_cancelled or not cancel):
                raise CancelledError(None, None, f"Barrier '{self.name}' is already closed.")
            self.is_closed, self.is_cancelled = True, cancel
            if cancel:
                self.incomplete.clear()

    def push(self, number: int, key: bytes, components: Element) -> None:
        """Add a complete element.  The lock is held."""
        heapq.heappush(self.ready, Ready(number, next(self._turns), key, components))

    def _check_values(self, count: int, component: int, values: Array) -> None:
        if not 0 <= component < len(self.types):
            raise invalid(
                f"The component ID is out of range {component} > num_components "
                f"(= {len(self.types)})"
            )
        dtype, shape = self.types[component], self.shapes[component]
        if values.dtype != dtype.numpy:
            raise invalid(
                f"Type mismatch in component {component}. Expected {c_name(dtype)}, got "
                f"{c_name(by_numpy(values.dtype))}"
            )
        if values.ndim == 0 or len(values) != count:
            raise invalid(f"Expected one value per key, got {values.shape} for {count} keys")
        if count and not values.size:
            raise invalid(
                f"Tensors with no elements are not supported {self.name}: received shape "
                f"{shape_text(values.shape)}"
            )
        if count and not shape.accepts(values.shape[1:]):
            raise invalid(
                f"Shape mismatch in tuple component {component}. Expected {shape_text(shape)}, got "
                f"{shape_text(values.shape[1:])}"
            )

    def _check_open(self, count: int) -> None:
        if self.is_closed and (self.is_cancelled or (count and not self.incomplete)):
            raise CancelledError(
                None,
                None,
                f"Barrier {self.name} is closed.  Pending enqueues cancelled: "
                f"{int(self.is_cancelled)}.  Number of new insertions: {count}.  "
                f"Number of incomplete keys: {len(self.incomplete)}.",
            )

    def _check_keys(self, keys: list[bytes], component: int) -> None:
        given: set[bytes] = set()
        for i, key in enumerate(keys):
            entry = self.incomplete.get(key)
            if entry is None and self.is_closed:
                raise CancelledError(
                    None,
                    None,
                    f"Barrier {self.name} is closed, but attempted to insert a brand new key: "
                    f"{key.decode(errors='replace')}.  Pending enqueues cancelled: 0.  Insertion "
                    f"index: {i}.  Number of incomplete keys: {len(self.incomplete)}.",
                )
            twice = key in given and len(self.types) > 1
            if twice or (entry is not None and entry.components[component] is not None):
                raise invalid(
                    f"Key {key.decode(errors='replace')} already has a value for component "
                    f"{component} in barrier {self.name}"
                )
            given.add(key)


class Take(Attempt):
    """An operation that takes complete elements."""

    __slots__ = ("_at_most", "_barrier", "_count", "_taken")

    def __init__(self, barrier: Barrier, count: int, at_most: bool) -> None:
        super().__init__()
        self._barrier = barrier
        self._count = count
        self._at_most = at_most
        self._taken: list[Ready] | None = None

    def advance(self) -> Turn:
        """Take them if there are enough."""
        barrier = self._barrier
        if self._taken is not None:
            return Turn.OVER
        wanted = self._count
        if barrier.is_closed:
            possible = len(barrier.ready)
            if self._at_most:
                wanted = min(wanted, possible)
            else:
                possible += len(barrier.incomplete)
            if possible < max(wanted, 1):
                raise OutOfRangeError(
                    None,
                    None,
                    f"Barrier '{barrier.name}' is closed and has insufficient elements "
                    f"(requested {wanted}, total size {possible})",
                )
        if len(barrier.ready) < wanted:
            return Turn.STUCK
        self._taken = [heapq.heappop(barrier.ready) for _ in range(wanted)]
        return Turn.OVER

    def undo(self) -> None:
        """Put them back."""
        for each in self._taken or ():
            heapq.heappush(self._barrier.ready, each)
        self._taken = []

    def outputs(self) -> Any:
        """Return numbers, keys and the components."""
        taken = self._taken or []
        keys = np.empty(len(taken), object)
        keys[:] = [each.key for each in taken]
        return [
            np.array([each.number for each in taken], np.int64),
            keys,
            self._barrier.form.stacked([each.components for each in taken]),
        ]

    def reason(self) -> str:
        """Say how many are complete."""
        have = len(self._barrier.ready)
        return f"barrier '{plain_name(self._barrier.name)}' has {have} of {self._count} elements"
