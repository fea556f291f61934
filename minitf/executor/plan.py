"""Plan: a subgraph as a flat table of nodes, ready to run.

**State**, all of it constant once made, so any number of runs may share it:
- a `Table` per loop, and the Plan itself, which is that of the root:
  - `nodes`: one Node per operation; the Plan's stand between a *source*, whose outputs are the fed
    values, and a *sink*, whose inputs are the fetched ones.
  - `pending`: per node, how many tokens must arrive before it may fire.
  - `values`: per *slot*, the constant that waits there, else None.  A slot is the place where one
    token waits for its reader: each input of each node has one of its own, and a node's slots are
    neighbours.
- `fetches`: whose values the sink gets, for messages.

**Invariants**
1. Every token goes to one slot and is taken out once.  So a value lives until its last reader takes
   it, and NumPy's reference counts are the liveness counts: no table is kept of them.
2. Every node but the source is reached from the source: nodes without inputs wait for a token of
   control from it.
3. The sink never fires: its count is one too high.  When nothing is ready and nothing outstanding
   it has come down to one, and the sink's slots hold the fetched values.
4. Nodes and slots are numbered within their table, and an edge names a reader of the table that its
   token arrives in.  So an iteration of a loop copies its loop's table and no more.

Worked example: `y = x * x + 1` with x fed, y fetched.  Slots are in brackets.

    0 source           x -> 1[0], 1[1]
    1 Mul    [0, 1]    z -> 2[2]           pending 2
    2 AddV2  [2, 3]    y -> 3[4]           pending 1: the constant 1 waits in slot 3
    3 sink   [4]                           pending 1 + 1

Source: 2015 §3.1 (a count per node of dependencies not yet executed), §4.2 (feed and fetch nodes),
§4.4 (frames); OSDI §3.3 (the subgraph that a device caches).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Any

from minitf.devices import Cluster
from minitf.errors import InvalidArgumentError
from minitf.executor.binding import Kernel, unpacker
from minitf.executor.loops import CONTROL_FLOW, ENTERS, EXITS, MERGES, NEXTS, Loop, Loops
from minitf.executor.prune import Subgraph
from minitf.executor.variable_reads import VariableReads
from minitf.operation import Operation
from minitf.tensor import Tensor

Edge = tuple[int, int, int]  # (output of the producer, slot, index of the reader)
CONTROL = -1  # the slot of a token without data, on its way to a Merge


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A row of the table.

    Attributes:
        index: its place in the nodes of its table.
        operation: what it runs; None for the source, the sink, constants and reads of variables
            that the plan adds, and clusters.
        members: the operations of a cluster.
        kernel: takes the flat inputs, attributes are bound.
        first, last: its slots are `values[first:last]`.
        empty: what its slots hold when their tokens are taken.
        reads: positions of inputs that come as a variable and are wanted as its value.
        unpack: makes a flat tuple of the kernel's result; None if that is the only output.
        width: how many outputs it has.
        edges: where its outputs go.
        controls: who waits for it without data.
        merges: the edges and controls that lead to Merges, which fire on any input.
        enters: the table of the loop that its output enters; None if it enters none.
        exits: whether its output goes to the frame around.
        goes_round: whether its output goes to the next iteration.

    Source: 2015 §3.1, §4.4.
    """

    index: int
    operation: Operation | None
    members: tuple[Operation, ...]
    kernel: Kernel
    first: int
    last: int
    empty: tuple[None, ...]
    reads: tuple[int, ...]
    unpack: Callable[[Any], Any] | None
    width: int
    edges: tuple[Edge, ...]
    controls: tuple[int, ...]
    merges: tuple[Edge, ...]
    enters: Table | None
    exits: bool
    goes_round: bool

    @property
    def name(self) -> str:
        """The operation's name, or what it is for."""
        if self.operation is not None:
            return self.operation.name
        if self.members:
            return ", ".join(operation.name for operation in self.members)
        return "_source" if self.index == 0 else "_fetch"


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """The nodes of a loop: what each of its iterations starts with.

    Attributes:
        nodes, pending, values: as the module's docstring tells.
        name: the loop's; "" for the root.
        parallel_iterations: how many iterations may be under way at once.
        enter_count: how many Enters lead into it.

    Source: 2015 §4.4.
    """

    nodes: tuple[Node, ...]
    pending: tuple[int, ...]
    values: tuple[Any, ...]
    name: str
    parallel_iterations: int
    enter_count: int


@dataclass(frozen=True, slots=True, eq=False)
class Plan(Table):
    """A subgraph, ready to run: immutable, shared by all runs of a Step.

    Source: 2015 §3.1; OSDI §3.3.
    """

    source: Node
    sink: Node
    fetches: tuple[Tensor, ...]
    has_control_flow: bool


