"""Public functions that mean something for other classes than Tensor.

    @dispatchable
    def add(x, y, name=None): ...

    dispatch_for_types(add, Celsius)(lambda x, y, name=None: ...)   # for arguments of that class

A room whose classes many functions take (`minitf.ragged`) says so once for all of them, by
`when_given`: its meaning is looked up before the function itself is called.
What programs register is asked only if the function itself refuses the arguments, as in
TensorFlow: first come, first asked.

**State**: each dispatchable function's list of dispatchers; `_ROOMS`, the rooms' classes.

Source: TensorFlow 1.15's `tensorflow.python.util.dispatch`.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])
Find = Callable[[Callable[..., Any]], Callable[..., Any] | None]

_DISPATCHERS = "_tf_dispatchers"  # the attribute of a function that has a list
_ROOMS: list[tuple[tuple[type, ...], Find]] = []


def when_given(kinds: tuple[type, ...], find: Find) -> None:
    """Say what dispatchable functions mean for some classes.

    Args:
        kinds: the classes; one of the arguments, or of a list or tuple among them, is of one.
        find: function -> what is called instead, with its arguments; None if the function
            does not mean anything else.
    """
    _ROOMS.append((kinds, find))


class OpDispatcher:
    """Another meaning of a function: `handle` its arguments, or give NOT_SUPPORTED."""

    NOT_SUPPORTED = object()

    def handle(self, args: Any, kwargs: Any) -> Any:
        """Return the result for these arguments, NOT_SUPPORTED if they are none of its business."""
        del args, kwargs
        return self.NOT_SUPPORTED

    def register(self, op: Any) -> None:
        """Be asked when a function refuses its arguments.

        Raises:
            AssertionError: if the function is not dispatchable.
        """
        _dispatchers(op).append(self)


class TypeBasedDispatcher(OpDispatcher):
    """A function to call if an argument is of one of some classes."""

    def __init__(self, override_func: Callable[..., Any], types: tuple[type, ...]) -> None:
        self._kinds = types
        self._override = override_func

    def handle(self, args: Any, kwargs: Any) -> Any:
        """Call the function if an argument, or one in a list or tuple, is of its classes."""
        if _holds(args, kwargs, self._kinds):
            return self._override(*args, **kwargs)
        return self.NOT_SUPPORTED


def dispatch(op: Any, *args: Any, **kwargs: Any) -> Any:
    """Return what the first of a function's dispatchers that supports the arguments gives.

    Returns:
        OpDispatcher.NOT_SUPPORTED if there is none.
    """
    for dispatcher in _dispatchers(op):
        result = dispatcher.handle(args, kwargs)
        if result is not OpDispatcher.NOT_SUPPORTED:
            return result
    return OpDispatcher.NOT_SUPPORTED


def dispatch_for_types(op: Any, *types: type) -> Callable[[F], F]:
    """Return a decorator: the function is what another one means for some classes.

    Args:
        op: a dispatchable function.
        *types: the classes.

    Raises:
        AssertionError: if the functions' parameters differ.
    """

    def decorate(function: F) -> F:
        theirs, mine = inspect.signature(op), inspect.signature(function)
        if list(theirs.parameters) != list(mine.parameters):
            raise AssertionError(
                f"The decorated function's signature must exactly match the signature of the "
                f"overridden op: {mine} is not {theirs}"
            )
        TypeBasedDispatcher(function, types).register(op)
        return function

    return decorate


def add_dispatch_list(target: F) -> F:
    """Give a function a list of dispatchers, which `dispatch` asks; it does not ask by itself.

    Raises:
        AssertionError: if it has one.
    """
    if hasattr(target, _DISPATCHERS):
        raise AssertionError(f"{target} already has a dispatch list")
    vars(target)[_DISPATCHERS] = []
    return target


def dispatchable(function: F) -> F:
    """Let a function mean something for other classes: see the module's text."""

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        for kinds, find in _ROOMS:
            if _holds(args, kwargs, kinds) and (instead := find(function)) is not None:
                return instead(*args, **kwargs)
        try:
            return function(*args, **kwargs)
        except (TypeError, ValueError):
            result = dispatch(wrapper, *args, **kwargs)
            if result is OpDispatcher.NOT_SUPPORTED:
                raise
            return result

    vars(wrapper)[_DISPATCHERS] = []
    return wrapper  # type: ignore[return-value]


def _dispatchers(op: Any) -> list[OpDispatcher]:
    found: list[OpDispatcher] | None = getattr(op, _DISPATCHERS, None)
    if found is None:
        raise AssertionError(f"Dispatching not enabled for {op}")
    return found


def _holds(args: tuple[Any, ...], kwargs: Mapping[str, Any], kinds: tuple[type, ...]) -> bool:
    return any(isinstance(each, kinds) for each in _flat(args, kwargs))


def _flat(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Iterator[Any]:
    for value in (*args, *kwargs.values()):
        yield value
        if isinstance(value, (list, tuple)):
            yield from value
