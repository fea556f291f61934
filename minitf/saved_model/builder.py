"""`tf.saved_model.builder`: writing a SavedModel.

    builder = tf.saved_model.builder.SavedModelBuilder("my_model/1")
    with tf.Session(graph=graph) as session:
        ...                                             # train
        builder.add_meta_graph_and_variables(session, ["serve"], {"serving_default": signature})
    builder.save()

**State** of a builder: the SavedModel message to be; whether the variables are written; which
assets are.

**Invariants**
1. `saved_model.pb` is written last, when all that it refers to is on the disk, and is there whole
   or not at all: the folder of a program that died is no SavedModel, and nothing loads it as one.
2. All graphs share the variables and the assets that came with the first.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from minitf import protos
from minitf.api.graph_io import as_message
from minitf.default_graph import default_graph
from minitf.graph import Graph
from minitf.graph_keys import GraphKeys
from minitf.message_files import write_message
from minitf.operation import Operation
from minitf.saved_model import constants
from minitf.saved_model.assets import asset_name, asset_path, copy_assets
from minitf.saved_model.signature_constants import DEFAULT_SERVING_SIGNATURE_DEF_KEY
from minitf.saved_model.signature_def_utils import predict_signature_def
from minitf.saved_model.tag_constants import SERVING
from minitf.tensor import Tensor
from minitf.train.saveable import all_saveable_objects
from minitf.train.saver import Saver

_LOG = logging.getLogger("tensorflow")


class SavedModelBuilder:
    """Writes a SavedModel.

    Args:
        export_dir: its folder, which is made; it must not exist, or be empty.

    Raises:
        AssertionError: if there is something in the folder.
    """

    def __init__(self, export_dir: Any) -> None:
        self._folder = Path(os.fsdecode(export_dir))
        if self._folder.is_dir() and any(self._folder.iterdir()):
            raise AssertionError(
                "Export directory already exists, and isn't empty. Please choose a different "
                "export directory, or delete all the contents of the specified directory: "
                f"{os.fsdecode(export_dir)}"
            )
        self._folder.mkdir(parents=True, exist_ok=True)
        self._saved_model = protos.SavedModel(
            saved_model_schema_version=constants.SAVED_MODEL_SCHEMA_VERSION
        )
        self._has_saved_variables = False
        self._saved_assets: set[str] = set()

    def add_meta_graph_and_variables(
        self,
        sess: Any,
        tags: Iterable[str],
        signature_def_map: Mapping[str, Any] | None = None,
        assets_collection: Iterable[Tensor] | None = None,
        legacy_init_op: Operation | None = None,
        clear_devices: bool = False,
        main_op: Operation | None = None,
        strip_default_attrs: bool = False,
        saver: Saver | None = None,
    ) -> None:
        """Add a session's graph, and write its variables: the first call of a builder, and only it.

        Args:
            sess: the session that holds the variables.
            tags: words by which the graph is chosen when it is loaded.
            signature_def_map: name -> SignatureDef.
            assets_collection: constant Tensors, paths of files to copy; they become the copies'
                when the model is loaded.
            legacy_init_op: former name of `main_op`.
            clear_devices: whether to leave out which devices are requested.
            main_op: an operation to run when the graph has been loaded and restored.
            strip_default_attrs: whether to leave out attributes that have their default.
            saver: the Saver that is to restore the variables; by default one of all of them.

        Raises:
            AssertionError: if variables were written already, or a TensorInfo is incomplete.
            KeyError: if a signature has a reserved name.
            TypeError: if an asset or an operation to run is something else.
            ValueError: if the graph has an operation to run already.
        """
        if self._has_saved_variables:
            raise AssertionError(
                "Graph state including variables and assets has already been saved. Please invoke "
                "`add_meta_graph()` instead."
            )
        variables = self._folder / constants.VARIABLES_DIRECTORY

        def save(used: Saver) -> None:
            variables.mkdir(parents=True, exist_ok=True)
            path = str(variables / constants.VARIABLES_FILENAME)
            # the file `checkpoint` would tell a path, and models are moved
            used.save(sess, path, write_meta_graph=False, write_state=False)
            used.sync()

        with sess.graph.as_default():
            self._add(
                tags,
                signature_def_map,
                assets_collection,
                legacy_init_op if main_op is None else main_op,
                saver,
                save,
                clear_devices=clear_devices,
                strip_default_attrs=strip_default_attrs,
            )
        self._has_saved_variables = True

    def add_meta_graph(
        self,
        tags: Iterable[str],
        signature_def_map: Mapping[str, Any] | None = None,
        assets_collection: Iterable[Tensor] | None = None,
        legacy_init_op: Operation | None = None,
        clear_devices: bool = False,
        main_op: Operation | None = None,
        strip_default_attrs: bool = False,
        saver: Saver | None = None,
    ) -> None:
        """Add the default graph, whose variables are those that are written already.

        Args:
            tags: as of `add_meta_graph_and_variables`, likewise the rest.
            signature_def_map: see there.
            assets_collection: see there.
            legacy_init_op: see there.
            clear_devices: see there.
            main_op: see there.
            strip_default_attrs: see there.
            saver: see there.

        Raises:
            AssertionError: if no variables were written yet, or a TensorInfo is incomplete.
            KeyError, TypeError, ValueError: see there.
        """
        if not self._has_saved_variables:
            raise AssertionError(
                "Graph state including variables and assets has not been saved yet. Please invoke "
                "`add_meta_graph_and_variables()` first."
            )
        self._add(
            tags,
            signature_def_map,
            assets_collection,
            legacy_init_op if main_op is None else main_op,
            saver,
            lambda _: None,
            clear_devices=clear_devices,
            strip_default_attrs=strip_default_attrs,
        )

    def _add(
        self,
        tags: Iterable[str],
        signature_def_map: Mapping[str, Any] | None,
        assets: Iterable[Tensor] | None,
        main_op: Operation | None,
        saver: Saver | None,
        save: Callable[[Saver], None],
        *,
        clear_devices: bool,
        strip_default_attrs: bool,
    ) -> None:
        """Add the default graph; `save` writes its variables by the Saver."""
        signatures = _checked_signatures(signature_def_map or {})
        self._add_assets(assets)
        if main_op is not None:
            _add_main_op(default_graph(), main_op)
        used = saver or Saver(
            all_saveable_objects(), sharded=True, write_version=protos.SaverDef.V2, allow_empty=True
        )
        save(used)
        meta_graph = used.export_meta_graph(
            clear_devices=clear_devices, strip_default_attrs=strip_default_attrs
        )
        meta_graph.meta_info_def.tags.extend(tags)
        for name, signature in signatures.items():
            meta_graph.signature_def[name].CopyFrom(signature)
        self._saved_model.meta_graphs.append(meta_graph)

    def _add_assets(self, assets: Iterable[Tensor] | None) -> None:
        """Note in the graph which files it reads, and copy those that are not copied yet."""
        sources: dict[str, str] = {}
        for tensor in assets or ():
            path = asset_path(tensor)
            name = asset_name(path, sources)
            sources[name] = path
            asset = protos.AssetFileDef(filename=name)
            asset.tensor_info.name = tensor.name
            tensor.graph.add_to_collection(constants.ASSETS_KEY, _packed(asset))
        if not sources:
            _LOG.info("No assets to write.")
            return
        left = {name: path for name, path in sources.items() if name not in self._saved_assets}
        self._saved_assets.update(copy_assets(self._folder, left))

    def save(self, as_text: bool = False) -> bytes:
        """Write the SavedModel; return the path of its file.

        Args:
            as_text: whether to write protobuf's text form rather than its bytes.
        """
        name = (
            constants.SAVED_MODEL_FILENAME_PBTXT if as_text else constants.SAVED_MODEL_FILENAME_PB
        )
        path = self._folder / name
        write_message(path, self._saved_model, as_text=as_text)
        _LOG.info("SavedModel written to: %s", path)
        return os.fsencode(path)


def simple_save(
    session: Any,
    export_dir: Any,
    inputs: Mapping[str, Any],
    outputs: Mapping[str, Any],
    legacy_init_op: Operation | None = None,
) -> None:
    """Write a session's graph as a SavedModel that can be served.

    Args:
        session: the session that holds the variables.
        export_dir: the folder, which must not exist, or be empty.
        inputs: name -> Tensor.
        outputs: name -> Tensor.
        legacy_init_op: an operation to run when the graph has been loaded and restored.
    """
    builder = SavedModelBuilder(export_dir)
    builder.add_meta_graph_and_variables(
        session,
        [SERVING],
        {DEFAULT_SERVING_SIGNATURE_DEF_KEY: predict_signature_def(inputs, outputs)},
        session.graph.get_collection(GraphKeys.ASSET_FILEPATHS),
        main_op=legacy_init_op,
        clear_devices=True,
    )
    builder.save()


# --- checks ---------------------------------------------------------------------------------------


def _checked_signatures(signatures: Mapping[str, Any]) -> dict[str, Any]:
    """Return SignatureDefs, ours or TensorFlow's, as ours."""
    for name in (constants.INIT_OP_SIGNATURE_KEY, constants.TRAIN_OP_SIGNATURE_KEY):
        if name in signatures:
            raise KeyError(
                f'SignatureDef map key "{name}" is reserved. Please use a different key.'
            )
    checked = {
        name: as_message(signature, protos.SignatureDef, f"signature_def_map[{name!r}]")
        for name, signature in signatures.items()
    }
    for signature in checked.values():
        for info in (*signature.inputs.values(), *signature.outputs.values()):
            # a kind of tensor that only TensorFlow 2 has is told in a field unknown to us
            if info.WhichOneof("encoding") is None or not info.dtype:
                raise AssertionError(
                    "All TensorInfo protos used in the SignatureDefs must have the name and dtype "
                    f"fields set: {info}"
                )
    return checked


def _add_main_op(graph: Graph, main_op: Any) -> None:
    if not isinstance(main_op, Operation):
        raise TypeError(f"main_op needs to be an Operation: {main_op!r}")
    for key in (constants.MAIN_OP_KEY, constants.LEGACY_INIT_OP_KEY):
        if graph.get_collection(key):
            raise ValueError(
                f"Graph already contains one or more main ops under the collection {key}."
            )
    graph.add_to_collection(constants.MAIN_OP_KEY, main_op)


def _packed(message: Any) -> Any:
    from google.protobuf import any_pb2

    return any_pb2.Any(
        type_url=f"type.googleapis.com/{message.DESCRIPTOR.full_name}",
        value=message.SerializeToString(),
    )
