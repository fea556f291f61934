"""A directed graph without cycles whose vertices can be merged for as long as none arises.

**State**: per vertex its neighbours and its rank; `group`, which vertex stands for one merged away.

**Invariants**
1. Ranks ascend along every edge, so a search between two vertices never leaves their ranks.
2. A merge that would close a cycle changes nothing: one would arise exactly if a path leads from
   one of the two to the other through a third.

Worked example: a -> b -> c and a -> c.  Merging a and c is refused, since b would have to run after
and before it; merging a and b, then the result and c, is not.

Source: Pearce and Kelly 2006, "A dynamic topological sort algorithm for directed acyclic graphs".
"""

from __future__ import annotations

from collections.abc import Iterable


class Condensed:
    """The graph; vertices are 0, 1, ..., and every edge leads from a smaller number to a greater.

    Args:
        edges: pairs (before, after).
        count: how many vertices there are.
    """

    def __init__(self, edges: Iterable[tuple[int, int]], count: int) -> None:
        self._group = list(range(count))
        self._rank = list(range(count))
        self._before: list[set[int]] = [set() for _ in range(count)]
        self._after: list[set[int]] = [set() for _ in range(count)]
        for before, after in edges:
            assert before < after, (before, after)
            self._before[after].add(before)
            self._after[before].add(after)

    def group(self, vertex: int) -> int:
        """Return the vertex that stands for this one."""
        while self._group[vertex] != vertex:
            self._group[vertex] = self._group[self._group[vertex]]
            vertex = self._group[vertex]
        return vertex

    def merge(self, one: int, other: int) -> bool:
        """Make two vertices one, unless that would close a cycle; tell whether they are one."""
        one, other = self.group(one), self.group(other)
        if one == other:
            return True
        first, last = sorted((one, other), key=self._rank.__getitem__)
        behind = self._reached(first, last, self._after)
        if any(last in self._after[vertex] for vertex in behind - {first}):
            return False
        ahead = self._reached(last, first, self._before)
        self._rearrange(first, last, behind - {first}, ahead - {last})
        self._replace(first, last)
        return True

    def _reached(self, start: int, limit: int, edges: list[set[int]]) -> set[int]:
        """Return what is reached from `start` by edges, of a rank between it and `limit`."""
        low, high = sorted((self._rank[start], self._rank[limit]))
        found, stack = {start}, [start]
        while stack:
            for vertex in edges[stack.pop()]:
                if low < self._rank[vertex] < high and vertex not in found:
                    found.add(vertex)
                    stack.append(vertex)
        return found

    def _rearrange(self, first: int, last: int, behind: set[int], ahead: set[int]) -> None:
        """Rank what `last` needs, then the two, then what needs `first`, in the ranks of them all.

        The two get one rank, so one is left over.
        """
        rank = self._rank
        ranks = sorted(rank[vertex] for vertex in (first, last, *behind, *ahead))
        order = [*sorted(ahead, key=rank.__getitem__), first, last]
        order += sorted(behind, key=rank.__getitem__)
        for vertex, number in zip(order, ranks, strict=True):
            rank[vertex] = number

    def _replace(self, kept: int, gone: int) -> None:
        """Let `kept` stand for `gone`."""
        self._group[gone] = kept
        for neighbours, back in ((self._before, self._after), (self._after, self._before)):
            for vertex in neighbours[gone]:
                back[vertex].discard(gone)
                if vertex != kept:
                    back[vertex].add(kept)
                    neighbours[kept].add(vertex)
            neighbours[kept].discard(gone)
