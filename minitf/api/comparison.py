"""Comparisons and logic, element by element.

Source: TensorFlow 1.15's functions of the same names; 2015 Table 1 (Greater, Less, Equal).
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.dispatch import dispatchable
from minitf.tensor import Tensor


@dispatchable
def equal(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Tell whether x == y, element by element."""
    return ops.equal_op(x, y, name=name)


@dispatchable
def not_equal(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Tell whether x != y, element by element."""
    return ops.not_equal_op(x, y, name=name)


@dispatchable
def less(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Tell whether x < y, element by element."""
    return ops.less_op(x, y, name=name)


@dispatchable
def less_equal(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Tell whether x <= y, element by element."""
    return ops.less_equal_op(x, y, name=name)


@dispatchable
def greater(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Tell whether x > y, element by element."""
    return ops.greater_op(x, y, name=name)


@dispatchable
def greater_equal(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Tell whether x >= y, element by element."""
    return ops.greater_equal_op(x, y, name=name)


@dispatchable
def logical_and(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Tell whether both x and y are true, element by element."""
    return ops.logical_and_op(x, y, name=name)


@dispatchable
def logical_or(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Tell whether x or y, or both, are true, element by element."""
    return ops.logical_or_op(x, y, name=name)


@dispatchable
def logical_xor(x: Any, y: Any, name: str = "LogicalXor") -> Tensor:
    """Tell whether exactly one of x and y is true, element by element."""
    both = ops.logical_not_op(ops.logical_and_op(x, y))
    return ops.logical_and_op(ops.logical_or_op(x, y), both, name=name)


@dispatchable
def logical_not(x: Any, name: str | None = None) -> Tensor:
    """Tell whether x is false, element by element."""
    return ops.logical_not_op(x, name=name)


@dispatchable
def is_nan(x: Any, name: str | None = None) -> Tensor:
    """Tell whether x is NaN, element by element."""
    return ops.is_nan_op(x, name=name)


@dispatchable
def is_inf(x: Any, name: str | None = None) -> Tensor:
    """Tell whether x is infinite, element by element."""
    return ops.is_inf_op(x, name=name)


@dispatchable
def is_finite(x: Any, name: str | None = None) -> Tensor:
    """Tell whether x is neither infinite nor NaN, element by element."""
    return ops.is_finite_op(x, name=name)
