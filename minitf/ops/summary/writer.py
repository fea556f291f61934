"""The file that a graph's own operations write summaries to.

Events are gathered and handed to the file when there are more than `max_queue`, when the oldest has
waited for `flush_millis`, or when an operation asks for it.

**State**: `Writer`: the open file or None, the events gathered, when they were last handed over.

Source: TensorFlow 1.15's summary writer of its runtime; 2015 §9.1.
"""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path
from typing import Any, BinaryIO

from minitf import protos
from minitf.errors import NotFoundError
from minitf.io.os_errors import told
from minitf.io.records import frame

_VERSION = "brain.Event:2"


class Writer:
    """What a handle of SummaryWriter stands for: nothing, until a file is created.

    Args:
        name: for messages.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._file: BinaryIO | None = None
        self._events: list[bytes] = []
        self._most_events, self._most_wait_s, self._flushed = 0, 0.0, 0.0
        self._lock = threading.Lock()

    def create(self, logdir: str, max_queue: int, flush_millis: int, suffix: str) -> None:
        """Begin a file, unless there is one already.

        Raises:
            PermissionDeniedError: if the folder cannot be written to, and so on.
        """
        with self._lock:
            if self._file is not None:
                return
            name = f"events.out.tfevents.{int(time.time()):010d}.{socket.gethostname()}{suffix}"
            path = Path(logdir) / name
            with told(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                self._file = path.open("ab")
            self._most_events, self._most_wait_s = max_queue, flush_millis / 1000
            self._flushed = time.monotonic()
            first = protos.Event(wall_time=time.time(), file_version=_VERSION)
            self._events.append(frame(first.SerializeToString()))
            self._hand_over()

    def add(self, event: Any) -> None:
        """Add an Event.

        Raises:
            NotFoundError: if there is no file.
        """
        with self._lock:
            self._check()
            self._events.append(frame(event.SerializeToString()))
            waits = time.monotonic() - self._flushed
            if len(self._events) > self._most_events or waits > self._most_wait_s:
                self._hand_over()

    def flush(self) -> None:
        """Hand over what is gathered.

        Raises:
            NotFoundError: if there is no file.
        """
        with self._lock:
            self._check()
            self._hand_over()

    def close(self) -> None:
        """Hand over what is gathered and end the file.

        Raises:
            NotFoundError: if there is no file.
        """
        with self._lock:
            file = self._check()
            self._hand_over()
            file.close()
            self._file = None

    def _check(self) -> BinaryIO:
        if self._file is None:
            raise NotFoundError(
                None, None, f"Resource {self.name} of a summary writer does not exist: no file"
            )
        return self._file

    def _hand_over(self) -> None:
        file = self._check()
        with told(file.name):
            file.write(b"".join(self._events))
            file.flush()
        self._events.clear()
        self._flushed = time.monotonic()

    def __del__(self) -> None:
        """Hand over what is gathered when nobody can ask for it any more."""
        if self._file is not None:
            self.close()
