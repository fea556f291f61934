"""Callbacks that write, stop, and change the learning rate.

Source: TensorFlow 1.15's `tf.keras.callbacks`.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from minitf.compat import logging
from minitf.keras.backend.sessions import get_value, set_value
from minitf.keras.callbacks.base import Callback, Logs


class _Watching(Callback):
    """Watches whether a value of the logs gets better.

    Args:
        monitor: its name.
        mode: "min" or "max"; "auto" decides by the name.
        min_delta: how much better counts.
    """

    def __init__(self, monitor: str, mode: str, min_delta: float = 0.0) -> None:
        super().__init__()
        self.monitor = monitor
        if mode not in {"auto", "min", "max"}:
            logging.warning(
                "%s mode %s is unknown, fallback to auto mode.", type(self).__name__, mode
            )
            mode = "auto"
        grows = mode == "max" or (
            mode == "auto" and ("acc" in monitor or monitor.startswith("fmeasure"))
        )
        self.monitor_op: Any = np.greater if grows else np.less
        self.min_delta = abs(min_delta) if grows else -abs(min_delta)
        self.best = self._worst = -np.inf if grows else np.inf

    def _is_better(self, value: Any) -> bool:
        return bool(self.monitor_op(value - self.min_delta, self.best))

    def _value(self, logs: Logs) -> Any:
        logs = logs or {}
        value = logs.get(self.monitor)
        if value is None:
            logging.warning(
                "%s conditioned on metric `%s` which is not available. Available metrics are: %s",
                type(self).__name__,
                self.monitor,
                ",".join(logs),
            )
        return value


class ModelCheckpoint(_Watching):
    """Writes the model after epochs.

    Args:
        filepath: where; `{epoch}` and names of the logs are filled in.
        monitor: the value that says which is best.
        verbose: 1 to say what is written.
        save_best_only: whether a worse model is not written.
        save_weights_only: whether only the weights are.
        mode: see `EarlyStopping`.
        save_freq: "epoch", or after how many rows.
        **kwargs: `period`, after how many epochs.
    """

    def __init__(
        self,
        filepath: str,
        monitor: str = "val_loss",
        verbose: int = 0,
        save_best_only: bool = False,
        save_weights_only: bool = False,
        mode: str = "auto",
        save_freq: Any = "epoch",
        **kwargs: Any,
    ) -> None:
        super().__init__(monitor, mode)
        self.filepath = filepath
        self.verbose = verbose
        self.save_best_only = save_best_only
        self.save_weights_only = save_weights_only
        self.save_freq = save_freq
        self.period = kwargs.pop("period", 1)
        self._epochs = 0
        self._rows = 0
        self._epoch = 0

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Remember the epoch."""
        self._epoch = epoch

    def on_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Write, if rows are what counts and there were enough."""
        if not isinstance(self.save_freq, int):
            return
        self._rows += (logs or {}).get("size", 1)
        if self._rows >= self.save_freq:
            self._rows = 0
            self._save(self._epoch, logs)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Write, if epochs are what counts and there were enough."""
        self._epochs += 1
        if self.save_freq == "epoch" and self._epochs >= self.period:
            self._epochs = 0
            self._save(epoch, logs)

    def _save(self, epoch: int, logs: Logs) -> None:
        path = self.filepath.format(epoch=epoch + 1, **(logs or {}))
        if self.save_best_only:
            value = self._value(logs)
            if value is None:
                return
            better = self._is_better(value)
            if self.verbose:
                change = (
                    f"improved from {self.best:0.5f} to {value:0.5f}, saving model to {path}"
                    if better
                    else f"did not improve from {self.best:0.5f}"
                )
                print(f"\nEpoch {epoch + 1:05d}: {self.monitor} {change}")
            if not better:
                return
            self.best = value
        elif self.verbose:
            print(f"\nEpoch {epoch + 1:05d}: saving model to {path}")
        if self.save_weights_only:
            self.model.save_weights(path, overwrite=True)
        else:
            self.model.save(path, overwrite=True)


