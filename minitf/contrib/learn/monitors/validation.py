"""ValidationMonitor: evaluates while an estimator trains, and ends that when it gets no better.

Source: TensorFlow 1.15's `tf.contrib.learn.monitors.ValidationMonitor`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from minitf.contrib.learn.monitors.base import EveryN

_LOG = logging.getLogger("tensorflow")


class ValidationMonitor(EveryN):
    """Evaluates the latest checkpoint every some steps, and ends a training that gets no better.

    Args:
        x: features, as `evaluate` of the estimator takes them.
        y: labels.
        input_fn: gives both, instead.
        batch_size: how many rows a batch has.
        eval_steps: how many batches to take.
        every_n_steps: how many steps are from one look for a checkpoint to the next.
        metrics: more metrics.
        hooks: hooks of the evaluation.
        early_stopping_rounds: after how many steps without a better value to end; None for never.
        early_stopping_metric: the metric whose value it is.
        early_stopping_metric_minimize: whether lower is better.
        name: the name of the evaluation.
        check_interval_secs: how many seconds are from one look to the next, at least.

    Raises:
        ValueError: if there is neither `x` nor `input_fn`.
    """

    def __init__(
        self,
        x: Any = None,
        y: Any = None,
        input_fn: Callable[..., Any] | None = None,
        batch_size: int | None = None,
        eval_steps: int | None = None,
        every_n_steps: int = 100,
        metrics: Mapping[Any, Any] | None = None,
        hooks: Any = None,
        early_stopping_rounds: int | None = None,
        early_stopping_metric: str = "loss",
        early_stopping_metric_minimize: bool = True,
        name: str | None = None,
        check_interval_secs: float | None = 5,
    ) -> None:
        super().__init__(every_n_steps, first_n_steps=-1)
        if x is None and input_fn is None:
            raise ValueError("Either x or input_fn should be provided.")
        given = {
            "x": x,
            "y": y,
            "input_fn": input_fn,
            "batch_size": batch_size,
            "steps": eval_steps,
            "metrics": metrics,
            "hooks": hooks,
            "name": name,
        }
        self._arguments = {key: value for key, value in given.items() if value is not None}
        self._rounds = early_stopping_rounds
        self._metric = early_stopping_metric
        self._sign = 1 if early_stopping_metric_minimize else -1
        self._interval_s = check_interval_secs
        self._looked_at: float | None = None
        self._path: str | None = None
        self._best_step: int | None = None
        self._best_metrics: dict[str, Any] | None = None
        self._early_stopped = False

    @property
    def early_stopped(self) -> bool:
        """Whether it has ended the training."""
        return self._early_stopped

    @property
    def best_step(self) -> int | None:
        """The step of the best value."""
        return self._best_step

    @property
    def best_value(self) -> Any:
        """The best value of the metric."""
        return None if self._best_metrics is None else self._best_metrics[self._metric]

    @property
    def best_metrics(self) -> dict[str, Any] | None:
        """All metrics of that evaluation."""
        return self._best_metrics

    def every_n_step_end(self, step: int, outputs: Mapping[Any, Any]) -> bool:
        """Evaluate a new checkpoint; return whether the training is to end.

        Raises:
            ValueError: if there is no estimator, or it does not give the metric.
        """
        if self._estimator is None:
            raise ValueError("Missing call to set_estimator.")
        if not self._is_time():
            return False
        path = self._estimator.latest_checkpoint()
        if path is None or path == self._path:
            return False
        self._path = path
        found = self._estimator.evaluate(**self._arguments)
        shown = ", ".join(f"{name} = {value}" for name, value in found.items())
        _LOG.info("Validation (step %d): %s", step, shown)
        return self._rounds is not None and self._is_late(step, found, self._rounds)

    def _is_time(self) -> bool:
        """Tell whether the last look was long enough ago."""
        if self._interval_s is None:
            return True
        now = time.monotonic()
        if self._looked_at is not None and now - self._looked_at <= self._interval_s:
            return False
        self._looked_at = now
        return True

    def _is_late(self, step: int, found: dict[str, Any], rounds: int) -> bool:
        """Keep what is best; tell whether that was long ago."""
        if self._metric not in found:
            raise ValueError(f"Metric {self._metric} missing from outputs {set(found)}.")
        if self._best_step is None or self._sign * (found[self._metric] - self.best_value) < 0:
            self._best_metrics = dict(found)
            self._best_step = step
        self._early_stopped = step - self._best_step >= rounds
        if self._early_stopped:
            _LOG.info(
                "Stopping. Best step: %d with %s = %s.",
                *(self._best_step, self._metric, self.best_value),
            )
        return self._early_stopped
