"""CheckpointSaverHook: saves a checkpoint at the start, every so often, and at the end.

Source: TensorFlow 1.15's classes of the same names; OSDI §4.3.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from minitf.api.framework import get_collection
from minitf.graph_keys import GraphKeys
from minitf.train.session_run_hook import (
    SessionRunArgs,
    SessionRunContext,
    SessionRunHook,
    SessionRunValues,
)
from minitf.train.step_hooks import SecondOrStepTimer, global_step_of


class CheckpointSaverListener:
    """What happens around each save; each method does nothing here.

    Source: TensorFlow 1.15.
    """

    def begin(self) -> None:
        """Act before the session is made."""

    def before_save(self, session: Any, global_step_value: int) -> None:
        """Act before a checkpoint is written."""

    def after_save(self, session: Any, global_step_value: int) -> bool | None:
        """Act after it is written; True asks to stop the training."""

    def end(self, session: Any, global_step_value: int) -> None:
        """Act at the end of the training."""


class CheckpointSaverHook(SessionRunHook):
    """Saves checkpoints.

    Args:
        checkpoint_dir: the folder.
        save_secs: seconds from one to the next.
        save_steps: steps, instead.
        saver: the Saver.
        checkpoint_basename: how their names begin.
        scaffold: has the Saver, if that is not given.
        listeners: CheckpointSaverListeners.

    Raises:
        ValueError: if both a saver and a scaffold are given, or not just one interval.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        checkpoint_dir: Any,
        save_secs: float | None = None,
        save_steps: int | None = None,
        saver: Any = None,
        checkpoint_basename: str = "model.ckpt",
        scaffold: Any = None,
        listeners: Sequence[CheckpointSaverListener] | None = None,
    ) -> None:
        if saver is not None and scaffold is not None:
            raise ValueError("You cannot provide both saver and scaffold.")
        self._saver = saver
        self._scaffold = scaffold
        self._path = os.path.join(os.fsdecode(checkpoint_dir), checkpoint_basename)  # noqa: PTH118
        self._timer = SecondOrStepTimer(every_secs=save_secs, every_steps=save_steps)
        self._steps_per_run = 1
        self._listeners = list(listeners or ())

    def begin(self) -> None:
        """Find the global step."""
        self._step = global_step_of("CheckpointSaverHook")
        for each in self._listeners:
            each.begin()

    def after_create_session(self, session: Any, coord: Any) -> None:
        """Save where the training begins."""
        step = int(session.run(self._step))
        self._save(session, step)
        self._timer.update_last_triggered_step(step)

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs:
        """Fetch the global step."""
        return SessionRunArgs(self._step)

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Save if it is due."""
        if not self._timer.should_trigger_for_step(run_values.results + self._steps_per_run):
            return
        step = int(run_context.session.run(self._step))
        if self._timer.should_trigger_for_step(step):
            self._timer.update_last_triggered_step(step)
            if self._save(run_context.session, step):
                run_context.request_stop()

    def end(self, session: Any) -> None:
        """Save the last state."""
        step = int(session.run(self._step))
        if step != self._timer.last_triggered_step():
            self._save(session, step)
        for each in self._listeners:
            each.end(session, step)

    def _save(self, session: Any, step: int) -> bool:
        """Save; tell whether a listener asks to stop."""
        for each in self._listeners:
            each.before_save(session, step)
        self._found_saver().save(session, self._path, global_step=step)
        asked = [each.after_save(session, step) for each in self._listeners]
        return any(asked)

    def _found_saver(self) -> Any:
        if self._saver is not None:
            return self._saver
        if self._scaffold is not None:
            return self._scaffold.saver
        found = get_collection(GraphKeys.SAVERS)
        if len(found) != 1:
            raise RuntimeError(
                f"There should be one item in the collection {GraphKeys.SAVERS}, found "
                f"{len(found)}. Please add a saver to the collection or provide one."
            )
        return found[0]
