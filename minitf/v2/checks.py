"""Assertions in the graph, with TensorFlow 2's arguments: `message` comes before `summarize`.

Those that are decided while the graph is built return None instead of a NoOp.

Source: TensorFlow 1.15's functions of the same names in tf.compat.v2.debugging.
"""

from __future__ import annotations

from typing import Any

from minitf.api import assertions, checks, static_checks
from minitf.operation import Operation
from minitf.tensor import Tensor

# --- two tensors ---------------------------------------------------------------------------------


def assert_equal(
    x: Any, y: Any, message: str | None = None, summarize: int | None = None, name: Any = None
) -> Operation:
    """Assert x == y."""
    return assertions.assert_equal(x, y, None, summarize, message, name)


def assert_none_equal(
    x: Any, y: Any, summarize: int | None = None, message: str | None = None, name: Any = None
) -> Operation:
    """Assert x != y; the order of `summarize` and `message` is TensorFlow's."""
    return assertions.assert_none_equal(x, y, None, summarize, message, name)


def assert_less(
    x: Any, y: Any, message: str | None = None, summarize: int | None = None, name: Any = None
) -> Operation:
    """Assert x < y."""
    return assertions.assert_less(x, y, None, summarize, message, name)


def assert_less_equal(
    x: Any, y: Any, message: str | None = None, summarize: int | None = None, name: Any = None
) -> Operation:
    """Assert x <= y."""
    return assertions.assert_less_equal(x, y, None, summarize, message, name)


def assert_greater(
    x: Any, y: Any, message: str | None = None, summarize: int | None = None, name: Any = None
) -> Operation:
    """Assert x > y."""
    return assertions.assert_greater(x, y, None, summarize, message, name)


def assert_greater_equal(
    x: Any, y: Any, message: str | None = None, summarize: int | None = None, name: Any = None
) -> Operation:
    """Assert x >= y."""
    return assertions.assert_greater_equal(x, y, None, summarize, message, name)


def assert_near(
    x: Any,
    y: Any,
    rtol: Any = None,
    atol: Any = None,
    message: str | None = None,
    summarize: int | None = None,
    name: str | None = None,
) -> Operation:
    """Assert |x - y| <= atol + rtol * |y|."""
    return assertions.assert_near(x, y, rtol, atol, None, summarize, message, name)


# --- one tensor and zero -------------------------------------------------------------------------


def assert_negative(
    x: Any, message: str | None = None, summarize: int | None = None, name: str | None = None
) -> Operation:
    """Assert x < 0."""
    return assertions.assert_negative(x, None, summarize, message, name)


def assert_positive(
    x: Any, message: str | None = None, summarize: int | None = None, name: str | None = None
) -> Operation:
    """Assert x > 0."""
    return assertions.assert_positive(x, None, summarize, message, name)


def assert_non_negative(
    x: Any, message: str | None = None, summarize: int | None = None, name: str | None = None
) -> Operation:
    """Assert x >= 0."""
    return assertions.assert_non_negative(x, None, summarize, message, name)


def assert_non_positive(
    x: Any, message: str | None = None, summarize: int | None = None, name: str | None = None
) -> Operation:
    """Assert x <= 0."""
    return assertions.assert_non_positive(x, None, summarize, message, name)


def assert_all_finite(x: Any, message: str, name: str | None = None) -> Tensor:
    """Return `x`, after a check that it holds no infinity and no NaN."""
    return checks.verify_tensor_all_finite(message=message, name=name, x=x)


# --- ranks, shapes and types ---------------------------------------------------------------------


def assert_rank(
    x: Any, rank: Any, message: str | None = None, name: str | None = None
) -> Operation:
    """Assert that `x` has as many axes as `rank` says."""
    return static_checks.assert_rank(x, rank, message=message, name=name)


def assert_rank_at_least(
    x: Any, rank: Any, message: str | None = None, name: str | None = None
) -> Operation:
    """Assert that `x` has at least as many axes as `rank` says."""
    return static_checks.assert_rank_at_least(x, rank, message=message, name=name)


def assert_rank_in(
    x: Any, ranks: Any, message: str | None = None, name: str | None = None
) -> Operation:
    """Assert that `x` has as many axes as one of `ranks` says."""
    return static_checks.assert_rank_in(x, ranks, message=message, name=name)


def assert_shapes(
    shapes: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> None:
    """Assert that tensors have shapes, in which equal symbols stand for equal sizes."""
    static_checks.assert_shapes(shapes, data=data, summarize=summarize, message=message, name=name)


def assert_integer(x: Any, message: str | None = None, name: str | None = None) -> None:
    """Raise TypeError unless a tensor holds integers, quantized ones aside."""
    static_checks.assert_integer(x, message=message, name=name)


def assert_type(
    tensor: Any, tf_type: Any, message: str | None = None, name: str | None = None
) -> None:
    """Raise TypeError unless a tensor has a type."""
    static_checks.assert_type(tensor, tf_type, message=message, name=name)


def assert_scalar(tensor: Any, message: str | None = None, name: str | None = None) -> None:
    """Raise ValueError if a tensor is known to have axes."""
    static_checks.assert_scalar(tensor, name=name, message=message)
