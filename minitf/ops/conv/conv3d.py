"""Convolution of volumes and its two gradients.

    out[n, o, p, q, k] = sum over t, r, s, c of
        input[n, o * Z + t * Dz - front, p * U + r * Dy - top, q * V + s * Dx - left, c] *
        filter[t, r, s, c, k]

with zeros outside the input: `minitf.ops.conv.conv2d` with one more axis of space, whose functions
of one group of channels do the work here too.

Letters: N batch, D H W input, C its channels, B R S filter, Z U V strides, O P Q output, K its
channels.

Source: 2015 Table 1, row "Neural-net building blocks"; TensorFlow's ops of the same names.
"""

from typing import Any, Literal

import numpy as np

from minitf import ops
from minitf.dtypes import FLOATS, INDICES, types
from minitf.op_def import at_least, op
from minitf.operation import Operation
from minitf.ops.conv.conv2d import correlate, pair, spread
from minitf.ops.conv.grouped import (
    conv_frame,
    convolve,
    convolve_filter,
    convolve_input,
    output_shape,
)
from minitf.ops.conv.windows import Frame, given
from minitf.shapes import Shape, shape_of_value
from minitf.symbols import B, C, D, H, K, N, O, P, Q, R, S, T, Tshape, W, int32, n
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Padding = Literal["SAME", "VALID"]
Format = Literal["NDHWC", "NCDHW"]
FIVE = at_least(5)
FIRST_TYPES = types("float16", "float32", "float64")
ONES = (1, 1, 1, 1, 1)


def volume_frame(
    strides: tuple[int, ...],
    padding: str,
    data_format: str = "NDHWC",
    dilations: tuple[int, ...] = ONES,
) -> Frame:
    """Read the attributes of a convolution of volumes."""
    return conv_frame(strides, padding, (), data_format, dilations)


# --- Conv3D --------------------------------------------------------------------------------------


@op("Conv3D", T=FLOATS, strides=FIVE)
def conv3d_op(
    input: T[N, D, H, W, C],
    filter: T[B, R, S, C, K],
    *,
    strides: tuple[int, ...],
    padding: Padding,
    data_format: Format = "NDHWC",
    dilations: tuple[int, ...] = ONES,
) -> T[N, O, P, Q, K]:
    """Cross-correlate each volume with a bank of filters.

    The formula stands at the head of this file.

    Args:
        input: float[N, D, H, W, C], or [N, C, D, H, W] for "NCDHW".
        filter: float[B, R, S, C / groups, K].
        strides: five ints >= 1, cells from one window to the next, in `data_format`'s order.
        padding: "SAME": O = ceil(D / Z); "VALID": no padding.
        data_format: where the channels are.
        dilations: five ints >= 1, cells from one tap to the next.

    Returns:
        float[N, O, P, Q, K], or [N, K, O, P, Q].

    Raises:
        InvalidArgumentError: if channel counts do not fit, or a filter exceeds the volume.

    Source: TensorFlow's op of the same name.
    """
    frame = volume_frame(strides, padding, data_format, dilations)
    return convolve(frame, input, filter, correlate)


@conv3d_op.shape
def conv3d_shape(input: Shape, filter: Shape, **attrs: Any) -> Shape:
    return output_shape(volume_frame(**attrs), input, filter)


@conv3d_op.gradient
def conv3d_gradient(op: Operation, grad: Tensor) -> list[Tensor]:
    input, filter = op.inputs
    attrs = given(op)
    return [
        ops.conv3d_backprop_input_v2_op(ops.shape_op(input), filter, grad, **attrs),
        ops.conv3d_backprop_filter_v2_op(input, ops.shape_op(filter), grad, **attrs),
    ]


# --- Conv3DBackpropInputV2 -----------------------------------------------------------------------


@op("Conv3DBackpropInputV2", T=FLOATS, Tshape=INDICES.default(int32), strides=FIVE)
def conv3d_backprop_input_v2_op(
    input_sizes: Tshape[n],
    filter: T[B, R, S, C, K],
    out_backprop: T[N, O, P, Q, K],
    *,
    strides: tuple[int, ...],
    padding: Padding,
    data_format: Format = "NDHWC",
    dilations: tuple[int, ...] = ONES,
) -> T[N, D, H, W, C]:
    """Carry a convolution's gradient back to its input: the transposed convolution.

    Each output cell gives filter[t, r, s] @ out_backprop[n, o, p, q] back to the cell it was taken
    from.

    Args:
        input_sizes: integer[5], the input's shape.
        filter: float[B, R, S, C / groups, K].
        out_backprop: float[N, O, P, Q, K], or [N, K, O, P, Q].
        strides: as the convolution's, and so are the other attributes.

    Returns:
        float of shape `input_sizes`.

    Raises:
        InvalidArgumentError: if `out_backprop` is not as large as the convolution's output.

    Source: 2015 §4.1.
    """
    frame = volume_frame(strides, padding, data_format, dilations)
    return convolve_input(frame, input_sizes, filter, out_backprop, spread)


@conv3d_backprop_input_v2_op.shape(values_of=("input_sizes",))
def conv3d_backprop_input_v2_shape(
    input_sizes: Any, filter: Shape, out_backprop: Shape, **attrs: Any
) -> Shape:
    return shape_of_value(input_sizes).with_rank(5, "input_sizes")


