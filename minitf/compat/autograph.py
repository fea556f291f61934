"""`tf.autograph`: the names; Python functions are traced as they are.

A function of a graph calls Python's own `if`, `for` and `while`, which run once, while it is built.
On tensors write `tf.cond`, `tf.case` and `tf.while_loop`.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import enum
import logging
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

F = TypeVar("F", bound=Callable[..., Any])
UNSPECIFIED = object()

_MISSING = (
    "tf.autograph.{} is not part of MiniTF, which does not rewrite Python: write tf.cond and "
    "tf.while_loop where a condition is a tensor"
)


class Feature(enum.Enum):
    """Conversions that a program may ask for."""

    ALL = "ALL"
    AUTO_CONTROL_DEPS = "AUTO_CONTROL_DEPS"
    ASSERT_STATEMENTS = "ASSERT_STATEMENTS"
    BUILTIN_FUNCTIONS = "BUILTIN_FUNCTIONS"
    EQUALITY_OPERATORS = "EQUALITY_OPERATORS"
    LISTS = "LISTS"
    NAME_SCOPES = "NAME_SCOPES"


def do_not_convert(func: F | None = None) -> Any:
    """Return a function as it is: no function is converted.

    Args:
        func: the function; None to decorate with.
    """
    return (lambda inner: inner) if func is None else func


def set_loop_options(
    parallel_iterations: Any = UNSPECIFIED,
    back_prop: Any = UNSPECIFIED,
    swap_memory: Any = UNSPECIFIED,
    maximum_iterations: Any = UNSPECIFIED,
) -> None:
    """Do nothing: it speaks of the loop around it, and Python's loops are not converted."""


def set_verbosity(level: int, alsologtostdout: bool = False) -> None:
    """Do nothing: nothing is converted that could be told about."""


def trace(*args: Any) -> None:
    """Log values while a function is traced."""
    logging.getLogger("tensorflow").info(" ".join(map(str, args)))


def to_graph(
    entity: Any,
    recursive: bool = True,
    arg_values: Any = None,
    arg_types: Any = None,
    experimental_optional_features: Any = None,
) -> NoReturn:
    """Refuse.

    Raises:
        NotImplementedError: always.
    """
    raise NotImplementedError(_MISSING.format("to_graph"))


def to_code(
    entity: Any,
    recursive: bool = True,
    arg_values: Any = None,
    arg_types: Any = None,
    indentation: str = "  ",
    experimental_optional_features: Any = None,
) -> NoReturn:
    """Refuse.

    Raises:
        NotImplementedError: always.
    """
    raise NotImplementedError(_MISSING.format("to_code"))
