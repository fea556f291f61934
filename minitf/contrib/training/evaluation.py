"""Evaluation of checkpoints, once or whenever there is a new one.

    evaluate_once("model.ckpt-100", eval_ops=updates, final_ops=accuracy,
                  hooks=[StopAfterNEvalsHook(10)])

`eval_ops` run again and again until a hook stops them; then `final_ops` are evaluated.

**State**: how many evaluations there were, in a local variable of the collection EVAL_STEP.

Source: TensorFlow 1.15's tf.contrib.training.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from minitf.api.framework import get_collection
from minitf.api.state import assign_add
from minitf.dtypes import int64
from minitf.graph_keys import GraphKeys
from minitf.summary.file_writer import FileWriterCache
from minitf.summary.merging import merge_all
from minitf.train.checkpoint_reader import checkpoints_iterator
from minitf.train.checkpoint_state import latest_checkpoint
from minitf.train.monitored_session import MonitoredSession
from minitf.train.session_creators import ChiefSessionCreator
from minitf.train.session_run_hook import SessionRunArgs, SessionRunHook
from minitf.train.step_hooks import FinalOpsHook
from minitf.train.training_util import get_or_create_global_step
from minitf.train.training_util import global_step as value_of_step
from minitf.variables.initializers import Zeros
from minitf.variables.sharing import get_variable

_LOG = logging.getLogger("tensorflow")


def get_or_create_eval_step() -> Any:
    """Return the variable that counts evaluations; make it if there is none.

    Raises:
        ValueError: if there are several.
    """
    found = get_collection(GraphKeys.EVAL_STEP)
    if len(found) > 1:
        raise ValueError("Multiple tensors added to tf.GraphKeys.EVAL_STEP")
    if found:
        return found[0]
    return get_variable(
        "eval_step",
        [],
        int64,
        Zeros(),
        trainable=False,
        collections=[GraphKeys.LOCAL_VARIABLES, GraphKeys.EVAL_STEP],
    )


class StopAfterNEvalsHook(SessionRunHook):
    """Stops after a number of evaluations.

    Args:
        num_evals: the number; None for as many as there are inputs.
        log_progress: whether each is logged.
    """

    def __init__(self, num_evals: int | None, log_progress: bool = True) -> None:
        self._num_evals, self._log_progress = num_evals, log_progress
        self._evals_completed: Any = None

    def count(self, evals_completed: Any) -> None:
        """Take the tensor that says how many evaluations there were."""
        self._evals_completed = evals_completed

    def before_run(self, run_context: Any) -> Any:
        """Ask how many there were."""
        return SessionRunArgs({"evals_completed": self._evals_completed})

    def after_run(self, run_context: Any, run_values: Any) -> None:
        """Stop if that is enough."""
        done = run_values.results["evals_completed"]
        if self._log_progress:
            _LOG.info("Evaluation [%s/%s]", done, self._num_evals or "?")
        if self._num_evals is not None and done >= self._num_evals:
            run_context.request_stop()


class SummaryAtEndHook(SessionRunHook):
    """Writes summaries when an evaluation ends.

    Args:
        log_dir: folder of the event file, where there is no writer.
        summary_writer: a FileWriter.
        summary_op: what is written; by default all summaries.
        feed_dict: its feeds.

    Raises:
        ValueError: if there is neither a folder nor a writer.
    """

    def __init__(
        self,
        log_dir: Any = None,
        summary_writer: Any = None,
        summary_op: Any = None,
        feed_dict: Mapping[Any, Any] | None = None,
    ) -> None:
        if log_dir is None and summary_writer is None:
            raise ValueError("One of log_dir or summary_writer should be used.")
        self._log_dir, self._summary_writer = log_dir, summary_writer
        self._summary_op, self._feed_dict = summary_op, feed_dict
        self._takes_all = summary_op is None
        self._global_step: Any = None

    def begin(self) -> None:
        """Find the summaries and the step."""
        if self._takes_all:
            self._summary_op = merge_all()
        self._global_step = get_or_create_global_step()

    def after_create_session(self, session: Any, coord: Any) -> None:
        """Open the event file."""
        if self._summary_writer is None:
            self._summary_writer = FileWriterCache.get(self._log_dir)

    def end(self, session: Any) -> None:
        """Write the summaries."""
        if self._summary_op is not None:
            step = value_of_step(session, self._global_step)
            summary = session.run(self._summary_op, self._feed_dict)
            self._summary_writer.add_summary(summary, step)
        self._summary_writer.flush()


def wait_for_new_checkpoint(
    checkpoint_dir: Any,
    last_checkpoint: str | None = None,
    seconds_to_sleep: float = 1,
    timeout: float | None = None,
) -> str | None:
    """Return the path of a checkpoint that is not the last one; None if there is none in time.

    Args:
        checkpoint_dir: the folder.
        last_checkpoint: path of the last one.
        seconds_to_sleep: how long to wait until looking again.
        timeout: seconds to wait at most; None for any time.
    """
    _LOG.info("Waiting for new checkpoint at %s", checkpoint_dir)
    latest_s = None if timeout is None else time.monotonic() + timeout
    while True:
        found = latest_checkpoint(checkpoint_dir)
        if found is not None and found != last_checkpoint:
            _LOG.info("Found new checkpoint at %s", found)
            return found
        if latest_s is not None and time.monotonic() + seconds_to_sleep > latest_s:
            return None
        time.sleep(seconds_to_sleep)


def evaluate_once(
    checkpoint_path: str,
    master: str = "",
    scaffold: Any = None,
    eval_ops: Any = None,
    feed_dict: Mapping[Any, Any] | None = None,
    final_ops: Any = None,
    final_ops_feed_dict: Mapping[Any, Any] | None = None,
    hooks: Any = None,
    config: Any = None,
) -> Any:
    """Evaluate a checkpoint; return the values of `final_ops`.

    Args:
        checkpoint_path: path of the checkpoint.
        master: where the session is.
        scaffold: a Scaffold.
        eval_ops: tensors to evaluate until a hook stops: one, a list or a dict.
        feed_dict: their feeds.
        final_ops: tensors to evaluate in the end.
        final_ops_feed_dict: their feeds.
        hooks: SessionRunHooks.
        config: a ConfigProto of the session.
    """
    given, counted, last = _prepared(eval_ops, final_ops, final_ops_feed_dict, hooks)
    _evaluate(checkpoint_path, (scaffold, master, config), given, feed_dict, counted)
    return last.final_ops_values


def evaluate_repeatedly(
    checkpoint_dir: Any,
    master: str = "",
    scaffold: Any = None,
    eval_ops: Any = None,
    feed_dict: Mapping[Any, Any] | None = None,
    final_ops: Any = None,
    final_ops_feed_dict: Mapping[Any, Any] | None = None,
    eval_interval_secs: float = 60,
    hooks: Any = None,
    config: Any = None,
    max_number_of_evaluations: int | None = None,
    timeout: float | None = None,
    timeout_fn: Callable[[], Any] | None = None,
) -> Any:
    """Evaluate each new checkpoint of a folder; return the last values of `final_ops`.

    Args:
        checkpoint_dir: the folder.
        master: see `evaluate_once`, and so are the following ones.
        eval_interval_secs: seconds from one evaluation to the next at least.
        max_number_of_evaluations: how many there are at most; None for any number.
        timeout: seconds to wait for a checkpoint; None for any time.
        timeout_fn: called after that; whether none will come.
    """
    given, counted, last = _prepared(eval_ops, final_ops, final_ops_feed_dict, hooks)
    paths = checkpoints_iterator(checkpoint_dir, eval_interval_secs, timeout, timeout_fn)
    for number, path in enumerate(paths, 1):
        _evaluate(path, (scaffold, master, config), given, feed_dict, counted)
        if max_number_of_evaluations is not None and number >= max_number_of_evaluations:
            break
    return last.final_ops_values


def _prepared(eval_ops: Any, final_ops: Any, feeds: Any, hooks: Any) -> tuple[Any, Any, Any]:
    """Return what is evaluated with a count of it, the hooks, and the one of the final values."""
    step = get_or_create_eval_step()
    hooks = list(hooks or [])
    if eval_ops is not None:
        counted = assign_add(step, 1)
        for hook in hooks:
            if isinstance(hook, StopAfterNEvalsHook):
                hook.count(counted)
        eval_ops = [eval_ops, counted]
    last = FinalOpsHook(final_ops, feeds)
    return eval_ops, [*hooks, last], last


def _evaluate(path: str, where: Any, eval_ops: Any, feed_dict: Any, hooks: Any) -> None:
    scaffold, master, config = where
    creator = ChiefSessionCreator(
        scaffold=scaffold, checkpoint_filename_with_path=path, master=master, config=config
    )
    with MonitoredSession(session_creator=creator, hooks=hooks) as session:
        _LOG.info("Starting evaluation of %s", path)
        while eval_ops is not None and not session.should_stop():
            session.run(eval_ops, feed_dict)
    _LOG.info("Finished evaluation of %s", path)
