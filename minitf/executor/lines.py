"""What a plan without branches runs, in order, and where each value comes from.

**State**, constant once made: the nodes that are left to run, and for each slot the place of its
value, looked up through operations that hand their input on.

**Invariants**
1. The order is that of `ready.InOrder`: of the nodes that could run, the first of the plan; but
   one that may wait for what others do comes when nothing else could run.
2. An operation that hands its input on (Identity, StopGradient) is left out, and NoOp too, unless
   `keeps_all`.  The handles of variables and queues are constants then: whoever runs the nodes sees
   that none was dropped (`ResourceStore.removals`).

Source: 2015 §3.1 (order of execution).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from minitf.errors import OpError
from minitf.executor.plan import Node, Plan

# Give the handle of a variable or queue: the same in every run, until somebody drops it.
HANDLES = frozenset(("VarHandleOp", "Variable", "VariableV2")) | {
    *("FIFOQueueV2", "PaddingFIFOQueueV2", "PriorityQueueV2", "RandomShuffleQueueV2"),
}
HANDED_ON = frozenset(("Identity", "StopGradient", "PreventGradient"))


class Place(NamedTuple):
    """Where a value is: an output of a node; or, if that is -1, the constant in slot `output`."""

    node: int
    output: int


class Lines:
    """The nodes of a plan that run, and the places of values.

    Args:
        plan: without loops or branches.
        keeps_all: whether also operations that hand their input on are executed.

    Attributes:
        nodes: source and sink left out, in order.
        handles: the place of a handle -> the variable or handle.

    Source: 2015 §3.1.
    """

    def __init__(self, plan: Plan, *, keeps_all: bool = False) -> None:
        self.plan = plan
        self.handles: dict[Place, Any] = {}
        self._keeps_all = keeps_all
        self._places = _places(plan)
        self._same: dict[Place, Place] = {}  # output of a node that hands its input on
        self.nodes = [node for node in in_order(plan) if not self._is_handed_on(node)]

    def place(self, slot: int) -> Place:
        """Return where the value of a slot comes from."""
        found = self._places[slot]
        return self._same.get(found, found)

    def inputs(self, node: Node) -> list[Place]:
        """Return where the inputs of a node come from."""
        return [self.place(slot) for slot in range(node.first, node.last)]

    def _is_handed_on(self, node: Node) -> bool:
        """Note an operation that is left out: whoever reads its output reads its input."""
        operation = node.operation
        if self._keeps_all or operation is None:
            return False
        if operation.type == "NoOp":
            return True
        if operation.type in HANDLES and not node.controls:
            return self._is_constant(node)
        if operation.type not in HANDED_ON or node.reads:
            return False
        self._same[Place(node.index, 0)] = self.place(node.first)
        return True

    def _is_constant(self, node: Node) -> bool:
        """Note a handle, unless its resource cannot be had: then the run says why."""
        try:
            self.handles[Place(node.index, 0)] = node.kernel()
        except OpError:
            return False
        return True


def in_order(plan: Plan) -> list[Node]:
    """Return the nodes in the order in which they run, source and sink left out.

    Source: 2015 §3.1.
    """
    return [node for node, _ in _fired(plan)][1:]


def waiting(nodes: Iterable[Node]) -> str:
    """Name a node that may wait for something outside the step, "" if there is none."""
    for node in nodes:
        if node.operation is not None and node.operation.definition.is_asynchronous:
            return f"'{node.name}' ({kind_of(node)}) waits for what others do"
    return ""


def kind_of(node: Node) -> str:
    """Return the type of a node's operation, "" if it has none."""
    return "" if node.operation is None else node.operation.type


def contested(plan: Plan) -> str:
    """Name two nodes that may both wait and of which either could go first, "" if there are none.

    They have no order: while one waits the other must be able to run.  Where Recvs are all that
    waits they have one, which the partitions of a step agree on (`partition.py`).

    Source: 2015 §5.3.
    """
    if not waiting(node for node in plan.nodes if kind_of(node) != "_Recv"):
        return ""
    for node, left in _fired(plan):
        if left and waiting([node]):
            return f"'{node.name}' and '{plan.nodes[left[0][1]].name}' wait for what others do"
    return ""


def _fired(plan: Plan) -> Iterator[tuple[Node, list[tuple[bool, int]]]]:
    """Yield the nodes in order, each with those that could run instead: may it wait, its index."""
    pending = list(plan.pending)
    may_wait = [bool(waiting([node])) for node in plan.nodes]
    ready = [(False, plan.source.index)]
    while ready:
        node = plan.nodes[heapq.heappop(ready)[1]]
        yield node, ready
        for reader in (*(reader for _, _, reader in node.edges), *node.controls):
            pending[reader] -= 1
            if not pending[reader]:
                heapq.heappush(ready, (may_wait[reader], reader))


def _places(plan: Plan) -> dict[int, Place]:
    """Return where the value of each slot comes from."""
    places = {slot: Place(-1, slot) for slot in range(len(plan.values))}
    for node in plan.nodes:
        for output, slot, _ in node.edges:
            places[slot] = Place(node.index, output)
    return places
