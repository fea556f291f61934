"""Clusters: operations that a device may run as one, because together they read and write less.

A device says which operations it can fuse; this pass says which of them may be one without anybody
noticing, and joins what pays: a producer with its readers, and readers of the same array.  What
follows from the sizes of arrays alone (Shape, BroadcastGradientArgs, ...) is computed inside a
cluster from the arrays at hand, so that gradients fuse although their sizes are not known yet.

**State** of one pass (`_Search`): what is known beforehand, `sized`; the condensed graph, a vertex
per operation, in which joined ones are one vertex; per vertex a `_Group`, the reach of a cluster.

**Invariants**
1. A cluster has pure operations only, of one device, that live under equal conditions
   (`aliveness`); no control edge leads to or from one, and none of its outputs is fed.
2. The graph with each cluster as one vertex has no cycle (`condensed`).
3. All members share one space of iteration, the largest shape among them: every other shape is part
   of it, or joined to it by broadcasting or reduction.  Where arrays are cut or put together, the
   whole and the parts are such spaces both.
4. Nothing is computed twice but sizes.

Worked example, with `w` a variable and `x` of unknown length:

    p = matmul(x, w);  y = relu(p + b);  loss = sum(y * y);  g = gradients(loss, b)

`p + b`, Relu, Mul, Sum, and all of the gradient to `b` are one cluster: inputs p, b; outputs loss
and g (and y, if somebody else reads it).

Source: no paper; the runtime may replace operations by equal ones (2015 §5.1).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from minitf.devices import Cluster
from minitf.executor.aliveness import ALWAYS, Aliveness, Conditions
from minitf.executor.binding import Kernel, unpacker
from minitf.executor.compile_cost import affordable
from minitf.executor.condensed import Condensed
from minitf.executor.failure import failure_of, shown
from minitf.executor.loops import CONTROL_FLOW
from minitf.executor.optimize import is_pure
from minitf.executor.prune import Subgraph
from minitf.executor.sizes import Sizes, needed_values
from minitf.executor.spaces import PARTS, spaces_of, united, weight
from minitf.operation import Operation
from minitf.shapes import Shape
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
MOST_OPERATIONS = 128  # in one cluster: compiling takes about 4 ms for each
MOST_ARRAYS = 32  # that go in and out of one
# They give their input another shape, name or place: a cluster of nothing else saves nothing.
_VIEWS = PARTS | {
    *("Identity", "StopGradient", "PreventGradient", "Reshape", "ExpandDims", "Squeeze"),
    *("BroadcastTo", "Fill", "ZerosLike", "OnesLike"),
}

# They are several loops by themselves: a cluster of one of them is faster than its body.
_SEVERAL_LOOPS = frozenset(
    ("Sum", "Mean", "Prod", "Max", "Min", "All", "Any", "EuclideanNorm", "L2Loss", "BiasAddGrad")
) | {
    *("Softmax", "LogSoftmax"),
    *("SoftmaxCrossEntropyWithLogits", "SparseSoftmaxCrossEntropyWithLogits"),
}


def is_scalar(operation: Operation) -> bool:
    """Tell whether an operation computes with single numbers."""
    tensors = (*operation.inputs, *operation.outputs)
    return all(tensor.static_shape.rank == 0 for tensor in tensors)


def spares_scalars(subgraph: Subgraph) -> bool:
    """Tell whether single numbers are better computed one by one than in clusters.

    Code with loops has expressions for them; where steps wait there are other threads, and a
    compiled function lets them go first.
    """
    return any(
        each.type in CONTROL_FLOW or each.definition.is_asynchronous for each in subgraph.operations
    )


def find_clusters(subgraph: Subgraph, fusable: Callable[[Operation], bool]) -> list[Cluster]:
    """Return the clusters of a subgraph, in the order of their last operations.

    Args:
        subgraph: pruned and optimized.
        fusable: tells whether the device of an operation can fuse it.
    """
    return _Search(subgraph, fusable).clusters()


def one_by_one(cluster: Cluster, kernel_of: Callable[[Operation], Kernel]) -> Kernel:
    """Return a function that computes a cluster by the kernels of its operations.

    Args:
        cluster: what to compute.
        kernel_of: gives the kernel of an operation, its attributes bound.

    Raises:
        OpError: from the function, if an operation fails.
    """
    steps = [
        (kernel_of(op), op, operands, unpacker(op.definition))
        for op, operands in cluster.operands.items()
    ]

    def run(*inputs: Any) -> Any:
        values: dict[Tensor, Any] = dict(cluster.constants)
        values.update(zip(cluster.inputs, inputs, strict=True))
        for kernel, op, operands, unpack in steps:
            arrays = [values[tensor] for tensor in operands]
            try:
                result = kernel(*arrays)
            except Exception as error:  # noqa: BLE001 a kernel may raise anything
                raise failure_of(error, op, arrays) from shown(error)
            made = (result,) if unpack is None else unpack(result)
            values.update(zip(op.outputs, made, strict=True))
        found = tuple(values[tensor] for tensor in cluster.outputs)
        return found if len(found) != 1 else found[0]

    return run


# --- the search ----------------------------------------------------------------------------------


@dataclass
class _Group:
    """What joined operations have in common, and what they read and make."""

    device: str
    alive: Conditions
    spaces: tuple[Shape, ...]
    operations: list[Operation]
    reads: set[Tensor]
    makes: set[Tensor]

    def with_other(self, other: _Group) -> _Group | None:
        """Return what the two are together, None if they should stay apart."""
        if self.device != other.device or self.alive != other.alive:
            return None
        operations = self.operations + other.operations
        reads, makes = self.reads | other.reads, self.makes | other.makes
        if len(operations) > MOST_OPERATIONS or len(reads - makes) > MOST_ARRAYS:
            return None
        spaces = united(self.spaces, other.spaces)
        if spaces is None:
            return None
        return _Group(self.device, self.alive, spaces, operations, reads, makes)


class _Search:
    """One pass over a subgraph; the module's docstring tells its state."""

    def __init__(self, subgraph: Subgraph, fusable: Callable[[Operation], bool]) -> None:
        self._subgraph = subgraph
        self._fusable = fusable
        self._order = _in_order(subgraph)
        self._place = {op: i for i, op in enumerate(self._order)}
        self._tied = self._tied_operations()
        self._alive = Aliveness(subgraph, self._order)
        self._sizes = Sizes(subgraph, self._order, self._tied)

    def clusters(self) -> list[Cluster]:
        """Return the clusters."""
        members = [op for op in self._order if self._may_join(op)]
        groups = [group.operations for group in self._joined(members)]
        worthy = [
            operations
            for operations in groups
            if sum(op.type not in _VIEWS for op in operations) > 1
            or any(op.type in _SEVERAL_LOOPS for op in operations)
        ]
        in_order = [sorted(each, key=self._place.__getitem__) for each in worthy]
        return self._made(affordable(in_order, self._subgraph, self._sources))

    def _tied_operations(self) -> set[Operation]:
        """Return the operations that a feed, a target or a control edge touches."""
        subgraph = self._subgraph
        same = subgraph.same
        tied = {tensor.op for tensor in subgraph.request.feeds}
        tied.update(same.get(op, op) for op in subgraph.request.targets)
        for op in self._order:
            waits = subgraph.control_sources(op)
            tied.update(waits)
            if waits:
                tied.add(op)
        return tied

    def _may_join(self, op: Operation) -> bool:
        """Tell whether an operation may be in a cluster at all."""
        if op in self._tied or op in self._sizes.roots or not is_pure(op.definition):
            return False
        if op.type == "Identity" and op.inputs[0].dtype.is_ref:
            return False  # `v/read` stands for the variable
        if not all(self._sizes.is_known(op, i) for i in needed_values(op)):
            return False
        alive = ALWAYS.union(*map(self._alive.of_tensor, self._reads(op)))
        return alive == self._alive.of(op) and self._fusable(op)

    def _reads(self, op: Operation) -> list[Tensor]:
        """Return the tensors that a member reads, or of which it wants to know the shape."""
        found = [t for i in range(len(op.inputs)) for t in self._sizes.read_for(op, i)]
        return list(dict.fromkeys(found))

    # --- joining ---------------------------------------------------------------------------------

    def _joined(self, members: list[Operation]) -> list[_Group]:
        """Join what may and should be joined, later operations to earlier ones."""
        place = self._place
        condensed = Condensed(self._edges(set(members)), len(place))
        groups: dict[int, _Group] = {}  # vertex of the condensed graph -> what it stands for
        readers: dict[Tensor, Operation] = {}  # the last member that read it
        for op in members:
            reads = self._reads(op)
            alive = self._alive.of(op)
            made = set(op.outputs)
            groups[place[op]] = _Group(
                op.device, alive, spaces_of(op, reads), [op], set(reads), made
            )
            for tensor in sorted(reads, key=lambda t: weight(t.static_shape), reverse=True):
                beside = readers.get(tensor) if tensor.static_shape.rank != 0 else None
                readers[tensor] = op
                for partner in (tensor.op, beside):
                    if partner is not None and partner in place:
                        self._join(condensed, groups, place[partner], place[op])
        return list(groups.values())

    @staticmethod
    def _join(condensed: Condensed, groups: dict[int, _Group], one: int, other: int) -> None:
        """Join the groups of two vertices if both have one, it pays and closes no cycle."""
        one, other = condensed.group(one), condensed.group(other)
        if one == other or one not in groups or other not in groups:
            return
        both = groups[one].with_other(groups[other])
        if both is not None and condensed.merge(one, other):
            del groups[one], groups[other]
            groups[condensed.group(one)] = both

    def _edges(self, members: set[Operation]) -> Iterator[tuple[int, int]]:
        """Walk the pairs (before, after) of places in the order."""
        place, subgraph = self._place, self._subgraph
        fed = subgraph.request.feeds
        for op in self._order:
            if op in members:
                needed = [tensor.op for tensor in self._reads(op) if tensor not in fed]
            else:
                needed = _needed(subgraph, op)
            for each in needed:
                if each in place:
                    yield place[each], place[op]

    # --- clusters --------------------------------------------------------------------------------

    def _made(self, groups: Sequence[Sequence[Operation]]) -> list[Cluster]:
        """Return the clusters of groups of operations."""
        cluster_of = {op: i for i, ops in enumerate(groups) for op in ops}
        spared = self._spared(cluster_of)
        used: set[Tensor] = {self._subgraph.source(t) for t in self._subgraph.request.fetches}
        for op in self._order:
            if op in spared:
                continue
            for tensor in self._reads(op) if op in cluster_of else self._sources(op):
                if cluster_of.get(op, -1) != cluster_of.get(tensor.op, -2):
                    used.add(tensor)
        clusters = []
        for ops in groups:
            sizes = self._sizes_for(ops)
            own = [op for op in sizes if op in spared]
            spared -= set(own)
            clusters.append(self._cluster(ops, sizes, own, used))
        return sorted(clusters, key=lambda cluster: self._place[cluster.members[-1]])

    def _cluster(
        self,
        ops: Sequence[Operation],
        sizes: list[Operation],
        own: list[Operation],
        used: set[Tensor],
    ) -> Cluster:
        made = [tensor for op in ops for tensor in op.outputs]
        reads = dict.fromkeys(t for op in ops for t in self._reads(op))
        for tensor in made:
            reads.pop(tensor, None)
        order = sorted((*ops, *sizes), key=self._place.__getitem__)
        operands = {op: tuple(self._sources(op)) for op in order}
        known = self._subgraph.constants
        constants = {t: known[t] for each in operands.values() for t in each if t in known}
        for tensor in reads:
            constants.pop(tensor, None)
        return Cluster(
            operations=tuple(sorted((*ops, *own), key=self._place.__getitem__)),
            inputs=tuple(reads),
            outputs=tuple(tensor for tensor in made if tensor in used),
            constants=constants,
            sizes=tuple(sizes),
            operands=operands,
        )

    def _sources(self, op: Operation) -> list[Tensor]:
        return [self._subgraph.source(tensor) for tensor in op.inputs]

    def _sizes_for(self, ops: Sequence[Operation]) -> list[Operation]:
        """Return the sized operations that members need, in order."""
        found: set[Operation] = set()
        stack = [
            tensor.op
            for op in ops
            for i, tensor in enumerate(self._sources(op))
            if self._sizes.is_known(op, i) and tensor.op in self._sizes.roots
        ]
        while stack:
            op = stack.pop()
            if op not in found:
                found.add(op)
                needed = [t.op for t in self._sources(op) if t not in self._subgraph.constants]
                stack += [each for each in needed if each in self._sizes.roots]
        return sorted(found, key=self._place.__getitem__)

    def _spared(self, cluster_of: Mapping[Operation, int]) -> set[Operation]:
        """Return the sized operations that only clusters need, or others that are spared."""
        fetched = {self._subgraph.source(t).op for t in self._subgraph.request.fetches}
        wanted: set[Operation] = set()  # by somebody who runs
        spared: set[Operation] = set()
        for op in reversed(self._order):
            if op in self._sizes.roots and op not in wanted and op not in fetched:
                spared.add(op)
            elif op not in cluster_of:
                wanted.update(tensor.op for tensor in self._sources(op))
            else:
                wanted.update(tensor.op for tensor in self._reads(op))
        return spared


