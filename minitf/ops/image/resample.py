"""Resizing images by wider kernels: cubic, the mean of an area, and any scale and shift.

Source: TensorFlow's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.image.resize import PIXELS, corners_of, give_back, height_and_width
from minitf.ops.image.taps import (
    KERNELS,
    Taps,
    area,
    check_corners,
    check_images,
    cubic,
    kernel_taps,
    resized_shape,
)
from minitf.shapes import Shape
from minitf.symbols import C, H, N, P, Q, T, W, float32, int32, n
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]

# --- ResizeBicubic -------------------------------------------------------------------------------


@op("ResizeBicubic", T=PIXELS, outputs=("resized_images",))
def resize_bicubic_op(
    images: T[N, H, W, C],
    size: int32[n],
    *,
    align_corners: bool = False,
    half_pixel_centers: bool = False,
) -> float32[N, P, Q, C]:
    """Resize images; each pixel is a cubic of the sixteen around its place.

    Args:
        images: real[N, H, W, C].
        size: int32[2], the new height and width.
        align_corners: whether the centres of the corner pixels of both images coincide.
        half_pixel_centers: whether the corners of the images do; not both.

    Returns:
        float32[N, size[0], size[1], C]; it may exceed the range of the pixels.

    Raises:
        InvalidArgumentError: if an image or `size` is empty, or both rules are asked for.

    Source: TensorFlow's op of the same name.
    """
    y, x = cubics(images, size, align_corners, half_pixel_centers)
    return gathered(y, x, images)


def cubics(
    images: Array, size: Array, align_corners: bool, half_pixel_centers: bool
) -> tuple[Taps, Taps]:
    """Return the taps of height and width."""
    corners = {"align_corners": align_corners, "half_pixel_centers": half_pixel_centers}
    check_corners(**corners)
    sizes = check_images(images, size)
    height, width = (cubic(*pair, **corners) for pair in zip(images.shape[1:], sizes, strict=False))
    return height, width


def gathered(y: Taps, x: Taps, images: Array) -> Array:
    """Return the weighted sums along both axes."""
    return y.gathered(x.gathered(images.astype(np.float32), 2), 1)


@resize_bicubic_op.shape(values_of=("size",))
def resize_bicubic_shape(images: Shape, size: Any, **attrs: bool) -> Shape:
    check_corners(**attrs)
    return resized_shape(images, size)


@resize_bicubic_op.gradient
def resize_bicubic_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    images = op.inputs[0]
    if images.dtype.base_dtype not in types("float32", "float64"):
        return [None, None]
    return [ops.resize_bicubic_grad_op(grad, images, **corners_of(op)), None]


# --- ResizeBicubicGrad ---------------------------------------------------------------------------


@op("ResizeBicubicGrad", T=types("float32", "float64"))
def resize_bicubic_grad_op(
    grads: float32[N, P, Q, C],
    original_image: T[N, H, W, C],
    *,
    align_corners: bool = False,
    half_pixel_centers: bool = False,
) -> T[N, H, W, C]:
    """Give the sixteen pixels around each place their parts of its gradient.

    Args:
        grads: float32[N, P, Q, C], the gradient of the resized images.
        original_image: T[N, H, W, C]; only its type and shape count.
        align_corners: as the resize's.
        half_pixel_centers: likewise.

    Returns:
        T[N, H, W, C].

    Source: 2015 §4.1.
    """
    size = np.array(grads.shape[1:3])
    y, x = cubics(original_image, size, align_corners, half_pixel_centers)
    return give_back(y, x, grads, original_image)


@resize_bicubic_grad_op.shape
def resize_bicubic_grad_shape(grads: Shape, original_image: Shape, **attrs: bool) -> Shape:
    check_corners(**attrs)
    return original_image


@resize_bicubic_grad_op.gradient
def resize_bicubic_grad_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    size = height_and_width(op.inputs[0])
    return [ops.resize_bicubic_op(grad, size, **corners_of(op)), None]


# --- ResizeArea ----------------------------------------------------------------------------------


@op("ResizeArea", T=PIXELS, outputs=("resized_images",))
def resize_area_op(
    images: T[N, H, W, C], size: int32[n], *, align_corners: bool = False
) -> float32[N, P, Q, C]:
    """Resize images; each pixel is the mean of the area that it covers.

    Args:
        images: real[N, H, W, C].
        size: int32[2], the new height and width.
        align_corners: whether the centres of the corner pixels of both images coincide.

    Returns:
        float32[N, size[0], size[1], C].

    Raises:
        InvalidArgumentError: if an image or `size` is empty.

    Source: TensorFlow's op of the same name.
    """
    sizes = check_images(images, size)
    y, x = (
        area(*pair, align_corners=align_corners)
        for pair in zip(images.shape[1:], sizes, strict=False)
    )
    return gathered(y, x, images)


@resize_area_op.shape(values_of=("size",))
def resize_area_shape(images: Shape, size: Any, *, align_corners: bool) -> Shape:
    return resized_shape(images, size)


resize_area_op.no_gradient("TensorFlow defines none", refuse=True)

# --- ScaleAndTranslate ---------------------------------------------------------------------------


@op("ScaleAndTranslate", T=PIXELS, outputs=("resized_images",))
def scale_and_translate_op(
    images: T[N, H, W, C],
    size: int32[n],
    scale: float32[n],
    translation: float32[n],
    *,
    kernel_type: str = "lanczos3",
    antialias: bool = True,
) -> float32[N, P, Q, C]:
    """Scale images, move them and cut out a size; each pixel is a weighted sum under a kernel.

    Args:
        images: real[N, H, W, C].
        size: int32[2], the height and width of the output.
        scale: float32[2] > 0, output pixels for one input pixel.
        translation: float32[2], output pixels by which the image is moved down and right.
        kernel_type: lanczos1, lanczos3, lanczos5, gaussian, box, triangle, keyscubic or
            mitchellcubic.
        antialias: whether the kernel is widened when the image shrinks.

    Returns:
        float32[N, size[0], size[1], C], 0 where the image does not reach.

    Raises:
        InvalidArgumentError: if an image or `size` is empty, or a scale is not positive.

    Source: TensorFlow's op of the same name.
    """
    sizes = check_images(images, size)
    y, x = _kernels(images.shape[1:3], sizes, scale, translation, kernel_type, antialias)
    return gathered(y, x, images)


def _kernels(
    before: Any, after: Any, scale: Array, translation: Array, kernel_type: str, antialias: bool
) -> tuple[Taps, Taps]:
    """Return the taps of height and width."""
    if kernel_type not in KERNELS:
        raise invalid(f"Unrecognized kernel type: {kernel_type}", hint=f"one of {list(KERNELS)}")
    if not np.all(scale > 0):
        raise invalid("scale must be greater than zero", scale=scale.tolist())
    height, width = (
        kernel_taps(*numbers, kernel_type, antialias=antialias)
        for numbers in zip(before, after, scale, translation, strict=True)
    )
    return height, width


@scale_and_translate_op.shape(values_of=("size",))
def scale_and_translate_shape(
    images: Shape, size: Any, scale: Shape, translation: Shape, **attrs: Any
) -> Shape:
    return resized_shape(images, size)


@scale_and_translate_op.gradient
def scale_and_translate_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    images, _, scale, translation = op.inputs
    attrs = {name: op.attrs[name] for name in ("kernel_type", "antialias")}
    given = ops.scale_and_translate_grad_op(grad, images, scale, translation, **attrs)
    return [given, None, None, None]


# --- ScaleAndTranslateGrad -----------------------------------------------------------------------


@op("ScaleAndTranslateGrad", T=types("float32"))
def scale_and_translate_grad_op(
    grads: T[N, P, Q, C],
    original_image: T[N, H, W, C],
    scale: float32[n],
    translation: float32[n],
    *,
    kernel_type: str = "lanczos3",
    antialias: bool = True,
) -> T[N, H, W, C]:
    """Give the pixels under each kernel their parts of its gradient.

    Args:
        grads: float32[N, P, Q, C], the gradient of the output.
        original_image: float32[N, H, W, C]; only its shape counts.
        scale: as the op's.
        translation: likewise.
        kernel_type: likewise.
        antialias: likewise.

    Returns:
        float32[N, H, W, C].

    Source: 2015 §4.1.
    """
    before, after = original_image.shape[1:3], grads.shape[1:3]
    y, x = _kernels(before, after, scale, translation, kernel_type, antialias)
    return give_back(y, x, grads, original_image)


@scale_and_translate_grad_op.shape
def scale_and_translate_grad_shape(
    grads: Shape, original_image: Shape, scale: Shape, translation: Shape, **attrs: Any
) -> Shape:
    return original_image


scale_and_translate_grad_op.no_gradient("TensorFlow defines none", refuse=True)
