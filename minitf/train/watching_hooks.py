"""Hooks that watch a training: log tensors and the rate of steps, and stop at NaN.

Source: TensorFlow 1.15's classes of the same names.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import protos
from minitf.api.framework import get_default_graph
from minitf.train.event_files import event_file
from minitf.train.session_run_hook import (
    SessionRunArgs,
    SessionRunContext,
    SessionRunHook,
    SessionRunValues,
)
from minitf.train.step_hooks import SecondOrStepTimer, global_step_of
from minitf.train.training_util import get_global_step

_LOG = logging.getLogger("tensorflow")


def _element(item: Any) -> Any:
    """Return a Tensor or Operation of the default graph, by itself or by its name.

    Raises:
        ValueError: if it is of another graph, or a name that stands for several Tensors.
    """
    graph = get_default_graph()
    if not isinstance(item, str):
        if getattr(item, "graph", None) is not graph:
            raise ValueError(
                f"Passed {item} should have graph attribute that is equal to current graph {graph}."
            )
        return item
    if ":" in item:
        return graph.as_graph_element(item)
    operation = graph.find_operation(item)
    if operation is not None and len(operation.outputs) > 1:
        raise ValueError(
            f"Name {item} is ambiguous, as this `Operation` has multiple outputs (at least 2)."
        )
    return graph.as_graph_element(f"{item}:0")


class LoggingTensorHook(SessionRunHook):
    """Logs values every so often.

    Args:
        tensors: tensors or their names, listed or by tag.
        every_n_iter: after so many runs.
        every_n_secs: or after so many seconds.
        at_end: log at the end.
        formatter: makes the line from a dict of tag (a listed tensor itself) to value.

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
        self._tags = sorted(tensors) if isinstance(tensors, dict) else list(tensors)
        self._tensors = tensors if isinstance(tensors, dict) else {tag: tag for tag in self._tags}
        self._timer = None if only_at_end else SecondOrStepTimer(every_n_secs, every_n_iter)
        self._at_end = at_end
        self._formatter = formatter

    def begin(self) -> None:
        """Find the tensors."""
        self._runs = 0
        if self._timer is not None:
            self._timer.reset()
        self._fetches = {tag: _element(each) for tag, each in self._tensors.items()}

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
        with np.printoptions(suppress=True):
            if self._formatter is not None:
                _LOG.info("%s", self._formatter(values))
                return
            shown = ", ".join(f"{tag} = {values[tag]}" for tag in self._tags)
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
    """Tells how many steps are made a second, in the log and in an event file.

    Args:
        every_n_steps: after so many steps.
        every_n_secs: or after so many seconds.
        output_dir: the folder of the event file.
        summary_writer: the FileWriter, instead; without either the log alone is told.

    Raises:
        ValueError: unless just one interval is given.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        every_n_steps: int | None = 100,
        every_n_secs: float | None = None,
        output_dir: Any = None,
        summary_writer: Any = None,
    ) -> None:
        if (every_n_steps is None) == (every_n_secs is None):
            raise ValueError("exactly one of every_n_steps and every_n_secs should be provided.")
        self._timer = SecondOrStepTimer(every_secs=every_n_secs, every_steps=every_n_steps)
        self._writer = summary_writer
        self._output_dir = output_dir
        self._last_step: int | None = None
        self._warnings_left = 5

    def begin(self) -> None:
        """Open the event file and find the global step."""
        if self._writer is None and self._output_dir:
            self._writer = event_file(self._output_dir)
        self._step = global_step_of("StepCounterHook")
        self._tag = f"{get_global_step().op.name}/sec"

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs:
        """Fetch the global step."""
        return SessionRunArgs(self._step)

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Tell the rate if it is due; warn of a step that does not count."""
        maybe_stale = int(run_values.results)
        if self._timer.should_trigger_for_step(maybe_stale + 1):
            step = int(run_context.session.run(self._step))
            if self._timer.should_trigger_for_step(step):
                secs, steps = self._timer.update_last_triggered_step(step)
                if secs and steps:
                    self._log_and_record(steps, secs, step)
        if (
            self._warnings_left
            and maybe_stale == self._last_step
            and maybe_stale
            == int(run_context.session.run(self._step))  # else it was read too early
        ):
            self._warnings_left -= 1
            _LOG.warning(
                "It seems that global step (tf.train.get_global_step) has not been increased: it "
                "is %s as before. You could increase the global step by passing "
                "tf.train.get_global_step() to Optimizer.apply_gradients or Optimizer.minimize.",
                maybe_stale,
            )
        self._last_step = maybe_stale

    def _log_and_record(self, elapsed_steps: int, elapsed_time: float, global_step: int) -> None:
        """Tell the rate; subclasses of TensorFlow's users override this name."""
        rate = elapsed_steps / elapsed_time
        if self._writer is not None:
            value = protos.Summary.Value(tag=self._tag, simple_value=rate)
            self._writer.add_summary(protos.Summary(value=[value]), global_step)
        _LOG.info("%s: %g", self._tag, rate)
