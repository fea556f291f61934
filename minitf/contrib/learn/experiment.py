"""Experiment: an estimator with what it is trained on and what it is judged by.

Source: TensorFlow 1.15's `tf.contrib.learn.Experiment`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from minitf.contrib.learn.monitors.hooks import replace_monitors_with_hooks
from minitf.contrib.learn.monitors.validation import ValidationMonitor


class Experiment:
    """An estimator with what it is trained on and what it is judged by.

    Args:
        estimator: one of `tf.contrib.learn` or of `tf.estimator`.
        train_input_fn: gives features and labels for training.
        eval_input_fn: gives features and labels for evaluation.
        eval_metrics: more metrics; None for those of `tf.estimator`.
        train_steps: how many steps all trainings do together; without end if None.
        eval_steps: how many batches an evaluation takes; all if None.
        train_monitors: monitors and hooks of the training.
        eval_hooks: hooks of the evaluation.
        local_eval_frequency: after how many steps `local_run` evaluates; at the end only if None.
        eval_delay_secs: how long `evaluate` waits at first.
        continuous_eval_throttle_secs: how long is from one continuous evaluation to the next.
        min_eval_frequency: after how many steps `train_and_evaluate` evaluates; only at the end
            if 0; 1 if None.
        delay_workers_by_global_step: accepted: there is one worker.
        export_strategies: objects with `name` and `export`, for after the last evaluation.
        train_steps_per_iteration: how many steps `continuous_train_and_eval` does between
            evaluations; a tenth of all if None.
        checkpoint_and_export: accepted: models are exported at the end.
        saving_listeners: told before and after each checkpoint.
        check_interval_secs: seconds from one look for a checkpoint to the next.

    Raises:
        ValueError: if there are metrics for an estimator of `tf.estimator`.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        estimator: Any,
        train_input_fn: Callable[..., Any],
        eval_input_fn: Callable[..., Any],
        eval_metrics: Any = None,
        train_steps: int | None = None,
        eval_steps: int | None = 100,
        train_monitors: Any = None,
        eval_hooks: Any = None,
        local_eval_frequency: int | None = None,
        eval_delay_secs: float = 120,
        continuous_eval_throttle_secs: float = 60,
        min_eval_frequency: int | None = None,
        delay_workers_by_global_step: bool = False,
        export_strategies: Any = None,
        train_steps_per_iteration: int | None = None,
        checkpoint_and_export: bool = False,
        saving_listeners: Any = None,
        check_interval_secs: float = 5,
    ) -> None:
        self._fits = hasattr(estimator, "fit")  # else it is one of tf.estimator
        if eval_metrics is not None and not self._fits:
            raise ValueError(
                "`eval_metrics` must be `None` with `tf.estimator.Estimator`. "
                "Use `eval_metric_ops` of the EstimatorSpec."
            )
        self._estimator = estimator
        self._train_input_fn = train_input_fn
        self._eval_input_fn = eval_input_fn
        self._eval_metrics = eval_metrics
        self._train_steps = train_steps
        self._eval_steps = eval_steps
        self._monitors = list(train_monitors or ())
        self._eval_hooks = list(eval_hooks or ())
        self._eval_delay_s = eval_delay_secs
        self._throttle_s = continuous_eval_throttle_secs
        self._frequency = 1 if min_eval_frequency is None else min_eval_frequency
        self._local_frequency = local_eval_frequency
        self._listeners = list(saving_listeners or ())
        self._look_s = check_interval_secs
        self._per_iteration = train_steps_per_iteration
        self.reset_export_strategies(export_strategies)

    @property
    def estimator(self) -> Any:
        """The estimator."""
        return self._estimator

    @property
    def eval_metrics(self) -> Any:
        """More metrics."""
        return self._eval_metrics

    @property
    def train_steps(self) -> int | None:
        """How many steps all trainings do together."""
        return self._train_steps

    @property
    def eval_steps(self) -> int | None:
        """How many batches an evaluation takes."""
        return self._eval_steps

    def extend_train_hooks(self, additional_hooks: Any) -> None:
        """Add hooks of the training."""
        self._monitors.extend(additional_hooks)

    def reset_export_strategies(self, new_export_strategies: Any = None) -> list[Any]:
        """Take other export strategies, and return those before."""
        before: list[Any] = getattr(self, "_exports", [])
        given = new_export_strategies or []
        self._exports = list(given) if isinstance(given, (list, tuple)) else [given]
        return before

    def train(self, delay_secs: float | None = None) -> Any:
        """Train until the last step.

        Args:
            delay_secs: how long to wait at first; None for not.
        """
        _wait(delay_secs)
        return self._train(self._monitors, max_steps=self._train_steps)

    def evaluate(self, delay_secs: float | None = None, name: str | None = None) -> dict[str, Any]:
        """Return the metrics of the latest checkpoint.

        Args:
            delay_secs: how long to wait at first; `eval_delay_secs` if None.
            name: the name of the evaluation.
        """
        _wait(self._eval_delay_s if delay_secs is None else delay_secs)
        return self._evaluate(name)

    def local_run(self) -> Any:
        """Train and evaluate as `train_and_evaluate`, after `local_eval_frequency` steps."""
        before, self._frequency = self._frequency, self._local_frequency or 0
        try:
            return self.train_and_evaluate()
        finally:
            self._frequency = before

    def train_and_evaluate(self) -> tuple[dict[str, Any], list[Any]]:
        """Train, evaluate new checkpoints meanwhile and the last one, and export.

        Returns:
            The last metrics, and what the export strategies have returned.
        """
        monitors = list(self._monitors)
        if self._frequency:
            watched = ValidationMonitor(
                input_fn=self._eval_input_fn,
                eval_steps=self._eval_steps,
                metrics=self._eval_metrics,
                every_n_steps=self._frequency,
                hooks=self._eval_hooks,
                check_interval_secs=self._look_s,
            )
            monitors.append(watched)
        self._train(monitors, max_steps=self._train_steps)
        found = self._evaluate(None)
        return found, self._export(found)

    def continuous_train_and_eval(
        self, continuous_eval_predicate_fn: Callable[[Any], bool] | None = None
    ) -> tuple[Any, list[Any]]:
        """Train some steps and evaluate, by turns, until the last step.

        Args:
            continuous_eval_predicate_fn: of the last metrics (None at first): whether to go on.

        Raises:
            ValueError: if the number of steps is not known.
        """
        per_turn = self._per_iteration or (self._train_steps or 0) // 10 or self._train_steps
        if per_turn is None:
            raise ValueError("train_steps or train_steps_per_iteration must be given")
        found: Any = None
        while continuous_eval_predicate_fn is None or continuous_eval_predicate_fn(found):
            reached = 0 if found is None else int(found["global_step"])
            if self._train_steps is not None:
                if reached >= self._train_steps:
                    break
                per_turn = min(per_turn, self._train_steps - reached)
            self._train(self._monitors, steps=per_turn)
            found = self._evaluate(None)
        return found, self._export(found)

    def continuous_eval(
        self,
        evaluate_checkpoint_only_once: bool = True,
        continuous_eval_predicate_fn: Callable[[Any], bool] | None = None,
        name: str = "continuous",
    ) -> Any:
        """Evaluate new checkpoints until the last step was reached.

        Args:
            evaluate_checkpoint_only_once: whether to skip a checkpoint that was evaluated.
            continuous_eval_predicate_fn: of the last metrics (None at first): whether to go on.
            name: the name of the evaluations.
        """
        _wait(self._eval_delay_s)
        found: Any = None
        last: str | None = None
        while continuous_eval_predicate_fn is None or continuous_eval_predicate_fn(found):
            started = time.monotonic()
            path = self._estimator.latest_checkpoint()
            if path is not None and not (evaluate_checkpoint_only_once and path == last):
                found, last = self._evaluate(name), path
                if self._train_steps and found["global_step"] >= self._train_steps:
                    break
            _wait(self._throttle_s - (time.monotonic() - started))
        return found

    def test(self) -> tuple[dict[str, Any], list[Any]]:
        """Train one step, evaluate one batch and export."""
        self._train(self._monitors, steps=1)
        before, self._eval_steps = self._eval_steps, 1
        try:
            found = self._evaluate("one_pass")
        finally:
            self._eval_steps = before
        return found, self._export(found)

    def _train(self, monitors: Any, **steps: Any) -> Any:
        hooks = replace_monitors_with_hooks(monitors, self._estimator)
        return self._estimator.train(
            input_fn=self._train_input_fn, hooks=hooks, saving_listeners=self._listeners, **steps
        )

    def _evaluate(self, name: str | None) -> dict[str, Any]:
        more = {"metrics": self._eval_metrics} if self._fits else {}
        found: dict[str, Any] = self._estimator.evaluate(
            input_fn=self._eval_input_fn,
            steps=self._eval_steps,
            hooks=self._eval_hooks,
            name=name,
            **more,
        )
        return found

    def _export(self, found: Any) -> list[Any]:
        path = self._estimator.latest_checkpoint()
        folder = f"{self._estimator.model_dir}/export"
        return [
            each.export(self._estimator, f"{folder}/{each.name}", path, found)
            for each in self._exports
        ]


def _wait(seconds: float | None) -> None:
    if seconds and seconds > 0:
        time.sleep(seconds)
