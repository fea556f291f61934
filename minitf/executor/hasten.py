"""Updates that bring memory back: an optimizer's update runs as soon as its gradient is there.

In the order of construction all updates stand at the end, and until then every gradient waits in
memory.  This pass moves each update to the place just behind what it needs.

**Invariants**
1. What was before an update and uses a variable that it changes stays before it, and so does what
   changes a variable that it reads: every read gives the value of the order of construction.
2. The new order is one of the legal ones: an update moves to the front only, and behind what it
   waits for; handles, constants and reads of variables that nobody has changed come along.  A
   cluster counts as standing where its last operation stands.
3. Only an optimizer's updates move, whose only effect is on their variables, and whose outputs
   nobody reads.  Nothing moves in a step that branches or loops, or where a handle comes from
   elsewhere than the operation that makes it.

Worked example, with gradients gv and gw of two layers, in order of construction:

    gw = ...;  gx = ...;  gv = f(gx);  update(v, gv);  update(w, gw)
    hastened: gw, update(w, gw), gx, gv, update(v, gv): gw is not in memory while f runs

Source: 2015 §4.1 (memory: a better order), §5.2 (the order in which nodes run limits memory).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping

from minitf.devices import Cluster
from minitf.executor.loops import CONTROL_FLOW
from minitf.executor.prune import Subgraph
from minitf.executor.variable_uses import READS, VARIABLES, Name, VariableUses, is_handle
from minitf.operation import Operation

LEAST_HASTENED_BYTES = 1 << 18  # smaller gradients may wait
_EARLY = VARIABLES | READS | {"Const"}
_UPDATES = ("Apply", "ResourceApply")  # how the names of their ops begin


def hastened(
    subgraph: Subgraph,
    clusters: Iterable[Cluster] = (),
    least_bytes: int = LEAST_HASTENED_BYTES,
) -> list[Operation]:
    """Return the operations of a subgraph in the order in which they are to run.

    Args:
        subgraph: left as it is.
        clusters: operations that run as one.
        least_bytes: how large a gradient must be; one of unknown size may wait.

    Source: 2015 §4.1.
    """
    operations = subgraph.operations
    if any(operation.type in CONTROL_FLOW for operation in operations):
        return operations
    users = _Users(subgraph)
    if users.has_unknown:
        return operations
    order = {operation: float(i) for i, operation in enumerate(operations)}
    inside: dict[Operation, float] = {}  # operation of a cluster -> where that stands
    for cluster in clusters:
        inside |= dict.fromkeys(cluster.operations, order[cluster.operations[-1]])
    stands = order | inside
    moved: dict[Operation, float] = {}
    for operation in operations:
        if (
            operation in inside
            or users.reads_outputs_of(operation)
            or not _is_update(operation, subgraph, least_bytes)
        ):
            continue
        sources, earlier = users.needed_by(operation)
        here = order[operation]
        along, needed = users.parted(sources, order, inside)
        needed += [each for each in earlier if order[each] < here and each not in along]
        behind = max((stands[each] for each in needed if each in order), default=-1.0)
        if behind < here:
            moved[operation] = behind + 0.5
            for each in along:
                moved[each] = min(moved.get(each, order[each]), behind + 0.25)
    return sorted(operations, key=lambda operation: moved.get(operation, order[operation]))


def _is_update(operation: Operation, subgraph: Subgraph, least_bytes: int) -> bool:
    if not operation.type.startswith(_UPDATES):
        return False
    gradients = [tensor for tensor in operation.inputs if not is_handle(tensor)]
    return any(
        tensor.static_shape.is_full
        and int(tensor.static_shape.size) * tensor.dtype.size >= least_bytes
        and subgraph.source(tensor) not in subgraph.constants
        for tensor in gradients
    )


class _Users:
    """Who uses which variable, and how; who reads whose outputs.

    Attributes:
        has_unknown: whether a handle comes from elsewhere than the operation that makes it.
    """

    def __init__(self, subgraph: Subgraph) -> None:
        self._subgraph = subgraph
        self._uses = VariableUses(subgraph)
        self.has_unknown = self._uses.has_unknown
        self._readers: dict[Name, list[Operation]] = defaultdict(list)
        self._writers: dict[Name, list[Operation]] = defaultdict(list)
        self._is_read: set[Operation] = {t.op for t in subgraph.request.fetches}
        for operation in subgraph.operations:
            self._is_read.update(subgraph.source(tensor).op for tensor in operation.inputs)
            for variable, is_read in self._uses.of(operation):
                (self._readers if is_read else self._writers)[variable].append(operation)

    def reads_outputs_of(self, operation: Operation) -> bool:
        """Tell whether anybody reads an operation's outputs."""
        return operation in self._is_read

    def needed_by(self, update: Operation) -> tuple[list[Operation], list[Operation]]:
        """Return what an update waits for; and who uses its variables, before it or after."""
        subgraph = self._subgraph
        sources = [subgraph.source(tensor).op for tensor in update.inputs]
        sources += subgraph.control_sources(update)
        users = []
        for variable, is_read in self._uses.of(update):
            users += self._writers[variable]
            users += () if is_read else self._readers[variable]
        return sources, users

    def parted(
        self,
        sources: list[Operation],
        order: Mapping[Operation, float],
        fixed: Container[Operation],
    ) -> tuple[set[Operation], list[Operation]]:
        """Part what an update waits for: what it can take along to the front, and the rest.

        Args:
            sources: what it waits for.
            order: the operations of the subgraph.
            fixed: operations that stay where they are.
        """
        along: set[Operation] = set()
        rest = []
        for operation in sources:
            if operation not in order:  # known beforehand, or fed
                continue
            if operation in fixed or not self._is_early(operation, order):
                rest.append(operation)  # and nobody asks for what it waits for, which may be much
                continue
            before = [self._subgraph.source(tensor).op for tensor in operation.inputs]
            inner, needed = self.parted(before, order, fixed)
            if needed:
                rest.append(operation)
            else:
                along |= {operation, *inner}
        return along, rest

    def _is_early(self, operation: Operation, order: Mapping[Operation, float]) -> bool:
        """Tell whether an operation, once its inputs are there, could as well run first of all."""
        if operation.type not in _EARLY or self._subgraph.control_sources(operation):
            return False
        writers = [each for name, _ in self._uses.of(operation) for each in self._writers[name]]
        return all(order[each] > order[operation] for each in writers)
