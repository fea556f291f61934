"""Assertions on values: operations that abort the step unless all elements keep a condition.

Like `Assert`, they do nothing unless they run: make them control dependencies of what needs them.
What is known to be false while the graph is built raises at once.

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from minitf import ops
from minitf.api import comparison
from minitf.api import math as arithmetic
from minitf.api.array import reshape
from minitf.api.checks import Assert
from minitf.api.framework import name_scope
from minitf.api.reductions import reduce_all
from minitf.convert import convert_to_tensor
from minitf.dtypes import NUMBERS
from minitf.errors import InvalidArgumentError
from minitf.operation import Operation
from minitf.static_value import constant_value
from minitf.tensor import Tensor

Data = Sequence[Any] | None

# --- comparisons of two --------------------------------------------------------------------------


def _compare(
    sign: str,
    scope: str,
    compare: Callable[[Any, Any], Tensor],
    known: Callable[[Any, Any], Any],
    x: Any,
    y: Any,
    data: Data,
    summarize: int | None,
    message: str | None,
    name: str | None,
) -> Operation:
    """Build an assertion that a comparison of x and y holds everywhere.

    Args:
        sign: how the comparison is written.
        scope: default name of the scope.
        compare: the comparison of Tensors.
        known: the comparison of arrays.
        x: one side.
        y: the other side; both broadcast.
        data: what to show if it fails; x and y by default.
        summarize: how many elements of each to show, 3 by default.
        message: stands before what is shown.
        name: name scope of the operations.

    Raises:
        InvalidArgumentError: if both are constants and the comparison fails.
    """
    with name_scope(name, scope, [x, y, data]):
        x, y = convert_to_tensor(x, name="x"), convert_to_tensor(y, name="y")
        if data is None:
            told = f"Condition x {sign} y did not hold element-wise:"
            data = [told, f"x ({x.name}) = ", x, f"y ({y.name}) = ", y]
        if message is not None:
            data = [message, *data]
        condition = reduce_all(compare(x, y))
        _refuse_if_known(x, y, known, data)
        return Assert(condition, data, summarize=summarize)


def _refuse_if_known(x: Tensor, y: Tensor, holds: Callable[[Any, Any], Any], data: Any) -> None:
    values = constant_value(x), constant_value(y)
    if values[0] is not None and values[1] is not None and not np.all(holds(*values)):
        raise InvalidArgumentError(None, None, "\n".join(map(_shown, data)))


def _shown(item: Any) -> str:
    value = constant_value(item) if isinstance(item, Tensor) else item
    return str(item if value is None else value)


def assert_equal(
    x: Any,
    y: Any,
    data: Data = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """Return an operation that fails unless x == y everywhere.

    Args:
        x: a Tensor.
        y: a Tensor that broadcasts with x.
        data: what to show if it fails; x and y by default.
        summarize: how many elements of each to show, 3 by default.
        message: stands before what is shown.
        name: name scope of the operations.
    """
    with name_scope(name, "assert_equal", [x, y, data]):
        if x is y:
            return ops.no_op_op(name="static_checks_determined_all_ok")
    return _compare(
        "==", "assert_equal", comparison.equal, np.equal, x, y, data, summarize, message, name
    )


def assert_none_equal(
    x: Any,
    y: Any,
    data: Data = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """Return an operation that fails unless x != y everywhere; arguments as of `assert_equal`."""
    compare, known = comparison.not_equal, np.not_equal
    return _compare("!=", "assert_none_equal", compare, known, x, y, data, summarize, message, name)


def assert_less(
    x: Any,
    y: Any,
    data: Data = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """Return an operation that fails unless x < y everywhere; arguments as of `assert_equal`."""
    return _compare(
        "<", "assert_less", comparison.less, np.less, x, y, data, summarize, message, name
    )


def assert_less_equal(
    x: Any,
    y: Any,
    data: Data = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """Return an operation that fails unless x <= y everywhere; arguments as of `assert_equal`."""
    compare, known = comparison.less_equal, np.less_equal
    return _compare("<=", "assert_less_equal", compare, known, x, y, data, summarize, message, name)


def assert_greater(
    x: Any,
    y: Any,
    data: Data = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """Return an operation that fails unless x > y everywhere; arguments as of `assert_equal`."""
    compare, known = comparison.greater, np.greater
    return _compare(">", "assert_greater", compare, known, x, y, data, summarize, message, name)


def assert_greater_equal(
    x: Any,
    y: Any,
    data: Data = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """Return an operation that fails unless x >= y everywhere; arguments as of `assert_equal`."""
    compare, known = comparison.greater_equal, np.greater_equal
    return _compare(
        ">=", "assert_greater_equal", compare, known, x, y, data, summarize, message, name
    )


def assert_near(
    x: Any,
    y: Any,
    rtol: Any = None,
    atol: Any = None,
    data: Data = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """Return an operation that fails unless |x - y| < atol + rtol * |y| everywhere.

    Args:
        x: float or complex Tensor.
        y: Tensor of the same type that broadcasts with x.
        rtol: relative tolerance, 10 epsilons by default.
        atol: absolute tolerance, 10 epsilons by default.
        data: what to show if it fails; x and y by default.
        summarize: how many elements of each to show, 3 by default.
        message: stands before what is shown.
        name: name scope of the operations.
    """
    with name_scope(name, "assert_near", [x, y, rtol, atol, data]):
        x = convert_to_tensor(x, name="x")
        y = convert_to_tensor(y, x.dtype.base_dtype, name="y")
        dtype = x.dtype.base_dtype.real_dtype
        tolerance = 10 * np.finfo(dtype.numpy).eps
        rtol = convert_to_tensor(tolerance if rtol is None else rtol, dtype, name="rtol")
        atol = convert_to_tensor(tolerance if atol is None else atol, dtype, name="atol")
        if data is None:
            told = f"x and y not equal to tolerance rtol = {rtol}, atol = {atol}"
            data = [message_prefix(message), told]
            data += [f"x ({x.name}) = ", x, f"y ({y.name}) = ", y]
        limit = atol + rtol * arithmetic.abs(y)
        condition = reduce_all(comparison.less(arithmetic.abs(x - y), limit))
        return Assert(condition, data, summarize=summarize)


# --- signs ---------------------------------------------------------------------------------------


def _compare_with_zero(
    sign: str,
    scope: str,
    check: Callable[..., Operation],
    x: Any,
    data: Data,
    summarize: int | None,
    message: str | None,
    name: str | None,
) -> Operation:
    """Build an assertion about x and 0; `check` takes x, 0 and keywords."""
    with name_scope(name, scope, [x, data]):
        x = convert_to_tensor(x, name="x")
        if data is None:
            told = f"Condition x {sign} 0 did not hold element-wise:"
            data = [message_prefix(message), told, f"x ({x.name}) = ", x]
        zero = convert_to_tensor(0, x.dtype.base_dtype)
        return check(x, zero, data=data, summarize=summarize)


def assert_negative(
    x: Any,
    data: Data = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """Return an operation that fails unless x < 0 everywhere; arguments as of `assert_equal`."""
    return _compare_with_zero(
        "<", "assert_negative", assert_less, x, data, summarize, message, name
    )


def assert_positive(
    x: Any,
    data: Data = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """Return an operation that fails unless x > 0 everywhere; arguments as of `assert_equal`."""

    def check(x: Any, zero: Any, **told: Any) -> Operation:
        return assert_less(zero, x, **told)

    return _compare_with_zero(">", "assert_positive", check, x, data, summarize, message, name)


def assert_non_negative(
    x: Any,
    data: Data = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """Return an operation that fails unless x >= 0 everywhere; arguments as of `assert_equal`."""

    def check(x: Any, zero: Any, **told: Any) -> Operation:
        return assert_less_equal(zero, x, **told)

    return _compare_with_zero(">=", "assert_non_negative", check, x, data, summarize, message, name)


def assert_non_positive(
    x: Any,
    data: Data = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """Return an operation that fails unless x <= 0 everywhere; arguments as of `assert_equal`."""
    return _compare_with_zero(
        "<=", "assert_non_positive", assert_less_equal, x, data, summarize, message, name
    )


def message_prefix(message: str | None) -> str:
    """Return a user's message as it stands before the facts."""
    return f"{message}.  " if message else ""


