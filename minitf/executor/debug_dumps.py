"""Debugged runs: each watched output is written to a file of its own as soon as it is there.

    ROOT/_tfdbg_core_metadata_sessionrun00000000000001_TIME
    ROOT/_tfdbg_device_,job_localhost,replica_0,task_0,device_CPU_0/
        _tfdbg_graph_hash..._TIME
        scope/node_0_DebugIdentity_TIME           one file per time that the output was made

TIME is in microseconds since 1970.  Each file is one Event message: the values as tensors of
summaries, the graph of the device with a node for each debug op, and what was fetched and fed.
TensorFlow's `DebugDumpDir` reads these folders, and ours reads TensorFlow's.

**State** of a `Dumps`: what is watched; whom to tell besides.  Of the process: the time given out
last, and how many bytes were written.

**Invariants**
1. Times of one process never repeat, so that files sort in the order of what happened.
2. Values are written in the thread that made them, before any reader runs.

Source: TensorFlow 1.15's tfdbg; no paper.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from minitf import dtypes, protos, tensor_proto
from minitf.dead import DEAD
from minitf.dtypes import DType
from minitf.errors import InvalidArgumentError, ResourceExhaustedError
from minitf.executor.dataflow import Observer
from minitf.executor.debug_ops import IDENTITY, Probe, WatchedOutputs
from minitf.executor.frames import ALL_DEAD, Iteration
from minitf.executor.partition_graphs import executed, nodes_of
from minitf.executor.plan import Node
from minitf.executor.prune import Request
from minitf.executor.step import AnyStep
from minitf.operation import Operation
from minitf.resources import DEFAULT_CONTAINER, Handle, Variable
from minitf.tensor import Tensor

_DISK_LIMIT = "TFDBG_DISK_BYTES_LIMIT"
_DEFAULT_LIMIT_BYTES = 100 << 30


class _Written:
    """What the process has written: the time given out last, and the bytes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last_us = 0
        self._bytes = 0

    def next_us(self) -> int:
        """Return the time in microseconds since 1970, later than any before."""
        with self._lock:
            self._last_us = max(self._last_us + 1, time.time_ns() // 1000)
            return self._last_us

    def reset(self) -> None:
        """Count bytes from zero."""
        with self._lock:
            self._bytes = 0

    def take(self, nbytes: int) -> None:
        """Count bytes that are about to be written.

        Raises:
            ResourceExhaustedError: if they are more than TFDBG_DISK_BYTES_LIMIT allows.
        """
        limit = int(os.environ.get(_DISK_LIMIT) or _DEFAULT_LIMIT_BYTES)
        with self._lock:
            if limit > 0 and self._bytes + nbytes > limit:
                raise ResourceExhaustedError(
                    None,
                    None,
                    "TensorFlow Debugger has exhausted file-system byte-size allowance "
                    f"({limit}), therefore it cannot dump an additional {nbytes} byte(s) of tensor "
                    "data for the debug tensor. You may use the environment variable "
                    f"{_DISK_LIMIT} to set a higher limit.",
                )
            self._bytes += nbytes


_WRITTEN = _Written()


class Dumps:
    """An Observer that writes what is watched.

    Args:
        options: a DebugOptions message.
        step: what is about to run.
        run: the number of the run in its session, from 1 on.
        other: an Observer that is told all the same.

    Raises:
        FailedPreconditionError: if an output cannot be watched as asked.

    Source: TensorFlow 1.15's tfdbg.
    """

    def __init__(
        self, options: Any, step: AnyStep, run: int, other: Observer | None = None
    ) -> None:
        watched = WatchedOutputs(options)
        self._other = other
        self._device = step.device.name
        self._placed = step.placed
        self._sources = {
            part.plan.source: (part.device.name, part.request.feeds) for part in step.parts
        }
        parts = executed(step)
        self._probes: dict[str, dict[int, tuple[Probe, ...]]] = {}
        operations = [each for _, subgraph in parts for each in subgraph.operations]
        made = (tensor for operation in operations for tensor in operation.outputs)
        for tensor in (*step.request.feeds, *made):
            if probes := watched.probes(tensor):
                self._probes.setdefault(tensor.op.name, {})[tensor.value_index] = probes
        if options.reset_disk_byte_usage:
            _WRITTEN.reset()
        graphs = [
            (device, protos.GraphDef(node=nodes_of(subgraph, device))) for device, subgraph in parts
        ]
        self._nodes = {device: {node.name for node in graph.node} for device, graph in graphs}
        self._begin(step.request, graphs, options.global_step, run)

    # --- what is told ----------------------------------------------------------------------------

    def scheduled(self, node: Node, at: Iteration) -> None:
        """Nothing to write."""
        if self._other is not None:
            self._other.scheduled(node, at)

    def started(self, node: Node, at: Iteration) -> None:
        """Nothing to write."""
        if self._other is not None:
            self._other.started(node, at)

    def finished(self, node: Node, at: Iteration, outputs: Sequence[Any]) -> None:
        """Write the outputs that are watched and alive."""
        if self._other is not None:
            self._other.finished(node, at, outputs)
        if outputs is ALL_DEAD:
            return
        if node.operation is None:
            device, tensors = self._sources.get(node, ("", ()))
        else:
            device, tensors = self._device_of(node.operation), tuple(node.operation.outputs)
        for tensor, value in zip(tensors, outputs, strict=False):
            probes = self._probes.get(tensor.op.name, {}).get(tensor.value_index, ())
            if probes and value is not DEAD and tensor.op.name in self._nodes[device]:
                self._saw(device, tensor, value, probes)

    def _saw(self, device: str, tensor: Tensor, value: Any, probes: Sequence[Probe]) -> None:
        """Write a value of a tensor as it is watched."""
        dtype = tensor.dtype.base_dtype
        array, shape = _value_of(value)
        for probe in probes:
            if probe.kind == IDENTITY:
                proto = _proto_of(array, dtype, shape)
            else:
                found = probe.result(array, dtype, shape)
                proto = None if found is None else _encoded(found)
            if proto is not None:
                self._write_value(device, tensor, probe, proto)

    # --- files -----------------------------------------------------------------------------------

    def _device_of(self, operation: Operation) -> str:
        return self._placed.get(operation.origin or operation, self._device)

    def _write_value(self, device: str, tensor: Tensor, probe: Probe, proto: Any) -> None:
        name, slot, now_us = tensor.op.name, tensor.value_index, _WRITTEN.next_us()
        value = protos.Summary.Value(
            tag=name, node_name=f"{name}:{slot}:{probe.kind}", tensor=proto
        )
        facts = {"device": device, "outputSlot": slot, "numChunks": 1, "chunkIndex": 0}
        value.metadata.plugin_data.plugin_name = "debugger"
        value.metadata.plugin_data.content = _json(facts)
        event = protos.Event(wall_time=now_us, summary=protos.Summary(value=[value]))
        parts = [_folder_of(device), f"{name}_{slot}_{probe.kind}_{now_us}"]
        for root in probe.roots:
            _write(root, parts, event)

    def _begin(
        self, request: Request, graphs: Sequence[tuple[str, Any]], global_step: int, run: int
    ) -> None:
        """Write what is known before the run: what is asked for, and the graphs."""
        slots = [each for by_slot in self._probes.values() for each in by_slot.values()]
        roots = dict.fromkeys(root for each in slots for probe in each for root in probe.roots)
        now_us = _WRITTEN.next_us()
        facts = {
            "global_step": global_step,
            "session_run_index": run,
            "executor_step_index": 0,
            "input_names": [tensor.name for tensor in request.feeds],
            "output_names": [tensor.name for tensor in request.fetches],
            "target_nodes": [operation.name for operation in request.targets],
        }
        core = protos.Event(wall_time=now_us / 1e6)
        core.log_message.message = _json(facts).decode()
        for root in roots:
            _write(root, [f"_tfdbg_core_metadata_sessionrun{run:014d}_{now_us}"], core)
        for device, graph in graphs:
            self._add_probes(graph, device)
            data = graph.SerializeToString()
            number = int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big")
            event = protos.Event(wall_time=now_us / 1e6, graph_def=data)
            for root in roots:
                _write(root, [_folder_of(device), f"_tfdbg_graph_hash{number}_{now_us}"], event)

    def _add_probes(self, graph: Any, device: str) -> None:
        """Add the nodes that TensorFlow would have added, by which readers know what is watched."""
        copies: dict[str, str] = {}
        nodes = list(graph.node)
        for name in [node.name for node in nodes]:
            for slot, probes in self._probes.get(name, {}).items():
                copy, source = f"__copy_{name}_{slot}", f"{name}:{slot}" if slot else name
                copies[source] = copy
                graph.node.add(name=copy, op="Copy", input=[source])
                for number, probe in enumerate(probes):
                    node = graph.node.add(
                        name=f"__dbg_{name}:{slot}_{number}_{probe.kind}",
                        op=probe.kind,
                        input=[copy],
                        device=device,
                    )
                    node.attr["tensor_name"].s = f"{name}:{slot}".encode()
        for node in nodes:
            node.input[:] = [copies.get(source, source) for source in node.input]


def _folder_of(device: str) -> str:
    return "_tfdbg_device_" + device.replace("/", ",").replace(":", "_")


def _json(facts: dict[str, Any]) -> bytes:
    return json.dumps(facts, separators=(",", ":")).encode()


def _write(root: str, parts: Sequence[str], event: Any) -> None:
    """Write one file below a folder.

    Raises:
        InvalidArgumentError: if the name of a node would lead out of the folder.
    """
    if any(part == ".." for each in parts for part in each.split("/")):
        raise InvalidArgumentError(None, None, f"{'/'.join(parts)!r} leads out of {root!r}")
    data = event.SerializeToString()
    _WRITTEN.take(len(data))
    path = Path(root, *parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


# --- values --------------------------------------------------------------------------------------


def _value_of(value: Any) -> tuple[Any, tuple[int, ...]]:
    """Return the array or object that a token stands for, and its shape; None: it has no value."""
    if isinstance(value, Variable):
        with value.lock:
            if value.is_initialized:
                array = value.read()
                return array, array.shape
        dims = value.shape.dims or ()
        return None, tuple(size if isinstance(size, int) else -1 for size in dims)
    return value, tuple(getattr(value, "shape", ()))


def _encoded(array: np.ndarray[Any, Any]) -> Any:
    return tensor_proto.encode_content(array, dtypes.by_numpy(array.dtype))


def _proto_of(value: Any, dtype: DType, shape: tuple[int, ...]) -> Any:
    """Return a value as a TensorProto; None if values of the type cannot be written."""
    if value is None:
        return _empty(dtype, shape)
    if dtype is dtypes.resource:
        handles = np.array([_handle(each) for each in np.asarray(value, object).flat], object)
        proto = tensor_proto.encode_content(handles.reshape(shape), dtypes.string)
        proto.dtype = dtype.enum
        return proto
    if isinstance(value, Handle):  # what a ref tensor of strings names
        value = value.read()
    if not isinstance(value, (np.ndarray, np.generic)) or dtype is dtypes.variant:
        return None
    array = np.ascontiguousarray(value).reshape(value.shape)
    encode = tensor_proto.encode if dtype is dtypes.string else tensor_proto.encode_content
    return encode(array, dtype)


def _empty(dtype: DType, shape: tuple[int, ...]) -> Any:
    dims = [protos.TensorShapeProto.Dim(size=size) for size in shape]
    return protos.TensorProto(dtype=dtype.enum, tensor_shape=protos.TensorShapeProto(dim=dims))


def _handle(value: Any) -> bytes:
    container, name = getattr(value, "container", ""), getattr(value, "name", "")
    handle = protos.ResourceHandleProto(container=container or DEFAULT_CONTAINER, name=name)
    return bytes(handle.SerializeToString())
