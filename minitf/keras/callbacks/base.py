"""Callback: what is told of batches and epochs; the list of those of a run; logs of its own.

Source: TensorFlow 1.15's `tf.keras.callbacks`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from minitf.keras.utils.progress import Progbar

Logs = dict[str, Any] | None


class Callback:
    """Is told of batches and epochs; subclasses define the methods that they need.

    Attributes:
        params: what is known of the run: "epochs", "steps", "verbose", "metrics", ...
        model: the model.
        validation_data: None; programs set it.
    """

    def __init__(self) -> None:
        self.validation_data: Any = None
        self.model: Any = None
        self.params: dict[str, Any] = {}

    def set_params(self, params: dict[str, Any]) -> None:
        """Take what is known of the run."""
        self.params = params

    def set_model(self, model: Any) -> None:
        """Take the model."""
        self.model = model

    def on_batch_begin(self, batch: int, logs: Logs = None) -> None:
        """Older name of `on_train_batch_begin`."""

    def on_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Older name of `on_train_batch_end`."""

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Be told that an epoch begins."""

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Be told that an epoch ended, and what was measured in it."""

    def on_train_batch_begin(self, batch: int, logs: Logs = None) -> None:
        """Be told that a batch of the training begins."""
        self.on_batch_begin(batch, logs)

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Be told that a batch of the training ended, and what was measured."""
        self.on_batch_end(batch, logs)

    def on_test_batch_begin(self, batch: int, logs: Logs = None) -> None:
        """Be told that a batch of `evaluate` begins."""

    def on_test_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Be told that a batch of `evaluate` ended."""

    def on_predict_batch_begin(self, batch: int, logs: Logs = None) -> None:
        """Be told that a batch of `predict` begins."""

    def on_predict_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Be told that a batch of `predict` ended."""

    def on_train_begin(self, logs: Logs = None) -> None:
        """Be told that `fit` begins."""

    def on_train_end(self, logs: Logs = None) -> None:
        """Be told that `fit` ends."""

    def on_test_begin(self, logs: Logs = None) -> None:
        """Be told that `evaluate` begins."""

    def on_test_end(self, logs: Logs = None) -> None:
        """Be told that `evaluate` ends."""

    def on_predict_begin(self, logs: Logs = None) -> None:
        """Be told that `predict` begins."""

    def on_predict_end(self, logs: Logs = None) -> None:
        """Be told that `predict` ends."""


class CallbackList:
    """Tells callbacks one after the other.

    Args:
        callbacks: them.
    """

    def __init__(self, callbacks: Sequence[Callback] | None = None) -> None:
        self.callbacks = list(callbacks or ())
        self.params: dict[str, Any] = {}

    def append(self, callback: Callback) -> None:
        """Add a callback behind the others."""
        self.callbacks.append(callback)

    def set_params(self, params: dict[str, Any]) -> None:
        """Pass on what is known of the run."""
        self.params = params
        for each in self.callbacks:
            each.set_params(params)

    def set_model(self, model: Any) -> None:
        """Pass on the model."""
        for each in self.callbacks:
            each.set_model(model)

    def on_batch(self, mode: str, hook: str, batch: int, logs: Logs) -> None:
        """Tell of a batch.

        Args:
            mode: "train", "test" or "predict".
            hook: "begin" or "end".
            batch: its number.
            logs: what is known of it.
        """
        for each in self.callbacks:
            getattr(each, f"on_{mode}_batch_{hook}")(batch, logs)

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Tell that an epoch begins."""
        for each in self.callbacks:
            each.on_epoch_begin(epoch, {} if logs is None else logs)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Tell that an epoch ended."""
        for each in self.callbacks:
            each.on_epoch_end(epoch, {} if logs is None else logs)

    def on_train_begin(self) -> None:
        """Tell that `fit` begins."""
        self._tell("on_train_begin")

    def on_train_end(self) -> None:
        """Tell that `fit` ends."""
        self._tell("on_train_end")

    def on_test_begin(self) -> None:
        """Tell that `evaluate` begins."""
        self._tell("on_test_begin")

    def on_test_end(self) -> None:
        """Tell that `evaluate` ends."""
        self._tell("on_test_end")

    def on_predict_begin(self) -> None:
        """Tell that `predict` begins."""
        self._tell("on_predict_begin")

    def on_predict_end(self) -> None:
        """Tell that `predict` ends."""
        self._tell("on_predict_end")

    def _tell(self, name: str) -> None:
        for each in self.callbacks:
            tell: Callable[[Logs], None] = getattr(each, name)
            tell({})

    def __iter__(self) -> Iterator[Callback]:
        return iter(self.callbacks)


class BaseLogger(Callback):
    """Puts means over an epoch into its logs.

    Args:
        stateful_metrics: names of those that are means already.
    """

    def __init__(self, stateful_metrics: Any = None) -> None:
        super().__init__()
        self.stateful_metrics = set(stateful_metrics or ())

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Begin with no rows."""
        self.seen = 0
        self.totals: dict[str, Any] = {}

    def on_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Add a batch."""
        logs = logs or {}
        size = logs.get("size", 0)
        self.seen += size
        for key, value in logs.items():
            if key in self.stateful_metrics:
                self.totals[key] = value
            else:
                self.totals[key] = self.totals.get(key, np.float64(0)) + value * size

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Put the means into the logs."""
        if logs is None:
            return
        for key in self.params["metrics"]:
            if key in self.totals:
                own = key in self.stateful_metrics
                logs[key] = self.totals[key] if own else self.totals[key] / max(self.seen, 1)


