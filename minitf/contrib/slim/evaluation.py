"""`tf.contrib.slim.evaluation`: a checkpoint, or each new one, evaluated so many times.

Source: TensorFlow 1.15's tf.contrib.slim.evaluation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from minitf.contrib.training import evaluation
from minitf.contrib.training.evaluation import wait_for_new_checkpoint
from minitf.summary.merging import merge_all
from minitf.train.checkpoint_reader import checkpoints_iterator
from minitf.train.saver import Saver
from minitf.train.scaffold import Scaffold

__all__ = ["checkpoints_iterator", "evaluate_once", "evaluation_loop", "wait_for_new_checkpoint"]

_USE_DEFAULT = 0

Feeds = Mapping[Any, Any] | None


def evaluate_once(
    master: str,
    checkpoint_path: str,
    logdir: Any,
    num_evals: int = 1,
    initial_op: Any = None,
    initial_op_feed_dict: Feeds = None,
    eval_op: Any = None,
    eval_op_feed_dict: Feeds = None,
    final_op: Any = None,
    final_op_feed_dict: Feeds = None,
    summary_op: Any = _USE_DEFAULT,
    summary_op_feed_dict: Feeds = None,
    variables_to_restore: Any = None,
    session_config: Any = None,
    hooks: Any = None,
) -> Any:
    """Evaluate a checkpoint; return the value of `final_op`.

    Args:
        master: where the session is.
        checkpoint_path: path of the checkpoint.
        logdir: folder of the summaries.
        num_evals: how many times `eval_op` runs.
        initial_op: runs first.
        initial_op_feed_dict: its feeds.
        eval_op: what is evaluated.
        eval_op_feed_dict: its feeds.
        final_op: what is evaluated in the end.
        final_op_feed_dict: its feeds.
        summary_op: summaries; by default all; None for none.
        summary_op_feed_dict: its feeds.
        variables_to_restore: those that the checkpoint gives values; by default all.
        session_config: a ConfigProto of the session.
        hooks: SessionRunHooks.
    """
    return evaluation.evaluate_once(
        checkpoint_path,
        master=master,
        scaffold=Scaffold(
            init_op=initial_op,
            init_feed_dict=initial_op_feed_dict,
            saver=_saver(variables_to_restore),
        ),
        eval_ops=eval_op,
        feed_dict=eval_op_feed_dict,
        final_ops=final_op,
        final_ops_feed_dict=final_op_feed_dict,
        hooks=_hooks(num_evals, logdir, summary_op, summary_op_feed_dict, hooks),
        config=session_config,
    )


def evaluation_loop(
    master: str,
    checkpoint_dir: Any,
    logdir: Any,
    num_evals: int = 1,
    initial_op: Any = None,
    initial_op_feed_dict: Feeds = None,
    init_fn: Callable[[Any], Any] | None = None,
    eval_op: Any = None,
    eval_op_feed_dict: Feeds = None,
    final_op: Any = None,
    final_op_feed_dict: Feeds = None,
    summary_op: Any = _USE_DEFAULT,
    summary_op_feed_dict: Feeds = None,
    variables_to_restore: Any = None,
    eval_interval_secs: float = 60,
    max_number_of_evaluations: int | None = None,
    session_config: Any = None,
    timeout: float | None = None,
    timeout_fn: Callable[[], Any] | None = None,
    hooks: Any = None,
) -> Any:
    """Evaluate each new checkpoint of a folder; return the last value of `final_op`.

    Args:
        master: see `evaluate_once`, and so are the following ones.
        checkpoint_dir: the folder of the checkpoints.
        init_fn: function called after `initial_op`.
        eval_interval_secs: seconds from one evaluation to the next at least.
        max_number_of_evaluations: how many there are at most; None for any number.
        timeout: seconds to wait for a checkpoint; None for any time.
        timeout_fn: called after that; whether none will come.
    """
    return evaluation.evaluate_repeatedly(
        checkpoint_dir,
        master=master,
        scaffold=Scaffold(
            init_op=initial_op,
            init_feed_dict=initial_op_feed_dict,
            init_fn=init_fn,
            saver=_saver(variables_to_restore),
        ),
        eval_ops=eval_op,
        feed_dict=eval_op_feed_dict,
        final_ops=final_op,
        final_ops_feed_dict=final_op_feed_dict,
        eval_interval_secs=eval_interval_secs,
        hooks=_hooks(num_evals, logdir, summary_op, summary_op_feed_dict, hooks),
        config=session_config,
        max_number_of_evaluations=max_number_of_evaluations,
        timeout=timeout,
        timeout_fn=timeout_fn,
    )


def _saver(variables: Any) -> Saver | None:
    return None if variables is None else Saver(variables)


def _hooks(num_evals: int, logdir: Any, summary_op: Any, feeds: Feeds, others: Any) -> list[Any]:
    if summary_op == _USE_DEFAULT:
        summary_op = merge_all()
    made: list[Any] = [evaluation.StopAfterNEvalsHook(num_evals)]
    if summary_op is not None:
        made.append(evaluation.SummaryAtEndHook(logdir, summary_op=summary_op, feed_dict=feeds))
    return [*made, *(others or [])]
