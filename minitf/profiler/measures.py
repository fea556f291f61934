"""What is known of each operation: of its graph, of an operation log, of the steps that it ran in.

    known = measure(graph, {0: run_metadata}, op_log)      # name -> Measures
    known["conv/Conv2D"].costs["float_ops"]

Source: TensorFlow 1.15's tf.profiler; `step_stats.proto`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from minitf.graph import Graph
from minitf.graph_keys import GraphKeys
from minitf.operation import Operation
from minitf.profiler.statistics import get_stats_for_node_def

COSTS = (
    "exec_micros",
    "accelerator_exec_micros",
    "cpu_exec_micros",
    "requested_bytes",
    "peak_bytes",
    "residual_bytes",
    "output_bytes",
    "parameters",
    "float_ops",
)
"""The numbers of an operation, as the messages call them."""

_TRAINABLE = "_trainable_variables"
_VARIABLES = ("Variable", "VariableV2", "VarHandleOp")
_WHOLE_STEP = "step"  # the entry of memory that is not the node's own: `executor.trace`


@dataclass
class Measures:
    """One operation: its numbers, how often it ran, where, and by which marks it is accounted."""

    op: Operation
    types: set[str]
    costs: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COSTS, 0))
    run_count: int = 0
    devices: tuple[str, ...] = ()


def measure(
    graph: Graph, steps: Mapping[int, Any], op_log: Any = None, step: int = -1
) -> dict[str, Measures]:
    """Return what is known of each operation of a graph, by name.

    Args:
        graph: the graph.
        steps: number of a step -> its RunMetadata.
        op_log: an OpLogProto with types and operations counted by the user.
        step: which step's times and bytes; -1 is the mean of all.

    Raises:
        ValueError: if there is no such step.
    """
    if step >= 0 and step not in steps:
        raise ValueError(f"There is no step {step}: known are {sorted(steps)}")
    trainable = {each.op.name for each in graph.get_collection(GraphKeys.TRAINABLE_VARIABLES)}
    known = {op.name: _static(graph, op, op.name in trainable) for op in graph.get_operations()}
    for entry in op_log.log_entries if op_log is not None else ():
        if entry.name in known:
            known[entry.name].types.update(entry.types)
            if entry.float_ops:
                known[entry.name].costs["float_ops"] = entry.float_ops
    chosen = [steps[step]] if step >= 0 else list(steps.values())
    for metadata in chosen:
        for device in metadata.step_stats.dev_stats:
            for node in device.node_stats:
                name = node.node_name.partition(":")[0]
                if name in known:
                    _add_run(known[name], device.device, node)
    if len(chosen) > 1:
        for each in known.values():
            for cost in COSTS[:-2]:  # what a graph says is no sum over steps
                each.costs[cost] //= max(each.run_count, 1)
    return known


def _static(graph: Graph, op: Operation, is_trainable: bool) -> Measures:
    """Return what the graph says: parameters, operations."""
    known = Measures(op, {op.type, *([op.device] if op.device else [])})
    if is_trainable:
        known.types.add(_TRAINABLE)
    if op.type in _VARIABLES:
        known.costs["parameters"] = math.prod(max(size, 0) for size in variable_sizes(op))
    try:
        count = get_stats_for_node_def(graph, op.node_def, "flops").value
    except ValueError:  # of a shape that only a run will tell
        count = None
    known.costs["float_ops"] = int(count or 0)
    return known


def variable_sizes(op: Operation) -> list[int]:
    """Return the sizes of a variable, -1 for one that is unknown; [0] if not even the rank is."""
    shape = op.get_attr("shape")
    return [0] if shape.unknown_rank else [each.size for each in shape.dim]


def _add_run(known: Measures, device: str, node: Any) -> None:
    """Add the times and bytes of one run of an operation, on one device."""
    micros = max(node.all_end_rel_micros, 1)
    own = [entry for entry in node.memory if entry.allocator_name != _WHOLE_STEP]
    of_cpu = "cpu" in device.lower()
    added = {
        "exec_micros": micros,
        "cpu_exec_micros" if of_cpu else "accelerator_exec_micros": micros,
        "requested_bytes": sum(entry.total_bytes for entry in own),
        "peak_bytes": sum(entry.peak_bytes for entry in own),
        "residual_bytes": sum(entry.live_bytes for entry in own),
        "output_bytes": _bytes_of(node.output) if own else 0,
    }
    for cost, value in added.items():
        known.costs[cost] += value
    known.run_count += 1
    if device not in known.devices:
        known.devices += (device,)
    known.types.add(device)


def _bytes_of(outputs: Iterable[Any]) -> int:
    return sum(each.tensor_description.allocation_description.requested_bytes for each in outputs)
