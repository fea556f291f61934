"""make_stop_at_checkpoint_step_hook: workers that go on until the chief has saved the last step.

Source: TensorFlow 1.15's function of the same name.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from minitf.estimator.estimators import Estimator
from minitf.estimator.savers import trained_steps
from minitf.train.checkpoint_state import latest_checkpoint
from minitf.train.session_run_hook import (
    SessionRunArgs,
    SessionRunContext,
    SessionRunHook,
    SessionRunValues,
)
from minitf.train.step_hooks import StopAtStepHook, global_step_of

_LOG = logging.getLogger("tensorflow")


def make_stop_at_checkpoint_step_hook(
    estimator: Estimator, last_step: int, wait_after_file_check_secs: float = 30
) -> SessionRunHook:
    """Return a hook that ends the training at a step: in a worker, when the chief has saved it.

    Args:
        estimator: the model.
        last_step: the step.
        wait_after_file_check_secs: how long a worker waits between two looks for a checkpoint.
    """
    if estimator.config.is_chief:
        return StopAtStepHook(last_step=last_step)
    return _Waiting(estimator.model_dir, last_step, wait_after_file_check_secs)


class _Waiting(SessionRunHook):
    """A worker's: waits for the checkpoint of the last step."""

    def __init__(self, model_dir: str, last_step: int, pause_s: float) -> None:
        self._model_dir = model_dir
        self._last_step = last_step
        self._pause_s = pause_s

    def begin(self) -> None:
        """Find the global step."""
        self._step = global_step_of("make_stop_at_checkpoint_step_hook")

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs:
        """Fetch it."""
        return SessionRunArgs(self._step)

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Wait if it was reached, then stop."""
        step: Any = run_values.results + 1
        if step < self._last_step:
            return
        step = run_context.session.run(self._step)
        if step < self._last_step:
            return
        while trained_steps(latest_checkpoint(self._model_dir)) < self._last_step:
            _LOG.info("Waiting for the checkpoint of step %d.", self._last_step)
            time.sleep(self._pause_s)
        run_context.request_stop()
