"""Exporters: who writes a SavedModel when an evaluation has ended, and which ones are kept.

    exporter = tf.estimator.BestExporter(serving_input_receiver_fn=receiver_fn, exports_to_keep=3)
    eval_spec = tf.estimator.EvalSpec(input_fn, exporters=exporter)
    tf.estimator.train_and_evaluate(estimator, train_spec, eval_spec)
    # model_dir/export/best_exporter/1546300800/saved_model.pb

Source: TensorFlow 1.15's classes of the same names.
"""

from __future__ import annotations

import abc
import logging
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from minitf.summary.event_file import summary_iterator

_LOG = logging.getLogger("tensorflow")
_LOSS = "loss"


class Exporter(abc.ABC):
    """Writes a model when it was evaluated.

    Source: TensorFlow 1.15.
    """

    @property
    @abc.abstractmethod
    def name(self) -> str:
        """Its name, and that of its folder."""

    @abc.abstractmethod
    def export(
        self,
        estimator: Any,
        export_path: Any,
        checkpoint_path: Any,
        eval_result: Any,
        is_the_final_export: bool,
    ) -> Any:
        """Write the model, or not.

        Args:
            estimator: the Estimator.
            export_path: the folder of what is written.
            checkpoint_path: the checkpoint that was evaluated.
            eval_result: its metrics by name.
            is_the_final_export: whether the training has ended.

        Returns:
            The folder that was written, None if none was.
        """


class _SavedModelExporter(Exporter):
    """Writes a SavedModel at each call, and keeps the newest ones."""

    def __init__(
        self,
        name: str,
        serving_input_receiver_fn: Callable[[], Any] | None,
        assets_extra: Mapping[str, Any] | None,
        as_text: bool,
        exports_to_keep: int | None = None,
    ) -> None:
        if exports_to_keep is not None and exports_to_keep <= 0:
            raise ValueError(
                f"`exports_to_keep`, if provided, must be a positive number. Got {exports_to_keep}"
            )
        self._name = name
        self._serving_input_receiver_fn = serving_input_receiver_fn
        self._assets_extra = assets_extra
        self._as_text = as_text
        self._exports_to_keep = exports_to_keep

    @property
    def name(self) -> str:
        """Its name, and that of its folder."""
        return self._name

    def export(
        self,
        estimator: Any,
        export_path: Any,
        checkpoint_path: Any,
        eval_result: Any,
        is_the_final_export: bool,
    ) -> Any:
        """Write the model; delete what is too old."""
        written = estimator.export_saved_model(
            export_path,
            self._serving_input_receiver_fn,
            assets_extra=self._assets_extra,
            as_text=self._as_text,
            checkpoint_path=checkpoint_path,
        )
        self._delete_old(Path(os.fsdecode(export_path)))
        return written

    def _delete_old(self, folder: Path) -> None:
        if self._exports_to_keep is None:
            return
        exports = sorted(
            (each for each in folder.iterdir() if each.name.isdecimal()),
            key=lambda each: int(each.name),
        )
        for each in exports[: -self._exports_to_keep]:
            shutil.rmtree(each, ignore_errors=True)


class LatestExporter(_SavedModelExporter):
    """Writes the model after each evaluation, and keeps the newest ones.

    Args:
        name: its name, and that of its folder.
        serving_input_receiver_fn: makes a ServingInputReceiver.
        assets_extra: path below `assets.extra` -> a file to copy there.
        as_text: whether the SavedModel is written in protobuf's text form.
        exports_to_keep: how many are kept; all if None.

    Raises:
        ValueError: if that number is not above 0.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        name: str,
        serving_input_receiver_fn: Callable[[], Any],
        assets_extra: Mapping[str, Any] | None = None,
        as_text: bool = False,
        exports_to_keep: int | None = 5,
    ) -> None:
        super().__init__(name, serving_input_receiver_fn, assets_extra, as_text, exports_to_keep)


class FinalExporter(_SavedModelExporter):
    """Writes the model when the training has ended.

    Args:
        name: its name, and that of its folder.
        serving_input_receiver_fn: makes a ServingInputReceiver.
        assets_extra: path below `assets.extra` -> a file to copy there.
        as_text: whether the SavedModel is written in protobuf's text form.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        name: str,
        serving_input_receiver_fn: Callable[[], Any],
        assets_extra: Mapping[str, Any] | None = None,
        as_text: bool = False,
    ) -> None:
        super().__init__(name, serving_input_receiver_fn, assets_extra, as_text)

    def export(
        self,
        estimator: Any,
        export_path: Any,
        checkpoint_path: Any,
        eval_result: Any,
        is_the_final_export: bool,
    ) -> Any:
        """Write the model if the training has ended."""
        if not is_the_final_export:
            return None
        _LOG.info("Performing the final export in the end of training.")
        return super().export(
            estimator, export_path, checkpoint_path, eval_result, is_the_final_export
        )


