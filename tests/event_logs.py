"""Event files that are lists: what a training notes in them, without a folder."""

from __future__ import annotations

from types import SimpleNamespace

from minitf import protos


class EventLog:
    """A FileWriter that lists what it is asked to write.

    `events` has all of it in order, as (kind, step); `summaries` the values, as (tag, number).
    """

    def __init__(self):
        self.events = []
        self.summaries = []
        self.is_open = True

    def _note(self, kind, step):
        self.events.append((kind, None if step is None else int(step)))

    def add_graph(self, graph, global_step=None):
        assert graph.as_graph_def().node
        self._note("graph", global_step)

    def add_meta_graph(self, meta_graph_def, global_step=None):
        assert meta_graph_def.graph_def.node
        self._note("meta_graph", global_step)

    def add_session_log(self, session_log, global_step=None):
        status = protos.SessionLog.SessionStatus.Name(session_log.status)
        self._note(status, global_step)

    def add_summary(self, summary, global_step=None):
        content = summary if isinstance(summary, bytes) else summary.SerializeToString()
        summary = protos.Summary.FromString(content)  # TensorFlow's messages come here as well
        for value in summary.value:
            self._note("summary", global_step)
            self.summaries.append((value.tag, value.simple_value))

    def add_run_metadata(self, run_metadata, tag, global_step=None):
        assert run_metadata.step_stats.dev_stats
        self._note(tag, global_step)

    def flush(self):
        self._note("flush", None)

    def close(self):
        self.is_open = False

    def reopen(self):
        self.is_open = True


def lists_for_event_files() -> tuple[dict[str, EventLog], SimpleNamespace]:
    """Return EventLogs by folder, and what stands for the module that writes event files."""
    logs: dict[str, EventLog] = {}
    cache = SimpleNamespace(get=lambda folder: logs.setdefault(folder, EventLog()))
    return logs, SimpleNamespace(FileWriterCache=cache, FileWriter=cache.get)
