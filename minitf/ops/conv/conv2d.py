"""Two-dimensional convolution and its two gradients.

    out[n, p, q, k] = sum over r, s, c of
        input[n, p * U + r * Dy - top, q * V + s * Dx - left, c] * filter[r, s, c, k]

with zeros outside the input.  Each op takes one *tap* (r, s) of all windows at once: a strided
slice of the padded input times the matrix filter[r, s] (`minitf.ops.conv.windows`).  The gradients
are its adjoints, so each op's gradient consists of the other two.

Letters: N batch, H W input, C its channels, R S filter, U V strides, P Q output, K its channels.

Source: 2015 Table 1, row "Neural-net building blocks".
"""

from typing import Any, Literal

import numpy as np

from minitf import ops
from minitf.dtypes import FLOATS, types
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.conv.grouped import (
    conv_frame,
    convolve,
    convolve_filter,
    convolve_input,
    output_shape,
)
from minitf.ops.conv.windows import Windows, given
from minitf.shapes import Shape, shape_of_value
from minitf.symbols import C, H, K, N, P, Q, R, S, T, W, int32, n
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Padding = Literal["SAME", "VALID", "EXPLICIT"]
Format = Literal["NHWC", "NCHW"]


# --- Conv2D ------------------------------------------------------------------------------------


@op("Conv2D", T=FLOATS | types("int32"))
def conv2d_op(
    input: T[N, H, W, C],
    filter: T[R, S, C, K],
    *,
    strides: tuple[int, ...],
    use_cudnn_on_gpu: bool = True,
    padding: Padding,
    explicit_paddings: tuple[int, ...] = (),
    data_format: Format = "NHWC",
    dilations: tuple[int, ...] = (1, 1, 1, 1),
) -> T[N, P, Q, K]:
    """Cross-correlate each image with a bank of filters.

    The formula stands at the head of this file.

    Args:
        input: number[N, H, W, C], or [N, C, H, W] for "NCHW".
        filter: number[R, S, C / groups, K].
        strides: four ints >= 1, cells from one window to the next, in `data_format`'s order.
        use_cudnn_on_gpu: accepted, without effect.
        padding: "SAME": P = ceil(H / U); "VALID": no padding; "EXPLICIT".
        explicit_paddings: eight ints >= 0, (before, after) of each axis, for "EXPLICIT".
        data_format: where the channels are.
        dilations: four ints >= 1, cells from one tap to the next.

    Returns:
        number[N, P, Q, K], or [N, K, P, Q].

    Raises:
        InvalidArgumentError: if channel counts do not fit, or a filter exceeds the padded image.

    Source: 2015 Table 1.
    """
    frame = conv_frame(strides, padding, explicit_paddings, data_format, dilations)
    return convolve(frame, input, filter, correlate)


def correlate(images: Array, filter: Array, windows: Windows) -> Array:
    """Convolve one group: the sum over taps of a slice times a matrix."""
    padded = windows.padded(images)
    out = np.zeros((len(images), *windows.counts, filter.shape[-1]), images.dtype)
    for tap, at in windows.taps():
        out += padded[at] @ filter[tap]
    return out


@conv2d_op.shape
def conv2d_shape(input: Shape, filter: Shape, **attrs: Any) -> Shape:
    return output_shape(conv_frame(**attrs), input, filter)


@conv2d_op.gradient
def conv2d_gradient(op: Operation, grad: Tensor) -> list[Tensor]:
    input, filter = op.inputs
    input_sizes, filter_sizes = ops.shape_n_op([input, filter])
    attrs = given(op)
    return [
        ops.conv2d_backprop_input_op(input_sizes, filter, grad, **attrs),
        ops.conv2d_backprop_filter_op(input, filter_sizes, grad, **attrs),
    ]


# --- Conv2DBackpropInput -----------------------------------------------------------------------


