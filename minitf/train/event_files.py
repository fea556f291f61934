"""What training needs of summaries: the event file of a folder, and all summaries merged.

Source: 2015 §9.1; TensorFlow 1.15's tf.summary.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

from minitf.api.framework import get_collection
from minitf.graph_keys import GraphKeys


def event_file(folder: Any) -> Any:
    """Return the FileWriter of a folder, the same for all that write there."""
    return import_module("minitf.summary.file_writer").FileWriterCache.get(os.fsdecode(folder))


def new_event_file(folder: Any) -> Any:
    """Return a FileWriter of its own for a folder."""
    return import_module("minitf.summary.file_writer").FileWriter(os.fsdecode(folder))


def merged_summaries() -> Any:
    """Return all summaries of the default graph as one, None if there are none."""
    if not get_collection(GraphKeys.SUMMARIES):
        return None
    return import_module("minitf.summary").merge_all()
