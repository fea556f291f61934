"""Adding a vector to every position of a batch: one number a channel.

Source: 2015 Table 1, row "Neural-net building blocks"; Figure 1 (BiasAdd).
"""

from typing import Any, Literal

import numpy as np

from minitf import ops
from minitf.dtypes import NUMBERS
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.precision import wide
from minitf.shapes import Shape, must_equal
from minitf.symbols import C, T
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Format = Literal["NHWC", "NCHW"]

# --- BiasAdd -----------------------------------------------------------------------------------


@op("BiasAdd", T=NUMBERS)
def bias_add_op(value: T, bias: T[C], *, data_format: Format = "NHWC") -> T:
    """Add bias[c] to every element of channel c.

    Args:
        value: number[..., C], or number[N, C, ...] for "NCHW".
        bias: number[C].
        data_format: where the channels are: last ("NHWC") or second ("NCHW").

    Returns:
        number, shaped as `value`.

    Raises:
        InvalidArgumentError: if there are not as many biases as channels.

    Source: 2015 Table 1.
    """
    check_bias(value, bias, data_format)
    ones = (1,) * (value.ndim - 2 if data_format == "NCHW" else 0)
    return value + bias.reshape(-1, *ones)


@bias_add_op.shape
def bias_add_shape(value: Shape, bias: Shape, *, data_format: str) -> Shape:
    if value.rank is None:
        return value
    axis = channel_axis(value, data_format)
    return value.replaced(axis, must_equal(value[axis], bias[0]))


@bias_add_op.gradient
def bias_add_gradient(op: Operation, grad: Tensor) -> list[Tensor]:
    return [grad, ops.bias_add_grad_op(grad, data_format=op.attrs["data_format"])]


def check_bias(value: Array, bias: Array, data_format: str) -> None:
    """Refuse a bias that has not one number for each channel."""
    axis = channel_axis(Shape(value.shape), data_format)
    if bias.shape != (value.shape[axis],):
        raise invalid(
            "Must provide as many biases as the last dimension of the input tensor: "
            f"{list(bias.shape)} vs. {list(value.shape)}",
            data_format=data_format,
        )


def channel_axis(value: Shape, data_format: str) -> int:
    """Return the axis that holds the channels, counted from the front."""
    least = 3 if data_format == "NCHW" else 2
    if len(value) < least:
        raise invalid(f"Shape must be at least rank {least} but is rank {len(value)}")
    return 1 if data_format == "NCHW" else len(value) - 1


# --- BiasAddV1 ---------------------------------------------------------------------------------


@op("BiasAddV1", T=NUMBERS)
def bias_add_v1_op(value: T, bias: T[C]) -> T:
    """Add bias[c] to every element of the last axis' channel c.

    Args:
        value: number[..., C].
        bias: number[C].

    Returns:
        number, shaped as `value`.

    Raises:
        InvalidArgumentError: if there are not as many biases as channels.

    Source: 2015 Table 1.
    """
    return bias_add_op.body(value, bias)


@bias_add_v1_op.shape
def bias_add_v1_shape(value: Shape, bias: Shape) -> Shape:
    return bias_add_shape(value, bias, data_format="NHWC")


@bias_add_v1_op.gradient
def bias_add_v1_gradient(op: Operation, grad: Tensor) -> list[Tensor]:
    return [grad, ops.bias_add_grad_op(grad)]


# --- BiasAddGrad -------------------------------------------------------------------------------


@op("BiasAddGrad", T=NUMBERS)
def bias_add_grad_op(out_backprop: T, *, data_format: Format = "NHWC") -> T:
    """Sum over everything but the channels: the gradient of a bias.

    Args:
        out_backprop: number[..., C], or number[N, C, ...] for "NCHW".
        data_format: where the channels are.

    Returns:
        number[C].

    Source: 2015 §4.1.
    """
    shape = Shape(out_backprop.shape)
    axis = channel_axis(shape, data_format)
    others = tuple(i for i in range(len(shape)) if i != axis)
    total: Array = wide(out_backprop).sum(others)
    return total.astype(out_backprop.dtype)


@bias_add_grad_op.shape
def bias_add_grad_shape(out_backprop: Shape, *, data_format: str) -> Shape:
    if out_backprop.rank is None:
        return Shape.unknown(1)
    return Shape([out_backprop[channel_axis(out_backprop, data_format)]])


@bias_add_grad_op.gradient
def bias_add_grad_gradient(op: Operation, grad: Tensor) -> list[Tensor]:
    shape = ops.shape_op(op.inputs[0])
    if op.attrs["data_format"] == "NCHW":
        # [C] becomes [C, 1, 1, ...]: as many ones as there are axes after the channels
        ones = ops.ones_like_op(shape[2:])
        grad = ops.reshape_op(grad, ops.concat_v2_op([ops.shape_op(grad), ones], 0))
    return [ops.broadcast_to_op(grad, shape)]
