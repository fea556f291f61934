"""Scopes of arguments: keyword arguments that functions get where a call does not give them.

    @add_arg_scope
    def conv(x, size, padding="SAME"): ...

    with arg_scope([conv], padding="VALID"):
        conv(x, 3)                    # conv(x, 3, padding="VALID")
        conv(x, 3, padding="SAME")    # what a call says wins

**State**: the arguments in force, in a context variable: threads and tasks begin with none.

Source: TensorFlow 1.15's `tf.contrib.framework.arg_scope`.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from typing import Any

Scope = dict[str, dict[str, Any]]
"""Key of a function -> its arguments."""

_in_force: ContextVar[Scope | None] = ContextVar("arg_scope", default=None)
_decorated: dict[str, tuple[str, ...]] = {}  # key of a function -> names of its default arguments


def arg_scope_func_key(op: Any) -> str:
    """Return what stands for a function in the dict that `arg_scope` yields."""
    return str(getattr(op, "_key_op", op))


def current_arg_scope() -> Scope:
    """Return the arguments in force: key of a function -> its arguments."""
    return _in_force.get() or {}


def has_arg_scope(func: Any) -> bool:
    """Tell whether a function was decorated with `add_arg_scope`."""
    return arg_scope_func_key(func) in _decorated


def arg_scoped_arguments(func: Any) -> tuple[str, ...]:
    """Return the names of a decorated function's arguments that have defaults.

    Raises:
        ValueError: if it is not decorated.
    """
    if not has_arg_scope(func):
        raise ValueError(f"{_name(func)} is not decorated with @add_arg_scope")
    return _decorated[arg_scope_func_key(func)]


def add_arg_scope(func: Callable[..., Any]) -> Callable[..., Any]:
    """Let a function take arguments from the `arg_scope` in which it is called."""
    key = arg_scope_func_key(func)

    @functools.wraps(func)
    def scoped(*args: Any, **kwargs: Any) -> Any:
        return func(*args, **{**current_arg_scope().get(key, {}), **kwargs})

    vars(scoped)["_key_op"] = key  # TensorFlow's name
    parameters = inspect.signature(func).parameters.values()
    _decorated[key] = tuple(
        each.name for each in parameters if each.default is not inspect.Parameter.empty
    )
    return scoped


@contextlib.contextmanager
def arg_scope(list_ops_or_scope: Any, **kwargs: Any) -> Iterator[Scope]:
    """Give functions arguments, within those that an outer scope gives them.

    Args:
        list_ops_or_scope: a list or tuple of functions decorated with `add_arg_scope`; or what
            another `arg_scope` has yielded, which is in force again then, and nothing else is.
        **kwargs: the arguments.

    Yields:
        All arguments in force.

    Raises:
        TypeError: if the first argument is something else.
        ValueError: if a function is not decorated, or arguments are given beside a scope.

    Source: TensorFlow 1.15.
    """
    if isinstance(list_ops_or_scope, Mapping):
        if kwargs:
            raise ValueError(
                "When attempting to re-use a scope by suppling a dictionary, kwargs must be empty: "
                f"{sorted(kwargs)}"
            )
        scope: Scope = dict(list_ops_or_scope)
    elif isinstance(list_ops_or_scope, (list, tuple)):
        scope = _extended(list_ops_or_scope, kwargs)
    else:
        raise TypeError(
            "list_ops_or_scope must either be a list/tuple or reused scope (i.e. dict): "
            f"{list_ops_or_scope!r}"
        )
    before = _in_force.set(scope)
    try:
        yield scope
    finally:
        _in_force.reset(before)


def _extended(functions: Sequence[Any], arguments: dict[str, Any]) -> Scope:
    scope = dict(current_arg_scope())
    for each in functions:
        if not has_arg_scope(each):
            raise ValueError(f"{_name(each)} is not decorated with @add_arg_scope")
        key = arg_scope_func_key(each)
        scope[key] = {**scope.get(key, {}), **arguments}
    return scope


def _name(func: Any) -> str:
    return f"{getattr(func, '__module__', '')}.{getattr(func, '__name__', func)}"
