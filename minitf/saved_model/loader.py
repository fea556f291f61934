"""`tf.saved_model.loader`: loading a graph of a SavedModel into a session.

    with tf.Session(graph=tf.Graph()) as session:
        meta_graph = tf.saved_model.loader.load(session, ["serve"], "my_model/1")
        info = meta_graph.signature_def["serving_default"].outputs["scores"]
        session.run(info.name, ...)

Three steps: the graph is imported, its variables are restored, and its main operation is run, fed
with where its assets are.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Collection
from pathlib import Path
from typing import Any

from minitf import protos
from minitf.collection_def import prepend_name_scope
from minitf.graph import Graph
from minitf.message_files import read_message
from minitf.saved_model import constants
from minitf.train.meta_graph_import import import_meta_graph

_LOG = logging.getLogger("tensorflow")


def maybe_saved_model_directory(export_dir: Any) -> bool:
    """Tell whether a folder has the file of a SavedModel.

    Args:
        export_dir: the folder.
    """
    return any(path.exists() for path in _files(export_dir))


def load(
    sess: Any,
    tags: Collection[str],
    export_dir: Any,
    import_scope: str | None = None,
    **saver_kwargs: Any,
) -> Any:
    """Load a graph of a SavedModel and its variables into a session; return its MetaGraphDef.

    Args:
        sess: the session, into whose graph it is imported.
        tags: exactly the graph's tags, in any order.
        export_dir: the folder.
        import_scope: a name scope to put all in; the message keeps names without it.
        saver_kwargs: `clear_devices`, `input_map`, as of `tf.train.import_meta_graph`.

    Raises:
        OSError: if the folder has no file of a SavedModel, or it cannot be read.
        RuntimeError: if it has no graph of these tags.
    """
    meta_graph = _tagged(read_saved_model(export_dir), tags, export_dir)
    with sess.graph.as_default():
        saver = import_meta_graph(meta_graph, import_scope=import_scope, **saver_kwargs)
        if saver is None:
            _LOG.info("The specified SavedModel has no variables; no checkpoints were restored.")
        else:
            folder = Path(os.fsdecode(export_dir), constants.VARIABLES_DIRECTORY)
            saver.restore(sess, str(folder / constants.VARIABLES_FILENAME))
        main_op = _main_op(sess.graph, meta_graph, import_scope)
        if main_op is not None:
            sess.run(main_op, _asset_paths(meta_graph, export_dir, import_scope))
    return meta_graph


def read_saved_model(export_dir: Any) -> Any:
    """Return the message of a SavedModel.

    Args:
        export_dir: the folder.

    Raises:
        OSError: if there is none, or it cannot be read.
    """
    for path in _files(export_dir):
        if path.exists():
            return read_message(path, protos.SavedModel)
    names = f"{constants.SAVED_MODEL_FILENAME_PBTXT}|{constants.SAVED_MODEL_FILENAME_PB}"
    raise OSError(f"SavedModel file does not exist at: {os.fsdecode(export_dir)}/{{{names}}}")


def _files(export_dir: Any) -> list[Path]:
    folder = Path(os.fsdecode(export_dir))
    return [
        folder / constants.SAVED_MODEL_FILENAME_PB,
        folder / constants.SAVED_MODEL_FILENAME_PBTXT,
    ]


def _tagged(saved_model: Any, tags: Collection[str], export_dir: Any) -> Any:
    """Return the MetaGraphDef that has exactly these tags."""
    available = []
    for meta_graph in saved_model.meta_graphs:
        found = set(meta_graph.meta_info_def.tags)
        if found == set(tags):
            return meta_graph
        available.append(str(sorted(found)))
    raise RuntimeError(
        f"MetaGraphDef associated with tags {sorted(tags)} could not be found in SavedModel\n"
        f"  folder: {os.fsdecode(export_dir)}\n  its tags: {', '.join(available) or 'none'}"
    )


def _main_op(graph: Graph, meta_graph: Any, import_scope: str | None) -> Any:
    """Return what to run when a graph has been loaded, None if it has nothing to run."""
    key = constants.INIT_OP_SIGNATURE_KEY
    if key in meta_graph.signature_def:
        name = meta_graph.signature_def[key].outputs[key].name
        return graph.as_graph_element(prepend_name_scope(name, import_scope))
    for collection in (constants.MAIN_OP_KEY, constants.LEGACY_INIT_OP_KEY):
        if collection in meta_graph.collection_def:
            names = meta_graph.collection_def[collection].node_list.value
            if len(names) != 1:
                raise RuntimeError(f"Expected exactly one SavedModel main op. Found: {list(names)}")
            return graph.as_graph_element(prepend_name_scope(names[0], import_scope))
    return None


def _asset_paths(meta_graph: Any, export_dir: Any, import_scope: str | None) -> dict[str, str]:
    """Return the feeds of a main operation: names of constants -> where their files are."""
    assets = list(meta_graph.asset_file_def)
    if not assets and constants.ASSETS_KEY in meta_graph.collection_def:
        packed = meta_graph.collection_def[constants.ASSETS_KEY].any_list.value
        assets = [protos.AssetFileDef.FromString(each.value) for each in packed]
    folder = Path(os.fsdecode(export_dir), constants.ASSETS_DIRECTORY)
    return {
        prepend_name_scope(asset.tensor_info.name, import_scope): str(folder / asset.filename)
        for asset in assets
    }