class EarlyStopping(_Watching):
    """Ends the training when a value gets no better.

    Args:
        monitor: the name of the value.
        min_delta: how much better counts.
        patience: for how many epochs it may get no better.
        verbose: 1 to say when the training ends.
        mode: "min" or "max": what is better; "auto" decides by the name.
        baseline: what the value must be better than.
        restore_best_weights: whether the weights of the best epoch are put back.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        min_delta: float = 0,
        patience: int = 0,
        verbose: int = 0,
        mode: str = "auto",
        baseline: float | None = None,
        restore_best_weights: bool = False,
    ) -> None:
        super().__init__(monitor, mode, min_delta)
        self.patience = patience
        self.verbose = verbose
        self.baseline = baseline
        self.wait = 0
        self.stopped_epoch = 0
        self.restore_best_weights = restore_best_weights
        self.best_weights: Any = None

    def on_train_begin(self, logs: Logs = None) -> None:
        """Begin with the baseline."""
        self.wait = 0
        self.stopped_epoch = 0
        self.best = self._worst if self.baseline is None else self.baseline

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Look at the value."""
        value = self._value(logs)
        if value is None:
            return
        if self._is_better(value):
            self.best, self.wait = value, 0
            if self.restore_best_weights:
                self.best_weights = self.model.get_weights()
            return
        self.wait += 1
        if self.wait >= self.patience:
            self.stopped_epoch = epoch
            self.model.stop_training = True
            if self.restore_best_weights and self.best_weights is not None:
                if self.verbose > 0:
                    print("Restoring model weights from the end of the best epoch.")
                self.model.set_weights(self.best_weights)

    def on_train_end(self, logs: Logs = None) -> None:
        """Say when the training ended."""
        if self.stopped_epoch > 0 and self.verbose > 0:
            print(f"Epoch {self.stopped_epoch + 1:05d}: early stopping")


class ReduceLROnPlateau(_Watching):
    """Lowers the learning rate when a value gets no better.

    Args:
        monitor: the name of the value.
        factor: of the learning rate, below 1.
        patience: for how many epochs the value may get no better.
        verbose: 1 to say so.
        mode: see `EarlyStopping`.
        min_delta: how much better counts.
        cooldown: for how many epochs after a change nothing is watched.
        min_lr: the least learning rate.
        **kwargs: `epsilon`, an old name of `min_delta`.

    Raises:
        ValueError: if the factor is not below 1.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        factor: float = 0.1,
        patience: int = 10,
        verbose: int = 0,
        mode: str = "auto",
        min_delta: float = 0.0001,
        cooldown: int = 0,
        min_lr: float = 0,
        **kwargs: Any,
    ) -> None:
        if factor >= 1.0:
            raise ValueError("ReduceLROnPlateau does not support a factor >= 1.0.")
        super().__init__(monitor, mode, kwargs.get("epsilon", min_delta))
        self.factor = factor
        self.patience = patience
        self.verbose = verbose
        self.cooldown = cooldown
        self.min_lr = min_lr
        self.cooldown_counter = 0
        self.wait = 0

    def on_train_begin(self, logs: Logs = None) -> None:
        """Begin anew."""
        self.best = self._worst
        self.cooldown_counter = self.wait = 0

    def in_cooldown(self) -> bool:
        """Tell whether nothing is watched."""
        return self.cooldown_counter > 0

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Look at the value."""
        if logs is not None:
            logs["lr"] = get_value(self.model.optimizer.lr)
        value = self._value(logs)
        if value is None:
            return
        if self.in_cooldown():
            self.cooldown_counter -= 1
            self.wait = 0
        if self._is_better(value):
            self.best, self.wait = value, 0
        elif not self.in_cooldown():
            self.wait += 1
            if self.wait >= self.patience:
                self._lower(epoch)

    def _lower(self, epoch: int) -> None:
        old = float(get_value(self.model.optimizer.lr))
        if old <= self.min_lr:
            return
        new = max(old * self.factor, self.min_lr)
        set_value(self.model.optimizer.lr, new)
        if self.verbose > 0:
            print(f"\nEpoch {epoch + 1:05d}: ReduceLROnPlateau reducing learning rate to {new}.")
        self.cooldown_counter, self.wait = self.cooldown, 0


