"""Progbar: a bar that shows how far an epoch is.

Source: TensorFlow 1.15's `tf.keras.utils.Progbar`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np


class Progbar:
    """Shows a bar (verbose 1) or one line at the end (verbose 2).

    Args:
        target: where the bar ends; None if that is not known.
        width: characters of the bar.
        verbose: 0 for nothing, 1 for a bar, 2 for a line.
        interval: seconds between two shows.
        stateful_metrics: names of values that are shown as they are; of others the mean is.
        unit_name: what is counted.
    """

    def __init__(
        self,
        target: int | None,
        width: int = 30,
        verbose: int = 1,
        interval: float = 0.05,
        stateful_metrics: Iterable[str] | None = None,
        unit_name: str = "step",
    ) -> None:
        self.target = target
        self.width = width
        self.verbose = verbose
        self.interval = interval
        self.stateful_metrics = set(stateful_metrics or ())
        self.unit_name = unit_name
        self._values: dict[str, tuple[float, float]] = {}  # sum and count
        self._seen = 0
        self._started = time.monotonic()
        self._shown = 0.0
        self._length = 0

    def add_values(self, current: int, values: Sequence[tuple[str, Any]]) -> None:
        """Take values at a place, and show nothing."""
        step = current - self._seen
        for name, value in values:
            if name in self.stateful_metrics:
                self._values[name] = (value, 1)
            else:
                total, count = self._values.get(name, (0.0, 0.0))
                self._values[name] = (total + value * step, count + step)
        self._seen = current

    def update(self, current: int, values: Sequence[tuple[str, Any]] | None = None) -> None:
        """Move to a place.

        Args:
            current: the place.
            values: pairs of a name and a value.
        """
        self.add_values(current, values or [])
        ends = self.target is not None and current >= self.target
        now = time.monotonic()
        if self.verbose == 1 and (ends or now - self._shown >= self.interval):
            self._shown = now
            self._show_bar(ends=ends)
        elif self.verbose == 2 and ends:
            self._show_line()

    def add(self, n: int, values: Sequence[tuple[str, Any]] | None = None) -> None:
        """Move on by some places."""
        self.update(self._seen + n, values)

    def finish(self, current: int, values: Sequence[tuple[str, Any]]) -> None:
        """Show the end, and these values as they are."""
        self._seen = current
        self._values |= {name: (value, 1) for name, value in values}
        if self.verbose == 1:
            self._show_bar(ends=True)
        elif self.verbose == 2:
            self._show_line()

    def _show_bar(self, *, ends: bool) -> None:
        sys.stdout.write("\b" * self._length + "\r")
        if self.target is None:
            bar = f"{self._seen:7d}/Unknown"
        else:
            done = int(self.width * self._seen / max(self.target, 1))
            head = "" if done >= self.width else ">"
            shown = ("=" * max(done - len(head), 0) + head).ljust(self.width, ".")
            bar = f"{self._seen:{len(str(self.target))}d}/{self.target} [{shown}]"
        text = f"{bar} - {self._seconds(ends=ends)}{self._shown_values()}"
        sys.stdout.write(text.ljust(self._length) + ("\n" if ends else ""))
        self._length = 0 if ends else len(text)
        sys.stdout.flush()

    def _show_line(self) -> None:
        seconds = time.monotonic() - self._started
        count = "" if self.target is None else f"{self._seen}/{self.target} - "
        sys.stdout.write(f"{count}{seconds:.0f}s{self._shown_values()}\n")
        sys.stdout.flush()

    def _seconds(self, *, ends: bool) -> str:
        spent = time.monotonic() - self._started
        each = spent / max(self._seen, 1)
        if not ends and self.target is not None:
            return f"ETA: {_clock(each * (self.target - self._seen))}"
        scale, unit = (1, "s") if each >= 1 else (1e3, "ms") if each >= 1e-3 else (1e6, "us")
        return f"{spent:.0f}s {each * scale:.0f}{unit}/{self.unit_name}"

    def _shown_values(self) -> str:
        shown = ""
        for name, (total, count) in self._values.items():
            value = float(np.mean(total)) / max(count, 1)
            shown += f" - {name}: {value:.4f}" if abs(value) > 1e-3 else f" - {name}: {value:.4e}"
        return shown


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}:{minutes:02d}:{rest:02d}"
    return f"{minutes}:{rest:02d}" if minutes else f"{rest}s"
