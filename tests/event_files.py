"""What tests of event files share: numbers as events, files as lists, waiting for a file."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import minitf as tf

PATIENCE_S = 120  # of a test for what another thread or process does


def summary(tag: str, number: float) -> Any:
    return tf.Summary(value=[tf.Summary.Value(tag=tag, simple_value=number)])


def event(step: int) -> bytes:
    return tf.Event(step=step, summary=summary("n", step)).SerializeToString()


def events(path: Any) -> list[Any]:
    """Return the events of a file, or of all files of a folder in the order of their names."""
    paths = sorted(Path(path).iterdir()) if Path(path).is_dir() else [path]
    return [each for one in paths for each in tf.train.summary_iterator(one)]


def steps(path: Any) -> list[int]:
    """Return the steps of the events that are no mere versions."""
    return [each.step for each in events(path) if not each.file_version]


def whole_events(path: Any) -> tuple[list[Any], tf.errors.DataLossError | None]:
    """Return the events before the damage of a file, and the damage."""
    found = []
    try:
        for each in tf.train.summary_iterator(path):
            found.append(each)  # noqa: PERF402 what came before an error counts
    except tf.errors.DataLossError as error:
        return found, error
    return found, None


def wait_until(condition: Any) -> None:
    """Return when a condition holds; fail when patience ends."""
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, "in vain"
        threading.Event().wait(0.002)
