"""Depthwise convolution, each channel with filters of its own, and its two gradients.

    out[n, p, q, c * M + m] = sum over r, s of
        input[n, p * U + r * Dy - top, q * V + s * Dx - left, c] * filter[r, s, c, m]

with zeros outside the input.  As in `minitf.ops.conv.conv2d` each op takes one tap (r, s) of all
windows at once, and each op's gradient consists of the other two.

Letters: N batch, H W input, C its channels, R S filter, M filters of one channel, U V strides,
P Q output, K = C * M its channels.

Source: 2015 Table 1, row "Neural-net building blocks"; TensorFlow's ops of the same names.
"""

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np

from minitf import ops
from minitf.dtypes import FLOATS
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.conv.grouped import check_backprop, check_ranks, conv_frame, sizes_of
from minitf.ops.conv.windows import Frame, Windows, given
from minitf.ops.precision import wide
from minitf.shapes import Shape, must_equal, shape_of_value
from minitf.symbols import C, H, K, M, N, P, Q, R, S, T, W, int32, n
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Padding = Literal["SAME", "VALID", "EXPLICIT"]
Format = Literal["NHWC", "NCHW"]
OneTapAtATime = Callable[[Array, Array, Windows], Array]


# --- what surrounds the work: where the channels are, checks, 16-bit floats ----------------------


def convolve(frame: Frame, input: Array, filter: Array, correlate: OneTapAtATime) -> Array:
    """Return the convolution of images; `correlate` gives [N, P, Q, C, M]."""
    images = wide(frame.to_last(input))
    windows = windows_over(frame, images.shape, filter.shape)
    return _joined(frame, correlate(images, wide(filter), windows)).astype(input.dtype, copy=False)


def convolve_input(
    frame: Frame, input_sizes: Array, filter: Array, out_backprop: Array, spread: OneTapAtATime
) -> Array:
    """Return the gradient of the input; `spread` takes gradients [N, P, Q, C, M]."""
    batch, sizes = frame.sizes(sizes_of(frame, "input_sizes", input_sizes))
    windows = windows_over(frame, (batch, *sizes), filter.shape)
    grads = _parted(frame, out_backprop, (batch, *windows.counts, *filter.shape[2:]))
    return frame.from_last(spread(grads, wide(filter), windows)).astype(filter.dtype, copy=False)


def convolve_filter(
    frame: Frame, input: Array, filter_sizes: Array, out_backprop: Array, pair: OneTapAtATime
) -> Array:
    """Return the gradient of the filter; `pair` takes gradients [N, P, Q, C, M]."""
    filter_shape = tuple(sizes_of(frame, "filter_sizes", filter_sizes))
    images = wide(frame.to_last(input))
    windows = windows_over(frame, images.shape, filter_shape)
    grads = _parted(frame, out_backprop, (len(images), *windows.counts, *filter_shape[2:]))
    return pair(images, grads, windows).astype(input.dtype, copy=False)


def windows_over(frame: Frame, images: Sequence[Any], filter: Sequence[Any]) -> Windows:
    """Return the windows of a filter over images [N, H, W, C].

    Raises:
        InvalidArgumentError: if ranks or channel counts do not fit, or a filter exceeds the image.
    """
    check_ranks(frame.rank, input=images, filter=filter)
    if images[3] != filter[2]:
        raise invalid(
            f"input and filter must have the same depth: {images[3]} vs {filter[2]}",
            hint="filters are [height, width, channels in, filters of each]",
        )
    return frame.windows(images[1:], filter[:2])


def _joined(frame: Frame, parts: Array) -> Array:
    """Return [N, P, Q, C, M] as images of C * M channels in the op's own order."""
    *pixels, channels, multiple = parts.shape
    return frame.from_last(parts.reshape(*pixels, channels * multiple))


def _parted(frame: Frame, out_backprop: Array, shape: tuple[Any, ...]) -> Array:
    """Return the output's gradient as [N, P, Q, C, M]."""
    grads = wide(frame.to_last(out_backprop))
    check_backprop(grads, (*shape[:3], shape[3] * shape[4]))
    return grads.reshape(shape)


