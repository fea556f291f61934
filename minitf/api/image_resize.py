"""Images resized, and boxes cut out of them.

Source: TensorFlow 1.15's functions of the same names in tf.image.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from minitf import ops
from minitf.api.array import expand_dims, renamed_argument, squeeze
from minitf.api.casting import cast
from minitf.api.control import after
from minitf.api.framework import name_scope
from minitf.api.image_checks import as_batch, checks_of_images, greatest, must, sizes_of
from minitf.api.image_geometry import pad_to_bounding_box
from minitf.api.math import divide
from minitf.convert import convert_to_tensor
from minitf.dtypes import float32, int32
from minitf.shapes import known
from minitf.static_value import static_value
from minitf.tensor import Tensor


class ResizeMethod:
    """How a resized pixel is made of others."""

    BILINEAR = 0
    NEAREST_NEIGHBOR = 1
    BICUBIC = 2
    AREA = 3


Resizer = Callable[[Tensor, Any], Tensor]
"""What resizes a batch of images to a height and a width."""

_OPS: dict[Any, str] = {
    ResizeMethod.BILINEAR: "resize_bilinear_op",
    ResizeMethod.NEAREST_NEIGHBOR: "resize_nearest_neighbor_op",
    ResizeMethod.BICUBIC: "resize_bicubic_op",
    ResizeMethod.AREA: "resize_area_op",
    "bilinear": "resize_bilinear_op",
    "nearest": "resize_nearest_neighbor_op",
    "bicubic": "resize_bicubic_op",
    "area": "resize_area_op",
}


def resize_images(
    images: Any,
    size: Any,
    method: Any = ResizeMethod.BILINEAR,
    align_corners: bool = False,
    preserve_aspect_ratio: bool = False,
    name: str | None = None,
) -> Tensor:
    """Resize an image or a batch of them.

    Args:
        images: an image or a batch.
        size: the new height and width.
        method: see `ResizeMethod`.
        align_corners: whether the centres of the corner pixels stay where they are.
        preserve_aspect_ratio: whether the result only has to fit into `size`.
        name: name scope of the operations.

    Returns:
        float32, or the type of `images` for the nearest neighbour; `images` itself where nothing
        changes.

    Raises:
        ValueError: if it is no image, or there is no such method.
    """
    resizer = partial(_resized, method=method, align_corners=align_corners)
    return resized_by(resizer, images, size, preserve_aspect_ratio, name, unless_same=True)


def resized_by(
    resizer: Resizer,
    images: Any,
    size: Any,
    preserve_aspect_ratio: bool,
    name: str | None,
    *,
    unless_same: bool,
) -> Tensor:
    """Resize an image or a batch of them with a function of a batch and a size.

    Args:
        resizer: the function.
        images: as given to `resize_images`, and so are the next three.
        size: the new height and width.
        preserve_aspect_ratio: whether the result only has to fit into `size`.
        name: name scope of the operations.
        unless_same: whether images that have the size already are returned as they are.
    """
    with name_scope(name, "resize", [images, size]):
        images = convert_to_tensor(images, name="images")
        count = images.static_shape.rank
        if count is None:
            raise ValueError("'images' contains no shape.")
        if count not in (3, 4):
            raise ValueError("'images' must have either 3 or 4 dimensions.")
        if count == 3:
            images = expand_dims(images, 0)
        size = _checked_size(size)
        if preserve_aspect_ratio:
            size = _fitting(images, size)
        height, width = _known(size)
        before = images.shape.as_list()[1:3]
        if not unless_same or None in (height, width) or [height, width] != before:
            images = resizer(images, size)
            images.set_shape([None, height, width, None])
        return squeeze(images, axis=[0]) if count == 3 else images


def _resized(images: Tensor, size: Tensor, *, method: Any, align_corners: bool) -> Tensor:
    if method not in _OPS:
        raise ValueError(f"Resize method is not implemented: {method}")
    return getattr(ops, _OPS[method])(images, size, align_corners=align_corners)


def _checked_size(size: Any) -> Tensor:
    try:
        size = convert_to_tensor(size, int32, "size")
    except (TypeError, ValueError):
        raise ValueError("'size' must be a 1-D int32 Tensor") from None
    if not size.shape.is_compatible_with([2]):
        raise ValueError("'size' must be a 1-D Tensor of 2 elements: new_height, new_width")
    return size


def _known(size: Tensor) -> tuple[int | None, int | None]:
    """Return height and width as far as they are known."""
    found = static_value(size)
    if found is None:
        return None, None
    height, width = (int(each) if known(each) else None for each in found)
    return height, width


def _fitting(images: Tensor, size: Tensor) -> Tensor:
    """Return the size that fits into `size` with the images' height / width."""
    _, *sides = sizes_of(images, 4)[:3]
    scales = [cast(size[i], float32) / cast(side, float32) for i, side in enumerate(sides)]
    scale = ops.minimum_op(*scales)
    fitted = [cast(ops.round_op(scale * cast(side, float32)), int32) for side in sides]
    return convert_to_tensor(fitted, int32, "size")


