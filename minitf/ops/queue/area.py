"""Staging areas: tuples of arrays that wait beside a device until a step wants them.

**State** of an `Area`: the elements in order of arrival, their bytes, the lines of those who put,
get and peek.

**Invariants**
1. A put waits while there are `capacity` elements, or while the bytes would exceed `memory_limit`;
   0 sets no limit.
2. A get removes the first element, and waits for one; a peek leaves the element of its index, and
   waits for it.
3. A get that is cancelled after it was served puts its element back in front.

**Departure from TensorFlow**: there a put or get that waits holds a thread of the pool.

Source: 2015 §4.6 (prefetching); TensorFlow's ops of the same names.
"""

import sys
from collections import deque
from typing import Any

import numpy as np

from minitf.dtypes import DType, by_numpy
from minitf.errors import ResourceExhaustedError, invalid
from minitf.ops.queue.elements import Element, owned, type_names
from minitf.waiting import Attempt, Line, Monitor, Turn

Array = np.ndarray[Any, Any]


class Area(Monitor):
    """Elements that wait until a step wants them.

    Args:
        name: its name, for messages.
        capacity: how many it may hold, 0 for any number.
        memory_limit: how many bytes, 0 for any number.

    Source: 2015 §4.6.
    """

    def __init__(self, name: str, capacity: int, memory_limit: int) -> None:
        self.putters: Line = deque()
        self.getters: Line = deque()
        self.peekers: Line = deque()
        super().__init__(self.putters, self.peekers, self.getters)
        self.name = name
        self.capacity = capacity or sys.maxsize
        self.memory_limit = memory_limit or sys.maxsize
        self.elements: deque[Element] = deque()
        self.bytes = 0

    def put(self, values: list[Array]) -> Any:
        """Add an element; None, or a Waiting if there is no room.

        Raises:
            ResourceExhaustedError: if it is larger than the memory limit.
        """
        element = tuple([owned(value) for value in values])
        size = bytes_of(element)
        if size > self.memory_limit:
            raise ResourceExhaustedError(
                None,
                None,
                f"Attempted to insert tensors with combined size of '{size}' bytes into Staging "
                f"Area with a memory limit of '{self.memory_limit}'.",
            )
        return self.ask(self.putters, Put(self, element, size))

    def get(self, types: tuple[DType, ...]) -> Any:
        """Remove and return the first element; a Waiting if there is none.

        Raises:
            InvalidArgumentError: if it is of other types.
        """
        return self.ask(self.getters, Get(self, types))

    def peek(self, index: int, types: tuple[DType, ...]) -> Any:
        """Return a copy of the element of an index; a Waiting if it has not come yet.

        Raises:
            InvalidArgumentError: if it is of other types, or the index is negative.
        """
        if index < 0:
            raise invalid(f"index must not be negative, but is {index}")
        return self.ask(self.peekers, Peek(self, index, types))

    def clear(self) -> None:
        """Drop all elements."""
        with self.changing():
            self.elements.clear()
            self.bytes = 0


def bytes_of(element: Element) -> int:
    """Return how much memory an element takes; of strings, their letters."""
    return sum(
        sum(map(len, array.flat)) if array.dtype.kind == "O" else array.nbytes
        for array in map(np.asarray, element)
    )


class Put(Attempt):
    """An operation that adds an element."""

    __slots__ = ("_area", "_element", "_size")

    def __init__(self, area: Area, element: Element, size: int) -> None:
        super().__init__()
        self._area = area
        self._element: Element | None = element
        self._size = size

    def advance(self) -> Turn:
        """Put it if there is room."""
        area = self._area
        if self._element is not None:
            fits = area.bytes + self._size <= area.memory_limit
            if not fits or len(area.elements) >= area.capacity:
                return Turn.STUCK
            area.elements.append(self._element)
            area.bytes += self._size
            self._element = None
        return Turn.OVER

    def reason(self) -> str:
        """Say that it is full."""
        return f"staging area '{self._area.name}' is full"


class Get(Attempt):
    """An operation that takes the first element."""

    __slots__ = ("_area", "_element", "_types")

    def __init__(self, area: Area, types: tuple[DType, ...]) -> None:
        super().__init__()
        self._area = area
        self._types = types
        self._element: Element | None = None

    def advance(self) -> Turn:
        """Take it if there is one."""
        area = self._area
        if self._element is None:
            if not area.elements:
                return Turn.STUCK
            check_types(self._types, area.elements[0])
            self._element = area.elements.popleft()
            area.bytes -= bytes_of(self._element)
        return Turn.OVER

    def undo(self) -> None:
        """Put it back in front."""
        if self._element is not None:
            self._area.elements.appendleft(self._element)
            self._area.bytes += bytes_of(self._element)
            self._element = None

    def outputs(self) -> Any:
        """Return the element."""
        return self._element

    def reason(self) -> str:
        """Say that it is empty."""
        return f"staging area '{self._area.name}' is empty"


class Peek(Attempt):
    """An operation that looks at an element."""

    __slots__ = ("_area", "_element", "_index", "_types")

    def __init__(self, area: Area, index: int, types: tuple[DType, ...]) -> None:
        super().__init__()
        self._area = area
        self._index = index
        self._types = types
        self._element: Element = ()

    def advance(self) -> Turn:
        """Look at it if it is there."""
        if len(self._area.elements) <= self._index:
            return Turn.STUCK
        self._element = self._area.elements[self._index]
        check_types(self._types, self._element)
        return Turn.OVER

    def outputs(self) -> Any:
        """Return the element, copied: it stays."""
        return [owned(each) for each in self._element]

    def reason(self) -> str:
        """Say how many there are."""
        have = len(self._area.elements)
        return f"staging area '{self._area.name}' has {have} of {self._index + 1} elements"


def check_types(types: tuple[DType, ...], element: Element) -> None:
    """Check that an element that was staged is what the operation that wants it declares.

    Raises:
        InvalidArgumentError: if it is not.
    """
    found = [np.asarray(each).dtype for each in element]
    if found != [dtype.numpy for dtype in types]:
        raise invalid(
            f"Mismatch stage/unstage: {len(found)} vs. {len(types)}",
            staged=type_names(map(by_numpy, found)),
            wanted=type_names(types),
        )
