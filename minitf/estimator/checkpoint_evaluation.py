"""Evaluating checkpoints: each new one once, and telling the exporters of it.

Source: TensorFlow 1.15's `tf.estimator.train_and_evaluate`.
"""

from __future__ import annotations

import logging
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from minitf.estimator.estimators import Estimator
from minitf.graph_keys import GraphKeys
from minitf.train.checkpoint_saver_hook import CheckpointSaverListener

if TYPE_CHECKING:
    from minitf.estimator.training import EvalSpec

_LOG = logging.getLogger("tensorflow")
_PAUSE_S = 0.1  # between two looks for a checkpoint, at least


class CheckpointEvaluation:
    """Evaluates the latest checkpoint of a model, each one once.

    Args:
        estimator: the model.
        spec: how to evaluate.
        max_steps: the step at which the training ends.

    **State**: `result` and `exports`, the metrics of the last evaluation and what the exporters
    returned for it.
    """

    def __init__(self, estimator: Estimator, spec: EvalSpec, max_steps: int | None) -> None:
        self._estimator = estimator
        self._spec = spec
        self._max_steps = max_steps
        self._evaluated: str | None = None
        self._warning: str | None = None
        self.result: Any = None
        self.exports: list[Any] = []

    @property
    def has_seen_the_last(self) -> bool:
        """Whether a checkpoint of the last step was evaluated."""
        reached = 0 if self.result is None else int(self.result[GraphKeys.GLOBAL_STEP])
        return self._max_steps is not None and reached >= self._max_steps

    def evaluate(self) -> bool:
        """Evaluate the latest checkpoint and tell the exporters; return whether it is new."""
        path = self._estimator.latest_checkpoint()
        if path is None:
            self._warn(
                "Estimator is not trained yet. Will start an evaluation when a checkpoint is ready."
            )
            return False
        if path == self._evaluated:
            self._warn(
                "No new checkpoint ready for evaluation. Skip the current evaluation pass as "
                "evaluation results are expected to be same for the same checkpoint."
            )
            return False
        self._evaluated, self._warning = path, None
        spec = self._spec
        self.result = self._estimator.evaluate(
            spec.input_fn, spec.steps, list(spec.hooks), path, spec.name
        )
        self.exports = [
            exporter.export(
                estimator=self._estimator,
                export_path=str(Path(self._estimator.model_dir, "export", exporter.name)),
                checkpoint_path=path,
                eval_result=self.result,
                is_the_final_export=self.has_seen_the_last,
            )
            for exporter in spec.exporters
        ]
        return True

    def _warn(self, message: str) -> None:
        """Log why nothing is evaluated, once."""
        if message != self._warning:
            _LOG.warning(message)
        self._warning = message

    def evaluate_until_the_last(self) -> None:
        """Evaluate checkpoints as they appear, until that of the last step."""
        time.sleep(self._spec.start_delay_secs)
        while True:
            began = time.monotonic()
            self.evaluate()
            if self.has_seen_the_last:
                _LOG.info(
                    "Exiting evaluation, global_step=%s >= train max_steps=%s",
                    *(self.result[GraphKeys.GLOBAL_STEP], self._max_steps),
                )
                return
            rest = self._spec.throttle_secs - (time.monotonic() - began)
            if rest > 0:
                _LOG.info("Waiting %f secs before starting next eval run.", rest)
            time.sleep(max(rest, _PAUSE_S))


class EvaluatingListener(CheckpointSaverListener):
    """Evaluates checkpoints when they are saved, but not too often.

    Args:
        evaluation: evaluates.
        throttle_secs: how long after an evaluation the next may begin.
    """

    def __init__(self, evaluation: CheckpointEvaluation, throttle_secs: float) -> None:
        self._evaluation = evaluation
        self._throttle_s = throttle_secs
        self._ended_at = 0.0
        self._is_fresh = True  # nothing was saved since the last evaluation

    def begin(self) -> None:
        """Wait from now on."""
        self._ended_at = time.monotonic()

    def after_save(self, session: Any, global_step_value: int) -> bool | None:
        """Evaluate if it is time."""
        self._is_fresh = False
        if global_step_value and time.monotonic() - self._ended_at >= self._throttle_s:
            self._evaluate()
        return None

    def end(self, session: Any, global_step_value: int) -> None:
        """Evaluate the last checkpoint, unless that is done."""
        if not self._is_fresh:
            self._evaluate()

    def _evaluate(self) -> None:
        self._evaluation.evaluate()
        self._is_fresh = True
        self._ended_at = time.monotonic()
