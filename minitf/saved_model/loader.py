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
from minitf.api.framework import get_default_graph
from minitf.collection_def import prepend_name_scope
from minitf.graph import Graph
from minitf.message_files import read_message
from minitf.saved_model import constants, folders
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
    return SavedModelLoader(export_dir).load(sess, tags, import_scope, **saver_kwargs)


class SavedModelLoader:
    """A SavedModel, to be loaded at once by `load`, or step by step.

    Args:
        export_dir: the folder.

    Raises:
        OSError: if the folder has no file of a SavedModel, or it cannot be read.

    Source: TensorFlow 1.15's class of the same name.
    """

    def __init__(self, export_dir: Any) -> None:
        self._export_dir = export_dir
        self._saved_model = read_saved_model(export_dir)

    @property
    def export_dir(self) -> Any:
        """The folder."""
        return self._export_dir

    @property
    def variables_path(self) -> str:
        """The path of the checkpoint."""
        return folders.get_variables_path(self._export_dir)

    @property
    def saved_model(self) -> Any:
        """The message."""
        return self._saved_model

    def get_meta_graph_def_from_tags(self, tags: Collection[str]) -> Any:
        """Return the MetaGraphDef that has exactly some tags.

        Raises:
            RuntimeError: if there is none.
        """
        available = []
        for meta_graph in self._saved_model.meta_graphs:
            found = set(meta_graph.meta_info_def.tags)
            if found == set(tags):
                return meta_graph
            available.append(str(sorted(found)))
        raise RuntimeError(
            f"MetaGraphDef associated with tags {sorted(tags)} could not be found in SavedModel\n"
            f"  folder: {os.fsdecode(self._export_dir)}\n"
            f"  its tags: {', '.join(available) or 'none'}"
        )

    def load_graph(
        self,
        graph: Graph,
        tags: Collection[str],
        import_scope: str | None = None,
        **saver_kwargs: Any,
    ) -> tuple[Any, Any]:
        """Import a graph; return a Saver of its variables (None if it has none), and elements.

        Args:
            graph: the graph to import it into.
            tags: exactly its tags.
            import_scope: a name scope to put all in.
            saver_kwargs: `return_elements`, names of what to return; and as of
                `tf.train.import_meta_graph`.
        """
        wanted = saver_kwargs.pop("return_elements", None) or ()
        meta_graph = self.get_meta_graph_def_from_tags(tags)
        with graph.as_default():
            saver = import_meta_graph(meta_graph, import_scope=import_scope, **saver_kwargs)
        names = [prepend_name_scope(each, import_scope) for each in wanted]
        return saver, [graph.as_graph_element(each) for each in names]

    def restore_variables(self, sess: Any, saver: Any, import_scope: str | None = None) -> None:
        """Give the variables their values, if there are any.

        Args:
            sess: the session.
            saver: what `load_graph` returned.
            import_scope: accepted for compatibility: the Saver knows its names.
        """
        del import_scope
        if saver is None:
            _LOG.info("The specified SavedModel has no variables; no checkpoints were restored.")
        else:
            with sess.graph.as_default():
                saver.restore(sess, self.variables_path)

    def run_init_ops(
        self, sess: Any, tags: Collection[str], import_scope: str | None = None
    ) -> None:
        """Run the operation that fills tables and the like, if there is one."""
        meta_graph = self.get_meta_graph_def_from_tags(tags)
        with sess.graph.as_default():
            main_op = get_init_op(meta_graph, import_scope)
            if main_op is not None:
                sess.run(main_op, get_asset_tensors(self._export_dir, meta_graph, import_scope))

    def load(
        self,
        sess: Any,
        tags: Collection[str],
        import_scope: str | None = None,
        **saver_kwargs: Any,
    ) -> Any:
        """Load a graph and its variables into a session; see the function `load`."""
        saver, _ = self.load_graph(sess.graph, tags, import_scope, **saver_kwargs)
        self.restore_variables(sess, saver, import_scope)
        self.run_init_ops(sess, tags, import_scope)
        return self.get_meta_graph_def_from_tags(tags)


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


def get_init_op(meta_graph: Any, import_scope: str | None = None) -> Any:
    """Return what to run when a graph is in the default one, None if it has nothing to run.

    Raises:
        RuntimeError: if it has several such operations.
    """
    graph = get_default_graph()
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


def get_train_op(meta_graph: Any, import_scope: str | None = None) -> Any:
    """Return the operation that trains a graph, None if it has none."""
    graph, key = get_default_graph(), constants.TRAIN_OP_SIGNATURE_KEY
    if key in meta_graph.signature_def:
        name = meta_graph.signature_def[key].outputs[key].name
        return graph.as_graph_element(prepend_name_scope(name, import_scope))
    if constants.TRAIN_OP_KEY in meta_graph.collection_def:
        names = meta_graph.collection_def[constants.TRAIN_OP_KEY].node_list.value
        return graph.as_graph_element(prepend_name_scope(names[0], import_scope))
    return None


def get_asset_tensors(
    export_dir: Any, meta_graph: Any, import_scope: str | None = None
) -> dict[str, str]:
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
