"""`tensorflow.python.util.tf_decorator`: functions that stand for others, and know for which.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any


class TFDecorator:
    """A decorator and the function that it decorates; calling it calls that function.

    Args:
        decorator_name: what the decorator is called.
        target: the function that is decorated.
        decorator_doc: what the decorator does.
        decorator_argspec: the arguments that the decorated function takes, if they are others.
    """

    def __init__(
        self,
        decorator_name: str,
        target: Callable[..., Any],
        decorator_doc: str = "",
        decorator_argspec: Any = None,
    ) -> None:
        functools.update_wrapper(self, target)
        self.decorator_name = decorator_name
        self.decorated_target = target
        self.decorator_doc = decorator_doc
        self.decorator_argspec = decorator_argspec

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the decorated function."""
        return self.decorated_target(*args, **kwargs)


def make_decorator(
    target: Callable[..., Any],
    decorator_func: Callable[..., Any],
    decorator_name: str | None = None,
    decorator_doc: str = "",
    decorator_argspec: Any = None,
) -> Callable[..., Any]:
    """Give a function the name and the documentation of the one that it decorates.

    Args:
        target: the function that is decorated.
        decorator_func: the function that is called instead.
        decorator_name: what the decorator is called; the name of `decorator_func` by default.
        decorator_doc: what the decorator does.
        decorator_argspec: the arguments that `decorator_func` takes, if they are others.

    Returns:
        `decorator_func`.
    """
    name = decorator_name or decorator_func.__name__
    made: Any = functools.update_wrapper(decorator_func, target)
    made._tf_decorator = TFDecorator(name, target, decorator_doc, decorator_argspec)  # noqa: SLF001 the attribute that `unwrap` looks for
    return decorator_func


def tf_decorator(
    decorator_name: str, decorator_doc: str | None = None
) -> Callable[[Callable[..., Any]], TFDecorator]:
    """Return a decorator that does nothing but tell its name; arguments as of `TFDecorator`."""
    return lambda target: TFDecorator(decorator_name, target, decorator_doc or "")


def unwrap(maybe_tf_decorator: Any) -> tuple[list[TFDecorator], Any]:
    """Return the decorators around a function, the outermost first, and the function inside."""
    decorators: list[TFDecorator] = []
    inner = maybe_tf_decorator
    while True:
        one = inner if isinstance(inner, TFDecorator) else getattr(inner, "_tf_decorator", None)
        if one is None:
            return decorators, inner
        decorators.append(one)
        inner = one.decorated_target
