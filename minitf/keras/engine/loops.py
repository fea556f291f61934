"""Loops: epochs and batches, and the callbacks that are told of them.

    on_train_begin
      on_epoch_begin, then for each batch on_batch_begin, run, on_batch_end
      the validation, on_epoch_end
    on_train_end

Source: TensorFlow 1.15's `tf.keras.Model.fit`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from minitf.keras import callbacks as callbacks_
from minitf.keras.callbacks.base import CallbackList
from minitf.keras.engine.arrays import Arrays


class Repeated:
    """Steps that are all alike: with whole arrays, or with the tensors that a model reads.

    Args:
        arrays: inputs, targets and weights: None for what is not fed.
        steps: how many steps an epoch has.

    Raises:
        ValueError: if that is not known.
    """

    counts_rows = False
    ended = False
    rows: int | None = None
    batch_size: int | None = None

    def __init__(self, arrays: tuple[Arrays, Arrays, Arrays], steps: int | None) -> None:
        if steps is None:
            raise ValueError(
                "When using data tensors as input to a model, you should specify the "
                "`steps_per_epoch` argument."
            )
        self._arrays = arrays
        self.steps: int | None = steps

    def epoch(self) -> Iterator[tuple[Arrays, Arrays, Arrays, int]]:
        """Give the steps of an epoch."""
        for _ in range(self.steps or 0):
            yield (*self._arrays, 1)


def _list_of(
    model: Any,
    given: Any,
    batches: Any,
    epochs: int,
    verbose: int,
    names: Sequence[str],
    *,
    training: bool,
) -> CallbackList:
    mode = "samples" if batches.counts_rows else "steps"
    made: list[Any] = [callbacks_.BaseLogger(stateful_metrics=names[1:])] if training else []
    made += list(given or ())
    if verbose:
        made.append(callbacks_.ProgbarLogger(mode, stateful_metrics=names[1:]))
    if training:
        model.history = callbacks_.History()
        made.append(model.history)
    listed = CallbackList(made)
    listed.set_model(model)
    params = {
        "batch_size": batches.batch_size,
        "epochs": epochs,
        "steps": batches.steps,
        "samples": batches.rows,
        "verbose": verbose,
        "do_validation": False,
        "metrics": list(names),
    }
    listed.set_params(params)
    return listed


def fit(
    model: Any,
    batches: Any,
    epochs: int,
    verbose: int,
    callbacks: Any,
    validation: Any,
    validation_freq: Any,
    initial_epoch: int,
) -> Any:
    """Train a model; see `Model.fit`."""
    names = model.metrics_names
    shown = names + [f"val_{name}" for name in names] if validation is not None else names
    listed = _list_of(model, callbacks, batches, epochs, verbose, names, training=True)
    listed.set_params({**listed.params, "metrics": shown, "do_validation": validation is not None})
    for each in listed.callbacks:
        each.validation_data = None
    model.stop_training = False
    listed.on_train_begin()
    if verbose and batches.rows is not None:
        behind = f", validate on {validation.rows} samples" if _has_rows(validation) else ""
        print(f"Train on {batches.rows} samples{behind}")
    for epoch in range(initial_epoch, epochs):
        if model.stop_training:
            break
        logs = _epoch(model, batches, listed, epoch, names)
        if validation is not None and _is_due(epoch, validation_freq):
            listed.on_test_begin()
            results = _measure(model, validation, listed)
            listed.on_test_end()
            logs |= {f"val_{name}": value for name, value in zip(names, results, strict=True)}
        listed.on_epoch_end(epoch, logs)
        model.stop_training |= batches.ended
    listed.on_train_end()
    return model.history


def _has_rows(validation: Any) -> bool:
    return validation is not None and validation.rows is not None


def _epoch(
    model: Any, batches: Any, listed: CallbackList, epoch: int, names: Sequence[str]
) -> dict[str, Any]:
    """Train an epoch, and return what was measured."""
    model.reset_metrics()
    listed.on_epoch_begin(epoch)
    total, rows, results = np.float64(0), 0, []
    for number, (inputs, targets, weights, size) in enumerate(batches.epoch()):
        listed.on_batch("train", "begin", number, {"batch": number, "size": size})
        results = model._run("train", inputs, targets, weights)  # noqa: SLF001 - its loop
        logs = {"batch": number, "size": size, **dict(zip(names, results, strict=True))}
        listed.on_batch("train", "end", number, logs)
        total, rows = total + results[0] * size, rows + size
        if model.stop_training:
            break
    return dict(zip(names, [total / rows, *results[1:]], strict=True)) if rows else {}


def _is_due(epoch: int, frequency: Any) -> bool:
    if isinstance(frequency, int):
        return (epoch + 1) % frequency == 0
    return epoch + 1 in frequency


def _measure(model: Any, batches: Any, listed: CallbackList) -> list[Any]:
    """Return loss and metrics over all batches."""
    model.reset_metrics()
    total, rows, results = np.float64(0), 0, [0.0]
    for number, (inputs, targets, weights, size) in enumerate(batches.epoch()):
        logs = {"batch": number, "size": size}
        listed.on_batch("test", "begin", number, dict(logs))
        results = model._run("test", inputs, targets, weights)  # noqa: SLF001
        share = size if batches.counts_rows else 1
        total, rows = total + results[0] * share, rows + share
        logs |= dict(zip(model.metrics_names, results, strict=True))
        listed.on_batch("test", "end", number, logs)
    return [total / max(rows, 1), *results[1:]]


def evaluate(model: Any, batches: Any, verbose: int, callbacks: Any) -> Any:
    """Measure a model; see `Model.evaluate`."""
    names = model.metrics_names
    listed = _list_of(model, callbacks, batches, 1, verbose, names, training=False)
    listed.on_test_begin()
    results = _measure(model, batches, listed)
    listed.on_test_end()
    return results[0] if len(results) == 1 else results


def predict(model: Any, batches: Any, verbose: int, callbacks: Any) -> Any:
    """Ask a model; see `Model.predict`."""
    listed = _list_of(model, callbacks, batches, 1, verbose, [], training=False)
    listed.on_predict_begin()
    parts: list[list[Any]] = []
    for number, (inputs, _, _, size) in enumerate(batches.epoch()):
        listed.on_batch("predict", "begin", number, {"batch": number, "size": size})
        parts.append(model._run("predict", inputs, [], []))  # noqa: SLF001
        listed.on_batch("predict", "end", number, {"batch": number, "size": size})
    listed.on_predict_end()
    made = [np.concatenate(each, axis=0) for each in zip(*parts, strict=True)]
    return made[0] if len(made) == 1 else made
