"""Functions that take over public functions for arguments of kinds of their own.

A function that `add_dispatch_support` decorates runs first; if it refuses its arguments by
TypeError or ValueError, the dispatchers registered with it are asked in turn, and the first that
does not answer NOT_SUPPORTED gives the result.  So `tf.matmul(operator, x)` multiplies by a
LinearOperator, of which `matmul` knows nothing.

**State**: each such function's list of dispatchers, an attribute; registering lengthens it.

Source: no paper; TensorFlow 1.15's tensorflow.python.util.dispatch.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar

DISPATCH_ATTR = "_tf_dispatchers"
_Function = TypeVar("_Function", bound=Callable[..., Any])


class OpDispatcher:
    """Takes calls of one function over; `handle` is to be overridden."""

    NOT_SUPPORTED = object()

    def handle(self, args: Any, kwargs: Any) -> Any:
        """Return the result of a call, or NOT_SUPPORTED."""
        return self.NOT_SUPPORTED

    def register(self, op: Any) -> None:
        """Be asked when a function refuses its arguments.

        Raises:
            AssertionError: if the function takes no dispatchers.
        """
        if not hasattr(op, DISPATCH_ATTR):
            raise AssertionError(f"Dispatching not enabled for {op}")
        getattr(op, DISPATCH_ATTR).append(self)


class _TypeBasedDispatcher(OpDispatcher):
    """Takes over the calls in which an argument, or an item of a list, is of one of some types."""

    def __init__(self, override: Callable[..., Any], types: tuple[type, ...]) -> None:
        self._override = override
        self._types = types

    def _handles(self, value: Any) -> bool:
        if isinstance(value, (list, tuple)):
            return any(isinstance(item, self._types) for item in value)
        return isinstance(value, self._types)

    def handle(self, args: Any, kwargs: Any) -> Any:
        """Return the override's result if an argument is of one of the types."""
        if any(map(self._handles, (*args, *kwargs.values()))):
            return self._override(*args, **kwargs)
        return self.NOT_SUPPORTED


def dispatch(op: Any, *args: Any, **kwargs: Any) -> Any:
    """Return the result of the first dispatcher that takes a call over, or NOT_SUPPORTED."""
    for dispatcher in getattr(op, DISPATCH_ATTR):
        result = dispatcher.handle(args, kwargs)
        if result is not OpDispatcher.NOT_SUPPORTED:
            return result
    return OpDispatcher.NOT_SUPPORTED


def dispatch_for_types(op: Any, *types: type) -> Callable[[_Function], _Function]:
    """Decorate a function as the one that takes over calls with arguments of some types.

    Args:
        op: the function whose calls it takes over.
        types: of the arguments.

    Raises:
        AssertionError: if the two functions' arguments differ.
    """

    def register(function: _Function) -> _Function:
        ours, theirs = (list(inspect.signature(each).parameters) for each in (function, op))
        if ours != theirs:
            raise AssertionError(
                "The decorated function's signature must exactly match the signature of the "
                f"overridden op: {ours} != {theirs}"
            )
        _TypeBasedDispatcher(function, types).register(op)
        return function

    return register


def add_dispatch_list(target: _Function) -> _Function:
    """Give a function an empty list of dispatchers.

    Raises:
        AssertionError: if it has one.
    """
    if hasattr(target, DISPATCH_ATTR):
        raise AssertionError(f"{target} already has a dispatch list")
    setattr(target, DISPATCH_ATTR, [])
    return target


def add_dispatch_support(target: _Function) -> _Function:
    """Decorate a function so that its dispatchers are asked where it refuses its arguments."""

    @functools.wraps(target)
    def asked(*args: Any, **kwargs: Any) -> Any:
        try:
            return target(*args, **kwargs)
        except (TypeError, ValueError):
            result = dispatch(asked, *args, **kwargs)
            if result is OpDispatcher.NOT_SUPPORTED:
                raise
            return result

    add_dispatch_list(asked)
    return asked  # type: ignore[return-value]
