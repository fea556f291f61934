"""Zeros as gradients: of a known shape, of a computed one, of the shape of an output.

Source: 2015 §4.1.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes, ops
from minitf.contexts.base import SWITCHES
from minitf.contexts.branch import BranchContext
from minitf.contexts.primitives import switch
from minitf.default_graph import default_graph
from minitf.dtypes import DType
from minitf.operation import Operation
from minitf.shapes import Shape
from minitf.static_value import rule_argument
from minitf.tensor import Tensor, hooks

_SMALL = 1000  # elements: below this a constant, above it a Fill


def constant_of_zeros(shape: Shape, dtype: DType, name: str) -> Tensor:
    """Return a constant of zeros, of a shape that is fully known."""
    sizes: Any = shape.dims
    zeros = np.zeros(sizes, dtype.base_dtype.numpy)
    made: Tensor = hooks.constant(zeros, dtype.base_dtype, name, listed=1)
    return made


def zeros(shape: Shape | Tensor, dtype: DType) -> Tensor:
    """Return zeros of a shape that is fully known, or of sizes that are computed."""
    dtype = dtype.base_dtype
    if isinstance(shape, Shape) and shape.size < _SMALL:
        return constant_of_zeros(shape, dtype, "zeros")
    with default_graph().name_scope("zeros") as scope:
        sizes: Any = shape
        if isinstance(shape, Shape):
            array = np.array(shape.as_list(), np.int32)
            sizes = hooks.constant(array, dtypes.int32, "shape_as_tensor")
        zero = hooks.constant(np.zeros((), dtype.numpy), dtype, "Const")
        made: Tensor = ops.fill_op(sizes, zero, name=scope)
        return made


def shape_of(tensor: Tensor) -> Tensor:
    """Return the sizes of a tensor, of the value of a variable for its handle."""
    if tensor.dtype is dtypes.resource:
        return ops.variable_shape_op(tensor)  # type: ignore[no-any-return]
    return ops.shape_op(tensor)  # type: ignore[no-any-return]


def value_type(tensor: Tensor) -> DType:
    """Return the type of a tensor, of the value of a variable for its handle."""
    if tensor.dtype is not dtypes.resource:
        return tensor.dtype.base_dtype
    found: DType = rule_argument(tensor).dtype
    return found


def zeros_of(op: Operation, index: int) -> Tensor:
    """Return zeros of the shape of an output of an operation that is in no loop.

    Those of a Switch on a branch come from the side on which the branch is not taken: the output
    itself is dead there.
    """
    output = op.outputs[index]
    context = op.context
    if op.type in SWITCHES and isinstance(context, BranchContext):
        other = switch(op.inputs[0], context.pred)[1 - context.branch]
        alive = ops.identity_op(other)
        if output.dtype is dtypes.resource:
            with op.graph.control_dependencies([alive]):
                return zeros(shape_of(other), value_type(output))
        shape = ops.shape_op(other)
        with op.graph.control_dependencies([alive]):
            return zeros(shape, output.dtype)
    if output.dtype is dtypes.resource:
        return zeros(shape_of(output), value_type(output))
    return ops.zeros_like_op(output, name="zeros_like")  # type: ignore[no-any-return]
