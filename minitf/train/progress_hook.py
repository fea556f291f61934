"""A hook that shows how far a training is: a bar with step, loss, rate and the time that is left.

It looks at the training a few times a second only, so that it costs nothing that could be noticed.
In a notebook the bar is drawn in the cell; where output is no terminal nothing is drawn.

Source: no paper; TensorFlow's programs print a line every hundred steps.
"""

from __future__ import annotations

import time
import weakref
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from minitf.train.session_run_hook import (
    SessionRunArgs,
    SessionRunContext,
    SessionRunHook,
    SessionRunValues,
)
from minitf.train.step_hooks import global_step_of

_LOOK_S = 0.2


class ProgressHook(SessionRunHook):
    """Shows a bar while a session trains.

    Args:
        last_step: the global step at which training ends; None shows no time left.
        loss: a scalar Tensor to show; it is computed in the steps that are looked at.
        examples_per_step: shows examples a second instead of steps.
        console: where to draw; the terminal or the notebook by default.

    Raises:
        RuntimeError: when the session is made, if the graph has no global step.
    """

    def __init__(
        self,
        last_step: int | None = None,
        loss: Any = None,
        examples_per_step: int | None = None,
        console: Console | None = None,
    ) -> None:
        self._last_step = last_step
        self._loss = loss
        self._examples_per_step = examples_per_step
        self._console = console or Console()
        self._due_s = 0.0
        self._global_step: Any = None
        self._progress: Progress | None = None
        self._bar: Any = None
        self._begun_at: tuple[int, float] = (0, 0.0)
        self._asks = False

    def begin(self) -> None:
        """Find the global step."""
        self._global_step = global_step_of("ProgressHook")

    def after_create_session(self, session: Any, coord: Any) -> None:
        """Draw the bar, at the step from which the training goes on."""
        self._stop()
        step = int(session.run(self._global_step))
        console = self._console
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[rate]}"),
            *([TimeRemainingColumn()] if self._last_step is not None else []),
            console=console,
            disable=not (console.is_terminal or console.is_jupyter),
            transient=True,
        )
        self._bar = self._progress.add_task(
            "preparing kernels", total=self._last_step, completed=step, rate=""
        )
        self._begun_at = step, time.perf_counter()
        self._progress.start()
        weakref.finalize(self, self._progress.stop)  # an error ends a session without `end`

    def before_run(self, run_context: SessionRunContext) -> SessionRunArgs | None:
        """Ask for the step, and the loss, when it is time to look."""
        self._asks = time.monotonic() >= self._due_s
        if not self._asks:
            return None
        return SessionRunArgs([self._global_step] + ([] if self._loss is None else [self._loss]))

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """Draw what was asked for."""
        if not self._asks or self._progress is None:
            return
        step, *losses = run_values.results
        self._due_s = time.monotonic() + _LOOK_S
        first, begun_s = self._begun_at
        rate = (step - first) / max(time.perf_counter() - begun_s, 1e-9)
        unit = "steps/s"
        if self._examples_per_step is not None:
            rate, unit = rate * self._examples_per_step, "examples/s"
        about = f"step {step}" + "".join(f", loss {float(loss):.3f}" for loss in losses)
        self._progress.update(
            self._bar, completed=int(step), description=about, rate=f"{rate:,.0f} {unit}"
        )

    def end(self, session: Any) -> None:
        """Take the bar away."""
        self._stop()

    def _stop(self) -> None:
        if self._progress is not None:
            self._progress.stop()
            self._progress = None
