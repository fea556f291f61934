"""The session in which an Estimator trains: what is saved, logged and watched in it.

Source: TensorFlow 1.15's `tf.estimator.Estimator.train`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf.api.framework import add_to_collection, get_collection
from minitf.estimator.model_spec import EstimatorSpec
from minitf.estimator.savers import add_saver, saver_hooks
from minitf.graph_keys import GraphKeys
from minitf.summary.values import scalar
from minitf.train.monitored_session import MonitoredSession
from minitf.train.monitored_training import MonitoredTrainingSession
from minitf.train.session_run_hook import SessionRunHook
from minitf.train.training_util import get_global_step
from minitf.train.watching_hooks import LoggingTensorHook, NanTensorHook


def training_session(
    spec: EstimatorSpec,
    config: Any,
    input_hooks: Sequence[SessionRunHook],
    hooks: Sequence[SessionRunHook],
    listeners: list[Any],
) -> MonitoredSession:
    """Return the session that trains a model.

    Args:
        spec: the model.
        config: RunConfig, whose task in a cluster the session is of.
        input_hooks: the hooks of the input.
        hooks: more hooks.
        listeners: told before and after each checkpoint.
    """
    if all(each.op.name != "loss" for each in get_collection(GraphKeys.SUMMARIES)):
        scalar("loss", spec.loss)
    add_to_collection(GraphKeys.LOSSES, spec.loss)
    all_hooks = [*input_hooks, *hooks, NanTensorHook(spec.loss)]
    if config.log_step_count_steps is not None:
        shown = {"loss": spec.loss, "step": get_global_step()}
        all_hooks.append(LoggingTensorHook(shown, every_n_iter=config.log_step_count_steps))
    all_hooks += spec.training_hooks
    add_saver(spec.scaffold, config)
    chief_hooks = saver_hooks(spec, config, all_hooks, listeners)
    return MonitoredTrainingSession(
        master=config.master,
        is_chief=config.is_chief,
        checkpoint_dir=config.model_dir,
        scaffold=spec.scaffold,
        hooks=all_hooks,
        chief_only_hooks=[*chief_hooks, *spec.training_chief_hooks],
        save_checkpoint_secs=0,  # a hook saves
        save_summaries_steps=config.save_summary_steps,
        config=config.session_config,
        max_wait_secs=config.session_creation_timeout_secs,
        log_step_count_steps=config.log_step_count_steps,
    )
