"""`and`, `or`, `not`, `==`, `!=`, `assert`: operations for tensors, Python for Python values.

Source: TensorFlow 1.15's `tf.autograph`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf.api.checks import Assert
from minitf.api.comparison import equal, logical_not, not_equal
from minitf.autograph.conditions import if_exp
from minitf.autograph.state import is_tensor
from minitf.convert import convert_to_tensor

Thunk = Callable[[], Any]


def and_(a: Thunk, b: Thunk) -> Any:
    """Return `a() and b()`; if the first is a tensor the second is computed only where it is true.

    Raises:
        TypeError: if the first is a tensor, and the second no bool.
    """
    first = a()
    if not is_tensor(first):
        return first and b()
    return if_exp(first, lambda: convert_to_tensor(b()), lambda: convert_to_tensor(first))


def or_(a: Thunk, b: Thunk) -> Any:
    """Return `a() or b()`; if the first is a tensor the second is computed only where it is false.

    Raises:
        TypeError: if the first is a tensor, and the second no bool.
    """
    first = a()
    if not is_tensor(first):
        return first or b()
    return if_exp(first, lambda: convert_to_tensor(first), lambda: convert_to_tensor(b()))


def not_(a: Any) -> Any:
    """Return `not a`."""
    return logical_not(a) if is_tensor(a) else not a


def eq(a: Any, b: Any) -> Any:
    """Return `a == b`, by value."""
    return equal(a, b) if is_tensor(a) or is_tensor(b) else a == b


def not_eq(a: Any, b: Any) -> Any:
    """Return `a != b`, by value."""
    return not_equal(a, b) if is_tensor(a) or is_tensor(b) else a != b


def assert_stmt(condition: Any, message: Thunk) -> None:
    """Check a condition, now or when the graph runs.

    Args:
        condition: anything that is true or false, or a bool tensor.
        message: gives what is told if it is false; tensors, or nested structures of them, too.

    Raises:
        AssertionError: if it is a Python value, and false.
    """
    if not is_tensor(condition):
        if not condition:
            raise AssertionError(message())
        return
    told = message()
    Assert(condition, list(told) if isinstance(told, (list, tuple)) else [told])
