"""Waits that somebody could notice: a step without branches keeps these control edges only.

A program that trains under the moving averages of its batch norms, or uses `tf.losses`, makes every
operation of its gradients wait for all updates, and every update for all gradients.  Each such edge
keeps an operation out of a cluster.  But a sum of two arrays may come before or after another
update; what matters is what reads a variable and what changes it.

**State** (`_Events`): the *events* of the subgraph, which are the operations that read or change
variables, have other effects, or are there to complain; per operation the events before it, as the
bits of a number, by the edges given and by those that are left.

**Invariants**
1. Two events of which one changes a variable that the other uses keep their order.  So do two that
   have effects, and whatever comes before or after an effect on anything but variables.
2. No other operation waits for anything but its inputs.

Worked example, with m a moving average and g, h computed of activations and the weights w:

    a = assign(m, ...);  g waits for a;  update(w, g) waits for g, h and a
    left: update(w, g) waits for a, since both are effects, and for h, if that reads w

**Departure from the paper**: none that a program could see; control edges say what is before what
(2015 §2), and the values are the same.

Source: 2015 §2 "Operations" (control dependencies), §5.1.
"""

from __future__ import annotations

from collections.abc import Iterable

from minitf.executor.optimize import is_pure
from minitf.executor.prune import Subgraph
from minitf.executor.variable_uses import VARIABLES, Name, VariableUses
from minitf.operation import Operation

COMPLAINS = frozenset(("CheckNumerics", "EnsureShape"))  # pure, but there to raise
_READERS = frozenset(("ReadVariableOp", "ResourceGather", "ResourceGatherNd"))
_WRITERS = (  # how the names of ops begin that change variables and nothing else
    *("Apply", "Assign", "ResourceApply", "ResourceScatter", "ResourceSparseApply"),
    *("Scatter", "SparseApply"),
)


def drop_needless_waits(subgraph: Subgraph) -> None:
    """Leave only those control edges that somebody could notice.

    Args:
        subgraph: operations of its own, without loops or branches; their `control_inputs` change.

    Source: 2015 §5.1.
    """
    uses = VariableUses(subgraph)
    if uses.has_unknown or not _waits_for_earlier(subgraph):
        return
    events = _Events(uses)
    for operation in subgraph.operations:
        sources = [subgraph.source(tensor).op for tensor in operation.inputs]
        operation.control_inputs = events.put(
            operation, sources, subgraph.control_sources(operation)
        )


def _waits_for_earlier(subgraph: Subgraph) -> bool:
    """Tell whether all come after what they wait for, as a program that adds edges may not do."""
    place = {operation: i for i, operation in enumerate(subgraph.operations)}
    return all(
        place.get(each, -1) < i
        for operation, i in place.items()
        for each in subgraph.control_sources(operation)
    )


class _Events:
    """What happens in a step, in order; the module's docstring tells the state."""

    def __init__(self, uses: VariableUses) -> None:
        self._uses = uses
        self._events: list[Operation] = []
        self._given: dict[Operation, int] = {}  # operation -> it and the events before it
        self._left: dict[Operation, int] = {}
        self._reads: dict[Operation, set[Name]] = {}
        self._changes: dict[Operation, set[Name]] = {}

    def put(
        self, operation: Operation, sources: list[Operation], waits: list[Operation]
    ) -> list[Operation]:
        """Add the next operation, and return what it has to wait for.

        Args:
            operation: one whose sources and waits were all put before.
            sources: those that make its inputs.
            waits: those that it waits for by the edges given.
        """
        given = _union(self._given, (*sources, *waits))
        left = _union(self._left, sources)
        needed: list[Operation] = []
        if self._is_event(operation):
            for number in reversed(range(len(self._events))):  # later ones imply earlier ones
                bit = 1 << number
                if given & bit and not left & bit and self._matters(number, operation):
                    needed.insert(0, self._events[number])
                    left |= self._left[self._events[number]]
            bit = 1 << len(self._events)
            self._events.append(operation)
            given, left = given | bit, left | bit
        self._given[operation], self._left[operation] = given, left
        return needed

    def _is_event(self, operation: Operation) -> bool:
        uses = list(self._uses.of(operation))
        self._reads[operation] = {name for name, is_read in uses if is_read}
        self._changes[operation] = {name for name, is_read in uses if not is_read}
        if operation.type in VARIABLES:
            return False
        return bool(uses) or not is_pure(operation.definition) or operation.type in COMPLAINS

    def _matters(self, number: int, later: Operation) -> bool:
        """Tell whether the order of an event and a later one may be noticed."""
        earlier = self._events[number]
        if _has_effect(earlier) and _has_effect(later):
            return True
        if earlier.type in COMPLAINS or _has_other_effect(earlier) or _has_other_effect(later):
            return True
        used = self._reads[later] | self._changes[later]
        return not (
            self._changes[earlier].isdisjoint(used)
            and self._changes[later].isdisjoint(self._reads[earlier])
        )


def _has_effect(operation: Operation) -> bool:
    return operation.type not in _READERS and not is_pure(operation.definition)


def _has_other_effect(operation: Operation) -> bool:
    """Tell whether an operation has an effect on anything but variables."""
    return _has_effect(operation) and not operation.type.startswith(_WRITERS)


def _union(bits: dict[Operation, int], operations: Iterable[Operation]) -> int:
    found = 0
    for operation in operations:
        found |= bits.get(operation, 0)
    return found
