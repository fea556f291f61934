"""One hook of several monitors.

Source: TensorFlow 1.15's `tf.contrib.learn.monitors`.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

from minitf.api.framework import get_default_graph
from minitf.contrib.learn.monitors.base import BaseMonitor
from minitf.train.session_run_hook import (
    SessionRunArgs,
    SessionRunContext,
    SessionRunHook,
    SessionRunValues,
)
from minitf.train.training_util import get_global_step


class RunHookAdapterForMonitors(SessionRunHook):
    """A hook of monitors.

    Args:
        monitors: the monitors.
    """

    def __init__(self, monitors: Sequence[BaseMonitor]) -> None:
        self._monitors = monitors
        self._step: int | None = None

    def begin(self) -> None:
        """Start the monitors."""
        self._step = None
        self._global_step = get_global_step()
        for monitor in self._monitors:
            monitor.begin(max_steps=None)

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs:
        """Ask the monitors what they want to see.

        Raises:
            ValueError: if one returns no list.
        """
        if self._step is None:
            self._step = int(run_context.session.run(self._global_step)) + 1
        wanted: dict[Any, Any] = {}
        for monitor in self._monitors:
            asked = monitor.step_begin(self._step) or []
            if not isinstance(asked, list):
                raise ValueError("Monitor.step_begin should return a list.")
            wanted.update({each: _element(each) for each in asked})
        return SessionRunArgs({"step": self._global_step, "monitors": wanted})

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Tell the monitors."""
        results = run_values.results
        assert self._step is not None
        for monitor in self._monitors:
            if monitor.step_end(self._step, results["monitors"]):
                run_context.request_stop()
        for monitor in self._monitors:
            monitor.post_step(self._step, run_context.session)
        self._step = int(results["step"]) + 1

    def end(self, session: Any) -> None:
        """End the monitors."""
        self._step = None
        for monitor in self._monitors:
            takes_session = "session" in inspect.signature(monitor.end).parameters
            monitor.end(**({"session": session} if takes_session else {}))


def replace_monitors_with_hooks(monitors_or_hooks: Any, estimator: Any) -> list[SessionRunHook]:
    """Return hooks as they are, and one hook of all monitors.

    Args:
        monitors_or_hooks: monitors and hooks; None for none.
        estimator: the estimator that trains.
    """
    given = list(monitors_or_hooks or ())
    hooks = [each for each in given if isinstance(each, SessionRunHook)]
    monitors = [each for each in given if not isinstance(each, SessionRunHook)]
    for monitor in monitors:
        monitor.set_estimator(estimator)
    return [*hooks, RunHookAdapterForMonitors(monitors)] if monitors else hooks


def _element(tensor: Any) -> Any:
    """Return the tensor or operation of a name, or the one that is given."""
    if not isinstance(tensor, str):
        return tensor
    return get_default_graph().as_graph_element(tensor)
