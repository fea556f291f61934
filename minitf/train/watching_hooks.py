"""Hooks that watch a training: log tensors and the rate of steps, and stop at NaN.

Source: TensorFlow 1.15's classes of the same names.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from minitf.api.framework import get_default_graph
from minitf.train.session_run_hook import (
    SessionRunArgs,
    SessionRunContext,
    SessionRunHook,
    SessionRunValues,
)
from minitf.train.step_hooks import SecondOrStepTimer, global_step_of

_LOG = logging.getLogger("tensorflow")


def _element(item: Any) -> Any:
    return get_default_graph().as_graph_element(item)


class LoggingTensorHook(SessionRunHook):
    """Logs values every so often.

    Args:
        tensors: tensors or their names, listed or by tag.
        every_n_iter: after so many runs.
        every_n_secs: or after so many seconds.
        at_end: log at the end.
        formatter: makes the line from a dict of tag to value.

    Raises:
        ValueError: unless just one interval, or none but `at_end`, is given.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        tensors: Any,
        every_n_iter: int | None = None,
        every_n_secs: float | None = None,
        at_end: bool = False,
        formatter: Callable[[dict[Any, Any]], str] | None = None,
    ) -> None:
        only_at_end = at_end and every_n_iter is None and every_n_secs is None
        if not only_at_end and (every_n_iter is None) == (every_n_secs is None):
            raise ValueError(
                "either at_end and/or exactly one of every_n_iter and every_n_secs must be "
                "provided."
            )
        if every_n_iter is not None and every_n_iter <= 0:
            raise ValueError(f"invalid every_n_iter={every_n_iter}.")
        self._tensors = tensors if isinstance(tensors, dict) else {each: each for each in tensors}
        self._timer = None if only_at_end else SecondOrStepTimer(every_n_secs, every_n_iter)
        self._at_end = at_end
        self._formatter = formatter

    def begin(self) -> None:
        """Find the tensors."""
        self._runs = 0
        if self._timer is not None:
            self._timer.reset()
        self._fetches = {
            getattr(tag, "name", tag): _element(each) for tag, each in self._tensors.items()
        }

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs | None:
        """Fetch the tensors if they are to be logged."""
        self._due = self._timer is not None and self._timer.should_trigger_for_step(self._runs)
        return SessionRunArgs(self._fetches) if self._due else None

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Log them."""
        if self._due:
            self._log(run_values.results)
        self._runs += 1

    def end(self, session: Any) -> None:
        """Log the last values, if asked for."""
        if self._at_end:
            self._log(session.run(self._fetches))

    def _log(self, values: dict[Any, Any]) -> None:
        secs = self._timer.update_last_triggered_step(self._runs)[0] if self._timer else None
        if self._formatter:
            _LOG.info("%s", self._formatter(values))
            return
        shown = ", ".join(f"{tag} = {value}" for tag, value in values.items())
        _LOG.info("%s%s", shown, "" if secs is None else f" ({secs:.3f} sec)")


class NanLossDuringTrainingError(RuntimeError):
    """A loss is NaN.

    Source: TensorFlow 1.15.
    """

    def __str__(self) -> str:
        """Return what has happened."""
        return "NaN loss during training."


class NanTensorHook(SessionRunHook):
    """Raises or stops when a loss is NaN.

    Args:
        loss_tensor: the loss.
        fail_on_nan_loss: raise NanLossDuringTrainingError, rather than stop.

    Source: TensorFlow 1.15.
    """

    def __init__(self, loss_tensor: Any, fail_on_nan_loss: bool = True) -> None:
        self._loss_tensor = loss_tensor
        self._fail_on_nan_loss = fail_on_nan_loss

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs:
        """Fetch the loss."""
        return SessionRunArgs(self._loss_tensor)

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Look at it."""
        if not np.isnan(run_values.results):
            return
        if self._fail_on_nan_loss:
            _LOG.error("Model diverged with loss = NaN.")
            raise NanLossDuringTrainingError
        _LOG.warning("Model diverged with loss = NaN.")
        run_context.request_stop()


class StepCounterHook(SessionRunHook):
    """Logs how many steps are made a second.

    Args:
        every_n_steps: after so many steps.
        every_n_secs: or after so many seconds.

    Source: TensorFlow 1.15.
    """

    def __init__(self, every_n_steps: int | None = 100, every_n_secs: float | None = None) -> None:
        if (every_n_steps is None) == (every_n_secs is None):
            raise ValueError("exactly one of every_n_steps and every_n_secs should be provided.")
        self._timer = SecondOrStepTimer(every_n_secs, every_n_steps)

    def begin(self) -> None:
        """Find the global step."""
        self._step = global_step_of("StepCounterHook")

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs:
        """Fetch the global step."""
        return SessionRunArgs(self._step)

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Log the rate if it is due."""
        if not self._timer.should_trigger_for_step(run_values.results + 1):
            return
        step = int(run_context.session.run(self._step))
        if self._timer.should_trigger_for_step(step):
            secs, steps = self._timer.update_last_triggered_step(step)
            if secs:
                _LOG.info("%s/sec: %g", self._step.op.name, (steps or 0) / secs)


class GlobalStepWaiterHook(SessionRunHook):
    """Holds the first run until the global step is reached.

    Args:
        wait_until_step: the step.

    Source: TensorFlow 1.15.
    """

    def __init__(self, wait_until_step: int) -> None:
        self._wait_until_step = wait_until_step
        self._waits = wait_until_step > 0

    def begin(self) -> None:
        """Find the global step."""
        self._step = global_step_of("_GlobalStepWaiterHook")

    def before_run(self, run_context: SessionRunContext) -> None:
        """Wait."""
        while self._waits and run_context.session.run(self._step) < self._wait_until_step:
            time.sleep(0.5)
        self._waits = False
