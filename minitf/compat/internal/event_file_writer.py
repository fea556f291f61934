"""`tensorflow.python.summary.writer.event_file_writer`: event files without a graph.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from typing import Any

from minitf.summary.file_writer import FileWriter


class EventFileWriter:
    """Writes events to a file in a folder.

    Args:
        logdir: the folder.
        max_queue: how many events may wait to be written.
        flush_secs: after how many seconds at most they are.
        filename_suffix: what the file's name ends with.
    """

    def __init__(
        self,
        logdir: Any,
        max_queue: int = 10,
        flush_secs: float = 120,
        filename_suffix: str | None = None,
    ) -> None:
        self._writer = FileWriter(
            logdir, max_queue=max_queue, flush_secs=flush_secs, filename_suffix=filename_suffix
        )

    def get_logdir(self) -> str:
        """Return the folder."""
        return str(self._writer.get_logdir())

    def reopen(self) -> None:
        """Go on in another file after `close`."""
        self._writer.reopen()

    def add_event(self, event: Any) -> None:
        """Write an Event message."""
        self._writer.add_event(event)

    def flush(self) -> None:
        """Hand all events to the system."""
        self._writer.flush()

    def close(self) -> None:
        """Write all events and close the file."""
        self._writer.close()
