"""Functions that programs and libraries hand over, converted where that is to be.

    as_around(f)             where library code stands between converted code and the user's
    handed_on(f)             for `Dataset.map`, `map_fn`, layers, ...: as the program around says
    converted_for_trace(f)   for `tf.function`

Source: TensorFlow 1.15's `tf.autograph`, `tf_convert`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from minitf.autograph.calls import converted, leave_alone
from minitf.autograph.operators import operators
from minitf.autograph.status import Options, Status, conversion, status

Function = Callable[..., Any]


def converted_for_trace(function: Function, options: Options | None = None) -> Function:
    """Return a function converted, in which everything that it calls is.

    Args:
        function: whatever may be called.
        options: how.
    """
    options = options or Options()
    made = converted(function, options._replace(recursive=True), operators(options))

    def called(*args: Any, **kwargs: Any) -> Any:
        with conversion(Status.ENABLED, options):
            return made(*args, **kwargs)

    return called


def handed_on(function: Function) -> Function:
    """Return a function that a library was given as the program around it wants it.

    It is converted unless it is inside of a function that shall not be converted.

    Args:
        function: whatever may be called.
    """
    now, options = status()
    if now is Status.DISABLED or converted(function, options, operators(options)) is function:
        return function
    return converted_for_trace(function, options)


def as_around(function: Function) -> Function:
    """Return a function that library code calls as converted code would, if that is around it."""
    now, options = status()
    if now is not Status.ENABLED:
        return function
    made: Function = converted(function, options, operators(options))
    return made


def unconverted(function: Function) -> Function:
    """Return a function inside of which nothing is converted."""

    @functools.wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        with conversion(Status.DISABLED):
            return function(*args, **kwargs)

    leave_alone(called)
    return called


def do_not_convert(func: Function | None = None) -> Any:
    """Make a function run as it is written, and everything that it calls.

    Args:
        func: the function; None to decorate with.

    Returns:
        The function, or a decorator.
    """
    return do_not_convert if func is None else unconverted(func)
