"""`tensorflow.python.util.function_utils`: what arguments a callable takes, and its name.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import functools
import inspect
from types import CodeType
from typing import Any

from minitf.compat.internal import tf_decorator

_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def fn_args(fn: Any) -> tuple[str, ...]:
    """Return the names of the arguments that a callable takes, without those that are bound.

    Raises:
        TypeError: if it has no signature.
    """
    parameters = inspect.signature(_called(fn)).parameters.values()
    return tuple(
        each.name
        for each in parameters
        if each.kind in (*_POSITIONAL, inspect.Parameter.KEYWORD_ONLY)
        and not (isinstance(fn, functools.partial) and each.name in fn.keywords)
    )


def has_kwargs(fn: Any) -> bool:
    """Tell whether a callable takes arguments of any name.

    Raises:
        TypeError: if it can not be called.
    """
    if not callable(fn):
        raise TypeError(f"fn should be a function-like object, but is of type {type(fn).__name__}.")
    kinds = (each.kind for each in inspect.signature(_called(fn)).parameters.values())
    return inspect.Parameter.VAR_KEYWORD in kinds


def get_func_name(func: Any) -> str:
    """Return the name of a callable, without the class that it belongs to.

    Raises:
        ValueError: if it can not be called.
    """
    _, func = tf_decorator.unwrap(func)
    if not callable(func):
        raise ValueError("Argument must be callable")
    if isinstance(func, functools.partial):
        return get_func_name(func.func)
    return str(getattr(func, "__name__", type(func)))


def get_func_code(func: Any) -> CodeType | None:
    """Return the code of a callable; None for one that has none, as built-in functions.

    Raises:
        ValueError: if it can not be called.
    """
    _, func = tf_decorator.unwrap(func)
    if not callable(func):
        raise ValueError("Argument must be callable")
    return getattr(func, "__code__", None) or getattr(type(func).__call__, "__code__", None)


def _called(fn: Any) -> Any:
    """Return what a call of a wrapper calls at last."""
    return tf_decorator.unwrap(fn)[1]
