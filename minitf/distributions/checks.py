"""What constructors and methods of distributions check of their arguments.

Source: TensorFlow 1.15's messages.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.checks import Assert
from minitf.api.control import identity
from minitf.api.framework import control_dependencies
from minitf.api.reductions import reduce_all
from minitf.convert import convert_to_tensor
from minitf.operation import Operation
from minitf.tensor import Tensor


def must(condition: Tensor, message: str, *data: Any) -> Operation:
    """Return an operation that aborts the step unless a condition holds everywhere."""
    return Assert(reduce_all(condition), [message, *data])


def must_be_positive(x: Any) -> Operation:
    """Return an operation that aborts the step unless all numbers are greater than 0."""
    x = convert_to_tensor(x)
    return must(ops.greater_op(x, ops.zeros_like_op(x)), "Condition x > 0 did not hold", x)


def checked(x: Any, name: str, checks: list[Operation]) -> Tensor:
    """Return a parameter as a Tensor of that name that exists only if its checks hold."""
    with control_dependencies(checks):
        return identity(x, name=name)


def must_be_floats(*parameters: Tensor) -> None:
    """Refuse parameters that are not of one floating-point type.

    Raises:
        ValueError: if they are not.
    """
    first = parameters[0]
    for each in parameters[1:]:
        if each.dtype is not first.dtype:
            raise ValueError(
                f"{each.name}, type={each.dtype}, must be of the same type ({first.dtype}) as "
                f"{first.name}."
            )
    if not first.dtype.is_floating:
        raise ValueError(f"Expected floating point type, got {first.dtype}.")