@dataclass(slots=True)
class _Draft:
    """A Node while its readers are being found."""

    operation: Operation | None
    kernel: Kernel
    inputs: tuple[Hashable, ...] = ()
    members: tuple[Operation, ...] = ()
    reads: tuple[int, ...] = ()
    unpack: Callable[[Any], Any] | None = None
    width: int = 0
    loop: Loop | None = None
    index: int = 0
    first: int = 0
    edges: list[Edge] = field(default_factory=list)
    controls: list[int] = field(default_factory=list)
    merges: list[Edge] = field(default_factory=list)

    @property
    def is_merge(self) -> bool:
        return self.operation is not None and self.operation.type in MERGES


@dataclass(slots=True)
class _TableDraft:
    """A Table while its nodes are being joined."""

    drafts: list[_Draft] = field(default_factory=list)
    pending: list[int] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)


class Planner:
    """Lays a subgraph out as a Plan.

    Args:
        kernel_of: gives the kernel of an operation, its attributes bound.
        clusters: operations that run as one node, and the kernel of each cluster.

    Source: 2015 §3.1, §4.4.
    """

    def __init__(
        self,
        subgraph: Subgraph,
        kernel_of: Callable[[Operation], Kernel],
        clusters: Mapping[Cluster, Kernel] = MappingProxyType({}),
    ) -> None:
        self._subgraph = subgraph
        self._kernel_of = kernel_of
        self._clusters = {cluster.operations[-1]: (cluster, k) for cluster, k in clusters.items()}
        self._inside = {op for cluster in clusters for op in cluster.operations}
        self._loops = Loops(subgraph)
        self._variables = VariableReads(subgraph)
        self._tables: dict[Loop | None, _TableDraft] = {None: _TableDraft()}
        self._places: dict[Hashable, tuple[_Draft, int]] = {}  # value -> (node, which output)
        self._drafts: dict[Operation, _Draft] = {}

    def plan(self) -> Plan:
        """Return the Plan.

        Raises:
            InvalidArgumentError: if a device has no kernel, an operation that changes a variable
                would get a fed array instead, or a loop is torn.
        """
        subgraph = self._subgraph
        request = subgraph.request
        source = self._add(_Draft(None, _no_kernel), outputs=request.feeds)
        for operation in subgraph.operations:
            if operation not in self._inside:
                draft = self._drafts[operation] = self._drafted(operation)
                self._add(draft, outputs=operation.outputs)
            elif operation in self._clusters:
                self._add_cluster(*self._clusters[operation])
        for draft in self._drafts.values():
            if draft.is_merge:
                draft.inputs = tuple([self._on_its_own(draft, value) for value in draft.inputs])
        self._check_outside_loops()
        sink = self._add(_Draft(None, _no_kernel, tuple(map(self._read, request.fetches))))
        for table in self._tables.values():
            for draft in table.drafts:
                self._connect(table, draft, source)
        self._hold_until_done(sink)
        root = self._finished(None, {})
        return Plan(
            root.nodes,
            root.pending,
            root.values,
            root.name,
            root.parallel_iterations,
            root.enter_count,
            source=root.nodes[source.index],
            sink=root.nodes[sink.index],
            fetches=request.fetches,
            has_control_flow=any(op.type in CONTROL_FLOW for op in subgraph.operations),
        )

    # --- nodes -----------------------------------------------------------------------------------

    def _add(self, draft: _Draft, outputs: Iterable[Hashable] = ()) -> _Draft:
        table = self._tables.setdefault(draft.loop, _TableDraft())
        draft.index = len(table.drafts)
        table.drafts.append(draft)
        for position, value in enumerate(outputs):
            self._places.setdefault(value, (draft, position))  # a feed comes before its producer
            draft.width += 1
        return draft

    def _add_cluster(self, cluster: Cluster, kernel: Kernel) -> None:
        """Add a cluster where its last operation stands."""
        inputs = tuple(map(self._subgraph.source, cluster.inputs))
        is_variable = self._variables.is_variable
        reads = tuple([i for i, tensor in enumerate(inputs) if is_variable(tensor)])
        unpack = tuple if len(cluster.outputs) > 1 else None
        loop = self._loops.of(cluster.members[-1])
        draft = _Draft(None, kernel, inputs, cluster.operations, reads, unpack, loop=loop)
        self._add(draft, outputs=cluster.outputs)

    def _drafted(self, operation: Operation) -> _Draft:
        return _Draft(
            operation,
            self._kernel_of(operation),
            tuple([self._subgraph.source(tensor) for tensor in operation.inputs]),
            (),
            self._variables.positions(operation),
            unpacker(operation.definition),
            loop=self._loops.of(operation),
        )

    def _read(self, tensor: Tensor) -> Hashable:
        """Return what stands for a tensor's value: a variable is read when its handle comes by."""
        source = self._subgraph.source(tensor)
        if not self._variables.is_variable(source):
            return source
        snapshot = ("snapshot", source)
        if snapshot not in self._places:
            loop = self._loops.behind(source.op)
            draft = _Draft(None, _same, (source,), reads=(0,), loop=loop)
            self._add(draft, outputs=(snapshot,))
        return snapshot

    def _on_its_own(self, merge: _Draft, value: Any) -> Hashable:
        """Return what brings an input of a Merge as a token: nothing waits in its slots."""
        if value in self._subgraph.constants:
            constant = ("constant", value)
            kernel = partial(_same, self._subgraph.constants[value])
            self._add(_Draft(None, kernel), outputs=(constant,))
            return constant
        assert merge.operation is not None
        return value if merge.operation.type == "RefMerge" else self._read(value)

    def _check_outside_loops(self) -> None:
        request = self._subgraph.request
        for operation in [*request.targets, *(tensor.op for tensor in request.fetches)]:
            if operation in self._drafts and self._loops.behind(operation) is not None:
                raise InvalidArgumentError(
                    None,
                    operation,
                    f"Operation '{operation.name}' is in a while loop and has been marked as not "
                    "fetchable: it has a value per iteration",
                )

    # --- edges -----------------------------------------------------------------------------------

    def _connect(self, table: _TableDraft, draft: _Draft, source: _Draft) -> None:
        """Give each input a slot; fill it with its constant or join it to its producer."""
        constants: dict[Any, Any] = self._subgraph.constants
        draft.first = len(table.values)
        table.pending.append(1 if draft.is_merge else 0)
        for value in draft.inputs:
            slot = len(table.values)
            table.values.append(constants.get(value))
            if value not in constants:
                producer, output = self._places[value]
                edge = (output, slot, draft.index)
                (producer.merges if draft.is_merge else producer.edges).append(edge)
                table.pending[-1] += not draft.is_merge
        if draft.operation is not None:
            for operation in self._subgraph.control_sources(draft.operation):
                if operation in self._drafts:  # else it was folded, or is fed: it has happened
                    self._control(self._drafts[operation], draft)
        if draft is not source and not table.pending[-1]:
            self._control(source, draft)

    def _control(self, before: _Draft, after: _Draft) -> None:
        if after.is_merge:
            before.merges.append((0, CONTROL, after.index))
        else:
            before.controls.append(after.index)
        self._tables[after.loop].pending[after.index] += 1

    def _hold_until_done(self, sink: _Draft) -> None:
        """Make the sink wait for the targets too, and for one token that never comes."""
        same = self._subgraph.same
        for target in self._subgraph.request.targets:
            draft = self._drafts.get(same.get(target, target))
            if draft is not None:
                self._control(draft, sink)
        self._tables[None].pending[sink.index] += 1

    # --- the result ------------------------------------------------------------------------------

    def _finished(self, loop: Loop | None, inner: dict[Loop, Table]) -> Table:
        """Return the Table of a loop; `inner` holds those of the loops inside that are made."""
        table = self._tables[loop]
        nodes = tuple([self._node(draft, inner) for draft in table.drafts])
        pending, values = tuple(table.pending), tuple(table.values)
        if loop is None:
            return Table(nodes, pending, values, "", 1, 0)
        return Table(nodes, pending, values, loop.name, loop.parallel_iterations, loop.enters)

    def _node(self, draft: _Draft, inner: dict[Loop, Table]) -> Node:
        kind = "" if draft.operation is None else draft.operation.type
        enters = None
        if draft.operation is not None and kind in ENTERS:
            loop = self._loops.behind(draft.operation)
            assert loop is not None
            if loop not in inner:
                inner[loop] = self._finished(loop, inner)
            enters = inner[loop]
        width = len(draft.inputs)
        return Node(
            draft.index,
            draft.operation,
            draft.members,
            draft.kernel,
            draft.first,
            draft.first + width,
            (None,) * width,
            draft.reads,
            draft.unpack,
            draft.width,
            tuple(draft.edges),
            tuple(draft.controls),
            tuple(draft.merges),
            enters,
            kind in EXITS,
            kind in NEXTS,
        )


def _no_kernel(*_: Any) -> Any:
    raise AssertionError("the source and the sink never fire")


def _same(value: Any) -> Any:
    return value
