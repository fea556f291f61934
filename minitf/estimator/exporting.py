"""Writing what an Estimator learned as a SavedModel, under `base/seconds since 1970`.

    estimator.export_saved_model("export", receiver_fn)         # b"export/1546300800"

The graph is the model function's for predictions, on what `receiver_fn` receives; its signatures
are the model's `export_outputs`.

**Invariant**: a folder with a number for its name is whole: it is written under another name beside
it and renamed.

Source: TensorFlow 1.15's `tf.estimator.Estimator.export_saved_model`.
"""

from __future__ import annotations

import logging
import os
import shutil
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path, PurePath
from typing import Any

from minitf.api.framework import get_collection
from minitf.errors import NotFoundError, UnimplementedError
from minitf.estimator.model_spec import EstimatorSpec, ModeKeys
from minitf.estimator.outputs import ExportOutput, PredictOutput
from minitf.estimator.receivers import SINGLE_RECEIVER
from minitf.graph import Graph
from minitf.graph_keys import GraphKeys
from minitf.saved_model.builder import SavedModelBuilder
from minitf.saved_model.signature_constants import DEFAULT_SERVING_SIGNATURE_DEF_KEY
from minitf.saved_model.signature_def_utils import is_valid_signature
from minitf.saved_model.tag_constants import SERVING
from minitf.tensor import hooks
from minitf.train.saver import Saver
from minitf.train.scaffold import Scaffold

_LOG = logging.getLogger("tensorflow")
_ASSETS_EXTRA = "assets.extra"
_MISFIT = (
    "Could not load all requested variables from checkpoint. Please make sure your model_fn does "
    "not expect variables that were not saved in the checkpoint."
)


class Exporting:
    """What an Estimator can export; the names below are the Estimator's."""

    _model_dir: str
    _config: Any
    _warm_start: Any
    latest_checkpoint: Callable[[], str | None]
    _new_graph: Callable[[], AbstractContextManager[Graph]]
    _call_model_fn: Callable[..., EstimatorSpec]

    def export_saved_model(
        self,
        export_dir_base: Any,
        serving_input_receiver_fn: Callable[[], Any],
        assets_extra: Mapping[str, Any] | None = None,
        as_text: bool = False,
        checkpoint_path: str | None = None,
        experimental_mode: str = ModeKeys.PREDICT,
    ) -> bytes:
        """Write the model as a SavedModel; return its folder.

        Args:
            export_dir_base: the folder in which it gets a new one, named by the time.
            serving_input_receiver_fn: makes a ServingInputReceiver.
            assets_extra: path below `assets.extra` -> a file to copy there.
            as_text: whether the SavedModel is written in protobuf's text form.
            checkpoint_path: the checkpoint; the latest one if None.
            experimental_mode: what the model is built for: ModeKeys.PREDICT.

        Raises:
            ValueError: if there is no checkpoint, or no output can be served.
            UnimplementedError: if the mode is another one.
        """
        if experimental_mode != ModeKeys.PREDICT:
            raise UnimplementedError(
                None, None, f"Only models for predictions are exported, not {experimental_mode!r}"
            )
        return self._export(
            *(export_dir_base, serving_input_receiver_fn, assets_extra),
            as_text=as_text,
            checkpoint_path=checkpoint_path,
            strip_default_attrs=True,
        )

    def export_savedmodel(
        self,
        export_dir_base: Any,
        serving_input_receiver_fn: Callable[[], Any],
        assets_extra: Mapping[str, Any] | None = None,
        as_text: bool = False,
        checkpoint_path: str | None = None,
        strip_default_attrs: bool = False,
    ) -> bytes:
        """Write the model as a SavedModel; return its folder.

        Args:
            export_dir_base: as of `export_saved_model`, likewise the rest.
            serving_input_receiver_fn: see there.
            assets_extra: see there.
            as_text: see there.
            checkpoint_path: see there.
            strip_default_attrs: whether attributes that have their default are left out.

        Raises:
            ValueError: if there is no checkpoint, or no output can be served.
        """
        return self._export(
            *(export_dir_base, serving_input_receiver_fn, assets_extra),
            as_text=as_text,
            checkpoint_path=checkpoint_path,
            strip_default_attrs=strip_default_attrs,
        )

    def _call_exported_model_fn(self, features: Any, labels: Any, config: Any) -> EstimatorSpec:
        """Build the model to be exported."""
        return self._call_model_fn(features, labels, ModeKeys.PREDICT, config)

    def _export(
        self,
        export_dir_base: Any,
        receiver_fn: Callable[[], Any],
        assets_extra: Mapping[str, Any] | None,
        *,
        as_text: bool,
        checkpoint_path: str | None,
        strip_default_attrs: bool,
    ) -> bytes:
        if receiver_fn is None:
            raise ValueError("An input_receiver_fn must be defined.")
        path = checkpoint_path or self.latest_checkpoint()
        if path is None and self._warm_start is not None:
            path = self._warm_start.ckpt_to_initialize_from
        if not path:
            raise ValueError(f"Couldn't find trained model at {self._model_dir}.")
        folder = timestamped(Path(os.fsdecode(export_dir_base)))
        part = folder.with_name(f"temp-{folder.name}")
        builder = SavedModelBuilder(part)
        with self._new_graph() as graph:
            receiver = receiver_fn()
            labels = getattr(receiver, "labels", None)
            spec = self._call_exported_model_fn(receiver.features, labels, self._config)
            signatures = signatures_of(
                served_outputs(spec.export_outputs, spec.predictions),
                receiver.receiver_tensors,
                receiver.receiver_tensors_alternatives,
            )
            session = hooks.new_session("", graph=graph, config=self._config.session_config)
            with session:
                main_op = spec.scaffold.local_init_op or Scaffold.default_local_init_op()
                _restore(session, spec.scaffold.saver or Saver(sharded=True), path)
                builder.add_meta_graph_and_variables(
                    session,
                    tags=[SERVING],
                    signature_def_map=signatures,
                    assets_collection=get_collection(GraphKeys.ASSET_FILEPATHS),
                    main_op=main_op,
                    strip_default_attrs=strip_default_attrs,
                    saver=spec.scaffold.saver,
                )
        builder.save(as_text)
        for name, source in (assets_extra or {}).items():
            copy = part / _ASSETS_EXTRA / PurePath(os.fsdecode(name))
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(os.fsdecode(source), copy)
        part.rename(folder)
        return os.fsencode(folder)


