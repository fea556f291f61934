"""`tensorflow.python.pywrap_tensorflow`: readers of checkpoints and writers of event files.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import os
import socket
import time
from typing import Any

from minitf.compat.text import as_text
from minitf.static_value import constant_value
from minitf.summary.event_file import EventFile
from minitf.tensor import Tensor
from minitf.train.checkpoint_reader import new_checkpoint_reader as NewCheckpointReader  # noqa: N812

__all__ = ["EventsWriter", "NewCheckpointReader", "TF_TryEvaluateConstant_wrapper"]

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