# --- DepthwiseConv2dNative -----------------------------------------------------------------------


@op("DepthwiseConv2dNative", T=FLOATS)
def depthwise_conv2d_native_op(
    input: T[N, H, W, C],
    filter: T[R, S, C, M],
    *,
    strides: tuple[int, ...],
    padding: Padding,
    explicit_paddings: tuple[int, ...] = (),
    data_format: Format = "NHWC",
    dilations: tuple[int, ...] = (1, 1, 1, 1),
) -> T[N, P, Q, K]:
    """Cross-correlate each channel of images with its own filters.

    The formula stands at the head of this file.

    Args:
        input: float[N, H, W, C], or [N, C, H, W] for "NCHW".
        filter: float[R, S, C, M].
        strides: four ints >= 1, cells from one window to the next, in `data_format`'s order.
        padding: "SAME": P = ceil(H / U); "VALID": no padding; "EXPLICIT".
        explicit_paddings: eight ints >= 0, (before, after) of each axis, for "EXPLICIT".
        data_format: where the channels are.
        dilations: four ints >= 1, cells from one tap to the next.

    Returns:
        float[N, P, Q, C * M], or [N, C * M, P, Q].

    Raises:
        InvalidArgumentError: if channel counts differ, or a filter exceeds the padded image.

    Source: TensorFlow's op of the same name.
    """
    frame = conv_frame(strides, padding, explicit_paddings, data_format, dilations)
    return convolve(frame, input, filter, correlate)


def correlate(images: Array, filter: Array, windows: Windows) -> Array:
    """Convolve: the sum over taps of a slice times the tap's row of each channel's filters."""
    padded = windows.padded(images)
    out = np.zeros((len(images), *windows.counts, *filter.shape[2:]), images.dtype)
    for tap, at in windows.taps():
        out += padded[at][..., np.newaxis] * filter[tap]
    return out


@depthwise_conv2d_native_op.shape
def depthwise_conv2d_native_shape(input: Shape, filter: Shape, **attrs: Any) -> Shape:
    frame = conv_frame(**attrs)
    batch, (height, width, channels) = frame.sizes(input)
    r, s, taken, multiple = filter
    channels = must_equal(channels, taken)
    counts = frame.count(0, height, r), frame.count(1, width, s)
    return frame.shape(batch, *counts, channels * multiple)


@depthwise_conv2d_native_op.gradient
def depthwise_conv2d_native_gradient(op: Operation, grad: Tensor) -> list[Tensor]:
    input, filter = op.inputs
    to_input = ops.depthwise_conv2d_native_backprop_input_op
    to_filter = ops.depthwise_conv2d_native_backprop_filter_op
    attrs = given(op)
    return [
        to_input(ops.shape_op(input), filter, grad, **attrs),
        to_filter(input, ops.shape_op(filter), grad, **attrs),
    ]


# --- DepthwiseConv2dNativeBackpropInput ----------------------------------------------------------


@op("DepthwiseConv2dNativeBackpropInput", T=FLOATS)
def depthwise_conv2d_native_backprop_input_op(
    input_sizes: int32[n],
    filter: T[R, S, C, M],
    out_backprop: T[N, P, Q, K],
    *,
    strides: tuple[int, ...],
    padding: Padding,
    explicit_paddings: tuple[int, ...] = (),
    data_format: Format = "NHWC",
    dilations: tuple[int, ...] = (1, 1, 1, 1),
) -> T[N, H, W, C]:
    """Carry a depthwise convolution's gradient back to its input.

    Each output cell gives filter[r, s, c, m] * out_backprop[n, p, q, c * M + m] back to the cell it
    was taken from.

    Args:
        input_sizes: int32[4], the input's shape.
        filter: float[R, S, C, M].
        out_backprop: float[N, P, Q, C * M], or [N, C * M, P, Q].
        strides: as the convolution's, and so are the other attributes.

    Returns:
        float of shape `input_sizes`.

    Raises:
        InvalidArgumentError: if `out_backprop` is not as large as the convolution's output.

    Source: 2015 §4.1.
    """
    frame = conv_frame(strides, padding, explicit_paddings, data_format, dilations)
    return convolve_input(frame, input_sizes, filter, out_backprop, spread)


