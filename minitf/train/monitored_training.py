"""MonitoredTrainingSession: a monitored session with the usual hooks.

Source: TensorFlow 1.15's function of the same name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf.train.checkpoint_saver_hook import CheckpointSaverHook
from minitf.train.monitored_session import MonitoredSession
from minitf.train.scaffold import (
    ChiefSessionCreator,
    Scaffold,
    SessionCreator,
    WorkerSessionCreator,
)
from minitf.train.session_run_hook import SessionRunHook
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
        save_checkpoint_secs: seconds between checkpoints; 600 if no interval is given.
        save_summaries_steps: steps between summaries.
        save_summaries_secs: seconds between them, instead.
        config: ConfigProto.
        stop_grace_period_secs: how long threads may take to end.
        log_step_count_steps: steps between two logs of their rate.
        max_wait_secs: how long to wait for the chief.
        save_checkpoint_steps: steps between checkpoints.
        summary_dir: the folder of the summaries; `checkpoint_dir` if None.
    """
    secs, steps = save_checkpoint_secs, save_checkpoint_steps
    if secs is USE_DEFAULT and steps is USE_DEFAULT:
        secs, steps = 600, None
    secs = None if secs is USE_DEFAULT else secs
    steps = None if steps is USE_DEFAULT else steps
    scaffold = scaffold or Scaffold()
    all_hooks: list[SessionRunHook] = list(hooks or ())
    creator: SessionCreator
    if is_chief:
        creator = ChiefSessionCreator(scaffold, master, config, checkpoint_dir)
        own: list[SessionRunHook] = []
        if checkpoint_dir and log_step_count_steps and log_step_count_steps > 0:
            own.append(StepCounterHook(every_n_steps=log_step_count_steps))
        if checkpoint_dir and ((secs and secs > 0) or (steps and steps > 0)):
            own.append(CheckpointSaverHook(checkpoint_dir, secs, steps, scaffold=scaffold))
        all_hooks = [*(chief_only_hooks or ()), *own, *all_hooks]
    else:
        creator = WorkerSessionCreator(scaffold, master, config, max_wait_secs)
    return MonitoredSession(creator, all_hooks, stop_grace_period_secs)
