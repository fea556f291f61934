"""`tensorflow.python.util.decorator_utils`: names and docstrings of decorated functions.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

__all__ = [
    "add_notice_to_docstring",
    "classproperty",
    "get_qualified_name",
    "validate_callable",
]


def get_qualified_name(function: Any) -> str:
    """Return a function's name, with those of the classes around it."""
    return str(getattr(function, "__qualname__", None) or function.__name__)


def add_notice_to_docstring(
    doc: str | None,
    instructions: str,
    no_doc_str: str,
    suffix_str: str,
    notice: Sequence[str],
) -> str:
    """Return a docstring with a notice.

    Args:
        doc: the docstring, if there is one.
        instructions: what follows the notice.
        no_doc_str: the docstring where there is none.
        suffix_str: what its first line ends with.
        notice: the lines of the notice.
    """
    if not doc:
        lines = [no_doc_str]
    else:
        first, *rest = inspect.cleandoc(doc).splitlines()
        lines = [f"{first} {suffix_str}", *rest]
    notice = [*notice, instructions] if instructions else list(notice)
    if len(lines) > 1:
        # the first line stays alone, as documentation tools show it alone
        body = lines[1:] if lines[1].strip() else lines[2:]
        lines = [lines[0], "", *notice, *([""] if body else []), *body]
    else:
        lines += ["", *notice]
    return "\n".join(lines)


def validate_callable(func: Any, decorator_name: str) -> None:
    """Check that a decorator was given a function.

    Raises:
        ValueError: if not.
    """
    if not callable(func):
        raise ValueError(
            f"{func} is not a function. If this is a property, make sure @property appears before "
            f"@{decorator_name} in your source code:\n\n"
            f"@property\n@{decorator_name}\ndef method(...)"
        )


class classproperty:  # noqa: N801 TensorFlow's class has this name
    """A property of a class: read without an instance.

    Args:
        func: a function of the class.
    """

    def __init__(self, func: Callable[[Any], Any]) -> None:
        self._func = func

    def __get__(self, owner_self: Any, owner_cls: Any) -> Any:
        return self._func(owner_cls)
