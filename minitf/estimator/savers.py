"""How a training saves: its Saver, the hook that calls it, and the steps that a checkpoint has.

Source: TensorFlow 1.15's `tf.estimator.Estimator`.
"""

from __future__ import annotations

import contextlib
from typing import Any

from minitf.api.framework import add_to_collection, get_collection
from minitf.errors import NotFoundError
from minitf.estimator.model_spec import EstimatorSpec
from minitf.graph_keys import GraphKeys
from minitf.train.checkpoint_reader import load_checkpoint
from minitf.train.checkpoint_saver_hook import CheckpointSaverHook
from minitf.train.saver import Saver
from minitf.train.scaffold import Scaffold


def add_saver(scaffold: Scaffold, config: Any) -> None:
    """Let the graph have a Saver that keeps as many checkpoints as the RunConfig says."""
    if scaffold.saver or get_collection(GraphKeys.SAVERS):
        return
    saver = Saver(
        sharded=True,
        max_to_keep=config.keep_checkpoint_max,
        keep_checkpoint_every_n_hours=config.keep_checkpoint_every_n_hours,
        defer_build=True,
        save_relative_paths=True,
    )
    add_to_collection(GraphKeys.SAVERS, saver)


def saver_hooks(
    spec: EstimatorSpec, config: Any, hooks: list[Any], listeners: list[Any]
) -> list[CheckpointSaverHook]:
    """Return a hook that saves, unless there is one; let it have the listeners.

    Raises:
        ValueError: if there are listeners, but the RunConfig saves nothing.
    """
    given = [*hooks, *spec.training_chief_hooks]
    savers = [hook for hook in given if isinstance(hook, CheckpointSaverHook)]
    made = []
    if not savers and (config.save_checkpoints_secs or config.save_checkpoints_steps):
        made = savers = [
            CheckpointSaverHook(
                config.model_dir,
                save_secs=config.save_checkpoints_secs,
                save_steps=config.save_checkpoints_steps,
                scaffold=spec.scaffold,
            )
        ]
    if listeners and not savers:
        raise ValueError(
            "There should be a CheckpointSaverHook to use saving_listeners. Please set one of "
            "the RunConfig.save_checkpoints_steps or RunConfig.save_checkpoints_secs."
        )
    if listeners:
        savers[0].add_listeners(listeners)
    return made


def trained_steps(checkpoint: str | None) -> int:
    """Return the step of a checkpoint; 0 if there is none or it counts none."""
    if checkpoint is not None:
        with contextlib.suppress(NotFoundError):
            return int(load_checkpoint(checkpoint).get_tensor(GraphKeys.GLOBAL_STEP))
    return 0
