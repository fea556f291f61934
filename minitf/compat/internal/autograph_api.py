"""`tensorflow.python.autograph.impl.api`: conversion as libraries ask for it.

Source: no paper; TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from minitf.autograph.calls import converted
from minitf.autograph.convert import converted_for_trace, do_not_convert, handed_on
from minitf.autograph.experimental import Feature, set_loop_options
from minitf.autograph.features import features_of
from minitf.autograph.operators import operators
from minitf.autograph.public import ConversionError, to_code, to_graph
from minitf.autograph.status import Options, status
from minitf.autograph.verbosity import set_verbosity, trace

Function = Callable[..., Any]


def convert(
    recursive: bool = False, optional_features: Any = None, user_requested: bool = True
) -> Callable[[Function], Function]:
    """Return a decorator that converts a function when it is called.

    Args:
        recursive: whether functions that it calls are converted too.
        optional_features: what to convert beyond what always is.
        user_requested: accepted.
    """
    options = Options(recursive, features_of(optional_features))

    def decorator(f: Function) -> Function:
        return functools.wraps(f)(converted_for_trace(f, options))

    return decorator


def converted_call(
    f: Function, args: Any, kwargs: Any, caller_fn_scope: Any = None, options: Any = None
) -> Any:
    """Call a function as converted code does.

    Args:
        f: the function.
        args: its arguments by position.
        kwargs: those by name, or None.
        caller_fn_scope, options: accepted: it is converted as what is around is.
    """
    _, around = status()
    return converted(f, around, operators(around))(*args, **(kwargs or {}))


def tf_convert(
    f: Function, ctx: Any = None, convert_by_default: bool = True, user_requested: bool = False
) -> Function:
    """Return a function that a library was given as the program around it wants it.

    Args:
        f: the function.
        ctx: accepted: what is around counts.
        convert_by_default: whether it is converted if nobody has said anything.
        user_requested: accepted.
    """
    return handed_on(f) if convert_by_default else f


__all__ = [
    "ConversionError",
    "Feature",
    "convert",
    "converted_call",
    "do_not_convert",
    "set_loop_options",
    "set_verbosity",
    "tf_convert",
    "to_code",
    "to_graph",
    "trace",
]
