"""Checks that happen while a graph runs.

Source: 2015 §3.3 (an error aborts the step), §6 (guard against numerical errors); TensorFlow 1.15's
functions of the same names.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf import ops
from minitf.api.array import renamed_argument
from minitf.api.control import after, group
from minitf.api.framework import colocate_with, control_dependencies, get_default_graph, name_scope
from minitf.convert import convert_to_tensor
from minitf.dispatch import dispatchable
from minitf.dtypes import FLOATS, bfloat16, int32, string
from minitf.operation import Operation
from minitf.tensor import Tensor


def Assert(
    condition: Any, data: Sequence[Any], summarize: int | None = None, name: str | None = None
) -> Operation:
    """Return an operation that aborts the step unless a condition holds.

    Nothing happens unless it runs: make it a control dependency of what needs the condition.

    Args:
        condition: bool scalar.
        data: Tensors or values to show if it does not hold.
        summarize: how many elements of each to show, 3 by default.
        name: name scope of the operation.
    """
    with name_scope(name, "Assert", [condition, *data]):
        shown: Sequence[Any] = [convert_to_tensor(each) for each in data]
        if all(each.dtype.base_dtype in (int32, string) for each in shown):
            shown = data  # TensorFlow then makes each constant twice, which later seeds depend on
        made: Operation = ops.assert_op(
            condition, shown, summarize=3 if summarize is None else summarize, name="Assert"
        )
        return made


@dispatchable
def check_numerics(tensor: Any, message: str, name: str | None = None) -> Tensor:
    """Return a Tensor with the same value; a run fails if it holds a NaN or an infinity.

    Args:
        tensor: real numbers.
        message: how the error begins.
    """
    checked: Tensor = ops.check_numerics_op(tensor, message=message, name=name)
    return checked


def verify_tensor_all_finite(
    t: Any = None,
    msg: str | None = None,
    name: str | None = None,
    x: Any = None,
    message: str | None = None,
) -> Tensor:
    """Return a Tensor with the same value, which is not there if a NaN or infinity is in it.

    Args:
        t: real numbers.
        msg: how the error begins.
        name: name scope of the operations.
        x: another name of `t`.
        message: another name of `msg`.
    """
    x = renamed_argument("x", x, "t", t)
    message = renamed_argument("message", message, "msg", msg)
    with name_scope(name, "VerifyFinite", [x]):
        x = convert_to_tensor(x, name="x")
        with colocate_with(x):
            check = check_numerics(x, message=message)
            made: Tensor = after([check.op], x)
    return made


def add_check_numerics_ops() -> Operation:
    """Return an operation that checks every floating-point tensor of the graph, in turn."""
    last: list[Tensor] = []
    for operation in get_default_graph().get_operations():
        for tensor in operation.outputs:
            if tensor.dtype in FLOATS - {bfloat16}:
                with control_dependencies([each.op for each in last]):
                    last = [check_numerics(tensor, message=tensor.name)]
    return group(*last)
