"""MonitoredTrainingSession: a monitored session with the usual hooks.

Source: TensorFlow 1.15's function of the same name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf.train.checkpoint_saver_hook import CheckpointSaverHook
from minitf.train.monitored_session import MonitoredSession
from minitf.train.scaffold import Scaffold
from minitf.train.session_creators import ChiefSessionCreator, WorkerSessionCreator
from minitf.train.session_run_hook import SessionRunHook
from minitf.train.summary_saver_hook import SummarySaverHook
from minitf.train.watching_hooks import StepCounterHook

USE_DEFAULT = object()


def MonitoredTrainingSession(  # noqa: N802 TensorFlow's
    master: str = "",
    is_chief: bool = True,
    checkpoint_dir: Any = None,
    scaffold: Scaffold | None = None,
    hooks: Sequence[SessionRunHook] | None = None,
    chief_only_hooks: Sequence[SessionRunHook] | None = None,
    save_checkpoint_secs: Any = USE_DEFAULT,
    save_summaries_steps: Any = USE_DEFAULT,
    save_summaries_secs: Any = USE_DEFAULT,
    config: Any = None,
    stop_grace_period_secs: float = 120,
    log_step_count_steps: int | None = 100,
    max_wait_secs: float = 7200,
    save_checkpoint_steps: Any = USE_DEFAULT,
    summary_dir: Any = None,
) -> MonitoredSession:
    """Return a monitored session that saves checkpoints and is restored from them.

    Args:
        master: the target of the session.
        is_chief: whether it initializes and saves, or waits for the one that does.
        checkpoint_dir: the folder of the checkpoints; None for none.
        scaffold: the operations beside the step.
        hooks: more hooks.
        chief_only_hooks: more hooks, of the chief.
        save_checkpoint_secs: seconds between checkpoints; 600 if no interval is given, None or 0
            for none.
        save_summaries_steps: steps between summaries; 100 if no interval is given, likewise.
        save_summaries_secs: seconds between them, instead.
        config: ConfigProto.
        stop_grace_period_secs: how long threads may take to end.
        log_step_count_steps: steps between two logs of their rate.
        max_wait_secs: how long to wait for the chief.
        save_checkpoint_steps: steps between checkpoints.
        summary_dir: the folder of the summaries; `checkpoint_dir` if None.
    """
    hooks = list(hooks or ())
    scaffold = scaffold or Scaffold()
    if not is_chief:
        worker = WorkerSessionCreator(scaffold, master, config, max_wait_secs)
        return MonitoredSession(worker, hooks, stop_grace_period_secs)
    standard: list[SessionRunHook] = []
    summary_dir = summary_dir or checkpoint_dir
    if summary_dir and _is_set(log_step_count_steps):
        standard.append(StepCounterHook(log_step_count_steps, output_dir=summary_dir))
    secs, steps = _interval(save_summaries_secs, save_summaries_steps, (None, 100))
    if summary_dir and (_is_set(secs) or _is_set(steps)):
        standard.append(SummarySaverHook(steps, secs, output_dir=summary_dir, scaffold=scaffold))
    secs, steps = _interval(save_checkpoint_secs, save_checkpoint_steps, (600, None))
    if checkpoint_dir and (_is_set(secs) or _is_set(steps)):
        standard.append(CheckpointSaverHook(checkpoint_dir, secs, steps, scaffold=scaffold))
    chief = ChiefSessionCreator(scaffold, master, config, checkpoint_dir)
    all_hooks = [*(chief_only_hooks or ()), *standard, *hooks]
    return MonitoredSession(chief, all_hooks, stop_grace_period_secs)


def _interval(secs: Any, steps: Any, default: tuple[Any, Any]) -> tuple[Any, Any]:
    """Return the seconds and the steps from one time to the next."""
    if secs is USE_DEFAULT and steps is USE_DEFAULT:
        return default
    return None if secs is USE_DEFAULT else secs, None if steps is USE_DEFAULT else steps


def _is_set(interval: float | None) -> bool:
    """Tell whether an interval says when: zero, less and None say never."""
    return interval is not None and interval > 0
