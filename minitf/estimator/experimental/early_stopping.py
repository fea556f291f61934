"""Hooks that end a training when its evaluations say so.

    hook = tf.estimator.experimental.stop_if_no_decrease_hook(
        estimator, "loss", max_steps_without_decrease=1000)
    tf.estimator.train_and_evaluate(
        estimator, tf.estimator.TrainSpec(input_fn, hooks=[hook]), eval_spec)

The chief asks from time to time, and tells the other tasks of a cluster by a variable,
`signal_early_stopping/STOP`.

Source: TensorFlow 1.15's `tf.estimator.experimental`.
"""

from __future__ import annotations

import logging
import operator
from collections.abc import Callable
from pathlib import Path
from typing import Any

from minitf.api.state import assign
from minitf.dtypes import bool as bool_
from minitf.estimator.estimators import Estimator
from minitf.summary.event_file import summary_iterator
from minitf.train.session_run_hook import (
    SessionRunArgs,
    SessionRunContext,
    SessionRunHook,
    SessionRunValues,
)
from minitf.train.step_hooks import SecondOrStepTimer, global_step_of
from minitf.variables.initializers import Constant
from minitf.variables.sharing import get_variable, variable_scope
from minitf.variables.store import AUTO_REUSE

_LOG = logging.getLogger("tensorflow")
Better = Callable[[float, float], bool]


def make_early_stopping_hook(
    estimator: Estimator,
    should_stop_fn: Callable[[], bool],
    run_every_secs: float | None = 60,
    run_every_steps: int | None = None,
) -> SessionRunHook:
    """Return a hook that ends the training when a function says so.

    Args:
        estimator: the model.
        should_stop_fn: tells whether to stop.
        run_every_secs: how often it is asked, in seconds; None if `run_every_steps` is given.
        run_every_steps: how often, in steps, instead.

    Raises:
        TypeError: if something is no Estimator, or no function.
        ValueError: if both intervals are given, or none.
    """
    if not isinstance(estimator, Estimator):
        raise TypeError(
            f"`estimator` must have type `tf.estimator.Estimator`. Got: {type(estimator)}"
        )
    if not callable(should_stop_fn):
        raise TypeError("`should_stop_fn` must be callable.")
    if run_every_secs is not None and run_every_steps is not None:
        raise ValueError("Only one of `run_every_secs` and `run_every_steps` must be set.")
    timer = SecondOrStepTimer(every_secs=run_every_secs, every_steps=run_every_steps)
    return _Asking(should_stop_fn, timer) if estimator.config.is_chief else _Listening()


def stop_if_higher_hook(
    estimator: Estimator,
    metric_name: str,
    threshold: float,
    eval_dir: Any = None,
    min_steps: int = 0,
    run_every_secs: float | None = 60,
    run_every_steps: int | None = None,
) -> SessionRunHook:
    """Return a hook that ends the training when a metric was above a threshold.

    Args:
        estimator: the model.
        metric_name: the metric, as evaluations call it.
        threshold: the threshold.
        eval_dir: the folder of the evaluations; that of those without a name if None.
        min_steps: the step before which evaluations do not count.
        run_every_secs: as of `make_early_stopping_hook`.
        run_every_steps: likewise.
    """
    reached = _reached(estimator, metric_name, threshold, eval_dir, min_steps, operator.gt)
    return make_early_stopping_hook(estimator, reached, run_every_secs, run_every_steps)


def stop_if_lower_hook(
    estimator: Estimator,
    metric_name: str,
    threshold: float,
    eval_dir: Any = None,
    min_steps: int = 0,
    run_every_secs: float | None = 60,
    run_every_steps: int | None = None,
) -> SessionRunHook:
    """Return a hook that ends the training when a metric was below a threshold.

    Args:
        estimator: as of `stop_if_higher_hook`, likewise the rest.
        metric_name: see there.
        threshold: see there.
        eval_dir: see there.
        min_steps: see there.
        run_every_secs: see there.
        run_every_steps: see there.
    """
    reached = _reached(estimator, metric_name, threshold, eval_dir, min_steps, operator.lt)
    return make_early_stopping_hook(estimator, reached, run_every_secs, run_every_steps)


def stop_if_no_increase_hook(
    estimator: Estimator,
    metric_name: str,
    max_steps_without_increase: int,
    eval_dir: Any = None,
    min_steps: int = 0,
    run_every_secs: float | None = 60,
    run_every_steps: int | None = None,
) -> SessionRunHook:
    """Return a hook that ends the training when a metric has not become higher for a while.

    Args:
        estimator: as of `stop_if_higher_hook`, likewise the rest.
        metric_name: see there.
        max_steps_without_increase: how many steps.
        eval_dir: see there.
        min_steps: see there.
        run_every_secs: see there.
        run_every_steps: see there.
    """
    stalled = _stalled(
        estimator, metric_name, max_steps_without_increase, eval_dir, min_steps, operator.gt
    )
    return make_early_stopping_hook(estimator, stalled, run_every_secs, run_every_steps)


