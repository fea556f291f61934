"""FileWriter: what TensorBoard shows of a program, added to an event file.

    with tf.summary.FileWriter("/tmp/run", session.graph) as writer:
        for step in range(1000):
            summary, _ = session.run([everything, train])
            writer.add_summary(summary, step)

Every event notes the step and the wall time, so TensorBoard can draw over steps, over time, or over
time since the start.

Source: 2015 §9.1; TensorFlow 1.15's classes of the same names in tf.summary.
"""

from __future__ import annotations

import os
import socket
import threading
import time
import warnings
import weakref
from pathlib import Path
from typing import Any, ClassVar, Self

from minitf import protos
from minitf.api.framework import get_default_graph
from minitf.graph import Graph
from minitf.io.os_errors import told
from minitf.meta_graph import export_meta_graph
from minitf.summary.event_file import EventFile

PLUGIN_ASSETS = ("plugin assets",)  # no text: it does not go into a MetaGraphDef
"""The collection of objects (`plugin_name`, `assets()`) whose files go beside a graph."""


class FileWriter:
    """Writes summaries and graphs to an event file in a folder.

    Events are written by a thread.  A file that a program does not close is closed when nobody
    refers to the writer any more, at the latest when the program ends.

    Args:
        logdir: the folder, made if need be.
        graph: a Graph to add at once, as a GraphDef and as a MetaGraphDef.
        max_queue: how many events may wait for the thread before `add_...` waits.
        flush_secs: after how many seconds at most an event can be read in the file.
        graph_def: a GraphDef to add at once; deprecated.
        filename_suffix: what the file's name ends with.
        session: not needed: MiniTF writes without operations.

    Raises:
        NotFoundError: if the folder cannot be made; likewise the other errors of opening.
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
        self._logdir: str = os.fspath(logdir)
        self._limits = max_queue, flush_secs
        self._suffix = filename_suffix or ""
        self._described: set[str] = set()  # tags whose metadata are written
        self._run_tags: set[str] = set()
        self._closed = False
        with told(self._logdir):
            Path(self._logdir).mkdir(parents=True, exist_ok=True)
        self._open(self._new_path())
        if graph is not None or graph_def is not None:
            self.add_graph(graph, graph_def=graph_def)
            whole = export_meta_graph(
                graph if isinstance(graph, Graph) else get_default_graph(),
                graph_def=_as_graph_def(graph, graph_def),
            )
            self.add_meta_graph(whole)

    def get_logdir(self) -> str:
        """Return the folder."""
        return self._logdir

    # --- what is added ----------------------------------------------------------------------------

    def add_summary(self, summary: Any, global_step: Any = None) -> None:
        """Add a Summary.

        Args:
            summary: the message, or its bytes as a step gives them.  Metadata of its values are
                written once for each tag.
            global_step: the step that it belongs to.
        """
        data = summary if isinstance(summary, bytes) else summary.SerializeToString()
        message = protos.Summary.FromString(data)
        for value in message.value:
            if value.tag in self._described:
                value.ClearField("metadata")
            self._described.add(value.tag)
        self._add(protos.Event(summary=message), global_step)

    def add_graph(self, graph: Any, global_step: Any = None, graph_def: Any = None) -> None:
        """Add a graph.

        Args:
            graph: a Graph.
            global_step: the step that it belongs to.
            graph_def: a GraphDef; deprecated.

        Raises:
            ValueError: if there are both.
            TypeError: if it is no graph.
        """
        if graph is not None and graph_def is not None:
            raise ValueError("Please pass only graph, or graph_def (deprecated), but not both.")
        message = _as_graph_def(graph, graph_def)
        self._add(protos.Event(graph_def=message.SerializeToString()), global_step)
        if isinstance(graph, Graph):
            self._write_assets(graph)

    def _write_assets(self, graph: Graph) -> None:
        """Write the files that TensorBoard's plugins have left with a graph."""
        for plugin in graph.get_collection(PLUGIN_ASSETS):
            folder = Path(self._logdir, "plugins", plugin.plugin_name)
            folder.mkdir(parents=True, exist_ok=True)
            for name, content in plugin.assets().items():
                (folder / name).write_text(content)

    def add_meta_graph(self, meta_graph_def: Any, global_step: Any = None) -> None:
        """Add a graph with its collections.

        Args:
            meta_graph_def: a MetaGraphDef.
            global_step: the step that it belongs to.

        Raises:
            TypeError: if it is none.
        """
        if not isinstance(meta_graph_def, protos.MetaGraphDef):
            raise TypeError(
                f"meta_graph_def must be type MetaGraphDef, saw type: {type(meta_graph_def)}"
            )
        self._add(protos.Event(meta_graph_def=meta_graph_def.SerializeToString()), global_step)

    def add_run_metadata(self, run_metadata: Any, tag: str, global_step: Any = None) -> None:
        """Add what `Session.run` recorded of a step.

        Args:
            run_metadata: a RunMetadata.
            tag: what it is called; each name once.
            global_step: the step that it belongs to.

        Raises:
            ValueError: if the tag is used already.
        """
        if tag in self._run_tags:
            raise ValueError("The provided tag was already used for this event type")
        self._run_tags.add(tag)
        tagged = protos.TaggedRunMetadata(tag=tag, run_metadata=run_metadata.SerializeToString())
        self._add(protos.Event(tagged_run_metadata=tagged), global_step)

    def add_session_log(self, session_log: Any, global_step: Any = None) -> None:
        """Add that a session started, stopped or wrote a checkpoint: a SessionLog."""
        self._add(protos.Event(session_log=session_log), global_step)

    def add_event(self, event: Any) -> None:
        """Add an Event as it is.  A closed writer warns and does nothing."""
        if self._is_open():
            self._own_file().add(event.SerializeToString())

    def _add(self, event: Any, global_step: Any) -> None:
        event.wall_time = time.time()
        if global_step is not None:
            event.step = int(global_step)
        self.add_event(event)

    # --- the file ---------------------------------------------------------------------------------

    def flush(self) -> None:
        """Return when all events can be read in the file.  A closed writer warns."""
        if self._is_open():
            self._own_file().flush()

    def close(self) -> None:
        """Write what is left and close the file."""
        self._closed = True
        self._file.close()

    def reopen(self) -> None:
        """Begin another file after `close`; with an open one, do nothing."""
        if self._closed:
            self._open(self._new_path())
            self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _is_open(self) -> bool:
        if self._closed:
            warnings.warn(
                "Attempting to use a closed FileWriter. The operation will be a noop unless the "
                "FileWriter is explicitly reopened.",
                stacklevel=3,
            )
        return not self._closed

    def _new_path(self) -> str:
        name = f"events.out.tfevents.{int(time.time()):010d}.{socket.gethostname()}{self._suffix}"
        return str(Path(self._logdir, name))

    def _open(self, path: str) -> None:
        self._file = EventFile(path, *self._limits)
        weakref.finalize(self, self._file.close)  # also when the program ends

    def _own_file(self) -> EventFile:
        """Return the file; a forked process goes on with it by a thread of its own."""
        if self._file.process != os.getpid():
            self._open(self._file.path)
        return self._file


