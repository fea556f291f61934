"""Whether functions are converted, in this thread and at this point of the program.

    UNSPECIFIED    nobody has said anything: what libraries hand on is converted
    ENABLED        converted code runs
    DISABLED       inside a function that shall not be converted

**State**: `_STATUS`, of each thread or task.

Source: TensorFlow 1.15's `tf.autograph`.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from minitf.autograph.features import Feature


class Options(NamedTuple):
    """How a function is converted.

    Attributes:
        recursive: whether functions that it calls are converted too.
        features: what the program asks for beyond what is always done.
    """

    recursive: bool = True
    features: frozenset[Feature] = frozenset()


class Status(enum.Enum):
    """Whether functions are converted."""

    UNSPECIFIED = 0
    ENABLED = 1
    DISABLED = 2


_STATUS: ContextVar[tuple[Status, Options]] = ContextVar(
    "_STATUS", default=(Status.UNSPECIFIED, Options())
)


def status() -> tuple[Status, Options]:
    """Return whether functions are converted, and how."""
    return _STATUS.get()


@contextmanager
def conversion(status: Status, options: Options | None = None) -> Iterator[None]:
    """Say whether functions are converted that are met in a block."""
    token = _STATUS.set((status, options or Options()))
    try:
        yield
    finally:
        _STATUS.reset(token)
