"""Where the boxes of a drawn graph stand: layers from top to bottom, scopes around what they hold.

Each open scope is laid out by itself, innermost first: its children are ranked so that edges run
downwards, placed side by side in their ranks, and moved towards what they are joined to.

Source: the layered method of Sugiyama, Tagawa and Toda (1981), without its search for crossings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from minitf.viewer.scope_tree import Box

GAP_X = 14
GAP_Y = 26
PADDING = 10
TITLE = 16  # above the children of a scope
LEAF_HEIGHT = 20
CHARACTER = 6.6  # width of one in the drawing's font

Edge = tuple[Box, Box]


def place(root: Box, edges: Iterable[Edge]) -> None:
    """Set the place and size of every visible box.

    Args:
        root: an open scope; nothing is drawn around it.
        edges: (from, to), both leaves.
    """
    inner: dict[Box, set[Edge]] = defaultdict(set)
    for source, target in edges:
        scope, *ends = _seen_from_common_scope(source, target)
        inner[scope].add((ends[0], ends[1]))
    _place_inside(root, inner)


def corner(box: Box) -> tuple[float, float]:
    """Return the left upper corner of a placed box in the drawing."""
    return sum(each.x for each in box.ancestors), sum(each.y for each in box.ancestors)


def _seen_from_common_scope(source: Box, target: Box) -> tuple[Box, Box, Box]:
    """Return the innermost scope around both, and its children that hold the one and the other."""
    one, other = source.ancestors, target.ancestors
    depth = next(i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a is not b)
    return one[depth - 1], one[depth], other[depth]


def _place_inside(scope: Box, inner: dict[Box, set[Edge]]) -> None:
    for child in scope.children:
        if child.is_open:
            _place_inside(child, inner)
        else:
            child.width, child.height = len(child.label) * CHARACTER + 14, LEAF_HEIGHT
    above: dict[Box, list[Box]] = defaultdict(list)
    below: dict[Box, list[Box]] = defaultdict(list)
    order = {child: i for i, child in enumerate(scope.children)}
    # in a fixed order: the middle of several boxes is a sum, whose rounding depends on it
    for source, target in sorted(inner[scope], key=lambda edge: (order[edge[0]], order[edge[1]])):
        if order[source] < order[target]:  # what runs backwards is drawn, but ranks nothing
            above[target].append(source)
            below[source].append(target)
    title = TITLE if scope.parent is not None else 0
    top = float(PADDING + title)
    for row in _ranks(scope.children, above, below):
        _place_row(row, above)
        for child in row:
            child.y = top
        top += max(child.height for child in row) + GAP_Y
    left = min((child.x for child in scope.children), default=0)
    for child in scope.children:
        child.x += PADDING - left
    right = max((child.x + child.width for child in scope.children), default=0)
    scope.width = max(right, len(scope.label) * CHARACTER + PADDING) + PADDING
    scope.height = top - GAP_Y + PADDING if scope.children else 2 * PADDING


def _ranks(
    boxes: list[Box], above: dict[Box, list[Box]], below: dict[Box, list[Box]]
) -> list[list[Box]]:
    """Return rows of boxes: each one row beneath the lowest above it; sources near their use."""
    rank: dict[Box, int] = {}
    for box in boxes:
        rank[box] = max((rank[each] + 1 for each in above[box]), default=0)
    for box in reversed(boxes):
        if not above[box] and below[box]:
            rank[box] = min(rank[each] for each in below[box]) - 1
    rows: dict[int, list[Box]] = defaultdict(list)
    for box in boxes:
        rows[rank[box]].append(box)
    return [rows[key] for key in sorted(rows)]


def _place_row(row: list[Box], above: dict[Box, list[Box]]) -> None:
    """Place boxes side by side, each as near as may be to the middle of those above it."""
    wanted = {box: _middle(above[box]) - box.width / 2 for box in row if above[box]}
    right = 0.0
    for box in sorted(row, key=lambda box: wanted.get(box, 0)):
        box.x = max(wanted.get(box, right), right)
        right = box.x + box.width + GAP_X


def _middle(boxes: list[Box]) -> float:
    return sum(box.x + box.width / 2 for box in boxes) / len(boxes)
