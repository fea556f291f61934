"""`tensorflow.python.util.deprecation`: warnings that a function will go.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator
from typing import Any

from minitf.compat import logging

_SILENT: list[None] = []


@contextlib.contextmanager
def silence() -> Iterator[None]:
    """Log no warnings of this module in the block."""
    _SILENT.append(None)
    try:
        yield
    finally:
        _SILENT.pop()


def deprecated(
    date: str | None, instructions: str, warn_once: bool = True
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator that logs a warning when its function is called.

    Args:
        date: when it will be removed, `YYYY-MM-DD`; None for some later release.
        instructions: what to do instead.
        warn_once: whether one warning is enough.

    Raises:
        ValueError: if there are no instructions.
    """
    if not instructions:
        raise ValueError("Don't deprecate things without conversion instructions!")
    when = f"after {date}" if date else "in a future version"

    def decorator(function: Callable[..., Any]) -> Callable[..., Any]:
        warned = False

        @functools.wraps(function)
        def decorated(*args: Any, **kwargs: Any) -> Any:
            nonlocal warned
            if not _SILENT and not (warned and warn_once):
                warned = True
                logging.warning(
                    "%s (from %s) is deprecated and will be removed %s.\nInstructions for "
                    "updating:\n%s",
                    *(function.__qualname__, function.__module__, when, instructions),
                )
            return function(*args, **kwargs)

        return decorated

    return decorator


def deprecated_argument_lookup(new_name: str, new_value: Any, old_name: str, old_value: Any) -> Any:
    """Return the value of an argument that has two names.

    Raises:
        ValueError: if both are given.
    """
    if old_value is None:
        return new_value
    if new_value is not None:
        raise ValueError(f"Cannot specify both '{old_name}' and '{new_name}'")
    return old_value
