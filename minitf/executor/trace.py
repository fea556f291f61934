"""What happened in a run, when, and in which thread: events, and their two public forms.

**State** (`Trace`): a record per node that fired, in order of their starts: times in nanoseconds,
the thread, what came out, what memory it took; the bytes alive (`memory.py`).  Values are
described, not held: tracing must not keep them alive.

`step_stats` gives TensorFlow's StepStats for `RunMetadata`; `chrome_trace` gives the rows that
chrome://tracing and Perfetto read.

Source: 2015 §9.2 (tracing: order and timing of each dispatch); OSDI §5.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.devices import Device
from minitf.executor.frames import ALL_DEAD, Iteration
from minitf.executor.memory import LiveBytes, NodeMemory
from minitf.executor.plan import Node
from minitf.operation import Operation


@dataclass(slots=True)
class Output:
    """What is told of an output: which one, its type and shape, its bytes."""

    slot: int
    dtype: dtypes.DType
    shape: tuple[int, ...]
    nbytes: int


@dataclass(slots=True)
class Record:
    """One firing of one node; times are nanoseconds since the epoch, `tag` names the iteration."""

    node: Node
    tag: str
    scheduled_ns: int
    started_ns: int = 0
    finished_ns: int = 0
    thread_id: int = 0
    is_dead: bool = False
    outputs: list[Output] = field(default_factory=list)
    begun: tuple[int, int] = (0, 0)  # what `LiveBytes.begin` said
    memory: NodeMemory = field(default_factory=NodeMemory)


_ALLOCATOR = "cpu"
_NOWHERE_ELSE: Mapping[Operation, str] = MappingProxyType({})


class Trace:
    """An Observer that records a run.

    Args:
        device: where it runs.

    Attributes:
        bytes: counts the bytes of its values.

    Source: 2015 §9.2.
    """

    def __init__(self, device: Device) -> None:
        self.bytes = LiveBytes(device, self._now_ns)
        self._records: dict[tuple[Node, str], Record] = {}
        self._epoch_ns = time.time_ns() - time.perf_counter_ns()

    def _now_ns(self) -> int:
        return self._epoch_ns + time.perf_counter_ns()

    def scheduled(self, node: Node, at: Iteration) -> None:
        """Note that a node has become ready."""
        self._records[node, at.tag] = Record(node, at.tag, self._now_ns())

    def started(self, node: Node, at: Iteration) -> None:
        """Note that a node's kernel is about to run."""
        record = self._records[node, at.tag]
        record.thread_id = threading.get_ident()
        record.begun = self.bytes.begin()
        record.started_ns = self._now_ns()

    def finished(self, node: Node, at: Iteration, outputs: Sequence[Any]) -> None:
        """Note that a node's outputs are there."""
        record = self._records.get((node, at.tag))
        if record is None:  # the source
            self.bytes.give(outputs)
            return
        record.finished_ns = self._now_ns()
        record.is_dead = outputs is ALL_DEAD
        if not record.is_dead:
            record.memory = self.bytes.end(record.begun, outputs)
            record.outputs = [
                Output(slot, dtypes.by_numpy(value.dtype), value.shape, value.nbytes)
                for slot, value in enumerate(outputs)
                if isinstance(value, (np.ndarray, np.generic))
            ]

    @property
    def records(self) -> list[Record]:
        """The records of the operations that fired, in order of their starts."""
        fired = [r for r in self._records.values() if operations_of(r.node) and r.started_ns]
        return sorted(fired, key=lambda record: record.started_ns)


def operations_of(node: Node) -> tuple[Operation, ...]:
    """Return what a node runs: an operation, those of a cluster, or nothing of the graph."""
    return node.members or (() if node.operation is None else (node.operation,))


def kind_of(node: Node) -> str:
    """Return the type of a node's operation; of a cluster, the types joined: `Mul+AddV2`."""
    return "+".join(operation.type for operation in operations_of(node))


