"""Plan: a subgraph as a flat table of nodes, ready to run.

**State**, all of it constant once made, so any number of runs may share it:
- `nodes`: one Node per operation, between a *source*, whose outputs are the fed values, and a
  *sink*, whose inputs are the fetched ones.
- `pending`: per node, how many tokens must arrive before it may fire.
- `fetches`: whose values the sink gets, for messages.
- `values`: per *slot*, the constant that waits there, else None.  A slot is the place where one
  token waits for its reader: each input of each node has one of its own, and a node's slots are
  neighbours.

**Invariants**
1. Every token goes to one slot and is taken out once.  So a value lives until its last reader takes
   it, and NumPy's reference counts are the liveness counts: no table is kept of them.
2. Every node but the source is reached from the source: nodes without inputs wait for a token of
   control from it.
3. The sink never fires: its count is one too high.  When nothing is ready and nothing outstanding
   it has come down to one, and the sink's slots hold the fetched values.

Worked example: `y = x * x + 1` with x fed, y fetched.  Slots are in brackets.

    0 source           x -> 1[0], 1[1]
    1 Mul    [0, 1]    z -> 2[2]           pending 2
    2 AddV2  [2, 3]    y -> 3[4]           pending 1: the constant 1 waits in slot 3
    3 sink   [4]                           pending 1 + 1

Source: 2015 §3.1 (a count per node of dependencies not yet executed), §4.2 (feed and fetch nodes);
OSDI §3.3 (the subgraph that a device caches).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from types import MappingProxyType
from typing import Any

from minitf.devices import Cluster
from minitf.errors import InvalidArgumentError
from minitf.executor.prune import Subgraph
from minitf.op_def import OpDef
from minitf.operation import Operation
from minitf.tensor import Tensor

Kernel = Callable[..., Any]
Edge = tuple[int, int, int]  # (output of the producer, slot, index of the reader)


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A row of the table.

    Attributes:
        index: its place in `Plan.nodes`.
        operation: what it runs; None for the source, the sink, reads of fetched variables and
            clusters.
        members: the operations of a cluster.
        kernel: takes the flat inputs, attributes are bound.
        first, last: its slots are `values[first:last]`.
        empty: what its slots hold when their tokens are taken.
        reads: positions of inputs that come as a variable and are wanted as its value.
        unpack: makes a flat tuple of the kernel's result; None if that is the only output.
        width: how many outputs it has.
        edges: where its outputs go.
        controls: who waits for it without data.

    Source: 2015 §3.1.
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

    @property
    def name(self) -> str:
        """The operation's name, or what it is for."""
        if self.operation is not None:
            return self.operation.name
        if self.members:
            return ", ".join(operation.name for operation in self.members)
        return "_source" if self.index == 0 else "_fetch"


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A subgraph, ready to run: immutable, shared by all runs of a Step.

    Source: 2015 §3.1; OSDI §3.3.
    """

    nodes: tuple[Node, ...]
    pending: tuple[int, ...]
    values: tuple[Any, ...]
    source: Node
    sink: Node
    fetches: tuple[Tensor, ...]


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
    first: int = 0
    edges: list[Edge] = field(default_factory=list)
    controls: list[int] = field(default_factory=list)


class Planner:
    """Lays a subgraph out as a Plan.

    Args:
        kernel_of: gives the kernel of an operation, its attributes bound.
        clusters: operations that run as one node, and the kernel of each cluster.

    Source: 2015 §3.1.
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
        self._drafts: list[_Draft] = []
        self._places: dict[Hashable, tuple[int, int]] = {}  # value -> (node, which output)
        self._index: dict[Operation, int] = {}
        self._passed_on: set[Tensor] = set()  # outputs of `v/read`
        self._pending: list[int] = []
        self._values: list[Any] = []

    def plan(self) -> Plan:
        """Return the Plan.

        Raises:
            InvalidArgumentError: if a device has no kernel, or an operation that changes a
                variable would get a fed array instead.
        """
        request = self._subgraph.request
        self._add(_Draft(None, _no_kernel), outputs=request.feeds)
        for operation in self._subgraph.operations:
            if operation not in self._inside:
                draft = self._drafted(operation)
                self._index[operation] = self._add(draft, outputs=operation.outputs)
            elif operation in self._clusters:
                self._add_cluster(*self._clusters[operation])
        fetches = tuple(self._fetched(tensor) for tensor in request.fetches)
        sink = self._add(_Draft(None, _no_kernel, fetches))
        self._connect()
        self._hold_until_done(sink)
        drafts = self._drafts
        nodes = tuple(self._finished(index, draft) for index, draft in enumerate(drafts))
        return Plan(
            nodes, tuple(self._pending), tuple(self._values), nodes[0], nodes[-1], request.fetches
        )

    def _add(self, draft: _Draft, outputs: Iterable[Hashable] = ()) -> int:
        index = len(self._drafts)
        self._drafts.append(draft)
        for position, value in enumerate(outputs):
            self._places.setdefault(value, (index, position))  # a feed comes before its producer
            draft.width += 1
        return index

    def _add_cluster(self, cluster: Cluster, kernel: Kernel) -> None:
        """Add a cluster where its last operation stands."""
        inputs = tuple(map(self._subgraph.source, cluster.inputs))
        reads = tuple([i for i, tensor in enumerate(inputs) if self._gives_ref(tensor)])
        unpack = tuple if len(cluster.outputs) > 1 else None
        draft = _Draft(None, kernel, inputs, cluster.operations, reads, unpack)
        self._add(draft, outputs=cluster.outputs)

    def _drafted(self, operation: Operation) -> _Draft:
        source = self._subgraph.source
        inputs = tuple([source(tensor) for tensor in operation.inputs])
        reads = self._reads(operation, inputs)
        kernel = self._kernel_of(operation)
        return _Draft(operation, kernel, inputs, (), reads, unpacker(operation.definition))

    def _reads(self, operation: Operation, inputs: tuple[Tensor, ...]) -> tuple[int, ...]:
        """Return the positions of variables that are wanted as their values.

        The Identity `v/read` that every variable has is no read: it stands for the variable, and
        whoever takes its output reads when it fires itself.  So `tf.identity(v)` under a control
        dependency shows what was written before.
        """
        definition = operation.definition
        if stands_for_variable(operation) and self._gives_ref(inputs[0]):
            self._passed_on.add(operation.outputs[0])
            return ()
        if not (_takes_refs(definition) or any(map(self._gives_ref, inputs))):
            return ()
        wanted = definition.input_types(operation.attrs)
        reads = []
        for i, (tensor, dtype) in enumerate(zip(inputs, wanted, strict=True)):
            is_ref = self._gives_ref(tensor)
            if dtype.is_ref and not is_ref:
                raise InvalidArgumentError(
                    None,
                    operation,
                    f"Input {i} of node {operation.name} was passed {tensor.dtype.base_dtype.name} "
                    f"from a feed incompatible with expected {dtype.name}: feed the value "
                    "read from the variable instead of the variable",
                )
            if is_ref and not dtype.is_ref:
                reads.append(i)
        return tuple(reads)

    def _gives_ref(self, tensor: Tensor) -> bool:
        is_ref = tensor.dtype.is_ref or tensor in self._passed_on
        return is_ref and self._places.get(tensor, (-1, 0))[0] != 0

    def _fetched(self, tensor: Tensor) -> Hashable:
        """Return what the sink is to get: a variable is read when its handle comes by."""
        source = self._subgraph.source(tensor)
        if not self._gives_ref(source):
            return source
        snapshot = ("snapshot", source)
        self._add(_Draft(None, _same, (source,), reads=(0,)), outputs=(snapshot,))
        return snapshot

    def _connect(self) -> None:
        """Give each input a slot; fill it with its constant or join it to its producer."""
        constants: dict[Any, Any] = self._subgraph.constants
        for index, draft in enumerate(self._drafts):
            draft.first = len(self._values)
            self._pending.append(0)
            for value in draft.inputs:
                slot = len(self._values)
                self._values.append(constants.get(value))
                if value not in constants:
                    producer, output = self._places[value]
                    self._drafts[producer].edges.append((output, slot, index))
                    self._pending[index] += 1
            if draft.operation is not None:
                for operation in self._subgraph.control_sources(draft.operation):
                    if operation in self._index:  # else it was folded, or is fed: it has happened
                        self._control(self._index[operation], index)
            if index and not self._pending[index]:
                self._control(0, index)

    def _control(self, before: int, after: int) -> None:
        self._drafts[before].controls.append(after)
        self._pending[after] += 1

    def _hold_until_done(self, sink: int) -> None:
        """Make the sink wait for the targets too, and for one token that never comes."""
        same = self._subgraph.same
        for target in self._subgraph.request.targets:
            index = self._index.get(same.get(target, target))
            if index is not None:
                self._control(index, sink)
        self._pending[sink] += 1

    @staticmethod
    def _finished(index: int, draft: _Draft) -> Node:
        width = len(draft.inputs)
        return Node(
            index,
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
        )


