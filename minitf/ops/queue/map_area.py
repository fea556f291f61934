"""Staging areas with keys: elements that are got by their number, whole or in parts.

**State** of a `MapArea`
- `complete`: key -> components, None for one that has been got already.
- `incomplete`: key -> components, None for one that has not come yet.
- the bytes of all; the lines of those who put, peek and get.

**Invariants**
1. With its last component an element moves from `incomplete` to `complete`; it leaves that when its
   last component has been got.  One that comes whole never was incomplete.
2. A put waits while there are `capacity` complete elements, or while the bytes would exceed
   `memory_limit`; 0 sets no limit.  Incomplete elements count for the bytes only.
3. A get or peek waits for its key; a get of any key waits for one, and takes the smallest of an
   ordered area, the oldest of another.
4. A get that is cancelled after it was served puts back what it took.

Source: TensorFlow's MapStage and its like.
"""

import sys
from collections import deque
from collections.abc import Sequence
from typing import Any

import numpy as np

from minitf.dtypes import DType, by_numpy
from minitf.errors import ResourceExhaustedError, invalid
from minitf.ops.queue.area import bytes_of
from minitf.ops.queue.elements import owned, type_names
from minitf.waiting import Attempt, Line, Monitor, Turn

Array = np.ndarray[Any, Any]
Parts = list[Any]


class MapArea(Monitor):
    """Elements that wait under a key until a step wants them.

    Args:
        name: its name, for messages.
        capacity: how many complete elements it may hold, 0 for any number.
        memory_limit: how many bytes, 0 for any number.

    Source: TensorFlow's StagingMap.
    """

    def __init__(self, name: str, capacity: int, memory_limit: int) -> None:
        self.putters: Line = deque()
        self.peekers: Line = deque()
        self.getters: Line = deque()
        super().__init__(self.putters, self.peekers, self.getters)
        self.name = name
        self.capacity = capacity or sys.maxsize
        self.memory_limit = memory_limit or sys.maxsize
        self.complete: dict[int, Parts] = {}
        self.incomplete: dict[int, Parts] = {}
        self.bytes = 0

    def first_key(self) -> int:
        """Return the key of the element that a get of any key takes."""
        return next(iter(self.complete))

    # --- what operations do -----------------------------------------------------------------------

    def put(
        self, key: int, indices: Sequence[int], values: Sequence[Array], types: tuple[DType, ...]
    ) -> Any:
        """Add components of an element; None, or a Waiting if there is no room.

        Args:
            key: the element's key.
            indices: which components.
            values: one for each index.
            types: the types of all components.

        Raises:
            InvalidArgumentError: if they do not fit, or have come already.
            ResourceExhaustedError: if they are larger than the memory limit.
        """
        _check_indices(key, indices, len(values), len(types))
        _check_types([types[i] for i in indices], values)
        parts = [owned(value) for value in values]
        size = bytes_of(tuple(parts))
        if size > self.memory_limit:
            raise ResourceExhaustedError(
                None,
                None,
                f"Attempted to insert tensors with combined size of '{size}' bytes into Staging "
                f"Area with a memory limit of '{self.memory_limit}'.",
            )
        return self.ask(
            self.putters, Put(self, key, dict(zip(indices, parts, strict=True)), len(types))
        )

    def get(self, key: int | None, indices: Sequence[int], types: tuple[DType, ...]) -> Any:
        """Take components of an element, with its key if any will do; a Waiting for one.

        Raises:
            InvalidArgumentError: if they are of other types, or have been taken.
        """
        return self.ask(self.getters, Get(self, key, indices, types))

    def peek(self, key: int, indices: Sequence[int], types: tuple[DType, ...]) -> Any:
        """Return copies of components of an element; a Waiting until it has come.

        Raises:
            InvalidArgumentError: if they are of other types, or have been taken.
        """
        return self.ask(self.peekers, Peek(self, key, indices, types))

    def clear(self) -> None:
        """Drop all elements."""
        with self.changing():
            self.complete.clear()
            self.incomplete.clear()
            self.bytes = 0

    # --- the lock is held -------------------------------------------------------------------------

    def add(self, key: int, parts: dict[int, Any], width: int) -> None:
        """Add components, by index, of an element of that many; it may be complete then."""
        if key in self.complete:
            return  # as in TensorFlow, the first one stays
        if len(parts) == width:  # as in TensorFlow, parts that have come already wait on
            self.complete[key] = [parts[i] for i in range(width)]
            self.bytes += bytes_of(tuple(parts.values()))
            return
        element = self.incomplete.setdefault(key, [None] * width)
        for i in parts:
            if element[i] is not None:
                raise invalid(
                    f"The tensor for index '{i}' for key '{key}' was already initialized '{width}'."
                )
        for i, part in parts.items():
            element[i] = part
        self.bytes += bytes_of(tuple(parts.values()))
        if all(part is not None for part in element):
            self.complete[key] = self.incomplete.pop(key)

    def found(self, key: int, indices: Sequence[int], types: tuple[DType, ...]) -> Parts:
        """Return components of a complete element, which keeps them."""
        element = self.complete[key]
        _check_indices(key, indices, len(types), len(element))
        for i in indices:
            if element[i] is None:
                raise invalid(f"Tensor at index '{i}' for key '{key}' has already been removed.")
        parts = [element[i] for i in indices]
        _check_types(types, parts)
        return parts

    def remove(self, key: int, indices: Sequence[int]) -> int:
        """Take components out of a complete element, without any it is gone; return its width."""
        element = self.complete[key]
        for i in indices:
            self.bytes -= bytes_of((element[i],))
            element[i] = None
        if all(part is None for part in element):
            del self.complete[key]
        return len(element)

    def restore(self, key: int, indices: Sequence[int], parts: Parts, width: int) -> None:
        """Undo `remove`."""
        element = self.complete.setdefault(key, [None] * width)
        for i, part in zip(indices, parts, strict=True):
            element[i] = part
            self.bytes += bytes_of((part,))