def label(node: Node) -> str:
    """Return TensorFlow's label of a node: `h = MatMul(x, w/read)`."""
    inside = operations_of(node)
    tensors = [tensor for operation in inside for tensor in operation.inputs]
    inputs = [tensor.op.name for tensor in tensors if tensor.op not in inside]
    return f"{inside[-1].name} = {kind_of(node)}({', '.join(inputs)})"


def step_stats(trace: Trace, device: str, placed: Mapping[Operation, str] = _NOWHERE_ELSE) -> Any:
    """Return what was recorded as a StepStats message: a DeviceStepStats per device.

    The last node has one entry of memory more than TensorFlow gives it, named "step": the bytes of
    the whole run, `peak_bytes` the most that were alive at any moment.

    Args:
        trace: of the run.
        device: the name of the first device.
        placed: operation -> the name of its device, where that is another.

    Source: 2015 §9.2; TensorFlow's step_stats.proto.
    """
    from minitf import protos

    stats = protos.StepStats()
    names = [device, *sorted(set(placed.values()) - {device})]
    rows = {name: stats.dev_stats.add(device=name) for name in names}
    threads: dict[int, int] = {}
    row = None
    for record in trace.records:
        last = operations_of(record.node)[-1]
        row = rows[placed.get(last.origin or last, device)].node_stats.add()
        _describe(row, record, threads.setdefault(record.thread_id, len(threads)))
    if row is not None:
        row.memory.add(
            allocator_name="step",
            total_bytes=trace.bytes.total_bytes,
            peak_bytes=trace.bytes.peak_bytes,
            live_bytes=trace.bytes.live_bytes,
        )
    return stats


def _describe(row: Any, record: Record, thread: int) -> None:
    """Fill the row of a node: its times, outputs and memory."""
    start_us = record.started_ns // 1000
    elapsed_ns = record.finished_ns - record.started_ns
    row.node_name = operations_of(record.node)[-1].name
    row.timeline_label = label(record.node)
    row.scheduled_micros = record.scheduled_ns // 1000
    row.scheduled_nanos = record.scheduled_ns
    row.all_start_micros = start_us
    row.all_start_nanos = record.started_ns
    row.op_end_rel_micros = row.all_end_rel_micros = elapsed_ns // 1000
    row.op_end_rel_nanos = row.all_end_rel_nanos = elapsed_ns
    row.thread_id = thread
    for output in record.outputs:
        description = row.output.add(slot=output.slot).tensor_description
        description.dtype = output.dtype.enum
        for size in output.shape:
            description.shape.dim.add(size=size)
        description.allocation_description.requested_bytes = output.nbytes
        description.allocation_description.allocated_bytes = output.nbytes
        description.allocation_description.allocator_name = _ALLOCATOR
    _describe_memory(row, record.memory)


def _describe_memory(row: Any, memory: NodeMemory) -> None:
    """Fill a node's entry for what it took, if it took any memory."""
    taken = memory.live_bytes + memory.scratch_bytes
    if not taken:
        return
    row.memory_stats.temp_memory_size = memory.scratch_bytes
    entry = row.memory.add(
        allocator_name=_ALLOCATOR,
        total_bytes=taken,
        peak_bytes=taken,
        live_bytes=memory.live_bytes,
    )
    for event in memory.allocations:
        entry.allocation_records.add(alloc_micros=event.at_ns // 1000, alloc_bytes=event.nbytes)


def chrome_trace(records: Iterable[Record], device: str) -> list[dict[str, Any]]:
    """Return the records as rows of Chrome's trace-event format: one process, a row per thread.

    Source: 2015 §9.2.
    """
    threads: dict[int, int] = {}
    rows: list[dict[str, Any]] = [
        {"ph": "M", "name": "process_name", "pid": 0, "args": {"name": device}}
    ]
    rows += [
        {
            "ph": "X",
            "name": kind_of(record.node),
            "cat": "op",
            "pid": 0,
            "tid": threads.setdefault(record.thread_id, len(threads)),
            "ts": record.started_ns / 1000,
            "dur": (record.finished_ns - record.started_ns) / 1000,
            "args": {"name": record.node.name, "dead": record.is_dead}
            | ({"iteration": record.tag} if record.tag else {}),
        }
        for record in records
    ]
    return rows
