"""Timeline: what a step recorded, as a picture for chrome://tracing.

    metadata = tf.RunMetadata()
    sess.run(y, options=tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE), run_metadata=metadata)
    Path("step.json").write_text(Timeline(metadata.step_stats).generate_chrome_trace_format())

Each device has two processes in the picture: `Compute`, whose rows ("lanes") are filled so that
operations at one time stand one below the other, and `Tensors`; the process `Allocators` counts
bytes.  Times are microseconds.

Source: 2015 §9.2; TensorFlow 1.15's tensorflow.python.client.timeline; Chrome's trace-event format.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

_ALLOCATORS = 0  # the process that counts bytes
_LABEL = re.compile(r"(.*) = (.*)\((.*)\)")  # `h = MatMul(x, w/read)`
_Event = dict[str, Any]


class _Row(NamedTuple):
    """One operation in the picture."""

    stats: Any  # its NodeExecStats
    compute: int  # the process of its device
    tensors: int  # the process of its device's tensors
    lane: int

    @property
    def start_us(self) -> int:
        return int(self.stats.all_start_micros)

    @property
    def end_us(self) -> int:
        return int(self.stats.all_start_micros + self.stats.all_end_rel_micros)

    @property
    def op(self) -> str:
        label = _LABEL.match(self.stats.timeline_label)
        return label[2] if label else "unknown"

    @property
    def inputs(self) -> list[str]:
        label = _LABEL.match(self.stats.timeline_label)
        return label[3].split(", ") if label and label[3] else []


class _Made:
    """A tensor: its number, the row that made it, and when it was last used."""

    def __init__(self, number: int, row: _Row, output: Any) -> None:
        allocation = output.tensor_description.allocation_description
        self.number = number
        self.row = row
        self.description = str(output.tensor_description).replace('"', "")
        self.nbytes = int(allocation.requested_bytes)
        self.allocator = allocation.allocator_name
        self.last_use_us = row.end_us


class Timeline:
    """Shows the StepStats of a step.

    Args:
        step_stats: the StepStats of a RunMetadata.
        graph: accepted and without effect, as in TensorFlow.

    Source: 2015 §9.2; TensorFlow 1.15.
    """

    def __init__(self, step_stats: Any, graph: Any = None) -> None:
        self._step_stats = step_stats

    def generate_chrome_trace_format(
        self,
        show_dataflow: bool = True,
        show_memory: bool = False,
        op_time: str = "schedule",
    ) -> str:
        """Return the picture as JSON.

        Args:
            show_dataflow: whether arrows lead from one lane to another with the tensors.
            show_memory: whether tensors and the bytes of each allocator are shown.
            op_time: accepted and without effect.
        """
        devices = [stats.device for stats in self._step_stats.dev_stats]
        events = [_process("Allocators", _ALLOCATORS)]
        for number, device in enumerate(devices):
            events.append(_process(f"{device} Compute", 2 * number + 1))
            events.append(_process(f"{device} Tensors", 2 * number + 2))
        rows = list(self._rows())
        made = _made(rows)
        if show_memory:
            events += _births(made)
        events += _computations(rows, made, show_dataflow=show_dataflow)
        if show_memory:
            events += _deaths(made)
            events += _counters(made)
        return json.dumps({"traceEvents": events}, indent=4, separators=(",", ": "))

    def _rows(self) -> Iterator[_Row]:
        """Yield the operations, each in the first lane of its device that is free."""
        for number, device in enumerate(self._step_stats.dev_stats):
            ends_us = [0]
            for stats in device.node_stats:
                start_us = stats.all_start_micros
                free = (lane for lane, end_us in enumerate(ends_us) if start_us > end_us)
                lane = next(free, len(ends_us))
                row = _Row(stats, 2 * number + 1, 2 * number + 2, lane)
                ends_us[lane : lane + 1] = [row.end_us]
                yield row


def _process(name: str, number: int) -> _Event:
    return {"name": "process_name", "ph": "M", "pid": number, "args": {"name": name}}


def _event(kind: str, category: str, name: str, pid: int, tid: int, at_us: int) -> _Event:
    return {"ph": kind, "cat": category, "name": name, "pid": pid, "tid": tid, "ts": at_us}


def _made(rows: list[_Row]) -> dict[str, _Made]:
    """Return the tensors by name: `split`, `split:1`."""
    made: dict[str, _Made] = {}
    for row in rows:
        for slot, output in enumerate(row.stats.output):
            name = f"{row.stats.node_name}:{slot}" if slot else row.stats.node_name
            made[name] = _Made(len(made), row, output)
    for row in rows:
        for name in row.inputs:
            tensor = made.get(name)
            if tensor is not None:
                tensor.last_use_us = max(tensor.last_use_us, row.end_us - 1)
    return made


def _computations(rows: list[_Row], made: dict[str, _Made], *, show_dataflow: bool) -> list[_Event]:
    """Return the operations, each followed by the arrows of its inputs from other lanes."""
    events: list[_Event] = []
    arrows = 0
    for row in rows:
        at = row.compute, row.lane
        inputs = {f"input{number}": name for number, name in enumerate(row.inputs)}
        events.append(
            _event("X", "Op", row.op, *at, row.start_us)
            | {"dur": row.end_us - row.start_us}
            | {"args": {"name": row.stats.node_name, "op": row.op, **inputs}}
        )
        for name in row.inputs if show_dataflow else ():
            maker = made[name].row if name in made else row
            origin = maker.compute, maker.lane
            if origin != at:
                events.append(_event("s", "DataFlow", name, *origin, maker.end_us) | {"id": arrows})
                events.append(_event("t", "DataFlow", name, *at, row.start_us) | {"id": arrows})
                arrows += 1
    return events


def _births(made: dict[str, _Made]) -> Iterator[_Event]:
    """Yield when each tensor is made, and what it is."""
    for name, tensor in made.items():
        at = tensor.row.tensors, tensor.row.lane
        shown = {"args": {"snapshot": {"tensor_description": tensor.description}}}
        number = {"id": tensor.number}
        yield _event("N", "Tensor", name, *at, tensor.row.start_us) | number
        yield _event("O", "Tensor", name, *at, tensor.row.end_us - 1) | number | shown


def _deaths(made: dict[str, _Made]) -> Iterator[_Event]:
    """Yield when each tensor is used for the last time."""
    for name, tensor in made.items():
        place = tensor.row.tensors, 0
        yield _event("D", "Tensor", name, *place, tensor.last_use_us) | {"id": tensor.number}


def _counters(made: dict[str, _Made]) -> Iterator[_Event]:
    """Yield the bytes of each allocator, after each change."""
    changes: dict[str, list[tuple[int, int, str]]] = {}
    for name, tensor in made.items():
        of_one = changes.setdefault(tensor.allocator, [])
        of_one.append((tensor.row.start_us, tensor.nbytes, name))
        of_one.append((tensor.last_use_us, -tensor.nbytes, name))
    for allocator, of_one in changes.items():
        total = 0
        for at_us, nbytes, _ in sorted(of_one):
            total += nbytes
            counted = {"args": {allocator: total}}
            yield _event("C", "Memory", allocator, _ALLOCATORS, 0, at_us) | counted
