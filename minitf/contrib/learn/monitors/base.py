"""What watches a training, and how some steps of it are chosen.

A monitor is asked before each step which tensors it wants to see, and told their values after it;
it ends the training by returning True.

Source: TensorFlow 1.15's `tf.contrib.learn.monitors`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class BaseMonitor:
    """Watches a training; methods do nothing but check the order in which they are called."""

    def __init__(self) -> None:
        self._begun = False
        self._current_epoch: int | None = None
        self._current_step: int | None = None
        self._max_steps: int | None = None
        self._estimator: Any = None

    @property
    def run_on_all_workers(self) -> bool:
        """Whether each machine has one."""
        return False

    def set_estimator(self, estimator: Any) -> None:
        """Take the estimator that trains.

        Raises:
            ValueError: if it is None.
        """
        if estimator is None:
            raise ValueError("Missing estimator.")
        self._estimator = estimator

    def begin(self, max_steps: int | None = None) -> None:
        """Start; the graph is the default one.

        Raises:
            ValueError: if it has started and not ended.
        """
        if self._begun:
            raise ValueError("begin called twice without end.")
        self._max_steps = max_steps
        self._begun = True

    def end(self, session: Any = None) -> None:
        """End.

        Raises:
            ValueError: if it has not started.
        """
        self._check(self._begun, "end called without begin.")
        self._max_steps = None
        self._begun = False

    def epoch_begin(self, epoch: int) -> None:
        """Start an epoch.

        Raises:
            ValueError: if another one has not ended.
        """
        self._check(self._current_epoch is None, "epoch_begin called twice without epoch_end.")
        self._check(epoch >= 0, f"Invalid epoch {epoch}.")
        self._current_epoch = epoch

    def epoch_end(self, epoch: int) -> None:
        """End an epoch.

        Raises:
            ValueError: if it has not started.
        """
        self._check(self._current_epoch == epoch, f"epoch_end expected {self._current_epoch}.")
        self._current_epoch = None

    def step_begin(self, step: int) -> list[Any]:
        """Return tensors, or their names, to see after a step.

        Raises:
            ValueError: if another one has not ended.
        """
        self._check(self._current_step is None, "step_begin called twice without step_end.")
        self._check(step >= 0, f"Invalid step {step}.")
        self._current_step = step
        return []

    def step_end(self, step: int, output: Mapping[Any, Any]) -> bool:
        """Take what was asked for; return whether the training is to end.

        Raises:
            ValueError: if the step has not started.
        """
        self._check(self._current_step == step, f"step_end expected {self._current_step}.")
        self._current_step = None
        return False

    def post_step(self, step: int, session: Any) -> None:
        """Do what is to be done after a step, in the session."""

    @staticmethod
    def _check(holds: bool, message: str) -> None:
        if not holds:
            raise ValueError(message)


class EveryN(BaseMonitor):
    """Watches some steps only.

    Args:
        every_n_steps: how many steps are from one to the next.
        first_n_steps: up to which step each is watched.
    """

    def __init__(self, every_n_steps: int = 100, first_n_steps: int = 1) -> None:
        super().__init__()
        self._every_n_steps = every_n_steps
        self._first_n_steps = first_n_steps
        self._last_step: int | None = None
        self._last_active_step = 0
        self._active = False

    def every_n_step_begin(self, step: int) -> list[Any]:
        """Return tensors, or their names, to see after a step that is watched."""
        return []

    def every_n_step_end(self, step: int, outputs: Mapping[Any, Any]) -> bool:
        """Take what was asked for; return whether the training is to end."""
        return False

    def every_n_post_step(self, step: int | None, session: Any) -> None:
        """Do what is to be done after a step that is watched, in the session."""

    def step_begin(self, step: int) -> list[Any]:
        """Ask `every_n_step_begin` at steps that are watched."""
        super().step_begin(step)
        self._active = (
            step <= self._first_n_steps
            or step >= self._every_n_steps + self._last_active_step
            or step == self._max_steps
        )
        return self.every_n_step_begin(step) if self._active else []

    def step_end(self, step: int, output: Mapping[Any, Any]) -> bool:
        """Ask `every_n_step_end` at steps that are watched."""
        super().step_end(step, output)
        return self._active and self.every_n_step_end(step, output)

    def post_step(self, step: int, session: Any) -> None:
        """Call `every_n_post_step` at steps that are watched."""
        if self._active:
            self.every_n_post_step(step, session)
            self._last_active_step = step
        self._last_step = step

    def end(self, session: Any = None) -> None:
        """Call `every_n_post_step` once more, unless the last step was watched."""
        super().end(session)
        if self._last_step != self._last_active_step:
            self.every_n_post_step(self._last_step, session)
