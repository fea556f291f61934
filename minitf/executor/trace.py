"""What happened in a run, when, and in which thread: events, and their two public forms.

**State** (`Trace`): a record per node that fired, in order of their starts: times in nanoseconds,
the thread, what came out.  Values are described, not held: tracing must not keep them alive.

`step_stats` gives TensorFlow's StepStats for `RunMetadata`; `chrome_trace` gives the rows that
chrome://tracing and Perfetto read.

Source: 2015 §9.2 (tracing: order and timing of each dispatch); OSDI §5.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.executor.frames import ALL_DEAD, Iteration
from minitf.executor.plan import Node


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


class Trace:
    """An Observer that records a run.

    Source: 2015 §9.2.
    """

    def __init__(self) -> None:
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
        record.started_ns = self._now_ns()

    def finished(self, node: Node, at: Iteration, outputs: Sequence[Any]) -> None:
        """Note that a node's outputs are there."""
        record = self._records.get((node, at.tag))
        if record is None:  # the source
            return
        record.finished_ns = self._now_ns()
        record.is_dead = outputs is ALL_DEAD
        if not record.is_dead:
            record.outputs = [
                Output(slot, dtypes.by_numpy(value.dtype), value.shape, value.nbytes)
                for slot, value in enumerate(outputs)
                if isinstance(value, (np.ndarray, np.generic))
            ]

    @property
    def records(self) -> list[Record]:
        """The records of the operations that fired, in order of their starts."""
        fired = [r for r in self._records.values() if r.node.operation is not None and r.started_ns]
        return sorted(fired, key=lambda record: record.started_ns)


def label(node: Node) -> str:
    """Return TensorFlow's label of a node: `h = MatMul(x, w/read)`."""
    operation = node.operation
    assert operation is not None
    inputs = ", ".join(tensor.op.name for tensor in operation.inputs)
    return f"{operation.name} = {operation.type}({inputs})"


def step_stats(records: Iterable[Record], device: str) -> Any:
    """Return the records as a StepStats message.

    Source: 2015 §9.2; TensorFlow's step_stats.proto.
    """
    from minitf import protos

    stats = protos.StepStats()
    on_device = stats.dev_stats.add(device=device)
    threads: dict[int, int] = {}
    for record in records:
        start_us = record.started_ns // 1000
        elapsed_ns = record.finished_ns - record.started_ns
        row = on_device.node_stats.add(
            node_name=record.node.name,
            timeline_label=label(record.node),
            scheduled_micros=record.scheduled_ns // 1000,
            scheduled_nanos=record.scheduled_ns,
            all_start_micros=start_us,
            all_start_nanos=record.started_ns,
            op_end_rel_micros=elapsed_ns // 1000,
            op_end_rel_nanos=elapsed_ns,
            all_end_rel_micros=elapsed_ns // 1000,
            all_end_rel_nanos=elapsed_ns,
            thread_id=threads.setdefault(record.thread_id, len(threads)),
        )
        for output in record.outputs:
            description = row.output.add(slot=output.slot).tensor_description
            description.dtype = output.dtype.enum
            for size in output.shape:
                description.shape.dim.add(size=size)
            description.allocation_description.requested_bytes = output.nbytes
            description.allocation_description.allocated_bytes = output.nbytes
            description.allocation_description.allocator_name = "cpu"
    return stats


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
            "name": record.node.operation.type if record.node.operation else record.node.name,
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