class TerminateOnNaN(Callback):
    """Ends the training when the loss is no finite number."""

    def on_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Look at the loss."""
        loss = (logs or {}).get("loss")
        if loss is not None and not np.isfinite(loss):
            print(f"Batch {batch}: Invalid loss, terminating training")
            self.model.stop_training = True


class History(Callback):
    """Keeps what was measured.

    Attributes:
        epoch: the numbers of the epochs.
        history: name -> what was measured in each.
    """

    def __init__(self) -> None:
        super().__init__()
        self.epoch: list[int] = []
        self.history: dict[str, list[Any]] = {}

    def on_train_begin(self, logs: Logs = None) -> None:
        """Begin with no epochs."""
        self.epoch = []
        self.history = {}

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Add an epoch."""
        self.epoch.append(epoch)
        for key, value in (logs or {}).items():
            self.history.setdefault(key, []).append(value)


class ProgbarLogger(Callback):
    """Shows a bar, or a line for each epoch, on the standard output.

    Args:
        count_mode: "samples" or "steps": what the bar counts.
        stateful_metrics: names of metrics that are means already.
    """

    def __init__(self, count_mode: str = "samples", stateful_metrics: Any = None) -> None:
        super().__init__()
        if count_mode not in {"samples", "steps"}:
            raise ValueError("Unknown `count_mode`: " + str(count_mode))
        self.use_steps = count_mode == "steps"
        self.stateful_metrics = set(stateful_metrics or ())
        self.progbar: Progbar | None = None
        self._fits = False  # so that a validation has no bar of its own

    def on_train_begin(self, logs: Logs = None) -> None:
        """Take how much is shown."""
        self._fits = True
        self.verbose = self.params["verbose"]
        self.epochs = self.params["epochs"]

    def on_test_begin(self, logs: Logs = None) -> None:
        """Begin a bar, unless this is the validation of an epoch."""
        if not self._fits:
            self.verbose = self.params["verbose"]
            self._begin()

    on_predict_begin = on_test_begin

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Begin a bar."""
        if self.verbose and self.epochs > 1:
            print(f"Epoch {epoch + 1}/{self.epochs}")
        self._begin()

    def _begin(self) -> None:
        self.seen = 0
        self.target = self.params["steps"] if self.use_steps else self.params["samples"]
        self.progbar = Progbar(
            self.target,
            verbose=self.verbose,
            stateful_metrics=self.stateful_metrics,
            unit_name="step" if self.use_steps else "sample",
        )

    def on_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Move the bar; the last move is left to the end of the epoch."""
        self._move(logs or {}, last=False)

    def _move(self, logs: dict[str, Any], *, last: bool) -> None:
        self.seen += 1 if self.use_steps else logs.get("size", 0)
        values = [(key, logs[key]) for key in self.params["metrics"] if key in logs]
        ends = self.target is not None and self.seen >= self.target
        if self.verbose and self.progbar is not None and (last or not ends):
            self.progbar.update(self.seen, values)
        elif self.progbar is not None:
            self.progbar.add_values(self.seen, values)

    def on_test_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Move the bar, unless this is the validation of an epoch."""
        if not self._fits:
            self._move(logs or {}, last=True)

    on_predict_batch_end = on_test_batch_end

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Show the end of the bar, with what the validation measured."""
        if self.progbar is None or not self.verbose:
            return
        logs = logs or {}
        values = [(key, logs[key]) for key in self.params["metrics"] if key in logs]
        self.progbar.finish(self.seen, values)
