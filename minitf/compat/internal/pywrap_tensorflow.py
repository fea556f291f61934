"""`tensorflow.python.pywrap_tensorflow`: readers, writers, kinds of values, what was built in.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Mapping, MappingView, Sequence
from typing import Any

from minitf.api.framework import is_tensor
from minitf.compat.internal.device_lib import list_local_devices
from minitf.compat.text import as_text
from minitf.dtypes import bfloat16
from minitf.static_value import constant_value
from minitf.summary.event_file import EventFile
from minitf.tensor import Tensor
from minitf.train.checkpoint_reader import new_checkpoint_reader
from minitf.type_spec import CompositeTensor

NewCheckpointReader = new_checkpoint_reader
_FLUSH_SECS = 120.0


def TF_TryEvaluateConstant_wrapper(graph: Any, output: Tensor) -> Any:
    """Return the value of an output that is known while the graph is built; else None.

    Args:
        graph: a Graph's `_c_graph`.
        output: a Tensor's `_as_tf_output()`.
    """
    del graph
    return constant_value(output)


class EventsWriter:
    """Writes an event file, which is made at the first need of it.

    Args:
        file_prefix: how its path begins; `.out.tfevents.`, the time and the machine follow.
    """

    def __init__(self, file_prefix: Any) -> None:
        self._prefix: str = as_text(file_prefix)
        self._suffix = ""
        self._file: EventFile | None = None

    def InitWithSuffix(self, suffix: Any) -> None:
        """Let the file's name end so."""
        self._suffix = as_text(suffix)

    def FileName(self) -> bytes:
        """Return the file's path."""
        return os.fsencode(self._opened().path)

    def WriteEvent(self, event: Any) -> None:
        """Add an Event message.

        Raises:
            OpError: if the file cannot be opened or written.
        """
        self._opened().add(event.SerializeToString())

    def Flush(self) -> None:
        """Return when all events are with the system.

        Raises:
            OpError: if the file cannot be written.
        """
        if self._file is not None:
            self._file.flush()

    def Close(self) -> None:
        """End the file; the next event would open another one.

        Raises:
            OpError: if the file cannot be written.
        """
        if self._file is not None:
            self._file.close()
            self._file = None

    def _opened(self) -> EventFile:
        if self._file is None:
            stamp = f"{int(time.time()):010d}.{socket.gethostname()}"
            path = f"{self._prefix}.out.tfevents.{stamp}{self._suffix}"
            self._file = EventFile(path, 0, _FLUSH_SECS)
        return self._file


# --- kinds of values -----------------------------------------------------------------------------


def IsTensor(o: Any) -> bool:
    """Tell whether a value is a tensor, or stands for one: a sparse tensor, a variable."""
    return is_tensor(o)


def IsCompositeTensor(o: Any) -> bool:
    """Tell whether a value is made of several tensors."""
    return isinstance(o, CompositeTensor)


def IsMapping(o: Any) -> bool:
    """Tell whether a value is a dict, or like one."""
    return isinstance(o, Mapping)


def IsMappingView(o: Any) -> bool:
    """Tell whether a value shows the keys, values or entries of a dict."""
    return isinstance(o, MappingView)


def IsAttrs(o: Any) -> bool:
    """Tell whether a value is of a class that the package attrs made."""
    return hasattr(type(o), "__attrs_attrs__")


def IsNamedtuple(o: Any, strict: bool) -> bool:
    """Tell whether a value is a namedtuple.

    Args:
        o: the value.
        strict: whether its class must have been made by `namedtuple` itself.
    """
    if not isinstance(o, tuple) or (strict and type(o).__bases__ != (tuple,)):
        return False
    fields = getattr(o, "_fields", None)
    return isinstance(fields, Sequence) and all(isinstance(each, str) for each in fields)


def SameNamedtuples(o1: Any, o2: Any) -> bool:
    """Tell whether two namedtuples are of classes with equal names and fields."""
    return type(o1).__name__ == type(o2).__name__ and o1._fields == o2._fields


# --- what was built in ---------------------------------------------------------------------------


def IsGoogleCudaEnabled() -> bool:
    """Tell that kernels for CUDA are not compiled in."""
    return False


IsBuiltWithROCm = IsMklEnabled = GpuSupportsHalfMatMulAndConv = IsGoogleCudaEnabled


def TF_bfloat16_type() -> type:
    """Return NumPy's type of bfloat16 numbers."""
    kind: type = bfloat16.as_numpy_dtype
    return kind


def list_devices(session_config: Any = None) -> list[bytes]:
    """Return a DeviceAttributes message in bytes for each device.

    Args:
        session_config: a ConfigProto that says how many there are.
    """
    return [each.SerializeToString() for each in list_local_devices(session_config)]
