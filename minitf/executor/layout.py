"""Lays a plan out as a program of blocks, if its structure is known (`structure.py`).

Every node is a vertex; so is a loop, which waits for all that enters it, and each side of a Merge.
The vertices of a table are put in order, each after those it waits for, and what lives on a branch
goes into the block of that branch.

**Invariant**: what a loop gives is there when all of it has run, and it begins when all that enters
it is there.

Worked example, `y = f(x) if p else x` and `z = g(y)`:

    [Branch(p, yes=[Call(f), y := f], no=[y := x]), Call(g)]

Source: 2015 §3.1 (order of execution), §4.4.
"""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np

from minitf.executor.blocks import BODY, HEAD, TAIL, Vertex, in_blocks
from minitf.executor.invariants import compute_once
from minitf.executor.lines import kind_of, waiting
from minitf.executor.plan import Node, Plan
from minitf.executor.regions import (
    Assign,
    Block,
    Call,
    Fixed,
    Local,
    Loop,
    Operand,
    Program,
    Statement,
)
from minitf.executor.structure import (
    SWITCHES,
    Condition,
    Conditions,
    Scope,
    Structure,
    UnstructuredError,
)

_MOST_LOOPS = 15  # in each other: Python takes no more than 20
_POSITIONS = tuple([Fixed(np.int32(position)) for position in range(2)])


def lay_out(plan: Plan) -> Program:
    """Return a plan as a program.

    Raises:
        UnstructuredError: if the order of its nodes is known only when they run.
    """
    structure = Structure(plan)
    root = structure.scopes[plan]
    layout = _Layout(structure, root)
    block = layout.blocks()[HEAD]
    compute_once(block)
    fed = tuple([Local(plan.source, output) for output in range(plan.source.width)])
    return Program(block, fed, tuple(layout.fetched), tuple(layout.perhaps_dead))


class _Layout:
    """One table.

    Attributes:
        fetched: at the root, what is fetched.
        perhaps_dead: the part of that which is on branches.
    """

    def __init__(self, structure: Structure, scope: Scope, depth: int = 0) -> None:
        if depth > _MOST_LOOPS:
            raise UnstructuredError("its loops lie too deep in each other")
        self.fetched: list[Operand] = []
        self.perhaps_dead: list[Local] = []
        self._structure = structure
        self._scope = scope
        self._depth = depth
        self._vertices: dict[Hashable, Vertex] = {}
        self._ranks: dict[Condition, tuple[int, int]] = {}

    def blocks(self) -> tuple[Block, Block, Block]:
        """Return what runs before the loop's test, behind it, and when the loop is left."""
        self._add_vertices()
        self._join()
        return in_blocks(list(self._vertices.values()), self._ranks)

    # --- vertices --------------------------------------------------------------------------------

    def _add_vertices(self) -> None:
        structure, scope = self._structure, self._scope
        for node in scope.table.nodes:
            conditions = structure.of[node]
            if node in structure.arms:
                self._add_arms(node)
            statement = self._call(node) if structure.is_called(node) else None
            wait = f"'{node.name}'" if waiting([node]) else ""
            self._add(node, node.index, conditions, statement, wait)
            if node.enters is not None and node.enters not in self._vertices:
                loop = self._loop(structure.scopes[node.enters])
                self._add(node.enters, node.index, conditions, loop)
        if scope.parent is None:
            self._add_fetches()

    def _add(
        self,
        key: Hashable,
        index: int,
        conditions: Conditions,
        statement: Statement | None,
        wait: str = "",
    ) -> None:
        """Add a vertex, in the part of the loop that its conditions tell."""
        test, part = self._scope.test, HEAD
        if test is not None:
            for side, there in ((1, BODY), (0, TAIL)):
                if (test, side) in conditions:
                    part, conditions = there, conditions - {(test, side)}
        for condition in conditions:
            if condition not in self._ranks:
                self._ranks[condition] = self._depth_of(condition[0]), len(self._ranks)
        self._vertices[key] = Vertex(index, part, conditions, statement, wait)

    def _depth_of(self, predicate: Operand) -> int:
        """Return how many branches a predicate is on."""
        if not isinstance(predicate, Local):
            return 0
        node = predicate.node
        is_here = self._structure.home[node] is self._scope
        return len(self._structure.of[node]) if is_here else 0

    def _call(self, node: Node) -> Call:
        width = 0 if kind_of(node) in SWITCHES else node.width
        outputs = tuple([Local(node, output) for output in range(width)])
        return Call(node, self._structure.inputs(node), outputs, node.reads)

    def _add_arms(self, merge: Node) -> None:
        for position, (value, conditions) in enumerate(self._structure.arms[merge]):
            targets = [Local(merge, 0), Local(merge, 1)]
            statement = Assign(targets, [value, _POSITIONS[position]])
            self._add((merge, position), merge.index, conditions, statement)

    def _loop(self, scope: Scope) -> Loop:
        structure = self._structure
        head, body, tail = _Layout(structure, scope, self._depth + 1).blocks()
        variables = [node for node in scope.table.nodes if structure.is_loop_variable(node)]
        locals_ = [Local(merge, 0) for merge in variables]
        ends = [structure.ends_of(merge) for merge in variables]
        assert scope.test is not None
        changed = [i for i, (_, following) in enumerate(ends) if following != locals_[i]]
        body.append(Assign([locals_[i] for i in changed], [ends[i][1] for i in changed]))
        start = Assign(locals_, [first for first, _ in ends])
        return Loop(scope.table, start, head, scope.test, body, tail)

    def _add_fetches(self) -> None:
        """Add an Assign for each fetched value that a branch decides about."""
        structure, scope = self._structure, self._scope
        sink = structure.plan.sink
        for position, slot in enumerate(range(sink.first, sink.last)):
            value = structure.operand(scope, slot)
            conditions = structure.conditions_at(scope, slot)
            if conditions:
                target = Local(sink, position)
                self._add((sink, position), sink.index, conditions, Assign([target], [value]))
                self.perhaps_dead.append(target)
                value = target
            self.fetched.append(value)

    # --- who waits for whom ----------------------------------------------------------------------

    def _join(self) -> None:
        structure, scope = self._structure, self._scope
        for node in scope.table.nodes:
            vertex = self._vertices[node]
            for each in scope.waits.get(node.index, ()):
                self._before(each, vertex)
            arms = structure.arms.get(node, ())
            for position, slot in enumerate(range(node.first, node.last)):
                reader = self._vertices.get((node, position), vertex)
                for source, _ in scope.producers.get(slot, ()):
                    self._before(source, reader)
            for position in range(len(arms)):
                vertex.wait_for(self._vertices[node, position])
            if node.enters is not None:
                self._vertices[node.enters].wait_for(vertex)

    def _before(self, node: Node, vertex: Vertex) -> None:
        """Make a vertex wait for a node; what enters a loop, or comes round, has been."""
        home = self._structure.home[node]
        if home is not self._scope:
            if home.table in self._vertices:
                vertex.wait_for(self._vertices[home.table])
        elif not node.goes_round:
            vertex.wait_for(self._vertices[node])