def _needed(subgraph: Subgraph, op: Operation) -> list[Operation]:
    """Return what must run before an operation; a loop's way back does not count."""
    sources = [subgraph.source(tensor) for tensor in op.inputs]
    known = subgraph.constants
    fed = subgraph.request.feeds
    needed = [tensor.op for tensor in sources if tensor not in known and tensor not in fed]
    if op.type.removeprefix("Ref") == "Merge":
        needed = [each for each in needed if each.type.removeprefix("Ref") != "NextIteration"]
    return needed + subgraph.control_sources(op)


def _in_order(subgraph: Subgraph) -> list[Operation]:
    """Return the operations, each after what it needs; as constructed where that leaves a choice.

    Operations on a cycle, which no run ends, are left out, and so are those after them.
    """
    here = {op: i for i, op in enumerate(subgraph.operations)}
    waits: dict[Operation, int] = {}
    readers: dict[Operation, list[Operation]] = {op: [] for op in here}
    for op in subgraph.operations:
        needed = {each for each in _needed(subgraph, op) if each in here}
        waits[op] = len(needed)
        for each in needed:
            readers[each].append(op)
    ready = [i for op, i in here.items() if not waits[op]]
    order = []
    while ready:
        op = subgraph.operations[heapq.heappop(ready)]
        order.append(op)
        for each in readers[op]:
            waits[each] -= 1
            if not waits[each]:
                heapq.heappush(ready, here[each])
    return order
