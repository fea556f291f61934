"""Choosing between two values element by element.

Source: TensorFlow's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import ANY
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.array.broadcasting import reduced_to_shape_of
from minitf.shapes import Shape, broadcast, merge
from minitf.symbols import T, bool
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]

# --- Select ------------------------------------------------------------------------------------


@op("Select", T=ANY)
def select_op(condition: bool, t: T, e: T) -> T:
    """Take each element from `t` where the condition holds, else from `e`.

    Args:
        condition: bool of the shape of `t`; a vector chooses whole rows, a scalar everything.
        t: T[...].
        e: T[...] of the same shape.

    Returns:
        T[...] of that shape.

    Raises:
        InvalidArgumentError: if the shapes do not fit.

    Source: TensorFlow's op of the same name.
    """
    if not condition.shape == t.shape == e.shape:
        select_shape(Shape(condition.shape), Shape(t.shape), Shape(e.shape))
    chosen = condition.reshape(condition.shape + (1,) * (t.ndim - condition.ndim))
    return np.where(chosen, t, e)


@select_op.shape
def select_shape(condition: Shape, t: Shape, e: Shape) -> Shape:
    data = merge(t, e)
    if condition.dims is None or data.dims is None or not condition.dims:
        return data
    if len(condition) == 1 and len(data) > 1:
        merge(condition, Shape(data[:1]))
        return data
    if len(condition) != len(data):
        raise invalid(f"Shapes must be equal rank, but are {len(data)} and {len(condition)}")
    return merge(condition, data)


@select_op.gradient
def select_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    condition, t, _ = op.inputs
    zeros = ops.zeros_like_op(t)
    return [None, ops.select_op(condition, grad, zeros), ops.select_op(condition, zeros, grad)]


# --- SelectV2 ----------------------------------------------------------------------------------


@op("SelectV2", T=ANY)
def select_v2_op(condition: bool, t: T, e: T) -> T:
    """Take each element from `t` where the condition holds, else from `e`; all three broadcast.

    Args:
        condition: bool[...].
        t: T[...].
        e: T[...].

    Returns:
        T[...] of the common shape.

    Raises:
        InvalidArgumentError: if the shapes do not broadcast.

    Source: TensorFlow's op of the same name.
    """
    shapes = condition.shape, t.shape, e.shape
    select_v2_shape(*map(Shape, shapes))
    return np.where(condition, t, e)


@select_v2_op.shape
def select_v2_shape(condition: Shape, t: Shape, e: Shape) -> Shape:
    return broadcast(condition, broadcast(t, e))


@select_v2_op.gradient
def select_v2_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    condition, t, e = op.inputs
    zeros = ops.zeros_like_op(grad)
    return [
        None,
        reduced_to_shape_of(ops.select_v2_op(condition, grad, zeros), t),
        reduced_to_shape_of(ops.select_v2_op(condition, zeros, grad), e),
    ]
