"""`tensorflow.python.util.function_utils`: which arguments functions take.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any


def fn_args(fn: Callable[..., Any]) -> tuple[str, ...]:
    """Return the names of the arguments that a call may give by position or by name.

    Args:
        fn: a function, a method, a partial function or an object that can be called.

    Returns:
        The names, without `self` and without those that a partial function has already.
    """
    if isinstance(fn, functools.partial):
        given = fn_args(fn.func)[len(fn.args) :]
        return tuple(name for name in given if name not in (fn.keywords or {}))
    by_name = inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY
    parameters = inspect.signature(fn).parameters.values()
    return tuple(each.name for each in parameters if each.kind in by_name)


def has_kwargs(fn: Callable[..., Any]) -> bool:
    """Tell whether a function takes any named argument.

    Raises:
        TypeError: if it cannot be called.
    """
    if not callable(fn):
        raise TypeError(f"fn should be a function-like object, but is of type {type(fn)}.")
    parameters = inspect.signature(fn).parameters.values()
    return any(each.kind is inspect.Parameter.VAR_KEYWORD for each in parameters)


def get_func_name(func: Callable[..., Any]) -> str:
    """Return the name of a function, or that of the class of an object that can be called.

    Raises:
        ValueError: if it cannot be called.
    """
    if not callable(func):
        raise ValueError("Argument must be callable")
    if isinstance(func, functools.partial):
        return get_func_name(func.func)
    name: str = getattr(func, "__name__", "") or str(type(func))
    return name


def get_func_code(func: Callable[..., Any]) -> Any:
    """Return the code of a function, or that of the `__call__` of an object.

    Raises:
        ValueError: if it cannot be called.
    """
    if not callable(func):
        raise ValueError("Argument must be callable")
    inner = inspect.unwrap(func.func if isinstance(func, functools.partial) else func)
    return getattr(inner, "__code__", None) or getattr(type(inner).__call__, "__code__", None)
