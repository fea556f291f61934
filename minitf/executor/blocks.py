"""Puts what runs in one table in order, and into the blocks of the branches that it lives on.

**Invariants**
1. Whoever waits for something, with data or without, comes after it.
2. Of several that could come next it is one that stays in the present block, or goes least far;
   among equals the first of the plan, as in `lines.py`.
3. In a loop what the test does not decide comes before it, what it admits behind it, what leaves
   with it last.
4. The block of a branch lies in those that its predicate depends on.

Source: 2015 §3.1 (order of execution), §4.4.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterable, Mapping, Sequence

from minitf.executor.regions import Block, Branch, Statement
from minitf.executor.structure import Condition, Conditions, UnstructuredError

HEAD, BODY, TAIL = range(3)  # of a loop; all that is in no loop is a HEAD
_MOST_DEEP = 60  # blocks in blocks: Python takes no more than 100 indents
Ranks = Mapping[Condition, tuple[int, int]]


class Vertex:
    """What has a place in the order of a table.

    Attributes:
        index: where the plan has it.
        part: HEAD, BODY or TAIL.
        conditions: under which its statement runs, the loop's test aside.
        statement: what it runs, None if nothing.
        before: how many it still waits for.
        after: who waits for it.
    """

    __slots__ = ("after", "before", "conditions", "index", "part", "statement")

    def __init__(
        self, index: int, part: int, conditions: Conditions, statement: Statement | None
    ) -> None:
        self.index = index
        self.part = part
        self.conditions = conditions
        self.statement = statement
        self.before = 0
        self.after: list[Vertex] = []

    def wait_for(self, earlier: Vertex) -> None:
        """Come after another."""
        earlier.after.append(self)
        self.before += 1


def in_blocks(vertices: Sequence[Vertex], ranks: Ranks) -> tuple[Block, Block, Block]:
    """Return what runs before a loop's test, behind it, and when the loop is left.

    Args:
        vertices: of one table, in its order.
        ranks: of each condition, how deep the block of its predicate lies at least, and a number.

    Raises:
        UnstructuredError: if there is no such order.
    """
    builders = [_Builder(ranks) for _ in range(3)]
    ready = _Ready()
    for vertex in [each for each in vertices if not each.before]:
        ready.add(vertex)
    part = HEAD
    while ready:
        vertex = ready.take(part, builders[part].path)
        if vertex.part < part:
            raise UnstructuredError("the condition of a loop depends on its body")
        part = vertex.part
        assert vertex.statement is not None
        builders[part].add(vertex.conditions, vertex.statement)
        ready.add_after(vertex)
    if any(vertex.before for vertex in vertices):
        raise UnstructuredError("what enters a loop depends on what leaves it")
    return builders[HEAD].block, builders[BODY].block, builders[TAIL].block


class _Ready:
    """The vertices that wait for nobody, by part and conditions; those without statement pass."""

    def __init__(self) -> None:
        self._heaps: dict[tuple[int, Conditions], list[tuple[int, int, Vertex]]] = {}
        self._serial = itertools.count()

    def __len__(self) -> int:
        return len(self._heaps)

    def add(self, vertex: Vertex) -> None:
        """Add one that waits for nobody."""
        if vertex.statement is None:
            self.add_after(vertex)
            return
        heap = self._heaps.setdefault((vertex.part, vertex.conditions), [])
        heapq.heappush(heap, (vertex.index, next(self._serial), vertex))

    def add_after(self, vertex: Vertex) -> None:
        """Add whoever waited for a vertex alone."""
        passed = [vertex]
        for each in passed:  # it grows
            for later in each.after:
                later.before -= 1
                if later.before:
                    continue
                if later.statement is None:
                    passed.append(later)
                else:
                    self.add(later)

    def take(self, part: int, path: Sequence[Condition]) -> Vertex:
        """Remove and return the one that goes least far from a block."""

        def cost(key: tuple[int, Conditions]) -> tuple[int, int, int, int]:
            here, conditions = key
            kept, flipped = _common(path if here == part else (), conditions)
            left = len(path) - kept - flipped if here == part else 0
            return here, left, len(conditions) - kept, self._heaps[key][0][0]

        key = min(self._heaps, key=cost)
        heap = self._heaps[key]
        vertex = heapq.heappop(heap)[2]
        if not heap:
            del self._heaps[key]
        return vertex


def _common(path: Sequence[Condition], conditions: Conditions) -> tuple[int, bool]:
    """Return how many blocks of a path stay open, and whether the next has another side to go to.

    Args:
        path: the conditions of the blocks that are open, the outermost first.
        conditions: those to go to.
    """
    kept = 0
    while kept < len(path) and path[kept] in conditions:
        kept += 1
    if kept == len(path):
        return kept, False
    test, side = path[kept]
    return kept, (test, 1 - side) in conditions


class _Builder:
    """Builds a block and those inside.

    Attributes:
        block: what has been built.
        path: the conditions of the inner blocks that are open, the outermost first.
    """

    def __init__(self, ranks: Ranks) -> None:
        self.block: Block = []
        self.path: list[Condition] = []
        self._open: list[Block] = [self.block]
        self._ranks = ranks

    def add(self, conditions: Conditions, statement: Statement) -> None:
        """Add a statement that runs under some conditions."""
        kept, _ = _common(self.path, conditions)
        del self.path[kept:], self._open[kept + 1 :]
        for condition in self._inner(conditions.difference(self.path)):
            self._enter(condition)
        self._open[-1].append(statement)

    def _inner(self, conditions: Iterable[Condition]) -> list[Condition]:
        return sorted(conditions, key=self._ranks.__getitem__)

    def _enter(self, condition: Condition) -> None:
        test, side = condition
        around = self._open[-1]
        last = around[-1] if around else None
        if not isinstance(last, Branch) or last.test != test:
            last = Branch(test)
            around.append(last)
        self.path.append(condition)
        self._open.append(last.yes if side else last.no)
        if len(self.path) > _MOST_DEEP:
            raise UnstructuredError("its branches lie too deep in each other")
