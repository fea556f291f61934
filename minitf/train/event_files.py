"""What training needs of summaries: the event file of a folder, and all summaries merged.

Source: 2015 §9.1; TensorFlow 1.15's tf.summary.
"""

from __future__ import annotations

import os
from typing import Any

from minitf.api.framework import get_collection
from minitf.graph_keys import GraphKeys


def event_file(folder: Any) -> Any:
    """Return the FileWriter of a folder, the same for all that write there."""
    from minitf.summary.file_writer import FileWriterCache

    return FileWriterCache.get(os.fsdecode(folder))


def new_event_file(folder: Any) -> Any:
    """Return a FileWriter of its own for a folder."""
    from minitf.summary.file_writer import FileWriter

    return FileWriter(os.fsdecode(folder))


def merged_summaries() -> Any:
    """Return all summaries of the default graph as one, None if there are none."""
    if not get_collection(GraphKeys.SUMMARIES):
        return None
    from minitf.summary.merging import merge_all

    return merge_all()