class LearningRateScheduler(Callback):
    """Sets the learning rate of each epoch.

    Args:
        schedule: (number of the epoch, learning rate) -> learning rate, or of the number alone.
        verbose: 1 to say so.
    """

    def __init__(self, schedule: Callable[..., Any], verbose: int = 0) -> None:
        super().__init__()
        self.schedule = schedule
        self.verbose = verbose

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Set it.

        Raises:
            ValueError: if the optimizer has none, or the schedule gives no number.
        """
        optimizer = self.model.optimizer
        if not hasattr(optimizer, "lr"):
            raise ValueError('Optimizer must have a "lr" attribute.')
        try:
            rate = self.schedule(epoch, float(get_value(optimizer.lr)))
        except TypeError:  # a schedule of the number alone
            rate = self.schedule(epoch)
        if not isinstance(rate, (float, np.float32, np.float64)):
            raise ValueError('The output of the "schedule" function should be float.')
        set_value(optimizer.lr, rate)
        if self.verbose > 0:
            print(
                f"\nEpoch {epoch + 1:05d}: LearningRateScheduler reducing learning rate to {rate}."
            )

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Put the learning rate into the logs."""
        if logs is not None:
            logs["lr"] = get_value(self.model.optimizer.lr)


class CSVLogger(Callback):
    """Writes what was measured into a table.

    Args:
        filename: of the table.
        separator: between columns.
        append: whether lines are added to a file that exists.
    """

    def __init__(self, filename: Any, separator: str = ",", append: bool = False) -> None:
        super().__init__()
        self.filename = filename
        self.sep = separator
        self.append = append
        self.keys: list[str] | None = None
        self._file: Any = None
        self._writer: Any = None

    def on_train_begin(self, logs: Logs = None) -> None:
        """Open the file."""
        path = Path(self.filename)
        self._has_header = self.append and path.exists() and path.stat().st_size > 0
        self._file = path.open("a" if self.append else "w", newline="", encoding="utf-8")
        self._writer = None

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Write a line."""
        logs = logs or {}
        if self._writer is None:
            self.keys = sorted(logs)
            self._writer = csv.DictWriter(
                self._file,
                ["epoch", *self.keys],
                delimiter=self.sep,
                lineterminator=os.linesep,
                restval="NA",
            )
            if not self._has_header:
                self._writer.writeheader()
        self._writer.writerow(
            {"epoch": epoch, **{key: logs.get(key, "NA") for key in self.keys or ()}}
        )
        self._file.flush()

    def on_train_end(self, logs: Logs = None) -> None:
        """Close the file."""
        self._file.close()
        self._writer = None


class LambdaCallback(Callback):
    """Calls functions.

    Args:
        on_epoch_begin: called as (epoch, logs), and so is `on_epoch_end`.
        on_epoch_end: see there.
        on_batch_begin: called as (batch, logs), and so is `on_batch_end`.
        on_batch_end: see there.
        on_train_begin: called as (logs), and so is `on_train_end`.
        on_train_end: see there.
        **kwargs: further attributes.
    """

    def __init__(
        self,
        on_epoch_begin: Any = None,
        on_epoch_end: Any = None,
        on_batch_begin: Any = None,
        on_batch_end: Any = None,
        on_train_begin: Any = None,
        on_train_end: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__()
        vars(self).update(kwargs)
        given = {name: value for name, value in locals().items() if name.startswith("on_")}
        vars(self).update({name: value for name, value in given.items() if value is not None})
