"""ProfilerHook: traces a step now and then, for chrome://tracing and TensorBoard.

Source: 2015 §9.2; TensorFlow 1.15's class of the same name.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

from minitf import protos
from minitf.timeline import Timeline
from minitf.train.event_files import event_file
from minitf.train.session_run_hook import (
    SessionRunArgs,
    SessionRunContext,
    SessionRunHook,
    SessionRunValues,
)
from minitf.train.step_hooks import SecondOrStepTimer, global_step_of


class ProfilerHook(SessionRunHook):
    """Writes a trace, `timeline-STEP.json`, every so often; the first step is not traced.

    Args:
        save_steps: steps from one to the next.
        save_secs: seconds, instead.
        output_dir: the folder of the traces and of the event file.
        show_dataflow: whether arrows lead from producers to consumers.
        show_memory: whether the trace shows tensors and how many bytes they take.

    Raises:
        ValueError: unless just one interval is given.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        save_steps: int | None = None,
        save_secs: float | None = None,
        output_dir: Any = "",
        show_dataflow: bool = True,
        show_memory: bool = False,
    ) -> None:
        self._folder = os.fsdecode(output_dir)
        self._writer = event_file(self._folder)
        self._show_dataflow = show_dataflow
        self._show_memory = show_memory
        self._timer = SecondOrStepTimer(every_secs=save_secs, every_steps=save_steps)

    def begin(self) -> None:
        """Find the global step."""
        self._next_step: int | None = None
        self._step = global_step_of("ProfilerHook")

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs:
        """Ask for a trace if it is due."""
        self._is_due = self._next_step is not None and self._timer.should_trigger_for_step(
            self._next_step
        )
        full = protos.RunOptions(trace_level=protos.RunOptions.FULL_TRACE)
        return SessionRunArgs(self._step, options=full if self._is_due else None)

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Write the trace."""
        step = int(run_values.results)
        if self._next_step is None:
            self._timer.update_last_triggered_step(step)
        step += 1  # fetched beside the update: maybe stale
        if self._is_due:
            step = int(run_context.session.run(self._step))
            self._timer.update_last_triggered_step(step)
            self._write(step, run_values.run_metadata)
        self._next_step = step + 1

    def _write(self, step: int, metadata: Any) -> None:
        path = Path(self._folder) / f"timeline-{step}.json"
        logging.getLogger("tensorflow").info("Saving timeline for %d into '%s'.", step, path)
        trace = Timeline(metadata.step_stats).generate_chrome_trace_format(
            show_dataflow=self._show_dataflow, show_memory=self._show_memory
        )
        path.write_text(trace)
        self._writer.add_run_metadata(metadata, f"step_{step}")
