"""Greyscale dilation of images and its two gradients.

    out[n, p, q, c] = max over r, s of
        input[n, p * U + r * Dy - top, q * V + s * Dx - left, c] + filter[r, s, c]

Cells of padding take no part, and neither do sums that do not exceed the type's least finite value,
such as NaN: where there are no others, that least value is the result.  Of several greatest sums of
a window the first in row order gets the gradient; where none takes part, the first cell of the
window that is inside the image, and the first tap.

Letters: N batch, H W input, C its channels, R S filter, U V strides, P Q output.

Source: 2015 Table 1, row "Neural-net building blocks"; TensorFlow's ops of the same names.
"""

from typing import Any, Literal

import numpy as np

from minitf import ops
from minitf.dtypes import REAL_NUMBERS, by_numpy
from minitf.errors import UnimplementedError, invalid
from minitf.op_def import at_least, op
from minitf.operation import Operation
from minitf.ops.conv.grouped import check_ranks
from minitf.ops.conv.windows import Frame, Sweep, Windows, given
from minitf.ops.precision import wide
from minitf.shapes import Shape, must_equal
from minitf.symbols import C, H, N, P, Q, R, S, T, W
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Padding = Literal["SAME", "VALID"]
FOUR = at_least(4)

# --- how the filter slides -----------------------------------------------------------------------


def dilation_frame(strides: tuple[int, ...], rates: tuple[int, ...], padding: str) -> Frame:
    """Read the attributes of a dilation.

    Raises:
        UnimplementedError: if the filter would also move along the channels.
    """
    frame = Frame.of(strides, padding, dilations=rates)
    for what, values in (("Stride", frame.strides), ("Rate", frame.dilations)):
        if values[2] != 1:
            raise UnimplementedError(
                None, None, f"{what} is only supported across spatial dimensions: {list(values)}"
            )
    return frame


def windows_over(frame: Frame, images: Array, filter: Array) -> Windows:
    """Return the windows of a filter over images.

    Raises:
        InvalidArgumentError: if ranks or channel counts do not fit, or a filter exceeds the image.
    """
    check_ranks(4, input=images.shape)
    check_ranks(3, filter=filter.shape)
    if images.shape[3] != filter.shape[2]:
        raise invalid(
            f"input and filter must have the same depth: {images.shape[3]} vs {filter.shape[2]}",
            hint="filters are [height, width, channels]",
        )
    return frame.windows(images.shape[1:], filter.shape[:2])


def greatest_sums(images: Array, filter: Array, windows: Windows) -> tuple[Array, Array]:
    """Return each window's greatest sum, and the row and column of the tap that gives it.

    Returns:
        number[N, P, Q, C]; int[2, N, P, Q, C], -1 where no sum takes part.
    """
    padded = windows.padded(images)
    in_image = windows.padded(np.ones((1, *images.shape[1:3], 1), np.bool_), fill=False)
    shape = (len(images), *windows.counts, images.shape[3])
    best = np.full(shape, by_numpy(images.dtype).min, images.dtype)
    taps = np.full((2, *shape), -1)
    for tap, at in windows.taps():
        sums = padded[at] + filter[tap]
        is_greater = in_image[at] & (sums > best)
        np.copyto(best, sums, where=is_greater)
        taps[:, is_greater] = np.array(tap)[:, np.newaxis]
    return best, taps


def winners(
    frame: Frame, input: Array, filter: Array, out_backprop: Array
) -> tuple[Windows, Array]:
    """Return the windows, and the row and column of the tap of each one's greatest sum.

    Raises:
        InvalidArgumentError: if `out_backprop` is not as large as the dilation's output.
    """
    windows = windows_over(frame, input, filter)
    wanted = (len(input), *windows.counts, input.shape[3])
    if out_backprop.shape != wanted:
        raise invalid(
            f"out_backprop has incompatible size: {list(out_backprop.shape)}, not {list(wanted)}"
        )
    return windows, greatest_sums(input, filter, windows)[1]


# --- Dilation2D ----------------------------------------------------------------------------------


@op("Dilation2D", T=REAL_NUMBERS, strides=FOUR, rates=FOUR)
def dilation2d_op(
    input: T[N, H, W, C],
    filter: T[R, S, C],
    *,
    strides: tuple[int, ...],
    rates: tuple[int, ...],
    padding: Padding,
) -> T[N, P, Q, C]:
    """Take the greatest sum of image and filter, which is a surface, in each window.

    The formula stands at the head of this file.

    Args:
        input: number[N, H, W, C].
        filter: number[R, S, C].
        strides: four ints >= 1, cells from one window to the next.
        rates: four ints >= 1, cells from one tap to the next.
        padding: "SAME": P = ceil(H / U); "VALID": no padding.

    Returns:
        number[N, P, Q, C].

    Raises:
        InvalidArgumentError: if channel counts differ, or a filter exceeds the image.
        UnimplementedError: for strides or rates along the channels.

    Source: TensorFlow's op of the same name.
    """
    windows = windows_over(dilation_frame(strides, rates, padding), input, filter)
    return greatest_sums(input, filter, windows)[0]


