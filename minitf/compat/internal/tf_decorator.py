"""`tensorflow.python.util.tf_decorator`: wrappers that know what they wrap.

A wrapper carries its TFDecorator as the attribute `_tf_decorator`, so that what is wrapped, however
deep, is found again by `unwrap`.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import inspect
from typing import Any


class TFDecorator:
    """What one wrapper does to what it wraps; as a callable it is such a wrapper itself."""

    def __init__(
        self,
        decorator_name: str,
        target: Any,
        decorator_doc: str = "",
        decorator_argspec: Any = None,
    ) -> None:
        self._decorated_target = target
        self._decorator_name = decorator_name
        self._decorator_doc = decorator_doc
        self._decorator_argspec = decorator_argspec
        if hasattr(target, "__name__"):
            self.__name__ = target.__name__
        if hasattr(target, "__qualname__"):
            self.__qualname__ = target.__qualname__
        self.__doc__ = getattr(target, "__doc__", None) or decorator_doc
        if callable(target):
            self.__wrapped__ = target
            self.__signature__ = signature_of(target, decorator_argspec)

    def __get__(self, instance: Any, owner: Any) -> Any:
        return self._decorated_target.__get__(instance, owner)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call what is wrapped."""
        return self._decorated_target(*args, **kwargs)

    @property
    def decorated_target(self) -> Any:
        """What is wrapped."""
        return self._decorated_target

    @decorated_target.setter
    def decorated_target(self, decorated_target: Any) -> None:
        self._decorated_target = decorated_target

    @property
    def decorator_name(self) -> str:
        """The name of the decorator."""
        return self._decorator_name

    @property
    def decorator_doc(self) -> str:
        """What the decorator says of itself."""
        return self._decorator_doc

    @property
    def decorator_argspec(self) -> Any:
        """The arguments of the wrapper where they are other ones; None if they are the same."""
        return self._decorator_argspec


def signature_of(target: Any, argspec: Any = None) -> inspect.Signature | None:
    """Return the signature that a wrapper shows: of its argspec if it has one, else of its target.

    None for what has none, as some built-in functions.
    """
    if argspec is None:
        try:
            return inspect.signature(target)
        except (TypeError, ValueError):
            return None
    kind = inspect.Parameter
    first = len(argspec.args) - len(argspec.defaults or ())
    found = [kind(name, kind.POSITIONAL_OR_KEYWORD) for name in argspec.args[:first]] + [
        kind(name, kind.POSITIONAL_OR_KEYWORD, default=default)
        for name, default in zip(argspec.args[first:], argspec.defaults or (), strict=True)
    ]
    if argspec.varargs:
        found.append(kind(argspec.varargs, kind.VAR_POSITIONAL))
    rest = getattr(argspec, "varkw", None) or getattr(argspec, "keywords", None)
    if rest:
        found.append(kind(rest, kind.VAR_KEYWORD))
    return inspect.Signature(found)


def make_decorator(
    target: Any,
    decorator_func: Any,
    decorator_name: str | None = None,
    decorator_doc: str = "",
    decorator_argspec: Any = None,
) -> Any:
    """Return a wrapper that looks like what it wraps, and knows it.

    Args:
        target: what is wrapped.
        decorator_func: the wrapper.
        decorator_name: the name of the decorator; by default of the function that calls this one.
        decorator_doc: what the decorator says of itself.
        decorator_argspec: the wrapper's arguments where they are other ones.
    """
    if decorator_name is None:
        caller = inspect.currentframe()
        back = None if caller is None else caller.f_back
        decorator_name = "" if back is None else back.f_code.co_name
    decorator_func._tf_decorator = TFDecorator(  # noqa: SLF001 the attribute that it is found by
        decorator_name, target, decorator_doc, decorator_argspec
    )
    for name in ("__name__", "__qualname__", "__module__"):
        if hasattr(target, name):
            setattr(decorator_func, name, getattr(target, name))
    if hasattr(target, "__doc__"):
        decorator_func.__doc__ = target.__doc__
    decorator_func.__dict__.update(
        (key, value)
        for key, value in getattr(target, "__dict__", {}).items()
        if key not in decorator_func.__dict__
    )
    decorator_func.__wrapped__ = target
    decorator_func.__original_wrapped__ = target
    decorator_func.__signature__ = signature_of(target, decorator_argspec)
    return decorator_func


def rewrap(decorator_func: Any, previous_target: Any, new_target: Any) -> None:
    """Let a wrapper call something else in place of one thing that it wraps.

    Args:
        decorator_func: the outermost wrapper.
        previous_target: what it wraps, or what a wrapper within it does.
        new_target: what is called instead.
    """
    inner = decorator_func
    while inner is not previous_target and _decorator_of(inner) is not None:
        own = _decorator_of(inner)
        if own.decorated_target is previous_target:
            own.decorated_target = new_target
            if hasattr(inner, "__wrapped__"):
                inner.__wrapped__ = new_target
            return
        inner = own.decorated_target


def unwrap(maybe_tf_decorator: Any) -> tuple[list[Any], Any]:
    """Return the TFDecorators around something, the outermost first, and what is within them all.

    Args:
        maybe_tf_decorator: a wrapper, or what is not wrapped.
    """
    decorators = []
    within = maybe_tf_decorator
    while (own := _decorator_of(within)) is not None:
        decorators.append(own)
        within = own.decorated_target
    return decorators, within


def _decorator_of(each: Any) -> Any:
    """Return the TFDecorator of a wrapper, None if it is none."""
    if isinstance(each, TFDecorator):
        return each
    own = getattr(each, "_tf_decorator", None)
    # a mock answers to every name
    return own if isinstance(own, TFDecorator) else None
