"""What AutoGraph tells of its work.

**State**: the level that a program has set, None before it has; whether it is also printed.

Source: TensorFlow 1.15, `tf.autograph.set_verbosity`.
"""

from __future__ import annotations

import logging
import os
from typing import Any


class _Verbosity:
    level: int | None = None
    prints = False


def set_verbosity(level: int, alsologtostdout: bool = False) -> None:
    """Say how much is told of what is converted.

    Args:
        level: 0 for nothing but warnings; the more, the more. Without it the environment's
            AUTOGRAPH_VERBOSITY counts.
        alsologtostdout: whether it is printed, besides being logged.
    """
    _Verbosity.level = level
    _Verbosity.prints = alsologtostdout


def told(level: int, message: str, *args: Any) -> None:
    """Tell something if the program wants to know that much."""
    wanted = _Verbosity.level
    if wanted is None:
        given = os.environ.get("AUTOGRAPH_VERBOSITY", "0")
        wanted = int(given) if given.isdigit() else 0
    if wanted < level:
        return
    if _Verbosity.prints:
        print(message % args)  # noqa: T201 asked for
    logging.getLogger("tensorflow").info(message, *args)


def trace(*args: Any) -> None:
    """Print values while a function is traced, as `print` does."""
    print(*args)  # noqa: T201 what it is for