@op("Conv2DBackpropInput", T=FLOATS | types("int32"))
def conv2d_backprop_input_op(
    input_sizes: int32[n],
    filter: T[R, S, C, K],
    out_backprop: T[N, P, Q, K],
    *,
    strides: tuple[int, ...],
    use_cudnn_on_gpu: bool = True,
    padding: Padding,
    explicit_paddings: tuple[int, ...] = (),
    data_format: Format = "NHWC",
    dilations: tuple[int, ...] = (1, 1, 1, 1),
) -> T[N, H, W, C]:
    """Carry a convolution's gradient back to its input: the transposed convolution.

    Each output cell gives filter[r, s] @ out_backprop[n, p, q] back to the cell it was taken from.

    Args:
        input_sizes: int32[4], the input's shape.
        filter: number[R, S, C / groups, K].
        out_backprop: number[N, P, Q, K], or [N, K, P, Q].
        strides: as the convolution's, and so are the other attributes.

    Returns:
        number of shape `input_sizes`.

    Raises:
        InvalidArgumentError: if `out_backprop` is not as large as the convolution's output.

    Source: 2015 §4.1.
    """
    frame = conv_frame(strides, padding, explicit_paddings, data_format, dilations)
    return convolve_input(frame, input_sizes, filter, out_backprop, spread)


def spread(grads: Array, filter: Array, windows: Windows) -> Array:
    """Carry one group's gradient back to its input: the adjoint of `correlate` in the input."""
    sizes = [sweep.size for sweep in windows.sweeps]
    padded = windows.padded(np.zeros((len(grads), *sizes, filter.shape[-2]), grads.dtype))
    for tap, at in windows.taps():
        padded[at] += grads @ filter[tap].T
    return windows.cropped(padded)


@conv2d_backprop_input_op.shape(values_of=("input_sizes",))
def conv2d_backprop_input_shape(
    input_sizes: Any, filter: Shape, out_backprop: Shape, **attrs: Any
) -> Shape:
    return shape_of_value(input_sizes).with_rank(4, "input_sizes")


@conv2d_backprop_input_op.gradient
def conv2d_backprop_input_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    _, filter, out_backprop = op.inputs
    attrs = given(op)
    sizes = ops.shape_op(filter)
    return [
        None,
        ops.conv2d_backprop_filter_op(grad, sizes, out_backprop, **attrs),
        ops.conv2d_op(grad, filter, **attrs),
    ]


# --- Conv2DBackpropFilter ----------------------------------------------------------------------


@op("Conv2DBackpropFilter", T=FLOATS)
def conv2d_backprop_filter_op(
    input: T[N, H, W, C],
    filter_sizes: int32[n],
    out_backprop: T[N, P, Q, K],
    *,
    strides: tuple[int, ...],
    use_cudnn_on_gpu: bool = True,
    padding: Padding,
    explicit_paddings: tuple[int, ...] = (),
    data_format: Format = "NHWC",
    dilations: tuple[int, ...] = (1, 1, 1, 1),
) -> T[R, S, C, K]:
    """Carry a convolution's gradient back to its filter.

    out[r, s, c, k] = sum over n, p, q of input[n, p * U + r - top, q * V + s - left, c] *
    out_backprop[n, p, q, k], for one group and no dilation.

    Args:
        input: number[N, H, W, C], or [N, C, H, W].
        filter_sizes: int32[4], the filter's shape.
        out_backprop: number[N, P, Q, K], or [N, K, P, Q].
        strides: as the convolution's, and so are the other attributes.

    Returns:
        number of shape `filter_sizes`.

    Raises:
        InvalidArgumentError: if `out_backprop` is not as large as the convolution's output.

    Source: 2015 §4.1.
    """
    frame = conv_frame(strides, padding, explicit_paddings, data_format, dilations)
    return convolve_filter(frame, input, filter_sizes, out_backprop, pair)


def pair(images: Array, grads: Array, windows: Windows) -> Array:
    """Carry one group's gradient back to its filter: the adjoint of `correlate` in the filter."""
    padded = windows.padded(images)
    window = [sweep.window for sweep in windows.sweeps]
    out = np.zeros((*window, images.shape[-1], grads.shape[-1]), images.dtype)
    every = range(grads.ndim - 1)  # all axes but the channels
    for tap, at in windows.taps():
        out[tap] = np.tensordot(padded[at], grads, axes=(every, every))
    return out


@conv2d_backprop_filter_op.shape(values_of=("filter_sizes",))
def conv2d_backprop_filter_shape(
    input: Shape, filter_sizes: Any, out_backprop: Shape, **attrs: Any
) -> Shape:
    return shape_of_value(filter_sizes).with_rank(4, "filter_sizes")


@conv2d_backprop_filter_op.gradient
def conv2d_backprop_filter_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    input, _, out_backprop = op.inputs
    attrs = given(op)
    sizes = ops.shape_op(input)
    return [
        ops.conv2d_backprop_input_op(sizes, grad, out_backprop, **attrs),
        None,
        ops.conv2d_op(input, grad, **attrs),
    ]
