"""Convolutions that mirror the edges of their images first, and may resize them before.

Source: TensorFlow's ops of these names.
"""

from typing import Any, Literal

import numpy as np

from minitf.dtypes import FLOATS, types
from minitf.op_def import op
from minitf.ops.array.padding import mirror_pad_op, mirror_pad_shape
from minitf.ops.conv.conv2d import conv2d_op, conv2d_shape
from minitf.ops.image.resize import blends, resize_bilinear_shape
from minitf.ops.precision import wide
from minitf.shapes import Shape
from minitf.symbols import C, H, K, N, P, Q, R, S, T, W, int32, n, two

Array = np.ndarray[Any, Any]
Mode = Literal["REFLECT", "SYMMETRIC"]
Padding = Literal["SAME", "VALID"]

# --- FusedPadConv2D ------------------------------------------------------------------------------


@op("FusedPadConv2D", T=FLOATS)
def fused_pad_conv2d_op(
    input: T[N, H, W, C],
    paddings: int32[n, two],
    filter: T[R, S, C, K],
    *,
    mode: Mode,
    strides: tuple[int, ...],
    padding: Padding,
) -> T[N, P, Q, K]:
    """Mirror images at their edges, then cross-correlate them with a bank of filters.

    Args:
        input: float[N, H, W, C].
        paddings: int32[4, 2], per dimension how many before and how many after.
        filter: float[R, S, C, K].
        mode: REFLECT leaves the edge itself out of the image, SYMMETRIC repeats it.
        strides: four ints, of the filter.
        padding: SAME or VALID, of the convolution.

    Returns:
        float[N, P, Q, K].

    Raises:
        InvalidArgumentError: as MirrorPad and Conv2D.

    Source: TensorFlow's op of the same name.
    """
    padded = mirror_pad_op.body(input, paddings, mode=mode)
    return conv2d_op.body(padded, filter, strides=strides, padding=padding)


@fused_pad_conv2d_op.shape(values_of=("paddings",))
def fused_pad_conv2d_shape(
    input: Shape, paddings: Any, filter: Shape, *, mode: str, strides: Any, padding: str
) -> Shape:
    return _convolved(mirror_pad_shape(input, paddings, mode=mode), filter, strides, padding)


def _convolved(padded: Shape, filter: Shape, strides: Any, padding: str) -> Shape:
    attrs = {"explicit_paddings": (), "data_format": "NHWC", "dilations": (1, 1, 1, 1)}
    return conv2d_shape(padded.with_rank(4), filter, strides=strides, padding=padding, **attrs)


fused_pad_conv2d_op.no_gradient("TensorFlow defines none", refuse=True)

# --- FusedResizeAndPadConv2D ---------------------------------------------------------------------


@op("FusedResizeAndPadConv2D", T=types("float16", "float32", "float64"))
def fused_resize_and_pad_conv2d_op(
    input: T[N, H, W, C],
    size: int32[n],
    paddings: int32[n, two],
    filter: T[R, S, C, K],
    *,
    resize_align_corners: bool = False,
    mode: Mode,
    strides: tuple[int, ...],
    padding: Padding,
) -> T[N, P, Q, K]:
    """Resize images, mirror them at their edges, then cross-correlate them with filters.

    Args:
        input: float[N, H, W, C].
        size: int32[2], the height and width to resize to, bilinearly.
        paddings: int32[4, 2], per dimension how many before and how many after.
        filter: float[R, S, C, K].
        resize_align_corners: whether the corners' centres stay where they are.
        mode: REFLECT leaves the edge itself out of the image, SYMMETRIC repeats it.
        strides: four ints, of the filter.
        padding: SAME or VALID, of the convolution.

    Returns:
        float[N, P, Q, K].

    Raises:
        InvalidArgumentError: as ResizeBilinear, MirrorPad and Conv2D.

    Source: TensorFlow's op of the same name.
    """
    y, x = blends(input, size, resize_align_corners, half_pixel_centers=False)
    return fused_pad_conv2d_op.body(
        y.blended(x.blended(wide(input), 2), 1).astype(input.dtype, copy=False),
        *(paddings, filter),
        mode=mode,
        strides=strides,
        padding=padding,
    )


@fused_resize_and_pad_conv2d_op.shape(values_of=("size", "paddings"))
def fused_resize_and_pad_conv2d_shape(
    input: Shape,
    size: Any,
    paddings: Any,
    filter: Shape,
    *,
    resize_align_corners: bool,
    mode: str,
    strides: Any,
    padding: str,
) -> Shape:
    resized = resize_bilinear_shape(
        input, size, align_corners=resize_align_corners, half_pixel_centers=False
    )
    return _convolved(mirror_pad_shape(resized, paddings, mode=mode), filter, strides, padding)


fused_resize_and_pad_conv2d_op.no_gradient("TensorFlow defines none", refuse=True)