# --- order ---------------------------------------------------------------------------------------


def is_strictly_increasing(x: Any, name: str | None = None) -> Tensor:
    """Tell whether each element is greater than the one before; true of one or none.

    Args:
        x: number[...], taken row by row.
        name: name scope of the operations.

    Raises:
        TypeError: if x is not numeric.
    """
    with name_scope(name, "is_strictly_increasing", [x]):
        return _compare_neighbours(x, comparison.greater)


def is_non_decreasing(x: Any, name: str | None = None) -> Tensor:
    """Tell whether no element is less than the one before; true of one or none.

    Args:
        x: number[...], taken row by row.
        name: name scope of the operations.

    Raises:
        TypeError: if x is not numeric.
    """
    with name_scope(name, "is_non_decreasing", [x]):
        return _compare_neighbours(x, comparison.greater_equal)


def _compare_neighbours(x: Any, compare: Callable[[Any, Any], Tensor]) -> Tensor:
    flat = reshape(x, [-1])
    if not is_numeric_tensor(flat):
        raise TypeError(f"Expected x to be numeric, instead found: {flat}")
    return reduce_all(compare(flat[1:], flat[:-1]))


def is_numeric_tensor(tensor: Any) -> bool:
    """Tell whether something is a Tensor of numbers; truth values and strings are none."""
    return isinstance(tensor, Tensor) and tensor.dtype.base_dtype in NUMBERS