def spread(grads: Array, filter: Array, windows: Windows) -> Array:
    """Carry the gradient back to the input: the adjoint of `correlate` in the input."""
    sizes = [sweep.size for sweep in windows.sweeps]
    padded = windows.padded(np.zeros((len(grads), *sizes, filter.shape[2]), grads.dtype))
    for tap, at in windows.taps():
        padded[at] += (grads * filter[tap]).sum(-1)
    return windows.cropped(padded)


@depthwise_conv2d_native_backprop_input_op.shape(values_of=("input_sizes",))
def depthwise_conv2d_native_backprop_input_shape(
    input_sizes: Any, filter: Shape, out_backprop: Shape, **attrs: Any
) -> Shape:
    return shape_of_value(input_sizes).with_rank(4, "input_sizes")


@depthwise_conv2d_native_backprop_input_op.gradient
def depthwise_conv2d_native_backprop_input_gradient(
    op: Operation, grad: Tensor
) -> list[Tensor | None]:
    _, filter, out_backprop = op.inputs
    to_filter = ops.depthwise_conv2d_native_backprop_filter_op
    attrs = given(op)
    return [
        None,
        to_filter(grad, ops.shape_op(filter), out_backprop, **attrs),
        ops.depthwise_conv2d_native_op(grad, filter, **attrs),
    ]


# --- DepthwiseConv2dNativeBackpropFilter ---------------------------------------------------------


@op("DepthwiseConv2dNativeBackpropFilter", T=FLOATS)
def depthwise_conv2d_native_backprop_filter_op(
    input: T[N, H, W, C],
    filter_sizes: int32[n],
    out_backprop: T[N, P, Q, K],
    *,
    strides: tuple[int, ...],
    padding: Padding,
    explicit_paddings: tuple[int, ...] = (),
    data_format: Format = "NHWC",
    dilations: tuple[int, ...] = (1, 1, 1, 1),
) -> T[R, S, C, M]:
    """Carry a depthwise convolution's gradient back to its filter.

    out[r, s, c, m] = sum over n, p, q of input[n, p * U + r - top, q * V + s - left, c] *
    out_backprop[n, p, q, c * M + m], without dilation.

    Args:
        input: float[N, H, W, C], or [N, C, H, W].
        filter_sizes: int32[4], the filter's shape.
        out_backprop: float[N, P, Q, C * M], or [N, C * M, P, Q].
        strides: as the convolution's, and so are the other attributes.

    Returns:
        float of shape `filter_sizes`.

    Raises:
        InvalidArgumentError: if `out_backprop` is not as large as the convolution's output.

    Source: 2015 §4.1.
    """
    frame = conv_frame(strides, padding, explicit_paddings, data_format, dilations)
    return convolve_filter(frame, input, filter_sizes, out_backprop, pair)


def pair(images: Array, grads: Array, windows: Windows) -> Array:
    """Carry the gradient back to the filter: the adjoint of `correlate` in the filter."""
    padded = windows.padded(images)
    window = [sweep.window for sweep in windows.sweeps]
    out = np.zeros((*window, *grads.shape[3:]), images.dtype)
    for tap, at in windows.taps():
        out[tap] = (padded[at][..., np.newaxis] * grads).sum((0, 1, 2))
    return out


@depthwise_conv2d_native_backprop_filter_op.shape(values_of=("filter_sizes",))
def depthwise_conv2d_native_backprop_filter_shape(
    input: Shape, filter_sizes: Any, out_backprop: Shape, **attrs: Any
) -> Shape:
    return shape_of_value(filter_sizes).with_rank(4, "filter_sizes")


@depthwise_conv2d_native_backprop_filter_op.gradient
def depthwise_conv2d_native_backprop_filter_gradient(
    op: Operation, grad: Tensor
) -> list[Tensor | None]:
    input, _, out_backprop = op.inputs
    attrs = given(op)
    return [
        ops.depthwise_conv2d_native_backprop_input_op(
            ops.shape_op(input), grad, out_backprop, **attrs
        ),
        None,
        ops.depthwise_conv2d_native_op(input, grad, **attrs),
    ]
