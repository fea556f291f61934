"""`tensorflow.python.ops.summary_op_util`: what functions that make summaries share.

Source: TensorFlow 1.15's modules of that name in `ops` and in `distribute`.
"""

from __future__ import annotations

from typing import Any

from minitf.api.framework import add_to_collections
from minitf.summary.values import clean as clean_tag
from minitf.summary.values import summary_scope

__all__ = ["clean_tag", "collect", "skip_summary", "summary_scope"]


def collect(val: Any, collections: Any, default_collections: Any) -> None:
    """Add a summary to collections.

    Args:
        val: the summary.
        collections: keys of collections; None for the default ones.
        default_collections: keys of the default ones.
    """
    add_to_collections(default_collections if collections is None else collections, val)


def skip_summary() -> bool:
    """Tell whether another replica writes the summaries: there is only one here."""
    return False
