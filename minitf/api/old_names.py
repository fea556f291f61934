"""Functions under their names before TensorFlow 1.0, as programs of that time call them.

Each is what its docstring names, with the arguments that it had then.

Source: TensorFlow 0.12's functions of the same names.
"""

from __future__ import annotations

from typing import Any

from minitf.api.array import concat, stack, unstack
from minitf.api.gathering import where
from minitf.api.image_colour import per_image_standardization
from minitf.api.math import multiply, negative, subtract
from minitf.api.matmul import matmul
from minitf.api.nn_conv import conv2d_transpose
from minitf.tensor import Tensor


def mul(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Return x * y element by element: `tf.multiply`."""
    return multiply(x, y, name)


def sub(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Return x - y element by element: `tf.subtract`."""
    return subtract(x, y, name)


def neg(x: Any, name: str | None = None) -> Tensor:
    """Return -x: `tf.negative`."""
    return negative(x, name)


def pack(values: Any, axis: int = 0, name: str = "pack") -> Tensor:
    """Join tensors of one shape along a new axis: `tf.stack`."""
    return stack(values, axis, name)


def unpack(value: Any, num: int | None = None, axis: int = 0, name: str = "unpack") -> list[Tensor]:
    """Take a tensor apart along an axis: `tf.unstack`."""
    return unstack(value, num, axis, name)


def select(condition: Any, t: Any, e: Any, name: str | None = None) -> Tensor:
    """Return `t` where a condition holds and `e` elsewhere: `tf.where`."""
    return where(condition, t, e, name)


def concat_v2(values: Any, axis: Any, name: str = "concat_v2") -> Tensor:
    """Join tensors along an axis: `tf.concat`."""
    return concat(values, axis, name)


def batch_matmul(
    x: Any, y: Any, adj_x: bool = False, adj_y: bool = False, name: str | None = None
) -> Tensor:
    """Multiply batches of matrices: `tf.matmul`."""
    return matmul(x, y, adjoint_a=adj_x, adjoint_b=adj_y, name=name)


def deconv2d(
    value: Any,
    filter: Any,
    output_shape: Any,
    strides: Any,
    padding: str = "SAME",
    name: str | None = None,
) -> Tensor:
    """Upsample with a bank of filters: `tf.nn.conv2d_transpose`."""
    return conv2d_transpose(value, filter, output_shape, strides, padding, name=name)


def per_image_whitening(image: Any) -> Tensor:
    """Give an image mean 0 and variance 1: `tf.image.per_image_standardization`."""
    return per_image_standardization(image)
