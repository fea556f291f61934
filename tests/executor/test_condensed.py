"""Merging vertices of a graph without cycles makes no cycle, and is refused only where it would."""

from __future__ import annotations

import graphlib

from hypothesis import given
from hypothesis import strategies as st

from minitf.executor.condensed import Condensed

COUNT = 10
EDGES = st.sets(
    st.tuples(st.integers(0, COUNT - 1), st.integers(0, COUNT - 1)).filter(lambda e: e[0] < e[1]),
    max_size=20,
)
MERGES = st.lists(st.tuples(*[st.integers(0, COUNT - 1)] * 2), max_size=15)


def has_cycle(edges, group) -> bool:
    needs: dict[int, set[int]] = {}
    for before, after in edges:
        if group[before] != group[after]:
            needs.setdefault(group[after], set()).add(group[before])
    try:
        graphlib.TopologicalSorter(needs).prepare()
    except graphlib.CycleError:
        return True
    return False


@given(EDGES, MERGES)
def test_a_merge_is_refused_if_and_only_if_it_would_close_a_cycle(edges, merges):
    condensed = Condensed(edges, COUNT)
    for one, other in merges:
        before = [condensed.group(vertex) for vertex in range(COUNT)]
        if_merged = [before[one] if each == before[other] else each for each in before]
        merged = condensed.merge(one, other)
        after = [condensed.group(vertex) for vertex in range(COUNT)]

        assert merged != has_cycle(edges, if_merged)
        assert (after[one] == after[other]) == merged
        assert not has_cycle(edges, after)


def test_a_vertex_between_two_keeps_them_apart():
    condensed = Condensed([(0, 1), (1, 2), (0, 2)], 3)

    assert not condensed.merge(0, 2)
    assert condensed.merge(0, 1)
    assert condensed.merge(2, 0)
    assert len({condensed.group(vertex) for vertex in range(3)}) == 1