@conv3d_backprop_input_v2_op.gradient
def conv3d_backprop_input_v2_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    _, filter, out_backprop = op.inputs
    attrs = given(op)
    sizes = ops.shape_op(filter)
    return [
        None,
        ops.conv3d_backprop_filter_v2_op(grad, sizes, out_backprop, **attrs),
        ops.conv3d_op(grad, filter, **attrs),
    ]


# --- Conv3DBackpropFilterV2 ----------------------------------------------------------------------


@op("Conv3DBackpropFilterV2", T=FLOATS, strides=FIVE)
def conv3d_backprop_filter_v2_op(
    input: T[N, D, H, W, C],
    filter_sizes: int32[n],
    out_backprop: T[N, O, P, Q, K],
    *,
    strides: tuple[int, ...],
    padding: Padding,
    data_format: Format = "NDHWC",
    dilations: tuple[int, ...] = ONES,
) -> T[B, R, S, C, K]:
    """Carry a convolution's gradient back to its filter.

    out[t, r, s, c, k] = sum over n, o, p, q of the input's cell that tap (t, r, s) of window
    (o, p, q) sees, times out_backprop[n, o, p, q, k].

    Args:
        input: float[N, D, H, W, C], or [N, C, D, H, W].
        filter_sizes: int32[5], the filter's shape.
        out_backprop: float[N, O, P, Q, K], or [N, K, O, P, Q].
        strides: as the convolution's, and so are the other attributes.

    Returns:
        float of shape `filter_sizes`.

    Raises:
        InvalidArgumentError: if `out_backprop` is not as large as the convolution's output.

    Source: 2015 §4.1.
    """
    frame = volume_frame(strides, padding, data_format, dilations)
    return convolve_filter(frame, input, filter_sizes, out_backprop, pair)


@conv3d_backprop_filter_v2_op.shape(values_of=("filter_sizes",))
def conv3d_backprop_filter_v2_shape(
    input: Shape, filter_sizes: Any, out_backprop: Shape, **attrs: Any
) -> Shape:
    return shape_of_value(filter_sizes).with_rank(5, "filter_sizes")


@conv3d_backprop_filter_v2_op.gradient
def conv3d_backprop_filter_v2_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    input, _, out_backprop = op.inputs
    attrs = given(op)
    sizes = ops.shape_op(input)
    return [
        ops.conv3d_backprop_input_v2_op(sizes, grad, out_backprop, **attrs),
        None,
        ops.conv3d_op(input, grad, **attrs),
    ]


# --- the first versions, which took arrays for their shapes ---------------------------------------


@op(
    "Conv3DBackpropInput",
    T=FIRST_TYPES,
    strides=FIVE,
    deprecated=(10, "Use Conv3DBackpropInputV2"),
)
def conv3d_backprop_input_op(
    input: T[N, D, H, W, C],
    filter: T[B, R, S, C, K],
    out_backprop: T[N, O, P, Q, K],
    *,
    strides: tuple[int, ...],
    padding: Padding,
    dilations: tuple[int, ...] = ONES,
) -> T[N, D, H, W, C]:
    """Carry a convolution's gradient back to its input, of which only the shape counts.

    Args:
        input: float[N, D, H, W, C].
        filter: float[B, R, S, C / groups, K].
        out_backprop: float[N, O, P, Q, K].
        strides: as the convolution's, and so are the other attributes.

    Returns:
        float[N, D, H, W, C].

    Raises:
        InvalidArgumentError: if `out_backprop` is not as large as the convolution's output.

    Source: TensorFlow's op of the same name.
    """
    frame = volume_frame(strides, padding, dilations=dilations)
    return convolve_input(frame, np.array(input.shape), filter, out_backprop, spread)


@conv3d_backprop_input_op.shape
def conv3d_backprop_input_shape(
    input: Shape, filter: Shape, out_backprop: Shape, **attrs: Any
) -> Shape:
    return input


conv3d_backprop_input_op.no_gradient("TensorFlow defines one for its second version", refuse=True)


@op(
    "Conv3DBackpropFilter",
    T=FIRST_TYPES,
    strides=FIVE,
    deprecated=(10, "Use Conv3DBackpropFilterV2"),
)
def conv3d_backprop_filter_op(
    input: T[N, D, H, W, C],
    filter: T[B, R, S, C, K],
    out_backprop: T[N, O, P, Q, K],
    *,
    strides: tuple[int, ...],
    padding: Padding,
    dilations: tuple[int, ...] = ONES,
) -> T[B, R, S, C, K]:
    """Carry a convolution's gradient back to its filter, of which only the shape counts.

    Args:
        input: float[N, D, H, W, C].
        filter: float[B, R, S, C / groups, K].
        out_backprop: float[N, O, P, Q, K].
        strides: as the convolution's, and so are the other attributes.

    Returns:
        float[B, R, S, C / groups, K].

    Raises:
        InvalidArgumentError: if `out_backprop` is not as large as the convolution's output.

    Source: TensorFlow's op of the same name.
    """
    frame = volume_frame(strides, padding, dilations=dilations)
    return convolve_filter(frame, input, np.array(filter.shape), out_backprop, pair)


@conv3d_backprop_filter_op.shape
def conv3d_backprop_filter_shape(
    input: Shape, filter: Shape, out_backprop: Shape, **attrs: Any
) -> Shape:
    return filter


conv3d_backprop_filter_op.no_gradient("TensorFlow defines one for its second version", refuse=True)