def stands_for_variable(operation: Operation) -> bool:
    """Tell whether an operation is the `v/read` of a variable, which readers see through."""
    return (
        operation.type == "Identity"
        and operation.inputs[0].dtype.is_ref
        and operation.name == f"{operation.inputs[0].op.name}/read"
    )


def _no_kernel(*_: Any) -> Any:
    raise AssertionError("the source and the sink never fire")


def _same(value: Any) -> Any:
    return value


# --- calling a body or kernel with flat inputs ----------------------------------------------------


def bound(function: Kernel, operation: Operation, **runtime: Any) -> Kernel:
    """Return a body or kernel as a function of the operation's flat inputs.

    Args:
        function: takes a list for a list input, and attributes by keyword.
        runtime: further keywords, such as the context.
    """
    definition = operation.definition
    attrs = operation.attrs
    keywords = {name: attrs[name] for name in definition.explicit_attrs} | runtime
    if _takes_lists(definition):
        return partial(_grouped, function, _layout(definition, attrs), keywords)
    return partial(function, **keywords) if keywords else function


def _grouped(
    function: Kernel, layout: list[tuple[int, int]], keywords: dict[str, Any], *flat: Any
) -> Any:
    arguments = [
        flat[start] if length < 0 else list(flat[start : start + length])
        for start, length in layout
    ]
    return function(*arguments, **keywords)


def _layout(definition: OpDef, attrs: dict[str, Any]) -> list[tuple[int, int]]:
    """Return where each argument starts and how long it is; -1 for one that is no list."""
    layout, start = [], 0
    for arg in definition.inputs:
        length = definition.length(arg, attrs) if arg.is_list else -1
        layout.append((start, length))
        start += abs(length)
    return layout


@cache
def _takes_lists(definition: OpDef) -> bool:
    return any(arg.is_list for arg in definition.inputs)


@cache
def _takes_refs(definition: OpDef) -> bool:
    return any(arg.is_ref for arg in definition.inputs)


@cache
def unpacker(definition: OpDef) -> Callable[[Any], Any] | None:
    """Return what makes a flat tuple of a body's result; None where that is the one output."""
    outputs = definition.outputs
    if not any(arg.is_list for arg in outputs):
        return None if len(outputs) <= 1 else tuple
    return tuple if len(outputs) == 1 else _flattened


def _flattened(result: Any) -> tuple[Any, ...]:
    return tuple(
        [each for part in result for each in (part if isinstance(part, (list, tuple)) else (part,))]
    )
