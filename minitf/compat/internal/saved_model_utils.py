"""`tensorflow.python.tools.saved_model_utils`: what a SavedModel holds, without loading it.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from typing import Any

from minitf.saved_model.loader import read_saved_model


def get_saved_model_tag_sets(saved_model_dir: Any) -> list[list[str]]:
    """Return the tags of each MetaGraphDef, in order.

    Args:
        saved_model_dir: the folder.

    Raises:
        OSError: if there is none, or it cannot be read.
    """
    found = read_saved_model(saved_model_dir)
    return sorted(sorted(meta_graph.meta_info_def.tags) for meta_graph in found.meta_graphs)


def get_meta_graph_def(saved_model_dir: Any, tag_set: str) -> Any:
    """Return the MetaGraphDef that has exactly these tags.

    Args:
        saved_model_dir: the folder.
        tag_set: the tags, with commas between.

    Raises:
        OSError: if there is no SavedModel, or it cannot be read.
        RuntimeError: if it has no such MetaGraphDef.
    """
    wanted = set(tag_set.split(","))
    for meta_graph in read_saved_model(saved_model_dir).meta_graphs:
        if set(meta_graph.meta_info_def.tags) == wanted:
            return meta_graph
    raise RuntimeError(
        f"MetaGraphDef associated with tag-set {tag_set!r} could not be found in SavedModel."
    )