def _loss_smaller(best_eval_result: Any, current_eval_result: Any) -> bool:
    """Tell whether a loss is smaller than the best one.

    Raises:
        ValueError: if there is none.
    """
    for name, result in (
        ("best_eval_result", best_eval_result),
        ("current_eval_result", current_eval_result),
    ):
        if not result or _LOSS not in result:
            raise ValueError(f"{name} cannot be empty or no loss is found in it.")
    return bool(best_eval_result[_LOSS] > current_eval_result[_LOSS])


class BestExporter(_SavedModelExporter):
    """Writes the model if it is better than all before, and keeps the newest ones.

    Args:
        name: its name, and that of its folder.
        serving_input_receiver_fn: makes a ServingInputReceiver.
        event_file_pattern: event files below the model's folder, in which the best result of an
            earlier program is found; None takes none into account.
        compare_fn: of `best_eval_result` and `current_eval_result`: whether that one is better.
        assets_extra: path below `assets.extra` -> a file to copy there.
        as_text: whether the SavedModel is written in protobuf's text form.
        exports_to_keep: how many are kept; all if None.

    Raises:
        ValueError: if there is nothing to compare with, or that number is not above 0.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        name: str = "best_exporter",
        serving_input_receiver_fn: Callable[[], Any] | None = None,
        event_file_pattern: str | None = "eval/*.tfevents.*",
        compare_fn: Callable[..., bool] = _loss_smaller,
        assets_extra: Mapping[str, Any] | None = None,
        as_text: bool = False,
        exports_to_keep: int | None = 5,
    ) -> None:
        super().__init__(name, serving_input_receiver_fn, assets_extra, as_text, exports_to_keep)
        if compare_fn is None:
            raise ValueError("`compare_fn` must not be None.")
        self._compare_fn = compare_fn
        self._event_file_pattern = event_file_pattern
        self._model_dir: str | None = None
        self._best: Any = None

    def export(
        self,
        estimator: Any,
        export_path: Any,
        checkpoint_path: Any,
        eval_result: Any,
        is_the_final_export: bool,
    ) -> Any:
        """Write the model if its result is the best."""
        if self._model_dir != estimator.model_dir and self._event_file_pattern:
            _LOG.info("Loading best metric from event files.")
            self._model_dir = estimator.model_dir
            self._best = self._best_of(Path(estimator.model_dir))
        if self._best is not None and not self._compare_fn(
            best_eval_result=self._best, current_eval_result=eval_result
        ):
            return None
        _LOG.info("Performing best model export.")
        self._best = eval_result
        return super().export(
            estimator, export_path, checkpoint_path, eval_result, is_the_final_export
        )

    def _best_of(self, folder: Path) -> dict[str, float] | None:
        """Return the best result that event files tell."""
        best: dict[str, float] | None = None
        for path in sorted(folder.glob(self._event_file_pattern or "")):
            for event in summary_iterator(str(path)):
                result = {
                    value.tag: value.simple_value
                    for value in event.summary.value
                    if value.HasField("simple_value")
                }
                if result and (
                    best is None
                    or self._compare_fn(best_eval_result=best, current_eval_result=result)
                ):
                    best = result
        return best
