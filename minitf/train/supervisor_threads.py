"""What a Supervisor does on the side, each in a thread: summaries, the rate of steps, checkpoints.

Source: 2015 §3.3, §9.1; TensorFlow 1.15's threads of the same tasks.
"""

from __future__ import annotations

import logging
import math
import time
from typing import Any

from minitf import protos
from minitf.train.coordinator import LooperThread
from minitf.train.training_util import global_step

_LOG = logging.getLogger("tensorflow")
_RATES_SHOWN = 10  # then the event file alone is told


class SummaryThread(LooperThread):
    """Writes the summaries of a Supervisor every `save_summaries_secs`.

    Args:
        supervisor: the Supervisor.
        sess: the session.
    """

    def __init__(self, supervisor: Any, sess: Any) -> None:
        super().__init__(supervisor.coord, supervisor.save_summaries_secs)
        self._supervisor = supervisor
        self._sess = sess

    def run_loop(self) -> None:
        """Compute the summaries and write them."""
        supervisor = self._supervisor
        if supervisor.global_step is None:
            summary, step = self._sess.run(supervisor.summary_op), None
        else:
            summary, step = self._sess.run([supervisor.summary_op, supervisor.global_step])
        _LOG.info("Recording summary at step %s.", step)
        supervisor.summary_writer.add_summary(summary, step)


class StepCounterThread(LooperThread):
    """Tells every `save_summaries_secs` how many steps are made a second.

    Args:
        supervisor: the Supervisor.
        sess: the session.
    """

    def __init__(self, supervisor: Any, sess: Any) -> None:
        super().__init__(supervisor.coord, supervisor.save_summaries_secs)
        self._writer = supervisor.summary_writer
        self._step = supervisor.global_step
        self._tag = f"{self._step.op.name}/sec"
        self._sess = sess
        self._shown = 0

    def start_loop(self) -> None:
        """Note where the counting begins."""
        self._last_s = time.monotonic()
        self._last_step = global_step(self._sess, self._step)

    def run_loop(self) -> None:
        """Count since the last time."""
        step, now_s = global_step(self._sess, self._step), time.monotonic()
        steps, secs = step - self._last_step, now_s - self._last_s
        self._last_step, self._last_s = step, now_s
        rate = steps / secs if secs else math.inf
        value = protos.Summary.Value(tag=self._tag, simple_value=rate)
        self._writer.add_summary(protos.Summary(value=[value]), step)
        if self._shown < _RATES_SHOWN:
            self._shown += 1
            _LOG.info("%s: %g", self._tag, rate)


class CheckpointThread(LooperThread):
    """Saves a checkpoint every `save_model_secs`.

    Args:
        supervisor: the Supervisor.
        sess: the session.
    """

    def __init__(self, supervisor: Any, sess: Any) -> None:
        super().__init__(supervisor.coord, supervisor.save_model_secs)
        self._supervisor = supervisor
        self._sess = sess

    def run_loop(self) -> None:
        """Save, and note it in the event file."""
        supervisor, path = self._supervisor, self._supervisor.save_path
        _LOG.info("Saving checkpoint to path %s", path)
        supervisor.saver.save(self._sess, path, global_step=supervisor.global_step)
        if supervisor.summary_writer is not None and supervisor.global_step is not None:
            step = global_step(self._sess, supervisor.global_step)
            saved = protos.SessionLog(status=protos.SessionLog.CHECKPOINT, checkpoint_path=path)
            supervisor.summary_writer.add_session_log(saved, step)
