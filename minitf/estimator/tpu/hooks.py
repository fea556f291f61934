"""Hooks of TPUEstimators: what the host does in each step, and how many examples a second pass.

Source: TensorFlow 1.15's `tf.estimator.tpu.TPUEstimator`.
"""

from __future__ import annotations

import logging
from typing import Any

from minitf import ops, protos
from minitf.api.framework import get_collection
from minitf.graph_keys import SUMMARY_WRITER_INITIALIZERS
from minitf.train.session_run_hook import SessionRunArgs, SessionRunContext, SessionRunHook
from minitf.train.watching_hooks import StepCounterHook

_LOG = logging.getLogger("tensorflow")


class HostCallHook(SessionRunHook):
    """Runs what a `host_call` returned in each step; opens and flushes the files of its summaries.

    Args:
        fetches: what is run.

    Source: TensorFlow 1.15.
    """

    def __init__(self, fetches: Any) -> None:
        self._fetches = fetches

    def begin(self) -> None:
        """Find the files that summaries go to."""
        self._openings = get_collection(SUMMARY_WRITER_INITIALIZERS)
        self._flushes = [ops.flush_summary_writer_op(each.inputs[0]) for each in self._openings]

    def after_create_session(self, session: Any, coord: Any) -> None:
        """Open them."""
        session.run(self._openings)

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs:
        """Fetch what is run."""
        return SessionRunArgs(self._fetches)

    def end(self, session: Any) -> None:
        """Write what waits."""
        session.run(self._flushes)


class ExamplesPerSecondHook(StepCounterHook):
    """Tells how many steps and examples are trained a second, in the log and in an event file.

    Args:
        batch_size: how many examples a step has; None tells of steps alone.
        every_n_steps: after so many steps.
        every_n_secs: or after so many seconds.
        output_dir: the folder of the event file.
        summary_writer: the FileWriter, instead.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        batch_size: int | None,
        every_n_steps: int | None = 100,
        every_n_secs: float | None = None,
        output_dir: Any = None,
        summary_writer: Any = None,
    ) -> None:
        super().__init__(every_n_steps, every_n_secs, output_dir, summary_writer)
        self._batch_size = batch_size

    def _log_and_record(self, elapsed_steps: int, elapsed_time: float, global_step: int) -> None:
        """Tell both rates."""
        super()._log_and_record(elapsed_steps, elapsed_time, global_step)
        if self._batch_size is None:
            return
        rate = self._batch_size * elapsed_steps / elapsed_time
        if self._writer is not None:
            value = protos.Summary.Value(tag="examples/sec", simple_value=rate)
            self._writer.add_summary(protos.Summary(value=[value]), global_step)
        _LOG.info("examples/sec: %g", rate)
