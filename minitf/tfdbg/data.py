"""Dumped values: one file per time that a watched output was made, and what is in it.

Source: TensorFlow 1.15's `tensorflow.python.debug.lib.debug_data`.
"""

from __future__ import annotations

import os
import re
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from google.protobuf.message import DecodeError

from minitf import dtypes, protos, tensor_proto

METADATA_PREFIX = "_tfdbg_"
CORE_TAG, GRAPH_TAG, DEVICE_TAG = "core_metadata_", "graph_", "device_"
FETCHES_FILE, FEEDS_FILE = "_tfdbg_fetches_info_", "_tfdbg_feed_keys_info_"
_FILE = re.compile(r"(?P<node>.+)_(?P<slot>\d+)_(?P<op>[A-Za-z0-9]+)_(?P<time>\d+(?:-\d+)?)")


class InconvertibleTensorProto:
    """A dumped value that is no array: a variable without a value, or a resource.

    Args:
        tensor_proto: the TensorProto.
        initialized: whether it has a value.
    """

    def __init__(self, tensor_proto: Any, initialized: bool = True) -> None:
        self._proto = tensor_proto
        self._initialized = initialized

    @property
    def initialized(self) -> bool:
        """Whether it has a value."""
        return self._initialized

    def __str__(self) -> str:
        """Return the message's text, after a word if there is no value."""
        return ("" if self._initialized else "Uninitialized tensor:\n") + str(self._proto)


class CoreMetadata(NamedTuple):
    """What is known of a debugged run: its number, feeds, fetches and targets."""

    global_step: int
    session_run_index: int
    executor_step_index: int
    input_names: list[str]
    output_names: list[str]
    target_nodes: list[str]


def load_event(path: str | os.PathLike[str]) -> Any:
    """Return the Event message of a file.

    Raises:
        OSError: if there is no such file.
        ValueError: if it holds something else.
    """
    return decoded(protos.Event, Path(path).read_bytes(), path)


def decoded(kind: Any, written: bytes, path: str | os.PathLike[str]) -> Any:
    """Return a message that was written to a file.

    Raises:
        ValueError: if the bytes are none of this kind.
    """
    try:
        return kind.FromString(written)
    except DecodeError:
        raise ValueError(f"{path} is damaged: it holds no {kind.__name__}") from None


def load_tensor_from_event_file(event_file_path: str) -> Any:
    """Return the value of a dump file, as `load_tensor_from_event` does.

    Raises:
        OSError: if there is no such file.
        ValueError: if it holds something else.
    """
    event = load_event(event_file_path)
    if len(event.summary.value) != 1:
        raise ValueError(f"{event_file_path} holds no dumped tensor")
    return load_tensor_from_event(event)


def load_tensor_from_event(event: Any) -> Any:
    """Return the value of an Event: an array, or an InconvertibleTensorProto if it is none."""
    proto = event.summary.value[0].tensor
    if not _has_value(proto):
        return InconvertibleTensorProto(proto, initialized=False)
    if proto.dtype in (dtypes.resource.enum, dtypes.variant.enum):
        return InconvertibleTensorProto(proto)
    return tensor_proto.decode(proto)


def _has_value(proto: Any) -> bool:
    if any(dim.size == 0 for dim in proto.tensor_shape.dim):
        return True
    values = [field for field, _ in proto.ListFields() if field.name not in _NOT_VALUES]
    return bool(values)


_NOT_VALUES = ("dtype", "tensor_shape", "version_number")


def has_inf_or_nan(datum: DebugTensorDatum, tensor: Any) -> bool:
    """Tell whether a dumped value has an infinity or a NaN; False for what has no numbers.

    Args:
        datum: where it was dumped.
        tensor: the value.
    """
    _ = datum
    if isinstance(tensor, InconvertibleTensorProto):
        return False
    array = np.asarray(tensor)
    if array.dtype.kind in "OSU":
        return False
    return not bool(np.all(np.isfinite(array)))


class DebugTensorDatum:
    """One dumped value: where it is, and of what.

    Args:
        dump_root: the run's folder.
        debug_dump_rel_path: the file's path below it.

    Raises:
        ValueError: if that is no path of a dump.

    Source: TensorFlow 1.15.
    """

    def __init__(self, dump_root: str, debug_dump_rel_path: str) -> None:
        folder, _, rest = debug_dump_rel_path.replace(os.sep, "/").partition("/")
        form = _FILE.fullmatch(rest)
        if not is_device_folder(folder) or form is None:
            raise ValueError(f"{debug_dump_rel_path!r} is no path of a dumped tensor")
        self._file_path = str(Path(dump_root, debug_dump_rel_path))
        self._device_name = device_of_folder(folder)
        self._node_name = form["node"]
        self._output_slot = int(form["slot"])
        self._debug_op = form["op"]
        self._extended_timestamp = form["time"]

    def get_tensor(self) -> Any:
        """Return the value, read from the file."""
        return load_tensor_from_event_file(self._file_path)

    @property
    def device_name(self) -> str:
        """The device that it was made on."""
        return self._device_name

    @property
    def node_name(self) -> str:
        """The operation that made it."""
        return self._node_name

    @property
    def output_slot(self) -> int:
        """Which of its outputs it is."""
        return self._output_slot

    @property
    def tensor_name(self) -> str:
        """The name of the tensor: `node:slot`."""
        return f"{self._node_name}:{self._output_slot}"

    @property
    def debug_op(self) -> str:
        """What was kept of it: `DebugIdentity` is the value itself."""
        return self._debug_op

    @property
    def watch_key(self) -> str:
        """What names the watch: `node:slot:DebugOp`."""
        return f"{self.tensor_name}:{self._debug_op}"

    @property
    def extended_timestamp(self) -> str:
        """The timestamp, and a number where several dumps have the same."""
        return self._extended_timestamp

    @property
    def timestamp(self) -> int:
        """When it was made, in microseconds since 1970."""
        return int(self._extended_timestamp.partition("-")[0])

    @cached_property
    def order(self) -> tuple[int, int]:
        """What dumps sort by in the order in which they were made."""
        return self.timestamp, int(self._extended_timestamp.partition("-")[2] or 0)

    @property
    def file_path(self) -> str:
        """The file."""
        return self._file_path

    @property
    def dump_size_bytes(self) -> int:
        """How large the file is."""
        return Path(self._file_path).stat().st_size

    def __str__(self) -> str:
        """Return device, tensor, debug op and timestamp."""
        return (
            f"{{DebugTensorDatum ({self.device_name}) {self.tensor_name} @ {self.debug_op} @ "
            f"{self.timestamp}}}"
        )

    __repr__ = __str__


def is_device_folder(name: str) -> bool:
    """Tell whether a folder holds the dumps of a device."""
    return name.startswith(METADATA_PREFIX + DEVICE_TAG)


def device_of_folder(name: str) -> str:
    """Return the device whose dumps a folder holds."""
    parts = name.removeprefix(METADATA_PREFIX + DEVICE_TAG).replace(",", "/").split("/")
    return "/".join(_device_part(part) for part in parts)


def _device_part(part: str) -> str:
    """Put the colons back: `device_CPU_0` was `device:CPU:0`, `job_a_b` was `job:a_b`."""
    if part.startswith("device_"):
        kind, _, number = part.removeprefix("device_").rpartition("_")
        return f"device:{kind}:{number}" if kind else f"device:{number}"
    return part.replace("_", ":", 1)
