"""Max pooling whose window and strides are inputs: programs may compute them.

Each op means what the op of `minitf.ops.conv.pooling` means whose attributes the inputs replace.

Letters: N batch, H W input, C its channels, P Q output, D its channels.

Source: 2015 Table 1, row "Neural-net building blocks"; TensorFlow's ops of these names.
"""

from typing import Any, Literal

import numpy as np

from minitf import ops
from minitf.dtypes import REAL_NUMBERS
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.conv.pooling import (
    POOLED,
    Format,
    Padding,
    max_pool_grad_grad_op,
    max_pool_grad_op,
    max_pool_op,
)
from minitf.ops.conv.pools import Pool
from minitf.ops.conv.windows import given
from minitf.shapes import Shape, known, merge
from minitf.symbols import C, D, H, N, P, Q, T, W, float32, int32, n
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Gradients = list[Tensor | None]


def sizes(ksize: Array, strides: Array) -> dict[str, tuple[int, ...]]:
    """Return two inputs as the attributes that they replace.

    Raises:
        InvalidArgumentError: if one has not four entries.
    """
    for what, values in (("ksize", ksize), ("strides", strides)):
        if len(values) != 4:
            raise invalid(f"Sliding window {what} must be a vector of size 4: {list(values)}")
    return {"ksize": tuple(ksize.tolist()), "strides": tuple(strides.tolist())}


def pooled_shape(images: Shape, ksize: Any, strides: Any, **attrs: Any) -> Shape:
    """Return the shape of the pooling, as far as the window is known while the graph is built."""
    if ksize is None or strides is None or not known(*ksize, *strides):
        return Shape.unknown(4)
    return Pool.of(ksize, strides, **attrs).shape(images)


# --- MaxPoolV2 ---------------------------------------------------------------------------------


@op("MaxPoolV2", T=POOLED.default(float32))
def max_pool_v2_op(
    input: T[N, H, W, C],
    ksize: int32[n],
    strides: int32[n],
    *,
    padding: Padding,
    data_format: Literal["NHWC", "NCHW", "NCHW_VECT_C"] = "NHWC",
) -> T[N, P, Q, D]:
    """Take the greatest value of each window, as MaxPool does.

    Args:
        input: number[N, H, W, C], or [N, C, H, W] for "NCHW".
        ksize: int32[4], each >= 1, the window along each axis, in `data_format`'s order.
        strides: int32[4], each >= 1, cells from one window to the next.
        padding: "SAME": P = ceil(H / U); "VALID": no padding.
        data_format: where the channels are.

    Returns:
        number[N, P, Q, D], or [N, D, P, Q].

    Raises:
        InvalidArgumentError: if a window exceeds the image.

    Source: 2015 Table 1.
    """
    attrs = sizes(ksize, strides)
    return max_pool_op.body(input, **attrs, padding=padding, data_format=data_format)


max_pool_v2_op.shape(values_of=("ksize", "strides"))(pooled_shape)


@max_pool_v2_op.gradient
def max_pool_v2_gradient(op: Operation, grad: Tensor) -> Gradients:
    image, ksize, strides = op.inputs
    grad = ops.max_pool_grad_v2_op(image, op.outputs[0], grad, ksize, strides, **given(op))
    return [grad, None, None]


# --- MaxPoolGradV2 -----------------------------------------------------------------------------


@op("MaxPoolGradV2", T=REAL_NUMBERS.default(float32))
def max_pool_grad_v2_op(
    orig_input: T[N, H, W, C],
    orig_output: T[N, P, Q, D],
    grad: T[N, P, Q, D],
    ksize: int32[n],
    strides: int32[n],
    *,
    padding: Padding,
    data_format: Format = "NHWC",
) -> T[N, H, W, C]:
    """Give each window's gradient back to the cell that was its greatest, as MaxPoolGrad does.

    Args:
        orig_input: number[N, H, W, C], what was pooled.
        orig_output: number[N, P, Q, D], the greatest values.
        grad: number[N, P, Q, D].
        ksize: as the pooling's, and so is all that follows.

    Returns:
        number[N, H, W, C].

    Raises:
        InvalidArgumentError: if `grad` is not as large as the pooling's output.

    Source: 2015 §4.1.
    """
    attrs = sizes(ksize, strides)
    return max_pool_grad_op.body(
        orig_input, orig_output, grad, **attrs, padding=padding, data_format=data_format
    )


@max_pool_grad_v2_op.shape
def max_pool_grad_v2_shape(
    orig_input: Shape,
    orig_output: Shape,
    grad: Shape,
    ksize: Shape,
    strides: Shape,
    **attrs: Any,
) -> Shape:
    return orig_input


@max_pool_grad_v2_op.gradient
def max_pool_grad_v2_gradient(op: Operation, grad: Tensor) -> Gradients:
    image, pooled, _, ksize, strides = op.inputs
    taken = ops.max_pool_grad_grad_v2_op(image, pooled, grad, ksize, strides, **given(op))
    return [None, None, taken, None, None]


# --- MaxPoolGradGradV2 -------------------------------------------------------------------------


@op("MaxPoolGradGradV2", T=REAL_NUMBERS)
def max_pool_grad_grad_v2_op(
    orig_input: T[N, H, W, C],
    orig_output: T[N, P, Q, D],
    grad: T[N, H, W, C],
    ksize: int32[n],
    strides: int32[n],
    *,
    padding: Padding,
    data_format: Format = "NHWC",
) -> T[N, P, Q, D]:
    """Take `grad` at the cell that is each window's greatest, as MaxPoolGradGrad does.

    Args:
        orig_input: number[N, H, W, C], what was pooled.
        orig_output: number[N, P, Q, D], the greatest values.
        grad: number[N, H, W, C].
        ksize: as the pooling's, and so is all that follows.

    Returns:
        number[N, P, Q, D].

    Raises:
        InvalidArgumentError: if `grad` is not as large as `orig_input`.

    Source: 2015 §4.1.
    """
    attrs = sizes(ksize, strides)
    return max_pool_grad_grad_op.body(
        orig_input, orig_output, grad, **attrs, padding=padding, data_format=data_format
    )


@max_pool_grad_grad_v2_op.shape(values_of=("ksize", "strides"))
def max_pool_grad_grad_v2_shape(
    orig_input: Shape, orig_output: Shape, grad: Shape, ksize: Any, strides: Any, **attrs: Any
) -> Shape:
    return merge(pooled_shape(merge(orig_input, grad), ksize, strides, **attrs), orig_output)


@max_pool_grad_grad_v2_op.gradient
def max_pool_grad_grad_v2_gradient(op: Operation, grad: Tensor) -> Gradients:
    image, pooled, _, ksize, strides = op.inputs
    shared = ops.max_pool_grad_v2_op(image, pooled, grad, ksize, strides, **given(op))
    return [None, None, shared, None, None]
