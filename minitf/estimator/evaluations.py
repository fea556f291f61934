"""Running an evaluation: updates until the input ends, then the values of all metrics.

Source: TensorFlow 1.15's `tf.contrib.training.evaluate_once` and Estimator.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from minitf.api.control import group
from minitf.api.tensor_util import make_tensor_proto
from minitf.graph_keys import GraphKeys
from minitf.protos import Summary
from minitf.summary.file_writer import FileWriterCache
from minitf.train.monitored_session import MonitoredSession
from minitf.train.scaffold import Scaffold
from minitf.train.session_creators import ChiefSessionCreator
from minitf.train.session_run_hook import SessionRunContext, SessionRunHook, SessionRunValues
from minitf.train.step_hooks import FinalOpsHook
from minitf.train.training_util import get_global_step

_LOG = logging.getLogger("tensorflow")


class StopAfterRunsHook(SessionRunHook):
    """Stops an evaluation after a number of runs.

    Args:
        count: the number.

    Source: TensorFlow 1.15's hook of evaluations.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._done = 0

    def after_create_session(self, session: Any, coord: Any) -> None:
        """Begin again."""
        self._done = 0

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Count the run."""
        self._done += 1
        _LOG.info("Evaluation [%d/%d]", self._done, self._count)
        if self._done >= self._count:
            run_context.request_stop()


class Evaluation(NamedTuple):
    """What an evaluation runs.

    Source: TensorFlow 1.15.
    """

    scaffold: Scaffold
    update_op: Any
    values: dict[str, Any]
    hooks: list[SessionRunHook]


def split_metrics(metrics: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
    """Return one operation that updates all metrics, and the value of each; the global step, too.

    Raises:
        ValueError: if a metric is called as that.
    """
    updates: list[Any] = []
    values = {}
    for name in sorted(metrics):
        value, update = metrics[name]
        values[name] = value
        updates.extend(update if isinstance(update, (list, tuple)) else [update])
    if GraphKeys.GLOBAL_STEP in values:
        raise ValueError(
            "Metric with name `global_step` is not allowed, because Estimator already defines a "
            "default metric with the same name."
        )
    values[GraphKeys.GLOBAL_STEP] = get_global_step()
    return group(*updates), values


def evaluate_once(
    checkpoint_path: str | None, evaluation: Evaluation, config: Any
) -> dict[str, Any]:
    """Return the values of metrics after updates until a hook stops or the input ends.

    Args:
        checkpoint_path: the checkpoint to restore; variables are initialized if None.
        evaluation: what is run: `update_op` once per batch, `values` at the end.
        config: RunConfig.
    """
    last = FinalOpsHook(dict(evaluation.values))
    creator = ChiefSessionCreator(
        evaluation.scaffold,
        config.evaluation_master,
        config.session_config,
        checkpoint_filename_with_path=checkpoint_path,
    )
    with MonitoredSession(creator, [*evaluation.hooks, last]) as session:
        while not session.should_stop():
            session.run(evaluation.update_op)
    found: dict[str, Any] = last.final_ops_values
    return found


def write_results(
    folder: str, results: Mapping[str, Any], step: int, checkpoint_path: str | None
) -> None:
    """Write the values of metrics as summaries.

    Args:
        folder: where the event file is.
        results: value by name.
        step: the step that they belong to.
        checkpoint_path: the checkpoint that was evaluated.
    """
    shown = ", ".join(f"{name} = {value}" for name, value in sorted(results.items()))
    _LOG.info("Saving dict for global step %d: %s", step, shown)
    summary = Summary()
    for name, value in results.items():
        if value is None or name == GraphKeys.GLOBAL_STEP:
            continue
        if isinstance(value, bytes):
            _add_summary(summary, name, value)
        elif isinstance(value, np.ndarray) and value.ndim:
            summary.value.add(tag=name, node_name=name, tensor=make_tensor_proto(value))
        elif np.issubdtype(np.asarray(value).dtype, np.number):
            summary.value.add(tag=name, simple_value=float(value))
        else:
            _LOG.warning(
                "Skipping summary for %s, must be a float, np.float32, np.int64, np.int32 or int "
                "or np.ndarray or a serialized string of Summary.",
                name,
            )
    writer = FileWriterCache.get(folder)
    writer.add_summary(summary, step)
    if checkpoint_path is not None:
        path = Summary()
        path.value.add(tag="checkpoint_path", tensor=make_tensor_proto(checkpoint_path))
        writer.add_summary(path, step)
    writer.flush()


def _add_summary(summary: Any, name: str, serialized: bytes) -> None:
    """Add the values of a summary that a metric gives."""
    for number, value in enumerate(Summary.FromString(serialized).value):
        value.tag = f"{name}/{number}"
        summary.value.append(value)
