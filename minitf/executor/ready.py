"""The ready queue: nodes whose last token has come, and which of them fires next.

The papers leave the order open, and results are equal under every one.  The policies here are for
different ends: `Fifo` is the paper's, `InOrder` lets temporaries die early and is what sessions
use, `Lifo` and `Shuffled` are for tests.

Source: 2015 §3.1 (the order of the ready queue is not specified), §4.1.
"""

from __future__ import annotations

import heapq
import itertools
import random
from collections import deque
from typing import TYPE_CHECKING, Protocol

from minitf.executor.plan import Node

if TYPE_CHECKING:
    from minitf.executor.frames import Iteration

Item = tuple[Node, "Iteration"]


class Ready(Protocol):
    """The ready queue; which item `take` takes is its policy."""

    def __len__(self) -> int: ...

    def append(self, item: Item, /) -> None:
        """Add a node that has become ready, and its tag."""

    def take(self) -> Item:
        """Remove and return one."""


class Fifo(deque[Item]):
    """First come, first served: nodes fire in the order in which they got ready."""

    take = deque.popleft


class Lifo(deque[Item]):
    """Last come, first served: depth first."""

    take = deque.pop


class InOrder:
    """The first of the plan: the order in which the program made the operations.

    Temporaries die early that way, and it is the order of the generated code (`straightline.py`).

    Source: 2015 §4.1 (memory: ties are broken by the order of construction).
    """

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Item]] = []
        self._serial = itertools.count()

    def __len__(self) -> int:
        return len(self._heap)

    def append(self, item: Item, /) -> None:
        """Add a node that has become ready, and its tag."""
        heapq.heappush(self._heap, (item[0].index, next(self._serial), item))

    def take(self) -> Item:
        """Remove and return the one whose node stands first in the plan."""
        return heapq.heappop(self._heap)[2]


class Shuffled(list[Item]):
    """Any ready node; which one, a seed decides."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._random = random.Random(seed)

    def take(self) -> Item:
        """Remove and return a random item."""
        chosen = self._random.randrange(len(self))
        self[chosen], self[-1] = self[-1], self[chosen]
        return self.pop()