def _as_graph_def(graph: Any, graph_def: Any) -> Any:
    """Return the one of them that there is as a GraphDef.

    Raises:
        TypeError: if it is no graph.
    """
    given = graph_def if graph is None else graph
    if isinstance(given, Graph):
        return given.as_graph_def(add_shapes=True)
    if isinstance(given, protos.GraphDef):
        return given
    raise TypeError(
        "The passed graph must be an instance of `Graph` or the deprecated `GraphDef`, "
        f"not {type(given).__name__}"
    )


class FileWriterCache:
    """One FileWriter for each folder."""

    _writers: ClassVar[dict[str, FileWriter]] = {}
    _lock = threading.Lock()

    @staticmethod
    def clear() -> None:
        """Close all writers and forget them."""
        with FileWriterCache._lock:
            writers = list(FileWriterCache._writers.values())
            FileWriterCache._writers.clear()
        for writer in writers:
            writer.close()

    @staticmethod
    def get(logdir: str) -> FileWriter:
        """Return the folder's writer, made at the first call with the default graph."""
        with FileWriterCache._lock:
            writer = FileWriterCache._writers.get(logdir)
            if writer is None:
                writer = FileWriter(logdir, graph=get_default_graph())
                FileWriterCache._writers[logdir] = writer
            return writer
