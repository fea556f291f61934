"""Event files: what a program tells TensorBoard, written by a thread beside it.

An event file is a file of records (`minitf.io.records`), each an Event; the first tells the format's
version.  Callers put serialized events in a queue; the thread writes them, and hands what it has
to the system when `flush_secs` have passed or somebody asks.  Records are handed over whole.

Source: 2015 §9.1; TensorFlow 1.15's class of the same name in tf.summary.
"""

from __future__ import annotations

import io
import os
import queue
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from minitf import protos
from minitf.io.os_errors import told
from minitf.io.records import frame
from minitf.io.tf_record import tf_record_iterator

_VERSION = "brain.Event:2"


class _EventFile:
    """One open file, its queue and its thread."""

    def __init__(self, logdir: str, max_queue: int, flush_secs: float, suffix: str) -> None:
        name = f"events.out.tfevents.{int(time.time()):010d}.{socket.gethostname()}{suffix}"
        self._path = os.path.join(logdir, name)
        self._flush_secs = flush_secs
        self._queue: queue.Queue[bytes | threading.Event | None] = queue.Queue(max_queue)
        self._failure: OSError | None = None
        with told(self._path):
            Path(logdir).mkdir(parents=True, exist_ok=True)
            self._file = io.FileIO(self._path, "a")
        self._pending: list[bytes] = []
        first = protos.Event(wall_time=time.time(), file_version=_VERSION)
        self._pending.append(frame(first.SerializeToString()))
        self._hand_over()
        self._thread = threading.Thread(target=self._serve, name="event-file", daemon=True)
        self._thread.start()

    def put(self, event: bytes) -> None:
        """Add an event; waits while the queue is full."""
        self._queue.put(frame(event))

    def flush(self) -> None:
        """Return when all that was put is with the system."""
        done = threading.Event()
        self._queue.put(done)
        done.wait()
        if self._failure is not None:
            with told(self._path):
                raise self._failure

    def close(self) -> None:
        """Write what is left and end the thread."""
        try:
            self.flush()
        finally:
            self._queue.put(None)
            self._thread.join()
            self._file.close()

    def _serve(self) -> None:
        due = time.monotonic() + self._flush_secs
        while True:
            try:
                item = self._queue.get(timeout=max(due - time.monotonic(), 0))
            except queue.Empty:
                item = b""
            if isinstance(item, bytes):
                self._pending.append(item)
            if not isinstance(item, bytes) or time.monotonic() >= due:
                try:
                    self._hand_over()
                except OSError as error:
                    self._failure = error
                due = time.monotonic() + self._flush_secs
            if isinstance(item, threading.Event):
                item.set()
            elif item is None:
                return

    def _hand_over(self) -> None:
        """Write whole records in as few calls as the system allows."""
        left = memoryview(b"".join(self._pending))
        self._pending.clear()
        while left:
            left = left[self._file.write(left) :]


