"""Operations as a tree of name scopes, some open and some closed, so that a drawing has room.

**State**: a `Box` for each operation or scope that is visible.  A leaf is an operation or a closed
scope; an open scope is drawn around its children.

**Invariants**
1. Each operation has one leaf: itself or the closed scope that holds it.
2. There are at most `most` leaves, however large the graph is.

Worked example: with room for three leaves, `a`, `s/b`, `s/c`, `t/d`, `t/e`, `t/f` become the leaves
`a`, `s` and `t` (the last two closed); with room for four, `s` is open.

Source: 2015 §9.1 ("collapses nodes into high-level blocks").
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from minitf.operation import Operation

_DEEPEST = 16  # scopes within scopes; a name with more is drawn in the last of them


@dataclass(eq=False)
class Box:
    """An operation or a scope in a drawing.

    Attributes:
        name: with all scopes; "" is the root.
        parent: the scope around it; None for the root.
        operation: what it stands for, if it is no scope.
        children: what is directly in a scope, in order of construction.
        count: how many operations it holds.
        is_open: whether a scope's children are drawn.
        x, y, width, height: where it is drawn, relative to its parent's corner.
    """

    name: str
    parent: Box | None = None
    operation: Operation | None = None
    children: list[Box] = field(default_factory=list)
    count: int = 1
    is_open: bool = False
    x: float = 0
    y: float = 0
    width: float = 0
    height: float = 0

    @property
    def label(self) -> str:
        """The last part of the name, and how much a closed scope holds."""
        last = self.name.rpartition("/")[2]
        return last if self.operation is not None or self.is_open else f"{last} ({self.count})"

    @property
    def ancestors(self) -> list[Box]:
        """The root, the scopes around it, and itself, from the outside in."""
        above = [] if self.parent is None else self.parent.ancestors
        return [*above, self]

    def leaves(self) -> Iterator[Box]:
        """Yield the operations and closed scopes that are visible in it."""
        if not self.is_open:
            yield self
        for child in self.children if self.is_open else ():
            yield from child.leaves()


def scope_tree(operations: Sequence[Operation], most: int) -> tuple[Box, dict[Operation, Box]]:
    """Return the root and the leaf of each operation, with at most `most` leaves.

    The smallest scopes are opened first, as long as there is room.
    """
    root = Box("", is_open=True)
    scopes = {"": root}
    own = {op: _add(op, scopes) for op in operations}
    _count(root)
    _open_scopes(root, most)
    _close_rest(root, most)
    return root, {op: _visible(box) for op, box in own.items()}


def _add(op: Operation, scopes: dict[str, Box]) -> Box:
    parts = op.name.split("/")
    scope = scopes[""]
    for depth in range(1, min(len(parts), _DEEPEST)):
        name = "/".join(parts[:depth])
        if name not in scopes:
            scopes[name] = Box(name, scope)
            scope.children.append(scopes[name])
        scope = scopes[name]
    box = Box(op.name, scope, op)
    scope.children.append(box)
    return box


def _count(box: Box) -> int:
    if box.operation is None:
        box.count = sum(map(_count, box.children))
    return box.count


def _scopes_in(box: Box) -> Iterable[tuple[int, str, Box]]:
    return ((child.count, child.name, child) for child in box.children if child.operation is None)


def _open_scopes(root: Box, most: int) -> None:
    closed = list(_scopes_in(root))
    heapq.heapify(closed)
    leaves = len(root.children)
    while closed:
        _, _, scope = heapq.heappop(closed)
        leaves += len(scope.children) - 1
        if leaves > most:
            return
        scope.is_open = True
        for entry in _scopes_in(scope):
            heapq.heappush(closed, entry)


def _close_rest(root: Box, most: int) -> None:
    """Put what is too much for the root into one closed scope, as a graph without scopes needs."""
    if len(root.children) <= most:
        return
    rest = Box("...", root, children=root.children[most - 1 :])
    rest.count = sum(child.count for child in rest.children)
    for child in rest.children:
        child.parent = rest
    root.children = [*root.children[: most - 1], rest]


def _visible(box: Box) -> Box:
    """Return the outermost closed scope around a box, else the box itself."""
    return next(each for each in box.ancestors if not each.is_open)
