"""What compiling a step may cost: a bound on operations that differ, so that no step waits minutes.

Compiling takes 5 to 20 ms for each operation of a cluster.  Clusters that compute the same of other
tensors have one text, which is compiled once: ten equal layers cost what one costs.  But a graph of
10,000 operations in irregular order, written by a program, would wait for minutes before its
third run.  There, clusters of the largest arrays are compiled, and the rest is left to kernels.

Source: no paper.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from minitf.executor.prune import Subgraph
from minitf.executor.spaces import weight
from minitf.operation import Operation
from minitf.tensor import Tensor

MOST_DIFFERENT = 512  # operations of clusters with different texts
_SMALL_BYTES = 64  # constants of this size may stand in the text as numbers

Reads = Callable[[Operation], Iterable[Tensor]]


def affordable(
    groups: Sequence[Sequence[Operation]],
    subgraph: Subgraph,
    reads: Reads,
    most: int = MOST_DIFFERENT,
) -> list[Sequence[Operation]]:
    """Return the groups of operations that may be compiled, in the order given.

    Those of large arrays are preferred, among equals those that come first.

    Args:
        groups: each in an order in which it can run, from the subgraph.
        subgraph: all that runs.
        reads: gives the tensors that an operation reads.
        most: how many operations may be in groups of different structure.
    """
    if sum(map(len, groups)) <= most:
        return list(groups)
    group_of = {op: i for i, group in enumerate(groups) for op in group}
    shared = set(map(subgraph.source, subgraph.request.fetches))
    for op in subgraph.operations:
        here = group_of.get(op, -1)
        shared.update(t for t in reads(op) if group_of.get(t.op, here) != here)
    seen: set[Any] = set()
    spent = 0
    chosen = set()
    for i in sorted(range(len(groups)), key=lambda i: _largest(groups[i]), reverse=True):
        structure = _structure(groups[i], subgraph, reads, shared)
        if structure not in seen:
            if spent + len(groups[i]) > most:
                continue
            seen.add(structure)
            spent += len(groups[i])
        chosen.add(i)
    return [groups[i] for i in sorted(chosen)]


def _largest(group: Sequence[Operation]) -> tuple[int, int]:
    return max((weight(t.static_shape) for op in group for t in op.outputs), default=(0, 0))


def _structure(
    group: Sequence[Operation], subgraph: Subgraph, reads: Reads, shared: Collection[Tensor]
) -> tuple[Any, ...]:
    """Return what is equal for groups that compute the same of tensors of the same kind."""
    numbers: dict[Tensor, int] = {}
    found: list[Any] = []
    for op in group:
        # an attribute like `_class`, of the placement, is no matter of what is computed
        attrs = sorted(each for each in op.attrs.items() if not each[0].startswith("_"))
        found.append((op.type, repr(attrs)))
        for tensor in (*reads(op), *op.outputs):
            if tensor not in numbers:
                numbers[tensor] = len(numbers)
                constant = _small(subgraph, tensor)
                found.append((tensor.dtype, tensor.static_shape.rank, constant, tensor in shared))
            found.append(numbers[tensor])
    return tuple(found)


def _small(subgraph: Subgraph, tensor: Tensor) -> bytes | None:
    """Return the value of a tensor that may be written into a text as a number."""
    array = subgraph.constants.get(tensor)
    return None if array is None or array.nbytes > _SMALL_BYTES else array.tobytes()
