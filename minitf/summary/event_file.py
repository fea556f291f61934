"""Event files: what a program tells TensorBoard, written by a thread beside it.

An event file is a file of records (`minitf.io.records`), each an Event; the first tells the version
of the format.  Who adds an event puts its bytes in a queue; the thread takes them from there,
gathers them, and hands them to the system when `flush_secs` have passed, when they are many, or
when somebody asks for it.  The first event is handed over at once.

State: constant are the path, the open file (whose writes append) and the process; changing are the
queue with `_room`, which counts how many events it may still take, `_pending` (what the thread has
gathered), `_failure` (why the system took no more) and `_end`, set when the thread has ended.

Invariants
1. The system is given whole records, in the order in which they were added.  So a process that is
   killed leaves whole records, but for one that the system itself had half written.
2. What the system did not take stays pending, from the very byte on: when a disk has room again,
   the file goes on without a gap.
3. After a failure nobody adds an event before a further attempt; while that fails, who tries is
   told.  So no more can wait than what the queue held.
4. In a process that was forked the thread is missing and the queue belongs to the parent:
   nothing is written there until a new EventFile goes on with the path.
5. The thread waits for nothing but its queue, and closing from the thread itself waits for nothing:
   the garbage collector may run there.  So the queue is a SimpleQueue, whose `put` is reentrant.

A file with one summary, as `summary_iterator` reads it:

    wall_time: 1.7e9  file_version: "brain.Event:2"
    wall_time: 1.7e9  step: 1  summary { value { tag: "loss" simple_value: 0.5 } }

Source: 2015 §9.1; TensorFlow 1.15's EventFileWriter.
"""

from __future__ import annotations

import io
import os
import queue
import threading
import time
from collections.abc import Iterator
from typing import Any

from minitf import protos
from minitf.io.os_errors import as_op_error, told
from minitf.io.records import frame
from minitf.io.tf_record import tf_record_iterator

VERSION = "brain.Event:2"
_MOST_PENDING_BYTES = 1 << 16
_LOOK_AGAIN_S = 1.0


class EventFile:
    """One open file, its queue and its thread.

    Args:
        path: the file; if it exists, events are added to it.
        max_queue: how many events may wait for the thread before `add` waits; 0 for any number.
        flush_secs: after how many seconds at most an event is handed to the system.

    Raises:
        NotFoundError: if there is no such folder; likewise the other errors of opening and writing.
    """

    def __init__(self, path: str, max_queue: int, flush_secs: float) -> None:
        self.path = path
        self.process = os.getpid()
        self._flush_secs = flush_secs
        self._queue: queue.SimpleQueue[bytes | threading.Event] = queue.SimpleQueue()
        self._room = threading.Semaphore(max_queue) if max_queue > 0 else None
        self._failure: OSError | None = None
        self._end = threading.Event()
        with told(path):
            self._file = io.FileIO(path, "a")
        version = protos.Event(wall_time=time.time(), file_version=VERSION)
        self._pending = bytearray(frame(version.SerializeToString()))
        self._hand_over()
        if self._failure is not None:
            self._file.close()
        self._check()
        self._thread = threading.Thread(target=self._serve, name="event file", daemon=True)
        self._thread.start()

    def add(self, event: bytes) -> None:
        """Add a serialized Event; wait while the queue is full.

        Raises:
            ResourceExhaustedError: if the disk is full; likewise the other errors of writing.
        """
        if self._failure is not None:
            self.flush()
        if self._room is not None:
            self._room.acquire()
        self._queue.put(frame(event))

    def flush(self) -> None:
        """Return when all that was added is with the system.

        Raises:
            ResourceExhaustedError: if the disk is full; likewise the other errors of writing.
        """
        self._ask(threading.Event())
        self._check()

    def close(self) -> None:
        """Hand over what is left and end the thread; in a forked process, do nothing.

        Raises:
            ResourceExhaustedError: if the disk is full; likewise the other errors of writing.
        """
        if self.process != os.getpid() or self._end.is_set():
            return
        if threading.current_thread() is self._thread:
            self._queue.put(self._end)
        else:
            self._ask(self._end)
            self._check()

    def _ask(self, done: threading.Event) -> None:
        """Let the thread hand over what is pending and set the event; wait for that."""
        self._queue.put(done)
        # of a file that another thread closes meanwhile, nobody sets it
        while not done.wait(_LOOK_AGAIN_S) and self._thread.is_alive():
            pass

    def _check(self) -> None:
        if self._failure is not None:
            raise as_op_error(self._failure, self.path)

    # --- the thread -------------------------------------------------------------------------------

    def _serve(self) -> None:
        due = 0.0
        while True:
            # a failed attempt is repeated when somebody asks
            is_awaited = self._pending and self._failure is None
            wait = max(due - time.monotonic(), 0) if is_awaited else None
            try:
                item = self._queue.get(timeout=wait)
            except queue.Empty:
                item = b""
            if isinstance(item, bytes):
                self._pending += item
                if item and self._room is not None:
                    self._room.release()
            is_asked = isinstance(item, threading.Event)
            if is_asked or time.monotonic() >= due or len(self._pending) > _MOST_PENDING_BYTES:
                self._hand_over()
                due = time.monotonic() + self._flush_secs
            if item is self._end:
                break
            if isinstance(item, threading.Event):
                item.set()
        self._file.close()
        self._end.set()

    def _hand_over(self) -> None:
        """Give what is pending to the system, or keep what it did not take and why."""
        try:
            while self._pending:
                del self._pending[: self._file.write(self._pending)]
            self._failure = None
        except OSError as error:
            self._failure = error


def summary_iterator(path: Any) -> Iterator[Any]:
    """Yield the Events of an event file.

    Args:
        path: the file; it may still be written.

    Raises:
        DataLossError: at a record that is cut short or damaged, after those before it.
        NotFoundError: if there is no such file; likewise the other errors of opening.
    """
    for record in tf_record_iterator(path):
        yield protos.Event.FromString(record)
