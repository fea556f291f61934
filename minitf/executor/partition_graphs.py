"""The partitions of a step as GraphDefs: what `RunMetadata.partition_graphs` holds.

Each stands for itself: what is fed is a Placeholder there, and what was folded a Const.

Source: 2015 §3.2.2; TensorFlow 1.15's RunMetadata.
"""

from __future__ import annotations

from typing import Any

from minitf.executor.lower import lower
from minitf.executor.partitioned import PartitionedStep
from minitf.executor.prune import Subgraph, prune
from minitf.executor.step import AnyStep
from minitf.graph_def import node_def
from minitf.operation import Operation
from minitf.ops import find_op
from minitf.tensor import Tensor


def partition_graphs(step: AnyStep) -> list[Any]:
    """Return a GraphDef per device.

    Source: 2015 §3.2.2.
    """
    from minitf import protos

    if isinstance(step, PartitionedStep):
        subgraphs = [(part.partition.subgraph, part.device.name) for part in step.parts]
    else:
        subgraphs = [(prune(step.request), step.device.name)]
    return [protos.GraphDef(node=nodes_of(subgraph, name)) for subgraph, name in subgraphs]


def executed(step: AnyStep) -> list[tuple[str, Subgraph]]:
    """Return what a step runs on each device, functions lowered as they are when it runs.

    Args:
        step: made without optimizations.

    Source: 2015 §3.2.2.
    """
    if isinstance(step, PartitionedStep):
        return [(part.device.name, part.partition.subgraph) for part in step.parts]
    subgraph = prune(step.request)
    lower(subgraph, dict.fromkeys(subgraph.operations, step.device))
    return [(step.device.name, subgraph)]


def nodes_of(subgraph: Subgraph, device: str) -> list[Any]:
    """Return the NodeDefs of a partition, with one for each value that it is given."""
    here = set(subgraph.operations)
    fed = set(subgraph.request.feeds)
    given: dict[Tensor, Tensor] = {}
    nodes = []

    def supplied(tensor: Tensor) -> Tensor:
        """Return what supplies an input: a node of its own if no operation here does."""
        source = subgraph.source(tensor)
        if source in subgraph.constants or source in fed:
            if source not in given:
                given[source] = _given(source, subgraph, device)
            return given[source]
        return source

    for operation in subgraph.operations:
        inputs = tuple([supplied(tensor) for tensor in operation.inputs])
        shown = Operation(
            operation.graph, operation.definition, operation.name, inputs, operation.attrs
        )
        shown.control_inputs = [op for op in subgraph.control_sources(operation) if op in here]
        shown.device = device
        nodes.append(node_def(shown))
    return [*(node_def(tensor.op) for tensor in given.values()), *nodes]


def _given(tensor: Tensor, subgraph: Subgraph, device: str) -> Tensor:
    """Return a tensor that stands for one that is fed or known."""
    value = subgraph.constants.get(tensor)
    attrs: dict[str, Any] = {"dtype": tensor.dtype.base_dtype}
    attrs |= {"shape": tensor.static_shape} if value is None else {"value": value}
    name = name_of_given(tensor, subgraph)
    kind = find_op("Placeholder" if value is None else "Const")
    made = Operation(tensor.graph, kind, name, (), attrs)
    made.device = device
    return Tensor(made, 0, tensor.dtype.base_dtype, tensor.static_shape)


def name_of_given(tensor: Tensor, subgraph: Subgraph) -> str:
    """Return the name of the node that stands for a tensor that is fed or known."""
    if tensor.value_index or tensor.op in subgraph.operations:  # for whom else its name is
        return f"{tensor.op.name}/_given_{tensor.value_index}"
    return tensor.op.name
