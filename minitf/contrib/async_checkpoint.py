"""AsyncCheckpointSaverHook: saves checkpoints in a thread of its own, while the training goes on.

**Invariants**
1. One checkpoint is written at a time: one that is due meanwhile is left out.
2. The first and the last checkpoint are written before the training goes on.

What is saved meanwhile may be of several steps: variables change while they are written.

Source: TensorFlow 1.15's `tf.contrib.tpu.AsyncCheckpointSaverHook`.
"""

from __future__ import annotations

import logging
import threading
from typing import Any

from minitf.train.checkpoint_saver_hook import CheckpointSaverHook
from minitf.train.session_run_hook import SessionRunContext, SessionRunValues

_LOG = logging.getLogger("tensorflow")


class AsyncCheckpointSaverHook(CheckpointSaverHook):
    """Saves checkpoints in a thread; arguments as of `tf.train.CheckpointSaverHook`.

    Source: TensorFlow 1.15.
    """

    _thread: threading.Thread | None = None
    _error: BaseException | None = None

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Begin to save if it is due and nothing is being saved.

        Raises:
            Exception: that of the last save, if it failed.
        """
        self._raise()
        if not self._timer.should_trigger_for_step(run_values.results + 1):
            return
        step = int(run_context.session.run(self._step))
        if not self._timer.should_trigger_for_step(step):
            return
        self._timer.update_last_triggered_step(step)
        if self._thread is not None and self._thread.is_alive():
            _LOG.info("Saver is still in progress for previous step. Skipping step %d.", step)
            return
        session = run_context.session
        graph = session.graph

        def save() -> None:
            try:
                with graph.as_default():
                    self._save(session, step)
            except BaseException as error:  # noqa: BLE001 raised in the thread of the training
                self._error = error

        self._thread = threading.Thread(target=save, name="async-checkpoint-saver")
        self._thread.start()

    def end(self, session: Any) -> None:
        """Wait for what is being saved, and save the last state."""
        if self._thread is not None:
            self._thread.join()
        self._raise()
        super().end(session)

    def _raise(self) -> None:
        error, self._error = self._error, None
        if error is not None:
            raise error
