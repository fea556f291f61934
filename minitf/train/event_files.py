"""The event files that training writes.

Source: 2015 §9.1; TensorFlow 1.15's tf.summary.
"""

from __future__ import annotations

import os
from typing import Any


def event_file(folder: Any) -> Any:
    """Return the FileWriter of a folder, the same for all that write there."""
    from minitf.summary.file_writer import FileWriterCache

    return FileWriterCache.get(os.fsdecode(folder))


def new_event_file(folder: Any) -> Any:
    """Return a FileWriter of its own for a folder."""
    from minitf.summary.file_writer import FileWriter

    return FileWriter(os.fsdecode(folder))