def _restore(session: Any, saver: Saver, path: str) -> None:
    try:
        saver.restore(session, path)
    except NotFoundError as error:
        raise ValueError(
            f"{_MISFIT}\n\nEncountered error with mode `{ModeKeys.PREDICT}` while restoring "
            f"checkpoint from: `{path}`.\n{error.message}"
        ) from error


def timestamped(base: Path) -> Path:
    """Return a folder in `base` that is not there yet: the time in seconds, or what follows it."""
    seconds = int(time.time())
    while (base / str(seconds)).exists() or (base / f"temp-{seconds}").exists():
        seconds += 1
    return base / str(seconds)


# --- signatures -----------------------------------------------------------------------------------


def served_outputs(outputs: Any, predictions: Any) -> dict[str, ExportOutput]:
    """Return the outputs of a model by name, the default one among them.

    Raises:
        ValueError: if there are several, and none is called the default one.
    """
    if outputs is None:
        return {DEFAULT_SERVING_SIGNATURE_DEF_KEY: PredictOutput(predictions)}
    found: dict[str, ExportOutput] = dict(outputs)
    if DEFAULT_SERVING_SIGNATURE_DEF_KEY not in found:
        if len(found) != 1:
            raise ValueError(
                "Multiple export_outputs were provided, but none of them is specified as the "
                "default.  Do this by naming one of them with "
                "signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY."
            )
        (found[DEFAULT_SERVING_SIGNATURE_DEF_KEY],) = found.values()
    return found


def signatures_of(
    outputs: Mapping[str, ExportOutput], receiver_tensors: Any, alternatives: Any
) -> dict[str, Any]:
    """Return the SignatureDefs by name; an output that cannot be served so is left out, and logged.

    Args:
        outputs: outputs by name.
        receiver_tensors: tensors to feed, by name.
        alternatives: name -> tensors to feed in their place.
    """
    receivers = {"": receiver_tensors, **(alternatives or {})}
    made, refused = {}, {}
    for receiver, tensors in receivers.items():
        fed = tensors if isinstance(tensors, Mapping) else {SINGLE_RECEIVER: tensors}
        for name, output in outputs.items():
            full_name = f"{receiver}:{name}" if receiver else name
            try:
                made[full_name] = output.as_signature_def(fed)
            except ValueError as error:
                refused[full_name] = str(error)
    found = {name: each for name, each in made.items() if is_valid_signature(each)}
    for name, each in found.items():
        _LOG.info("Signature of %s in SignatureDefs: %s", each.method_name, name)
    for name, why in refused.items():
        _LOG.info("'%s' is no signature: %s", name, why)
    if DEFAULT_SERVING_SIGNATURE_DEF_KEY not in found:
        _LOG.warning("Export includes no default signature!")
    return found