class FileWriter:
    """Writes summaries and graphs to an event file in a folder.

    Args:
        logdir: the folder, made if need be.
        graph: a Graph to add at once.
        max_queue: how many events may wait for the thread before `add_...` waits.
        flush_secs: after how many seconds at most events are in the file.
        graph_def: a GraphDef to add at once; deprecated.
        filename_suffix: what the file's name ends with.
        session: not supported; TensorFlow then writes by operations.
    """

    def __init__(
        self,
        logdir: Any,
        graph: Any = None,
        max_queue: int = 10,
        flush_secs: float = 120,
        graph_def: Any = None,
        filename_suffix: str | None = None,
        session: Any = None,
    ) -> None:
        if session is not None:
            raise NotImplementedError("FileWriter writes by itself; session must be None")
        self._logdir = os.fspath(logdir)
        self._how = max(max_queue, 1), flush_secs, filename_suffix or ""
        self._file: _EventFile | None = _EventFile(self._logdir, *self._how)
        self._described: set[str] = set()
        if graph is not None or graph_def is not None:
            self.add_graph(graph, graph_def=graph_def)
            if graph is not None:
                from minitf.meta_graph import export_meta_graph

                self.add_meta_graph(
                    export_meta_graph(graph, graph_def=graph.as_graph_def(add_shapes=True))
                )

    def get_logdir(self) -> str:
        """Return the folder."""
        return self._logdir

    def add_summary(self, summary: Any, global_step: Any = None) -> None:
        """Add a Summary message, or its bytes; metadata is written once for each tag."""
        if isinstance(summary, bytes):
            summary = protos.Summary.FromString(summary)
        else:
            summary = protos.Summary.FromString(summary.SerializeToString())
        for value in summary.value:
            if value.HasField("metadata"):
                if value.tag in self._described:
                    value.ClearField("metadata")
                else:
                    self._described.add(value.tag)
        self._add(protos.Event(summary=summary), global_step)

    def add_graph(self, graph: Any, global_step: Any = None, graph_def: Any = None) -> None:
        """Add a Graph, or a GraphDef (deprecated).

        Raises:
            ValueError: if there is neither or both.
            TypeError: if it is no graph.
        """
        if graph is not None and graph_def is not None:
            raise ValueError("Please pass only graph, or graph_def (deprecated), but not both.")
        if graph is not None and hasattr(graph, "as_graph_def"):
            graph_def = graph.as_graph_def(add_shapes=True)
        elif graph_def is None:
            graph_def = graph
        if graph_def is None:
            raise ValueError("The passed graph must be an instance of `Graph`")
        if not hasattr(graph_def, "SerializeToString"):
            raise TypeError("The passed graph must be an instance of `Graph`")
        self._add(protos.Event(graph_def=graph_def.SerializeToString()), global_step)

    def add_meta_graph(self, meta_graph_def: Any, global_step: Any = None) -> None:
        """Add a MetaGraphDef."""
        if not hasattr(meta_graph_def, "meta_info_def"):
            raise TypeError(
                f"meta_graph_def must be type MetaGraphDef, saw type: {type(meta_graph_def)}"
            )
        self._add(protos.Event(meta_graph_def=meta_graph_def.SerializeToString()), global_step)

    def add_run_metadata(self, run_metadata: Any, tag: str, global_step: Any = None) -> None:
        """Add what a step recorded, under a tag that is new."""
        if tag in self._described:
            raise ValueError("The provided tag was already used for this event type")
        self._described.add(tag)
        tagged = protos.TaggedRunMetadata(tag=tag, run_metadata=run_metadata.SerializeToString())
        self._add(protos.Event(tagged_run_metadata=tagged), global_step)

    def add_session_log(self, session_log: Any, global_step: Any = None) -> None:
        """Add a SessionLog."""
        self._add(protos.Event(session_log=session_log), global_step)

    def add_event(self, event: Any) -> None:
        """Add an Event as it is; after `close`, nothing happens."""
        if self._file is not None:
            self._file.put(event.SerializeToString())

    def flush(self) -> None:
        """Return when all events are in the file."""
        if self._file is not None:
            self._file.flush()

    def close(self) -> None:
        """Write what is left and close the file."""
        file, self._file = self._file, None
        if file is not None:
            file.close()

    def reopen(self) -> None:
        """Begin a new file after `close`; does nothing while one is open."""
        if self._file is None:
            self._file = _EventFile(self._logdir, *self._how)

    def __enter__(self) -> FileWriter:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def _add(self, event: Any, global_step: Any) -> None:
        event.wall_time = time.time()
        if global_step is not None:
            event.step = int(global_step)
        self.add_event(event)


class FileWriterCache:
    """One FileWriter for each folder."""

    _writers: dict[str, FileWriter] = {}  # noqa: RUF012 shared on purpose
    _lock = threading.Lock()

    @staticmethod
    def clear() -> None:
        """Close all writers and forget them."""
        with FileWriterCache._lock:
            for writer in FileWriterCache._writers.values():
                writer.close()
            FileWriterCache._writers.clear()

    @staticmethod
    def get(logdir: str) -> FileWriter:
        """Return the folder's writer, made at the first call."""
        with FileWriterCache._lock:
            if logdir not in FileWriterCache._writers:
                from minitf.default_graph import get_default_graph

                FileWriterCache._writers[logdir] = FileWriter(logdir, graph=get_default_graph())
            return FileWriterCache._writers[logdir]


def summary_iterator(path: Any) -> Iterator[Any]:
    """Yield the Events of an event file.

    Raises:
        DataLossError: at a record that is cut short or damaged, after those before it.
    """
    for record in tf_record_iterator(path):
        yield protos.Event.FromString(record)
