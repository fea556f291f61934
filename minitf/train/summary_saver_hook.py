"""SummarySaverHook: writes the summaries of every so many steps to an event file.

Source: 2015 §9.1; TensorFlow 1.15's class of the same name.
"""

from __future__ import annotations

from typing import Any

from minitf import protos
from minitf.train.event_files import event_file
from minitf.train.session_run_hook import (
    SessionRunArgs,
    SessionRunContext,
    SessionRunHook,
    SessionRunValues,
)
from minitf.train.step_hooks import SecondOrStepTimer, global_step_of


class SummarySaverHook(SessionRunHook):
    """Writes summaries, at the first run and every so often after it.

    Args:
        save_steps: steps from one to the next.
        save_secs: seconds, instead.
        output_dir: the folder of the event file.
        summary_writer: the FileWriter, instead; without either nothing is written.
        scaffold: has the summary, if that is not given.
        summary_op: a Summary message as a string scalar, or a list of them.

    Raises:
        ValueError: unless just one of scaffold and summary, and one interval, is given.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        save_steps: int | None = None,
        save_secs: float | None = None,
        output_dir: Any = None,
        summary_writer: Any = None,
        scaffold: Any = None,
        summary_op: Any = None,
    ) -> None:
        if (scaffold is None) == (summary_op is None):
            raise ValueError("Exactly one of scaffold or summary_op must be provided.")
        self._summary_op = summary_op
        self._writer = summary_writer
        self._output_dir = output_dir
        self._scaffold = scaffold
        self._timer = SecondOrStepTimer(every_secs=save_secs, every_steps=save_steps)

    def begin(self) -> None:
        """Open the event file and find the global step."""
        if self._writer is None and self._output_dir:
            self._writer = event_file(self._output_dir)
        self._next_step: int | None = None
        self._step = global_step_of("SummarySaverHook")

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs:
        """Fetch the global step, and the summaries if they are due."""
        self._is_due = self._next_step is None or self._timer.should_trigger_for_step(
            self._next_step
        )
        wanted = {"global_step": self._step}
        summaries = self._summaries() if self._is_due else None
        if summaries is not None:
            wanted["summary"] = summaries
        return SessionRunArgs(wanted)

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Write the summaries."""
        if self._writer is None:
            return
        step = int(run_values.results["global_step"]) + 1  # fetched beside the update: maybe stale
        if self._is_due:
            step = int(run_context.session.run(self._step))
        if self._next_step is None:
            start = protos.SessionLog(status=protos.SessionLog.START)
            self._writer.add_session_log(start, step)
        if self._is_due:
            self._timer.update_last_triggered_step(step)
            for summary in run_values.results.get("summary", ()):
                self._writer.add_summary(summary, step)
        self._next_step = step + 1

    def end(self, session: Any = None) -> None:
        """Bring what is written into the file."""
        if self._writer is not None:
            self._writer.flush()

    def _summaries(self) -> list[Any] | None:
        summary = self._summary_op if self._scaffold is None else self._scaffold.summary_op
        return summary if summary is None or isinstance(summary, list) else [summary]
