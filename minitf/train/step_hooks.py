"""Hooks that count, wait, feed and finish: when to begin and to stop, what to compute at the end.

Source: TensorFlow 1.15's classes of the same names.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from minitf.errors import OutOfRangeError
from minitf.train.session_run_hook import (
    SessionRunArgs,
    SessionRunContext,
    SessionRunHook,
    SessionRunValues,
)
from minitf.train.training_util import _get_or_create_global_step_read

_LOG = logging.getLogger("tensorflow")
_LOOK_S = 0.5  # how often a waiting worker looks at the global step
_SHOWN_EVERY = 1000  # steps after which it says so again


def global_step_of(kind: str) -> Any:
    """Return a reading of the global step of the default graph.

    Raises:
        RuntimeError: if it has none; `kind` is the class that needs it.
    """
    step = _get_or_create_global_step_read()
    if step is None:
        raise RuntimeError(f"Global step should be created to use {kind}.")
    return step


class SecondOrStepTimer:
    """Tells at which steps something is due: every so many seconds, or steps.

    Args:
        every_secs: seconds from one time to the next.
        every_steps: steps, instead.

    Raises:
        ValueError: unless just one of them is given.

    Source: TensorFlow 1.15.
    """

    def __init__(self, every_secs: float | None = None, every_steps: int | None = None) -> None:
        if every_secs is None and every_steps is None:
            raise ValueError("Either every_secs or every_steps should be provided.")
        if every_secs is not None and every_steps is not None:
            raise ValueError("Can not provide both every_secs and every_steps.")
        self._every_secs = every_secs
        self._every_steps = every_steps
        self.reset()

    def reset(self) -> None:
        """Forget when it was last done."""
        self._last_step: int | None = None
        self._last_s: float | None = None

    def should_trigger_for_step(self, step: int) -> bool:
        """Tell whether it is due at a step; always at the first, never twice at one."""
        if self._last_step is None or self._last_s is None:
            return True
        if step == self._last_step:
            return False
        if self._every_secs is not None:
            return time.monotonic() >= self._last_s + self._every_secs
        return step >= self._last_step + (self._every_steps or 0)

    def update_last_triggered_step(self, step: int) -> tuple[float | None, int | None]:
        """Note that it is done at a step; return seconds and steps since the last time."""
        now_s = time.monotonic()
        secs = None if self._last_s is None else now_s - self._last_s
        steps = None if self._last_step is None else step - self._last_step
        self._last_s, self._last_step = now_s, step
        return secs, steps

    def last_triggered_step(self) -> int | None:
        """Return the step at which it was last done."""
        return self._last_step


class NeverTriggerTimer:
    """Tells that nothing is ever due.

    Source: TensorFlow 1.15.
    """

    def reset(self) -> None:
        """Do nothing: there is nothing to forget."""

    def should_trigger_for_step(self, step: int) -> bool:
        """Tell that it is not due at a step."""
        return False

    def update_last_triggered_step(self, step: int) -> tuple[None, None]:
        """Return nothing about a last time."""
        return None, None

    def last_triggered_step(self) -> None:
        """Return that there was no such step."""


class StopAtStepHook(SessionRunHook):
    """Asks to stop at a step.

    Args:
        num_steps: after so many steps from where the first session begins.
        last_step: at this global step.

    Raises:
        ValueError: unless just one of them is given.

    Source: TensorFlow 1.15.
    """

    def __init__(self, num_steps: int | None = None, last_step: int | None = None) -> None:
        if num_steps is None and last_step is None:
            raise ValueError("One of num_steps or last_step must be specified.")
        if num_steps is not None and last_step is not None:
            raise ValueError("Only one of num_steps or last_step can be specified.")
        self._num_steps = num_steps
        self._last_step = last_step

    def begin(self) -> None:
        """Find the global step."""
        self._step = global_step_of("StopAtStepHook")

    def after_create_session(self, session: Any, coord: Any) -> None:
        """Count from where the first session begins."""
        if self._last_step is None:
            self._last_step = int(session.run(self._step)) + (self._num_steps or 0)

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs:
        """Fetch the global step."""
        return SessionRunArgs(self._step)

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Stop if the step, read again after the run, is the last."""
        last = self._last_step or 0
        # fetched beside the update, the step may be that before it
        if run_values.results + 1 >= last and run_context.session.run(self._step) >= last:
            run_context.request_stop()


class FinalOpsHook(SessionRunHook):
    """Runs something at the end and keeps the values.

    Args:
        final_ops: what to fetch.
        final_ops_feed_dict: its feeds.

    Source: TensorFlow 1.15.
    """

    def __init__(self, final_ops: Any, final_ops_feed_dict: Any = None) -> None:
        self._final_ops = final_ops
        self._feed_dict = final_ops_feed_dict
        self._values: Any = None

    @property
    def final_ops_values(self) -> Any:
        """The values; None before the end."""
        return self._values

    def end(self, session: Any) -> None:
        """Fetch them."""
        if self._final_ops is None:
            return
        try:
            self._values = session.run(self._final_ops, feed_dict=self._feed_dict)
        except (OutOfRangeError, StopIteration):
            _LOG.warning(
                "An OutOfRangeError or StopIteration exception is raised by the code in "
                "FinalOpsHook: what it runs should read variables only, not the next element of "
                "an input that has ended."
            )
            raise


class GlobalStepWaiterHook(SessionRunHook):
    """Holds the first run until the global step is reached.

    Args:
        wait_until_step: the step.

    Source: TensorFlow 1.15.
    """

    def __init__(self, wait_until_step: int) -> None:
        self._wait_until_step = wait_until_step

    def begin(self) -> None:
        """Find the global step."""
        self._waits = self._wait_until_step > 0
        self._step = global_step_of("_GlobalStepWaiterHook")

    def before_run(self, run_context: SessionRunContext) -> None:
        """Wait."""
        if not self._waits:
            return
        _LOG.info("Waiting for global step %d before starting training.", self._wait_until_step)
        shown = 0
        while (step := int(run_context.session.run(self._step))) < self._wait_until_step:
            if step - shown > _SHOWN_EVERY:
                _LOG.info(
                    "Waiting for global step %d before starting training. Current step is %d.",
                    self._wait_until_step,
                    step,
                )
                shown = step
            time.sleep(_LOOK_S)
        self._waits = False


class FeedFnHook(SessionRunHook):
    """Feeds each run what a function returns.

    Args:
        feed_fn: returns the feeds.

    Source: TensorFlow 1.15.
    """

    def __init__(self, feed_fn: Callable[[], Any]) -> None:
        self.feed_fn = feed_fn

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs:
        """Feed what the function returns."""
        return SessionRunArgs(fetches=None, feed_dict=self.feed_fn())