class OrderedMapArea(MapArea):
    """The same, whose elements leave in the order of their keys if any will do."""

    def first_key(self) -> int:
        """Return the smallest key."""
        return min(self.complete)


def _check_indices(key: int, indices: Sequence[int], count: int, width: int) -> None:
    if list(indices) != sorted(set(indices)):
        raise invalid("Indices are not strictly ordered", indices=list(indices))
    for i in indices:
        if not 0 <= i < width:
            raise invalid(f"Index '{i}' for key '{key}' was out of bounds '{width}'.")
    if len(indices) != count:
        raise invalid(f"{len(indices)} indices name {count} components")


def _check_types(types: Sequence[DType], parts: Sequence[Any]) -> None:
    found = [np.asarray(part).dtype for part in parts]
    if found != [dtype.numpy for dtype in types]:
        raise invalid(
            f"Mismatch stage/unstage: {len(found)} vs. {len(types)}",
            staged=type_names(map(by_numpy, found)),
            wanted=type_names(types),
        )


# --- attempts -------------------------------------------------------------------------------------


class Put(Attempt):
    """An operation that adds components."""

    __slots__ = ("_area", "_key", "_parts", "_width")

    def __init__(self, area: MapArea, key: int, parts: dict[int, Any], width: int) -> None:
        super().__init__()
        self._area = area
        self._key = key
        self._parts: dict[int, Any] | None = parts
        self._width = width

    def advance(self) -> Turn:
        """Add them if there is room."""
        area = self._area
        if self._parts is not None:
            size = bytes_of(tuple(self._parts.values()))
            if area.bytes + size > area.memory_limit or len(area.complete) >= area.capacity:
                return Turn.STUCK
            area.add(self._key, self._parts, self._width)
            self._parts = None
        return Turn.OVER

    def reason(self) -> str:
        """Say that it is full."""
        return f"staging area '{self._area.name}' is full"


class Peek(Attempt):
    """An operation that looks at components."""

    __slots__ = ("_area", "_indices", "_key", "_parts", "_types")

    def __init__(
        self, area: MapArea, key: int, indices: Sequence[int], types: tuple[DType, ...]
    ) -> None:
        super().__init__()
        self._area = area
        self._key = key
        self._indices = indices
        self._types = types
        self._parts: Parts = []

    def advance(self) -> Turn:
        """Look at them if they are there."""
        if self._key not in self._area.complete:
            return Turn.STUCK
        self._parts = self._area.found(self._key, self._indices, self._types)
        return Turn.OVER

    def outputs(self) -> Any:
        """Return copies: they stay."""
        return [owned(part) for part in self._parts]

    def reason(self) -> str:
        """Say what has not come."""
        return f"staging area '{self._area.name}' has no element of key {self._key}"


class Get(Attempt):
    """An operation that takes components, of one key or of any."""

    __slots__ = ("_any", "_area", "_indices", "_key", "_parts", "_types", "_width")

    def __init__(
        self, area: MapArea, key: int | None, indices: Sequence[int], types: tuple[DType, ...]
    ) -> None:
        super().__init__()
        self._area = area
        self._any = key is None
        self._key = key
        self._indices = indices
        self._types = types
        self._parts: Parts | None = None
        self._width = 0

    def advance(self) -> Turn:
        """Take them if they are there."""
        area = self._area
        if self._parts is None:
            key = (area.first_key() if area.complete else None) if self._any else self._key
            if key is None or key not in area.complete:
                return Turn.STUCK
            self._key = key
            self._parts = area.found(key, self._indices, self._types)
            self._width = area.remove(key, self._indices)
        return Turn.OVER

    def undo(self) -> None:
        """Put them back."""
        if self._parts is not None and self._key is not None:
            self._area.restore(self._key, self._indices, self._parts, self._width)
            self._parts = None

    def outputs(self) -> Any:
        """Return them, with the key if any would do."""
        return [np.array(self._key, np.int64), self._parts] if self._any else self._parts

    def reason(self) -> str:
        """Say what has not come."""
        what = "is empty" if self._any else f"has no element of key {self._key}"
        return f"staging area '{self._area.name}' {what}"
