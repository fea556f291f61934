"""Resizing images by the nearest pixel, or by blending the four around a place.

`align_corners` puts the centres of the corner pixels of both images at the same places;
`half_pixel_centers` puts the corners of the images there.  TensorFlow 1.x does neither by default:
output pixel p then lies at p * (H / P).

Source: TensorFlow's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import FLOATS, types
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.image.taps import Taps, check_corners, check_images, linear, nearest, resized_shape
from minitf.ops.precision import wide
from minitf.shapes import Shape
from minitf.symbols import C, H, N, P, Q, T, W, float32, int32, n
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]

PIXELS = FLOATS | types("int8", "uint8", "int16", "uint16", "int32", "int64")


def corners_of(op: Operation) -> dict[str, bool]:
    """Return where an operation puts pixels, as a call of a sister op takes it."""
    return {name: op.attrs[name] for name in ("align_corners", "half_pixel_centers")}


def height_and_width(images: Tensor) -> Any:
    """Return the size of a batch of images: a list if it is known, else a Tensor."""
    size = images.static_shape[1:3]
    if Shape(size).is_full:
        return list(size)
    return ops.strided_slice_op(ops.shape_op(images), [1], [3], [1])


# --- ResizeBilinear ------------------------------------------------------------------------------


@op("ResizeBilinear", T=PIXELS, outputs=("resized_images",))
def resize_bilinear_op(
    images: T[N, H, W, C],
    size: int32[n],
    *,
    align_corners: bool = False,
    half_pixel_centers: bool = False,
) -> float32[N, P, Q, C]:
    """Resize images; each pixel is blended of the four around its place.

    Args:
        images: real[N, H, W, C].
        size: int32[2], the new height and width.
        align_corners: see the head of this file.
        half_pixel_centers: likewise; not both.

    Returns:
        float32[N, size[0], size[1], C].

    Raises:
        InvalidArgumentError: if an image or `size` is empty, or both rules are asked for.

    Source: TensorFlow's op of the same name.
    """
    y, x = blends(images, size, align_corners, half_pixel_centers)
    return y.blended(x.blended(images.astype(np.float32), 2), 1)


def blends(
    images: Array, size: Array, align_corners: bool, half_pixel_centers: bool
) -> tuple[Taps, Taps]:
    """Return the taps of height and width."""
    corners = {"align_corners": align_corners, "half_pixel_centers": half_pixel_centers}
    check_corners(**corners)
    sizes = check_images(images, size)
    height, width = (
        linear(*pair, **corners) for pair in zip(images.shape[1:], sizes, strict=False)
    )
    return height, width


@resize_bilinear_op.shape(values_of=("size",))
def resize_bilinear_shape(images: Shape, size: Any, **attrs: bool) -> Shape:
    check_corners(**attrs)
    return resized_shape(images, size)


@resize_bilinear_op.gradient
def resize_bilinear_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    images = op.inputs[0]
    if images.dtype.base_dtype not in FLOATS:
        return [None, None]
    return [ops.resize_bilinear_grad_op(grad, images, **corners_of(op)), None]


# --- ResizeBilinearGrad --------------------------------------------------------------------------


@op("ResizeBilinearGrad", T=FLOATS)
def resize_bilinear_grad_op(
    grads: float32[N, P, Q, C],
    original_image: T[N, H, W, C],
    *,
    align_corners: bool = False,
    half_pixel_centers: bool = False,
) -> T[N, H, W, C]:
    """Give the four pixels around each place their parts of its gradient.

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
    y, x = blends(original_image, size, align_corners, half_pixel_centers)
    return give_back(y, x, grads, original_image)


def give_back(y: Taps, x: Taps, grads: Array, image: Array) -> Array:
    """Return what each pixel of `image` gets back, in its type."""
    _, height, width, _ = image.shape
    grads = grads.astype(wide(image[:0]).dtype)
    given = y.spread(x.spread(grads, 2, width), 1, height)
    return given.astype(image.dtype, copy=False)


@resize_bilinear_grad_op.shape
def resize_bilinear_grad_shape(grads: Shape, original_image: Shape, **attrs: bool) -> Shape:
    check_corners(**attrs)
    return original_image


resize_bilinear_grad_op.no_gradient("TensorFlow calls it not differentiable")

# --- ResizeNearestNeighbor -----------------------------------------------------------------------


@op("ResizeNearestNeighbor", T=PIXELS, outputs=("resized_images",))
def resize_nearest_neighbor_op(
    images: T[N, H, W, C],
    size: int32[n],
    *,
    align_corners: bool = False,
    half_pixel_centers: bool = False,
) -> T[N, P, Q, C]:
    """Resize images; each pixel is a copy of the one nearest to its place.

    Args:
        images: real[N, H, W, C].
        size: int32[2], the new height and width.
        align_corners: see the head of this file.
        half_pixel_centers: likewise; not both.

    Returns:
        T[N, size[0], size[1], C].

    Raises:
        InvalidArgumentError: if an image or `size` is empty, or both rules are asked for.

    Source: TensorFlow's op of the same name.
    """
    corners = {"align_corners": align_corners, "half_pixel_centers": half_pixel_centers}
    check_corners(**corners)
    height, width = check_images(images, size)
    rows = images[:, nearest(images.shape[1], height, **corners)]
    return rows[:, :, nearest(images.shape[2], width, **corners)]


resize_nearest_neighbor_op.shape(values_of=("size",))(resize_bilinear_shape)


@resize_nearest_neighbor_op.gradient
def resize_nearest_neighbor_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    size = height_and_width(op.inputs[0])
    return [ops.resize_nearest_neighbor_grad_op(grad, size, **corners_of(op)), None]


# --- ResizeNearestNeighborGrad -------------------------------------------------------------------


@op("ResizeNearestNeighborGrad", T=FLOATS | types("uint8", "int8", "int32"))
def resize_nearest_neighbor_grad_op(
    grads: T[N, P, Q, C],
    size: int32[n],
    *,
    align_corners: bool = False,
    half_pixel_centers: bool = False,
) -> T[N, H, W, C]:
    """Give each pixel the gradients of its copies.

    Args:
        grads: real[N, P, Q, C], the gradient of the resized images.
        size: int32[2], the original height and width.
        align_corners: as the resize's.
        half_pixel_centers: likewise.

    Returns:
        T[N, size[0], size[1], C].

    Raises:
        InvalidArgumentError: if `grads` or `size` is empty, or both rules are asked for.

    Source: 2015 §4.1.
    """
    corners = {"align_corners": align_corners, "half_pixel_centers": half_pixel_centers}
    check_corners(**corners)
    height, width = check_images(grads, size, "grads")
    y, x = (
        nearest(before, after, **corners)
        for before, after in zip((height, width), grads.shape[1:3], strict=True)
    )
    columns = _summed(wide(grads), 2, x, width)
    return _summed(columns, 1, y, height).astype(grads.dtype, copy=False)


def _summed(grads: Array, axis: int, cells: Array, size: int) -> Array:
    """Return the sums of the slices along an axis that belong to each of `size` cells."""
    rows = np.moveaxis(grads, axis, 0)
    out = np.zeros((size, *rows.shape[1:]), grads.dtype)
    for row, cell in zip(rows, cells, strict=True):
        out[cell] += row
    return np.moveaxis(out, 0, axis)


resize_nearest_neighbor_grad_op.shape(values_of=("size",))(resize_bilinear_shape)


@resize_nearest_neighbor_grad_op.gradient
def resize_nearest_neighbor_grad_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    size = height_and_width(op.inputs[0])
    return [ops.resize_nearest_neighbor_op(grad, size, **corners_of(op)), None]
