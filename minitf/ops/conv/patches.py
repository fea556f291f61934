"""Windows laid out as channels: what a convolution multiplies by its filters.

Letters: N batch, D H W input, C channels, T R S window, G P Q output.

Source: 2015 Table 1, row "Neural-net building blocks"; TensorFlow's ops of these names.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import COMPLEX, REAL_NUMBERS, types
from minitf.errors import OutOfRangeError, UnimplementedError, invalid
from minitf.op_def import at_least, op
from minitf.operation import Operation
from minitf.ops.conv.pooling import Padding
from minitf.ops.conv.windows import Frame, Windows, given
from minitf.shapes import Shape
from minitf.symbols import C, D, G, H, K, N, P, Q, T, W
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
FOUR, FIVE = at_least(4), at_least(5)
IMAGES = REAL_NUMBERS | COMPLEX | types("bool")

# --- windows of any rank -------------------------------------------------------------------------


def across_space(rank: int, **lists: Sequence[int]) -> list[tuple[int, ...]]:
    """Return the entries for the axes of space of attributes that have one for each axis.

    Raises:
        InvalidArgumentError: if there are not so many entries.
        UnimplementedError: if that of the batch or of the channels is not 1.
        OutOfRangeError: if one is not positive.
    """
    found = []
    for what, values in lists.items():
        if len(values) != rank:
            raise invalid(f"{what} field must specify {rank} dimensions: {list(values)}")
        if values[0] != 1 or values[-1] != 1:
            raise UnimplementedError(None, None, f"Only support {what} across space: {values}")
        if min(values) < 1:
            raise OutOfRangeError(None, None, f"{what} is out of range: {values}")
        found.append(tuple(values[1:-1]))
    return found


def frame_of(strides: Sequence[int], padding: str, rates: Sequence[int]) -> Frame:
    """Return how windows slide along the axes of space."""
    return Frame(tuple(strides), tuple(rates), padding, ((0, 0),) * len(strides), False)


def laid_out(images: Array, windows: Windows) -> Array:
    """Return windows as channels, tap by tap in row order."""
    padded = windows.padded(images)
    cells = math.prod(sweep.window for sweep in windows.sweeps)
    out = np.empty((len(images), *windows.counts, cells, images.shape[-1]), images.dtype)
    for i, (_, at) in enumerate(windows.taps()):
        out[..., i, :] = padded[at]
    return out.reshape(*out.shape[:-2], cells * images.shape[-1])


def patches_shape(images: Shape, window: Sequence[int], frame: Frame) -> Shape:
    """Return the shape of windows as channels."""
    batch, *sizes, channels = images
    counts = [
        frame.count(axis, size, cells)
        for axis, (size, cells) in enumerate(zip(sizes, window, strict=True))
    ]
    return Shape([batch, *counts, channels * math.prod(window)])


def put_back(op: Operation, grad: Tensor, places_of: Any) -> Tensor:
    """Build the sum, for each cell of the images, of the gradients of the patches that hold it.

    Args:
        op: the operation that made the patches.
        grad: of the patches.
        places_of: makes patches of an image [1, space..., 1] whose cells are numbered from 1, so
            that 0 stands for padding.
    """
    shape = ops.shape_op(op.inputs[0])
    space, channels = shape[1:-1], shape[-1]
    size = ops.prod_op(space, [0])
    numbers = ops.reshape_op(ops.range_op(1, size + 1, 1), ops.concat_v2_op([[1], space, [1]], 0))
    places = ops.reshape_op(places_of(numbers), [-1])
    batch = shape[0]
    rows = ops.reshape_op(grad, ops.pack_op([batch, ops.size_op(places), channels]))
    sums = ops.unsorted_segment_sum_op(ops.transpose_op(rows, [1, 0, 2]), places, size + 1)
    return ops.reshape_op(ops.transpose_op(sums[1:], [1, 0, 2]), shape)


# --- ExtractImagePatches -----------------------------------------------------------------------


@op(
    "ExtractImagePatches",
    T=IMAGES,
    ksizes=FOUR,
    strides=FOUR,
    rates=FOUR,
    outputs=("patches",),
)
def extract_image_patches_op(
    images: T[N, H, W, C],
    *,
    ksizes: tuple[int, ...],
    strides: tuple[int, ...],
    rates: tuple[int, ...],
    padding: Padding,
) -> T[N, P, Q, K]:
    """Lay the cells of each window of images out as channels.

    out[n, p, q, (r * S + s) * C + c] = images[n, p * U + r * rate - top, ..., c]; padding is 0.

    Args:
        images: number[N, H, W, C].
        ksizes: four ints >= 1, the window R by S between two ones.
        strides: four ints >= 1, cells from one window to the next.
        rates: four ints >= 1, cells from one tap of a window to the next.
        padding: "SAME": P = ceil(H / U); "VALID": no padding.

    Returns:
        number[N, P, Q, R * S * C].

    Raises:
        InvalidArgumentError: if a window exceeds the image.
        OutOfRangeError: if a number is not positive.
        UnimplementedError: for windows over the batch or the channels.

    Source: TensorFlow's op of the same name.
    """
    window, steps, dilations = across_space(4, ksizes=ksizes, strides=strides, rates=rates)
    if images.ndim != 4:
        raise invalid(f"images must be 4-dimensional: {list(images.shape)}")
    frame = frame_of(steps, padding, dilations)
    return laid_out(images, frame.windows(images.shape[1:3], window))


@extract_image_patches_op.shape
def extract_image_patches_shape(
    images: Shape,
    *,
    ksizes: tuple[int, ...],
    strides: tuple[int, ...],
    rates: tuple[int, ...],
    padding: str,
) -> Shape:
    window, steps, dilations = across_space(4, ksizes=ksizes, strides=strides, rates=rates)
    return patches_shape(images, window, frame_of(steps, padding, dilations))


@extract_image_patches_op.gradient
def extract_image_patches_gradient(op: Operation, grad: Tensor) -> list[Tensor]:
    attrs = given(op)
    return [put_back(op, grad, lambda each: ops.extract_image_patches_op(each, **attrs))]


# --- ExtractVolumePatches ----------------------------------------------------------------------


@op("ExtractVolumePatches", T=REAL_NUMBERS, ksizes=FIVE, strides=FIVE, outputs=("patches",))
def extract_volume_patches_op(
    input: T[N, D, H, W, C],
    *,
    ksizes: tuple[int, ...],
    strides: tuple[int, ...],
    padding: Padding,
) -> T[N, G, P, Q, K]:
    """Lay the cells of each window of volumes out as channels; padding is 0.

    Args:
        input: number[N, D, H, W, C].
        ksizes: five ints >= 1, the window T by R by S between two ones.
        strides: five ints >= 1, cells from one window to the next.
        padding: "SAME": G = ceil(D / stride); "VALID": no padding.

    Returns:
        number[N, G, P, Q, T * R * S * C].

    Raises:
        InvalidArgumentError: if a window exceeds the volume.
        OutOfRangeError: if a number is not positive.
        UnimplementedError: for windows over the batch or the channels.

    Source: TensorFlow's op of the same name.
    """
    window, steps = across_space(5, ksizes=ksizes, strides=strides)
    if input.ndim != 5:
        raise invalid(f"input must be 5-dimensional: {list(input.shape)}")
    return laid_out(input, frame_of(steps, padding, (1,) * 3).windows(input.shape[1:4], window))


@extract_volume_patches_op.shape
def extract_volume_patches_shape(
    input: Shape, *, ksizes: tuple[int, ...], strides: tuple[int, ...], padding: str
) -> Shape:
    window, steps = across_space(5, ksizes=ksizes, strides=strides)
    return patches_shape(input, window, frame_of(steps, padding, (1,) * 3))


@extract_volume_patches_op.gradient
def extract_volume_patches_gradient(op: Operation, grad: Tensor) -> list[Tensor]:
    attrs = given(op)
    return [put_back(op, grad, lambda each: ops.extract_volume_patches_op(each, **attrs))]