@dilation2d_op.shape
def dilation2d_shape(input: Shape, filter: Shape, **attrs: Any) -> Shape:
    frame = dilation_frame(**attrs)
    batch, height, width, channels = input
    r, s, taken = filter
    counts = frame.count(0, height, r), frame.count(1, width, s)
    return Shape([batch, *counts, must_equal(channels, taken)])


@dilation2d_op.gradient
def dilation2d_gradient(op: Operation, grad: Tensor) -> list[Tensor]:
    return [
        ops.dilation2d_backprop_input_op(*op.inputs, grad, **given(op)),
        ops.dilation2d_backprop_filter_op(*op.inputs, grad, **given(op)),
    ]


# --- Dilation2DBackpropInput ---------------------------------------------------------------------


@op("Dilation2DBackpropInput", T=REAL_NUMBERS, strides=FOUR, rates=FOUR, outputs=("in_backprop",))
def dilation2d_backprop_input_op(
    input: T[N, H, W, C],
    filter: T[R, S, C],
    out_backprop: T[N, P, Q, C],
    *,
    strides: tuple[int, ...],
    rates: tuple[int, ...],
    padding: Padding,
) -> T[N, H, W, C]:
    """Give each window's gradient to the cell of its greatest sum, the first of several.

    Args:
        input: number[N, H, W, C], what was dilated.
        filter: number[R, S, C].
        out_backprop: number[N, P, Q, C].
        strides: as the dilation's, and so are the other attributes.

    Returns:
        number[N, H, W, C].

    Raises:
        InvalidArgumentError: if `out_backprop` is not as large as the dilation's output.

    Source: 2015 §4.1.
    """
    frame = dilation_frame(strides, rates, padding)
    windows, (r, s) = winners(frame, input, filter, out_backprop)
    n, p, q, c = np.ogrid[tuple(map(slice, out_backprop.shape))]
    y, x = windows.sweeps
    out = np.zeros(input.shape, wide(input[:0]).dtype)
    np.add.at(out, (n, cells(y, p, r), cells(x, q, s), c), wide(out_backprop))
    return out.astype(input.dtype, copy=False)


def cells(sweep: Sweep, windows: Array, taps: Array) -> Array:
    """Return which cells of the input taps see; of tap -1, the window's first that is inside."""
    first = windows * sweep.stride - sweep.before
    return np.where(taps < 0, np.maximum(first, 0), first + taps * sweep.dilation)


@dilation2d_backprop_input_op.shape
def dilation2d_backprop_input_shape(
    input: Shape, filter: Shape, out_backprop: Shape, **attrs: Any
) -> Shape:
    return input


dilation2d_backprop_input_op.no_gradient("TensorFlow defines none of second order", refuse=True)


# --- Dilation2DBackpropFilter --------------------------------------------------------------------


@op(
    "Dilation2DBackpropFilter",
    T=REAL_NUMBERS,
    strides=FOUR,
    rates=FOUR,
    outputs=("filter_backprop",),
)
def dilation2d_backprop_filter_op(
    input: T[N, H, W, C],
    filter: T[R, S, C],
    out_backprop: T[N, P, Q, C],
    *,
    strides: tuple[int, ...],
    rates: tuple[int, ...],
    padding: Padding,
) -> T[R, S, C]:
    """Give each window's gradient to the tap of its greatest sum, the first of several.

    Args:
        input: number[N, H, W, C], what was dilated.
        filter: number[R, S, C].
        out_backprop: number[N, P, Q, C].
        strides: as the dilation's, and so are the other attributes.

    Returns:
        number[R, S, C].

    Raises:
        InvalidArgumentError: if `out_backprop` is not as large as the dilation's output.

    Source: 2015 §4.1.
    """
    _, (r, s) = winners(dilation_frame(strides, rates, padding), input, filter, out_backprop)
    *_, c = np.ogrid[tuple(map(slice, out_backprop.shape))]
    out = np.zeros(filter.shape, wide(filter[:0]).dtype)
    np.add.at(out, (np.maximum(r, 0), np.maximum(s, 0), c), wide(out_backprop))
    return out.astype(filter.dtype, copy=False)


@dilation2d_backprop_filter_op.shape
def dilation2d_backprop_filter_shape(
    input: Shape, filter: Shape, out_backprop: Shape, **attrs: Any
) -> Shape:
    return filter


dilation2d_backprop_filter_op.no_gradient("TensorFlow defines none of second order", refuse=True)
