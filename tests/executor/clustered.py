"""Run a subgraph with its clusters as single nodes: the smallest executor that can."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from executor.stepping import request_of

from minitf.devices import Cluster, local_devices
from minitf.executor.binding import bound, unpacker
from minitf.executor.fusion import find_clusters, one_by_one
from minitf.executor.optimize import fold_constants, merge_equal
from minitf.executor.prune import Subgraph, prune
from minitf.operation import Operation
from minitf.tensor import Tensor

CPU = local_devices({"CPU": 1})[0]


def optimized(fetched: Sequence[Any], feeds: Sequence[Tensor] = ()) -> Subgraph:
    """Return the subgraph of a request as a Step would plan it."""
    subgraph = prune(request_of(fetched, feeds))
    merge_equal(subgraph)
    fold_constants(subgraph)
    return subgraph


def clusters_of(fetched: Sequence[Any], feeds: Sequence[Tensor] = ()) -> list[Cluster]:
    """Return the clusters of a request on the CPU."""
    return find_clusters(optimized(fetched, feeds), CPU.fuses)


def kernel_of(operation: Operation) -> Any:
    """Return the CPU's kernel of an operation."""
    return bound(CPU.kernel(operation.definition, operation.attrs), operation)


def plain_of(cluster: Cluster) -> Any:
    """Return what computes a cluster by its operations' kernels."""
    return one_by_one(cluster, kernel_of)


def fused_of(cluster: Cluster) -> Any:
    """Return the CPU's kernel of a cluster."""
    return CPU.fused(cluster, plain_of(cluster))


def run_clustered(
    subgraph: Subgraph,
    clusters: Sequence[Cluster],
    feeds: dict[Tensor, Any],
    cluster_kernel: Callable[[Cluster], Any] = plain_of,
) -> list[Any]:
    """Run operations and clusters in any order that their edges allow; return the fetches.

    Raises:
        AssertionError: if some cannot run, since the graph has a cycle.
    """
    values: dict[Tensor, Any] = {**subgraph.constants, **feeds}
    inside = {op for cluster in clusters for op in cluster.operations}
    waiting: list[Operation | Cluster] = [op for op in subgraph.operations if op not in inside]
    waiting += clusters
    left = {*waiting}
    while waiting:
        ready = [node for node in waiting if _is_ready(node, subgraph, values, left)]
        assert ready, f"a cycle of {len(waiting)} nodes"
        for node in ready:
            values |= _run(node, subgraph, values, cluster_kernel)
            left.discard(node)
        waiting = [node for node in waiting if node in left]
    return [values[subgraph.source(tensor)] for tensor in subgraph.request.fetches]


def _is_ready(node: Any, subgraph: Subgraph, values: dict[Tensor, Any], left: set[Any]) -> bool:
    if isinstance(node, Cluster):
        return all(tensor in values for tensor in node.inputs)
    sources = [subgraph.source(tensor) for tensor in node.inputs]
    waits = subgraph.control_sources(node)
    return all(tensor in values for tensor in sources) and not any(op in left for op in waits)


def _run(
    node: Any, subgraph: Subgraph, values: dict[Tensor, Any], cluster_kernel: Any
) -> dict[Tensor, Any]:
    with np.errstate(all="ignore"):
        if isinstance(node, Cluster):
            found = cluster_kernel(node)(*[values[tensor] for tensor in node.inputs])
            return dict(zip(node.outputs, _all(found, node.outputs), strict=True))
        inputs = [values[subgraph.source(tensor)] for tensor in node.inputs]
        found = kernel_of(node)(*inputs)
    unpack = unpacker(node.definition)
    made = (found,) if unpack is None else unpack(found)
    return {t: v for t, v in zip(node.outputs, made, strict=False) if t not in values}


def _all(found: Any, outputs: Sequence[Tensor]) -> Any:
    return (found,) if len(outputs) == 1 else found
