"""`tensorflow.python.util.deprecation`: warnings that a function will go.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
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


def deprecated_args(
    date: str | None,
    instructions: str,
    *deprecated_arg_names_or_tuples: Any,
    warn_once: bool = True,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator that logs a warning when its function is called with certain arguments.

    Args:
        date: when they will be removed; None for some later release.
        instructions: what to do instead.
        *deprecated_arg_names_or_tuples: names of arguments, or (name, a value without warning).
        warn_once: whether one warning for each is enough.

    Raises:
        ValueError: of the decorator, if the function has no such argument.
    """
    names: dict[str, tuple[Any, ...]] = {
        each if isinstance(each, str) else each[0]: () if isinstance(each, str) else each[1:]
        for each in deprecated_arg_names_or_tuples
    }

    def is_fine(name: str, value: Any) -> bool:
        return any(value is ok or value == ok for ok in names[name])

    return _warning_of_arguments(date, instructions, tuple(names), is_fine, warn_once)


def deprecated_arg_values(
    date: str | None, instructions: str, warn_once: bool = True, **deprecated_kwargs: Any
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator that logs a warning when an argument of its function has a certain value.

    Args:
        date: when the values will be refused; None for some later release.
        instructions: what to do instead.
        warn_once: whether one warning for each argument is enough.
        **deprecated_kwargs: argument -> the value that will be refused.

    Raises:
        ValueError: of the decorator, if the function has no such argument.
    """

    def is_fine(name: str, value: Any) -> bool:
        return bool(value != deprecated_kwargs[name])

    return _warning_of_arguments(date, instructions, tuple(deprecated_kwargs), is_fine, warn_once)


def _warning_of_arguments(
    date: str | None,
    instructions: str,
    names: tuple[str, ...],
    is_fine: Callable[[str, Any], bool],
    warn_once: bool,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    if not instructions:
        raise ValueError("Don't deprecate things without conversion instructions!")
    if not names:
        raise ValueError("Specify which argument is deprecated.")
    when = f"after {date}" if date else "in a future version"

    def decorator(function: Callable[..., Any]) -> Callable[..., Any]:
        signature = inspect.signature(function)
        missing = [name for name in names if name not in signature.parameters]
        if missing:
            raise ValueError(
                f"The following deprecated arguments are not present in the function signature: "
                f"{missing}. Found the following: {list(signature.parameters)}"
            )
        warned: set[str] = set()

        @functools.wraps(function)
        def decorated(*args: Any, **kwargs: Any) -> Any:
            given = {} if _SILENT else signature.bind_partial(*args, **kwargs).arguments
            for name in names:
                if name in given and not is_fine(name, given[name]) and name not in warned:
                    warned.update({name} if warn_once else ())
                    logging.warning(
                        "Calling %s (from %s) with %s is deprecated and will be removed %s.\n"
                        "Instructions for updating:\n%s",
                        *(function.__qualname__, function.__module__, name, when, instructions),
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
