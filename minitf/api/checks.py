"""Checks that happen while a graph runs.

Source: 2015 §3.3 (an error aborts the step); TensorFlow 1.15, `control_flow_ops.Assert`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf import ops
from minitf.api.framework import name_scope
from minitf.convert import convert_to_tensor
from minitf.dtypes import int32, string
from minitf.operation import Operation


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