def stop_if_no_decrease_hook(
    estimator: Estimator,
    metric_name: str,
    max_steps_without_decrease: int,
    eval_dir: Any = None,
    min_steps: int = 0,
    run_every_secs: float | None = 60,
    run_every_steps: int | None = None,
) -> SessionRunHook:
    """Return a hook that ends the training when a metric has not become lower for a while.

    Args:
        estimator: as of `stop_if_higher_hook`, likewise the rest.
        metric_name: see there.
        max_steps_without_decrease: how many steps.
        eval_dir: see there.
        min_steps: see there.
        run_every_secs: see there.
        run_every_steps: see there.
    """
    stalled = _stalled(
        estimator, metric_name, max_steps_without_decrease, eval_dir, min_steps, operator.lt
    )
    return make_early_stopping_hook(estimator, stalled, run_every_secs, run_every_steps)


# --- what evaluations say -------------------------------------------------------------------------


def _found(
    estimator: Estimator, metric: str, eval_dir: Any, min_steps: int
) -> list[tuple[int, float]]:
    """Return step and value of each evaluation that counts.

    Raises:
        KeyError: if an evaluation has no such metric.
    """
    by_step: dict[int, dict[str, float]] = {}
    for path in sorted(Path(eval_dir or estimator.eval_dir()).glob("*tfevents*")):
        for event in summary_iterator(str(path)):
            values = event.summary.value
            found = {v.tag: v.simple_value for v in values if v.HasField("simple_value")}
            if found:
                by_step[event.step] = found
    return [(step, by_step[step][metric]) for step in sorted(by_step) if step >= min_steps]


def _reached(
    estimator: Estimator,
    metric: str,
    threshold: float,
    eval_dir: Any,
    min_steps: int,
    is_beyond: Better,
) -> Callable[[], bool]:
    """Return what tells whether a metric was beyond a threshold."""

    def should_stop() -> bool:
        for step, value in _found(estimator, metric, eval_dir, min_steps):
            if is_beyond(value, threshold):
                _LOG.info(
                    'At step %s, metric "%s" has value %s, beyond the threshold %s.',
                    *(step, metric, value, threshold),
                )
                return True
        return False

    return should_stop


def _stalled(
    estimator: Estimator,
    metric: str,
    patience: int,
    eval_dir: Any,
    min_steps: int,
    is_better: Better,
) -> Callable[[], bool]:
    """Return what tells whether a metric has not become better for a number of steps."""

    def should_stop() -> bool:
        best: tuple[int, float] | None = None
        for step, value in _found(estimator, metric, eval_dir, min_steps):
            if best is None or is_better(value, best[1]):
                best = step, value
            if step - best[0] >= patience:
                _LOG.info(
                    'At step %s, metric "%s" has not become better than %s of step %s.',
                    *(step, metric, best[1], best[0]),
                )
                return True
        return False

    return should_stop


# --- hooks ----------------------------------------------------------------------------------------


def _stop_variable() -> Any:
    with variable_scope("signal_early_stopping", reuse=AUTO_REUSE):
        return get_variable("STOP", [], bool_, Constant(value=False), trainable=False)


class _Asking(SessionRunHook):
    """The chief's: asks a function, and tells the others."""

    def __init__(self, should_stop_fn: Callable[[], bool], timer: SecondOrStepTimer) -> None:
        self._should_stop_fn = should_stop_fn
        self._timer = timer

    def begin(self) -> None:
        """Build what tells the others."""
        self._step = global_step_of("make_early_stopping_hook")
        self._stop = assign(_stop_variable(), True)

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs:
        """Fetch the global step."""
        return SessionRunArgs(self._step)

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Ask if it is time."""
        step = int(run_values.results)
        if not self._timer.should_trigger_for_step(step):
            return
        self._timer.update_last_triggered_step(step)
        if self._should_stop_fn():
            _LOG.info("Requesting early stopping at global step %d", step)
            run_context.session.run(self._stop)
            run_context.request_stop()


class _Listening(SessionRunHook):
    """A worker's: stops when the chief says so."""

    def begin(self) -> None:
        """Find what the chief tells by."""
        self._stop = _stop_variable()

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs:
        """Fetch it."""
        return SessionRunArgs(self._stop)

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Stop if it is said."""
        if run_values.results:
            _LOG.info("Early stopping requested, suspending run.")
            run_context.request_stop()