def resize_image_with_pad(
    image: Any,
    target_height: Any,
    target_width: Any,
    method: Any = ResizeMethod.BILINEAR,
    align_corners: bool = False,
) -> Tensor:
    """Resize an image, or each of a batch, to fit into a size, and put it on black of that size.

    Args:
        image: an image or a batch.
        target_height: the rows of the result.
        target_width: its columns.
        method: see `ResizeMethod`.
        align_corners: whether the centres of the corner pixels stay where they are.

    Raises:
        ValueError: if it is no image, or a size is not positive.
    """

    def resizer(image: Tensor, size: Any) -> Tensor:
        return resize_images(image, size, method, align_corners=align_corners)

    return resized_with_pad_by(resizer, image, target_height, target_width)


def resized_with_pad_by(
    resizer: Resizer, image: Any, target_height: Any, target_width: Any
) -> Tensor:
    """Do the work of `resize_image_with_pad` with a function of a batch and a size."""
    with name_scope(None, "resize_image_with_pad", [image]):
        image = convert_to_tensor(image, name="image")
        image, was_batch = as_batch(image)
        checks = checks_of_images(image)
        checks += must(target_width > 0, "target_width must be > 0.")
        checks += must(target_height > 0, "target_height must be > 0.")
        image = after(checks, image)
        targets = [target_height, target_width]
        sides = [cast(side, float32) for side in sizes_of(image, 4)[1:3]]
        wanted = [cast(side, float32) for side in targets]
        ratio = greatest(sides[1] / wanted[1], sides[0] / wanted[0])
        fitted = [divide(side, ratio) for side in sides]
        size = [cast(ops.floor_op(side), int32) for side in fitted]
        margins = [
            greatest(0, cast(ops.floor_op((want - side) / 2), int32))
            for want, side in zip(wanted, fitted, strict=True)
        ]
        resized = resizer(image, size)
        padded = pad_to_bounding_box(resized, *margins, *targets)
        return padded if was_batch else squeeze(padded, axis=[0])


# --- single ops ----------------------------------------------------------------------------------


def resize_bilinear(
    images: Any,
    size: Any,
    align_corners: bool = False,
    name: str | None = None,
    half_pixel_centers: bool = False,
) -> Tensor:
    """Resize a batch; each pixel is blended of the four around its place."""
    return ops.resize_bilinear_op(
        images,
        size,
        align_corners=align_corners,
        half_pixel_centers=half_pixel_centers,
        name=name,
    )


def resize_nearest_neighbor(
    images: Any,
    size: Any,
    align_corners: bool = False,
    name: str | None = None,
    half_pixel_centers: bool = False,
) -> Tensor:
    """Resize a batch; each pixel is a copy of the one nearest to its place."""
    return ops.resize_nearest_neighbor_op(
        images,
        size,
        align_corners=align_corners,
        half_pixel_centers=half_pixel_centers,
        name=name,
    )


def resize_bicubic(
    images: Any,
    size: Any,
    align_corners: bool = False,
    name: str | None = None,
    half_pixel_centers: bool = False,
) -> Tensor:
    """Resize a batch; each pixel is a cubic of the sixteen around its place."""
    return ops.resize_bicubic_op(
        images,
        size,
        align_corners=align_corners,
        half_pixel_centers=half_pixel_centers,
        name=name,
    )


def resize_area(
    images: Any, size: Any, align_corners: bool = False, name: str | None = None
) -> Tensor:
    """Resize a batch; each pixel is the mean of the area that it covers."""
    return ops.resize_area_op(images, size, align_corners=align_corners, name=name)


def crop_and_resize(
    image: Any,
    boxes: Any,
    box_ind: Any = None,
    crop_size: Any = None,
    method: str = "bilinear",
    extrapolation_value: float = 0,
    name: str | None = None,
    box_indices: Any = None,
) -> Tensor:
    """Cut boxes out of a batch of images and resize them to one size.

    Args:
        image: the batch.
        boxes: [y1, x1, y2, x2] of each, 0 to 1 from the first pixel to the last.
        box_ind: deprecated name of `box_indices`.
        crop_size: height and width of the crops.
        method: bilinear or nearest.
        extrapolation_value: what places outside an image give.
        name: name of the operation.
        box_indices: the image of each box.

    Raises:
        ValueError: if both `box_ind` and `box_indices` are given.
    """
    return ops.crop_and_resize_op(
        image,
        boxes,
        renamed_argument("box_indices", box_indices, "box_ind", box_ind),
        crop_size,
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
    uniform_noise: bool = True,
    name: str | None = None,
) -> Tensor:
    """Cut a window around a place out of each image; noise stands beyond the edge.

    Args:
        input: a batch of images, float32.
        size: height and width of the windows.
        offsets: [batch, 2], the middle of each window: y, x.
        centered: whether (0, 0) is the middle of the image and offsets count half.
        normalized: whether 1 is the size of the image; else it is a pixel.
        uniform_noise: whether noise is uniform; else normal.
        name: name of the operation.
    """
    return ops.extract_glimpse_op(
        input,
        size,
        offsets,
        centered=centered,
        normalized=normalized,
        uniform_noise=uniform_noise,
        name=name,
    )
