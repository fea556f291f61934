"""Numbers held between limits, and the numbers that are next to each other.

Source: TensorFlow's ops of these names.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import NUMBERS, types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.elementwise.rows import sizes_text, unbroadcast
from minitf.ops.precision import wide
from minitf.shapes import Shape, broadcast
from minitf.symbols import T, float32
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Gradients = list[Tensor | None]

# --- ClipByValue ---------------------------------------------------------------------------------


@op("ClipByValue", T=NUMBERS)
def clip_by_value_op(t: T, clip_value_min: T, clip_value_max: T) -> T:
    """Put the nearer limit for each number outside the limits.

    Args:
        t: real[...].
        clip_value_min: the lower limit, a scalar or of t's shape.
        clip_value_max: the upper limit, likewise.

    Returns:
        real[...] of t's shape.

    Raises:
        InvalidArgumentError: if the shapes do not fit.

    Source: TensorFlow's op.
    """
    for limit in (clip_value_min, clip_value_max):
        if limit.ndim and limit.shape != t.shape:
            raise invalid(
                "clip_value_min and clip_value_max must be either of the same shape as input, or "
                f"a scalar. input shape: {sizes_text(t.shape)}",
                limit=sizes_text(limit.shape),
            )
    low, high = wide(clip_value_min), wide(clip_value_max)
    return np.asarray(np.maximum(np.minimum(wide(t), high), low)).astype(t.dtype)


@clip_by_value_op.shape
def clip_by_value_shape(t: Shape, clip_value_min: Shape, clip_value_max: Shape) -> Shape:
    return t


@clip_by_value_op.gradient
def clip_by_value_gradient(op: Operation, grad: Tensor) -> Gradients:
    """Give the gradient to the number where it is between the limits, else to the limit."""
    t, low, high = op.inputs
    zeros = ops.zeros_like_op(grad)
    is_low, is_high = ops.less_op(t, low), ops.greater_op(t, high)
    outside = ops.logical_or_op(is_low, is_high)
    of_limits = [
        _summed_to(limit, ops.select_v2_op(chosen, grad, zeros), t)
        for limit, chosen in ((low, is_low), (high, is_high))
    ]
    return [ops.select_v2_op(outside, zeros, grad), *of_limits]


def _summed_to(limit: Tensor, grad: Tensor, t: Tensor) -> Tensor:
    shape = ops.shape_op(limit)
    axes = ops.broadcast_gradient_args_op(ops.shape_op(t), shape)[1]
    made: Tensor = ops.reshape_op(ops.sum_op(grad, axes), shape)
    return made


# --- NextAfter -----------------------------------------------------------------------------------


@op("NextAfter", T=types("float64", "float32").default(float32))
def next_after_op(x1: T, x2: T) -> T:
    """Give the number of the type that is next to x1, in the direction of x2; x2 if they are equal.

    Args:
        x1: real[...].
        x2: real[...], broadcast with x1.

    Returns:
        real[...].

    Raises:
        InvalidArgumentError: if the shapes do not fit.

    Source: IEEE 754-2019 §5.3.1 (nextUp, nextDown).
    """
    try:
        return np.asarray(np.nextafter(x1, x2))
    except ValueError:
        shapes = f"{sizes_text(x1.shape)} vs. {sizes_text(x2.shape)}"
        raise invalid(f"Incompatible shapes: {shapes}") from None


@next_after_op.shape
def next_after_shape(x1: Shape, x2: Shape) -> Shape:
    return broadcast(x1, x2)


@next_after_op.gradient
def next_after_gradient(op: Operation, grad: Tensor) -> Gradients:
    """Move as x1 does; the direction changes nothing."""
    return unbroadcast(op, grad, ops.zeros_like_op(grad))
