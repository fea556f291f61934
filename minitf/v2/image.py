"""Images resized and cut, with TensorFlow 2's arguments.

Pixels are squares whose centres lie at half coordinates (`half_pixel_centers`), and a kernel may be
widened where an image shrinks (`antialias`): sizes come out as in the functions of the same names
in `minitf.image`, values do not.

Source: TensorFlow 1.15's functions of the same names in tf.compat.v2.image.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from minitf import ops
from minitf.api import image_boxes
from minitf.api.casting import cast
from minitf.api.constants import zeros
from minitf.api.image_resize import resized_by, resized_with_pad_by
from minitf.api.random import get_seed
from minitf.api.sizes import shape
from minitf.dtypes import float32
from minitf.tensor import Tensor


class ResizeMethod:
    """How a resized pixel is made of others."""

    BILINEAR = "bilinear"
    NEAREST_NEIGHBOR = "nearest"
    BICUBIC = "bicubic"
    AREA = "area"
    LANCZOS3 = "lanczos3"
    LANCZOS5 = "lanczos5"
    GAUSSIAN = "gaussian"
    MITCHELLCUBIC = "mitchellcubic"


_KERNELS = {
    ResizeMethod.LANCZOS3: "lanczos3",
    ResizeMethod.LANCZOS5: "lanczos5",
    ResizeMethod.GAUSSIAN: "gaussian",
    ResizeMethod.MITCHELLCUBIC: "mitchellcubic",
}
_ANTIALIASED = {ResizeMethod.BILINEAR: "triangle", ResizeMethod.BICUBIC: "keyscubic"}


def resize(
    images: Any,
    size: Any,
    method: str = ResizeMethod.BILINEAR,
    preserve_aspect_ratio: bool = False,
    antialias: bool = False,
    name: str | None = None,
) -> Tensor:
    """Resize an image or a batch of them.

    Args:
        images: an image or a batch.
        size: the new height and width.
        method: see `ResizeMethod`.
        preserve_aspect_ratio: whether the result only has to fit into `size`.
        antialias: whether a kernel covers all that a smaller image's pixel stands for.
        name: name scope of the operations.

    Returns:
        float32, or the type of `images` for the nearest neighbour.

    Raises:
        ValueError: if it is no image, or there is no such method.
    """
    resizer = partial(_resized, method=method, antialias=antialias)
    return resized_by(resizer, images, size, preserve_aspect_ratio, name, unless_same=False)


def _resized(images: Tensor, size: Tensor, *, method: str, antialias: bool) -> Tensor:
    kernel = (_KERNELS | _ANTIALIASED if antialias else _KERNELS).get(method)
    if kernel is not None:
        scale = cast(size, float32) / cast(shape(images)[1:3], float32)
        return ops.scale_and_translate_op(
            images, size, scale, zeros([2]), kernel_type=kernel, antialias=antialias
        )
    if method == ResizeMethod.BILINEAR:
        return ops.resize_bilinear_op(images, size, half_pixel_centers=True)
    if method == ResizeMethod.NEAREST_NEIGHBOR:
        return ops.resize_nearest_neighbor_op(images, size, half_pixel_centers=True)
    if method == ResizeMethod.BICUBIC:
        return ops.resize_bicubic_op(images, size, half_pixel_centers=True)
    if method == ResizeMethod.AREA:
        return ops.resize_area_op(images, size)
    raise ValueError("Resize method is not implemented.")


def resize_with_pad(
    image: Any,
    target_height: Any,
    target_width: Any,
    method: str = ResizeMethod.BILINEAR,
    antialias: bool = False,
) -> Tensor:
    """Resize an image, or each of a batch, to fit into a size, and put it on black of that size."""

    def resizer(image: Tensor, size: Any) -> Tensor:
        return resize(image, size, method, antialias=antialias)

    return resized_with_pad_by(resizer, image, target_height, target_width)


def crop_and_resize(
    image: Any,
    boxes: Any,
    box_indices: Any,
    crop_size: Any,
    method: str = "bilinear",
    extrapolation_value: float = 0,
    name: str | None = None,
) -> Tensor:
    """Cut boxes out of a batch of images and resize them to one size."""
    return ops.crop_and_resize_op(
        *(image, boxes, box_indices, crop_size),
        method=method,
        extrapolation_value=extrapolation_value,
        name=name,
    )


def extract_glimpse(
    input: Any,
    size: Any,
    offsets: Any,
    centered: bool = True,
    normalized: bool = True,
    noise: str = "uniform",
    name: str | None = None,
) -> Tensor:
    """Cut a window around a place out of each image.

    Args:
        input: a batch of images, float32.
        size: height and width of the windows.
        offsets: [batch, 2], the middle of each window: y, x.
        centered: whether (0, 0) is the middle of the image and offsets count half.
        normalized: whether 1 is the size of the image; else it is a pixel.
        noise: what stands beyond the edge: "uniform", "gaussian" or "zero".
        name: name of the operation.
    """
    return ops.extract_glimpse_op(
        *(input, size, offsets),
        centered=centered,
        normalized=normalized,
        noise=noise,
        uniform_noise=False,
        name=name,
    )


def draw_bounding_boxes(images: Any, boxes: Any, colors: Any, name: str | None = None) -> Tensor:
    """Draw the outlines of boxes on a batch of images; ten colours take turns if there are none."""
    return image_boxes.draw_bounding_boxes(images, boxes, name, colors)


def sample_distorted_bounding_box(
    image_size: Any,
    bounding_boxes: Any,
    seed: int = 0,
    min_object_covered: Any = 0.1,
    aspect_ratio_range: Any = None,
    area_range: Any = None,
    max_attempts: int | None = None,
    use_image_if_no_bounding_boxes: bool | None = None,
    name: str | None = None,
) -> Any:
    """Draw a random crop of an image that shows enough of a box; another in each run if seed=0."""
    first, second = get_seed(seed) if seed else (0, 0)
    return image_boxes.sample_distorted_bounding_box(
        *(image_size, bounding_boxes, first, second, min_object_covered, aspect_ratio_range),
        *(area_range, max_attempts, use_image_if_no_bounding_boxes, name),
    )
