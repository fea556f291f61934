"""CheckpointSaverHook: saves a checkpoint at the start, every so often, and at the end.

Source: TensorFlow 1.15's classes of the same names; OSDI §4.3.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from typing import Any

from minitf import protos
from minitf.api.framework import get_collection, get_default_graph
from minitf.api.graph_io import write_graph
from minitf.graph_keys import GraphKeys
from minitf.meta_graph import export_meta_graph
from minitf.train.event_files import event_file
from minitf.train.session_run_hook import (
    SessionRunArgs,
    SessionRunContext,
    SessionRunHook,
    SessionRunValues,
)
from minitf.train.step_hooks import SecondOrStepTimer, global_step_of

_LOG = logging.getLogger("tensorflow")


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
    """Saves checkpoints; the graph and each save are noted in the folder's event file too.

    Args:
        checkpoint_dir: the folder.
        save_secs: seconds from one to the next.
        save_steps: steps, instead.
        saver: the Saver; without it, and a scaffold, the one in the collection SAVERS.
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
        _LOG.info("Create CheckpointSaverHook.")
        if saver is not None and scaffold is not None:
            raise ValueError("You cannot provide both saver and scaffold.")
        self._saver = saver
        self._scaffold = scaffold
        self._folder = os.fsdecode(checkpoint_dir)
        self._path = os.path.join(self._folder, checkpoint_basename)  # noqa: PTH118 shown as given
        self._timer = SecondOrStepTimer(every_secs=save_secs, every_steps=save_steps)
        self._listeners = list(listeners or ())

    def add_listeners(self, listeners: Sequence[CheckpointSaverListener]) -> None:
        """Let more listeners be told of checkpoints."""
        self._listeners += [each for each in listeners if each not in self._listeners]

    def begin(self) -> None:
        """Open the event file and find the global step."""
        self._writer = event_file(self._folder)
        self._step = global_step_of("CheckpointSaverHook")
        for each in self._listeners:
            each.begin()

    def after_create_session(self, session: Any, coord: Any) -> None:
        """Write the graph, and save where the training begins."""
        step = int(session.run(self._step))
        graph = get_default_graph()
        graph_def = graph.as_graph_def(add_shapes=True)
        write_graph(graph_def, self._folder, "graph.pbtxt")
        saver_def = self._found_saver().saver_def
        self._writer.add_graph(graph)
        self._writer.add_meta_graph(
            export_meta_graph(graph, graph_def=graph_def, saver_def=saver_def)
        )
        self._save(session, step)
        self._timer.update_last_triggered_step(step)

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs:
        """Fetch the global step."""
        return SessionRunArgs(self._step)

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Save if it is due."""
        # fetched beside the update, the step may be that before it: it only says whether to look
        if not self._timer.should_trigger_for_step(run_values.results + 1):
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
        _LOG.info("Saving checkpoints for %d into %s.", step, self._path)
        self._found_saver().save(session, self._path, global_step=step)
        saved = protos.SessionLog(status=protos.SessionLog.CHECKPOINT, checkpoint_path=self._path)
        self._writer.add_session_log(saved, step)
        asks = [each for each in self._listeners if each.after_save(session, step)]
        for each in asks:
            _LOG.info(
                "A CheckpointSaverListener requested that training be stopped. listener: %s", each
            )
        return bool(asks)

    def _found_saver(self) -> Any:
        if self._saver is not None:
            return self._saver
        if self._scaffold is not None:
            return self._scaffold.saver
        found = get_collection(GraphKeys.SAVERS)
        if not found:
            raise RuntimeError(
                f"No items in collection {GraphKeys.SAVERS}. Please add a saver to the collection "
                "or provide a saver or scaffold."
            )
        if len(found) > 1:
            raise RuntimeError(
                f"More than one item in collection {GraphKeys.SAVERS}. Please indicate which one "
                "to use by passing it to the constructor."
            )
        self._saver = found[0]
        return self._saver
