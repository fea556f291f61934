"""`tensorflow.python.util.keyword_args`: functions that take no argument by position.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from minitf.compat.internal import tf_decorator
from minitf.compat.internal.decorator_utils import get_qualified_name, validate_callable

__all__ = ["keyword_args_only"]


def keyword_args_only(func: Callable[..., Any]) -> Any:
    """Let a function refuse arguments by position.

    Raises:
        ValueError: when it is called, if there are any.
    """
    validate_callable(func, "keyword_args_only")

    @functools.wraps(func)
    def by_name(*args: Any, **kwargs: Any) -> Any:
        if args:
            raise ValueError(
                f"The function {get_qualified_name(func)} only accepts keyword arguments. "
                "Do not pass positional arguments. Received the following positional arguments: "
                f"{args}"
            )
        return func(**kwargs)

    return tf_decorator.make_decorator(func, by_name)
