"""Puts what runs in one table in order, and into the blocks of the branches that it lives on.

**Invariants**
1. Whoever waits for something, with data or without, comes after it.
2. Of several that could come next it is one that stays in the present block, or goes least far;
   among equals the first of the plan, as in `lines.py`.  One that may wait for what others do comes
   when nothing else could, and no other such one that lives beside it.
3. In a loop what the test does not decide comes before it, what it admits behind it, what leaves
   with it last.
4. The block of a branch lies in those that its predicate depends on.

Source: 2015 §3.1 (order of execution), §4.4.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Mapping, Sequence

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
        wait: how messages name it if it may wait for what others do, else "".
        before: how many it still waits for.
        after: who waits for it.
    """

    __slots__ = ("after", "before", "conditions", "index", "part", "statement", "wait")

    def __init__(
        self,
        index: int,
        part: int,
        conditions: Conditions,
        statement: Statement | None,
        wait: str = "",
    ) -> None:
        self.index = index
        self.part = part
        self.conditions = conditions
        self.statement = statement
        self.wait = wait
        self.before = 0
        self.after: list[Vertex] = []

    def wait_for(self, earlier: Vertex) -> None:
        """Come after another."""
        earlier.after.append(self)
        self.before += 1

    def excludes(self, other: Vertex) -> bool:
        """Tell whether it and another live on two sides of one branch."""
        return any((test, 1 - side) in other.conditions for test, side in self.conditions)


def in_blocks(vertices: Sequence[Vertex], ranks: Ranks) -> tuple[Block, Block, Block]:
    """Return what runs before a loop's test, behind it, and when the loop is left.

    Args:
        vertices: of one table, in its order.
        ranks: of each condition, how deep the block of its predicate lies at least, and a number.

    Raises:
        UnstructuredError: if there is no such order.
    """
    ready = _Ready(ranks)
    for vertex in [each for each in vertices if not each.before]:
        ready.add(vertex)
    part = HEAD
    while (first := ready.first_part()) is not None:
        if first < part:
            raise UnstructuredError("the condition of a loop depends on its body")
        part = first
        ready.add_after(ready.take(part))
    if any(vertex.before for vertex in vertices):
        raise UnstructuredError("what enters a loop depends on what leaves it")
    head, body, tail = (part.block for part in ready.parts)
    return head, body, tail


class _Place:
    """A block that vertices may go to: a part's outermost one, or that of a branch in another.

    Attributes:
        condition: of the branch, None of the outermost.
        parent: the place around, None of the outermost.
        inner: the places in it, by condition.
        ready: vertices that wait for nobody, the first of the plan on top.
        count: how many there are, those of inner places among them.
        waiting: inner places that have any, or had, by the first they had.
        block: where its statements go now: it changes when others come between.
    """

    def __init__(self, condition: Condition | None = None, parent: _Place | None = None) -> None:
        self.condition = condition
        self.parent = parent
        self.inner: dict[Condition, _Place] = {}
        self.ready: list[tuple[int, int, Vertex]] = []
        self.count = 0
        self.waiting: list[tuple[int, int, _Place]] = []
        self.block: Block = []

    def first_inner(self) -> _Place:
        """Return the inner place with the first vertex; there is one."""
        while not self.waiting[0][2].count:
            heapq.heappop(self.waiting)
        return self.waiting[0][2]

    def other_side(self) -> _Place | None:
        """Return the place of the other side of its branch."""
        assert self.condition is not None
        assert self.parent is not None
        test, side = self.condition
        return self.parent.inner.get((test, 1 - side))


class _Ready:
    """The vertices that wait for nobody, in their places; those without statement pass.

    Attributes:
        parts: the outermost places, of HEAD, BODY and TAIL.
    """

    def __init__(self, ranks: Ranks) -> None:
        self.parts = [_Place() for _ in range(3)]
        self._present = list(self.parts)  # where the last statement of each part went
        self._late: list[Vertex] = []  # those that may wait for what others do
        self._places: dict[tuple[int, Conditions], _Place] = {}
        self._ranks = ranks
        self._serial = itertools.count()

    def first_part(self) -> int | None:
        """Return the first part in which there is any, None if there is none.

        Raises:
            UnstructuredError: if of two that may wait for what others do either could go first.
        """
        if self._late and not any(each.count for each in self.parts):
            self._add_late()
        return next((i for i, each in enumerate(self.parts) if each.count), None)

    def add(self, vertex: Vertex) -> None:
        """Add one that waits for nobody."""
        if vertex.statement is None:
            self.add_after(vertex)
        elif vertex.wait:
            self._late.append(vertex)
        else:
            self._put(vertex)

    def _add_late(self) -> None:
        first = min(self._late, key=lambda vertex: vertex.index)
        self._late.remove(first)
        for other in self._late:
            if not first.excludes(other):
                raise UnstructuredError(f"{first.wait} and {other.wait} wait for what others do")
        self._put(first)

    def _put(self, vertex: Vertex) -> None:
        place: _Place | None = self._place(vertex.part, vertex.conditions)
        assert place is not None
        key = vertex.index, next(self._serial)
        heapq.heappush(place.ready, (*key, vertex))
        while place is not None:
            place.count += 1
            if place.count == 1 and place.parent is not None:
                heapq.heappush(place.parent.waiting, (*key, place))
            place = place.parent

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

    def take(self, part: int) -> Vertex:
        """Remove the vertex that goes least far from the last, put it down and return it."""
        place = self._present[part]
        while not place.count:
            other, around = place.other_side(), place.parent
            assert around is not None, "the part has some"
            place = other if other is not None and other.count else around
        while not place.ready:
            place = place.first_inner()
        vertex = heapq.heappop(place.ready)[2]
        assert vertex.statement is not None
        self._open(place, self._present[part]).append(vertex.statement)
        self._present[part] = place
        around = place
        while around is not None:
            around.count -= 1
            around = around.parent
        return vertex

    def _place(self, part: int, conditions: Conditions) -> _Place:
        """Return the place where all of some conditions hold."""
        found = self._places.get((part, conditions))
        if found is None:
            found = self.parts[part]
            path = sorted(conditions, key=self._ranks.__getitem__)
            if len(path) > _MOST_DEEP:
                raise UnstructuredError("its branches lie too deep in each other")
            for condition in path:
                found = found.inner.setdefault(condition, _Place(condition, found))
            self._places[part, conditions] = found
        return found

    def _open(self, place: _Place, present: _Place) -> Block:
        """Return the block of a place, a new one unless the present place is in it."""
        path = _path(place)
        kept = 0
        for one, other in zip(path, _path(present), strict=False):
            if one is not other:
                break
            kept += 1
        for around, inner in itertools.pairwise(path[max(kept - 1, 0) :]):
            assert inner.condition is not None
            test, side = inner.condition
            last = around.block[-1] if around.block else None
            if not isinstance(last, Branch) or last.test != test:
                last = Branch(test)
                around.block.append(last)
            inner.block = last.yes if side else last.no
        return place.block


def _path(place: _Place) -> list[_Place]:
    """Return the places around a place and itself, the outermost first."""
    path = [place]
    while path[-1].parent is not None:
        path.append(path[-1].parent)
    return path[::-1]
