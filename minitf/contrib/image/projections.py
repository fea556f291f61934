"""Images seen through projective maps: turned, moved, sheared.

A flat transform is eight numbers (a0 a1 a2 b0 b1 b2 c0 c1), the first of a 3x3 matrix whose last is
1. It takes a pixel (x, y) of the output to the place of the input that is read there.

Worked example:

    turned = tf.contrib.image.rotate(images, math.pi / 4, interpolation="BILINEAR")

Source: TensorFlow 1.15's tf.contrib.image.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.array import concat, reshape
from minitf.api.casting import cast
from minitf.api.constants import ones, zeros
from minitf.api.elementary import cos, sin
from minitf.api.framework import convert_to_tensor, name_scope
from minitf.api.matmul import matmul
from minitf.api.sizes import shape as shape_of
from minitf.dtypes import DType, float16, float32, float64, int32, int64, uint8
from minitf.static_value import constant_value
from minitf.tensor import Tensor

_PIXELS: tuple[DType, ...] = (uint8, int32, int64, float16, float32, float64)


def transform(
    images: Any,
    transforms: Any,
    interpolation: str = "NEAREST",
    output_shape: Any = None,
    name: str | None = None,
) -> Tensor:
    """Look at images through projective maps; beyond their edges they are 0.

    Args:
        images: [n, height, width, channels], or one image with or without channels; uint8, int32,
            int64 or a float.
        transforms: float32[8], or [n, 8], flat transforms from output to input.
        interpolation: "NEAREST" or "BILINEAR".
        output_shape: int32[2], height and width of the outputs; those of the images by default.
        name: of the scope.

    Returns:
        Images of the same type and rank.

    Raises:
        TypeError: if the type of the images, or a rank, is none of these.
        ValueError: if `output_shape` is no vector of two.
    """
    with name_scope(name, "transform"):
        images = convert_to_tensor(images, name="images")
        flat = convert_to_tensor(transforms, name="transforms", dtype=float32)
        rank = images.shape.ndims
        if images.dtype.base_dtype not in _PIXELS:
            raise TypeError(f"Invalid dtype {images.dtype}.")
        if rank is None:
            raise TypeError("image_or_images rank must be statically known")
        batch = _as_batch(images, rank)
        if flat.shape.ndims is None:
            raise TypeError("transform_or_transforms rank must be statically known")
        if flat.shape.ndims not in {1, 2}:
            raise TypeError("Transforms should have rank 1 or 2.")
        size = convert_to_tensor(
            shape_of(batch)[1:3] if output_shape is None else output_shape,
            dtype=int32,
            name="output_shape",
        )
        if not size.shape.is_compatible_with([2]):
            raise ValueError(
                "output_shape must be a 1-D Tensor of 2 elements: new_height, new_width, "
                f"instead got {constant_value(size)}"
            )
        output = ops.image_projective_transform_v2_op(
            batch,
            flat if flat.shape.ndims == 2 else flat[None],
            size,
            interpolation=interpolation.upper(),
        )
        if rank == 2:
            return output[0, :, :, 0]
        return output[0] if rank == 3 else output


def rotate(
    images: Any, angles: Any, interpolation: str = "NEAREST", name: str | None = None
) -> Tensor:
    """Turn images counterclockwise about their middles.

    Args:
        images: as `transform` takes them.
        angles: float32[] or [n], in radians.
        interpolation: "NEAREST" or "BILINEAR".
        name: of the scope.

    Raises:
        TypeError: as `transform`.
    """
    with name_scope(name, "rotate"):
        images = convert_to_tensor(images, name="images")
        if images.shape.ndims is None:
            raise TypeError("image_or_images rank must be statically known")
        sizes = cast(shape_of(_as_batch(images, images.shape.ndims)), float32)
        transforms = angles_to_projective_transforms(angles, sizes[1], sizes[2])
        return transform(images, transforms, interpolation)


def translate(
    images: Any, translations: Any, interpolation: str = "NEAREST", name: str | None = None
) -> Tensor:
    """Move images right and down.

    Args:
        images: as `transform` takes them.
        translations: float32[2] or [n, 2]: dx, dy.
        interpolation: "NEAREST" or "BILINEAR".
        name: of the scope.

    Raises:
        TypeError: as `transform`.
    """
    with name_scope(name, "translate"):
        return transform(images, translations_to_projective_transforms(translations), interpolation)


def angles_to_projective_transforms(
    angles: Any, image_height: Any, image_width: Any, name: str | None = None
) -> Tensor:
    """Return float32[n, 8]: the transforms that turn images of one size by angles.

    Args:
        angles: float32[] or [n], in radians, counterclockwise.
        image_height: scalar.
        image_width: scalar.
        name: of the scope.

    Raises:
        TypeError: if `angles` is neither a scalar nor a vector.
    """
    with name_scope(name, "angles_to_projective_transforms"):
        angle = convert_to_tensor(angles, name="angles", dtype=float32)
        if angle.shape.ndims not in {0, 1}:
            raise TypeError("Angles should have rank 0 or 1.")
        angle = reshape(angle, [-1, 1])
        right = cast(image_width, float32) - 1.0
        below = cast(image_height, float32) - 1.0
        across, along = cos(angle), sin(angle)
        x = (right - (across * right - along * below)) / 2.0
        y = (below - (along * right + across * below)) / 2.0
        none = zeros([shape_of(angle)[0], 2], float32)
        return concat([across, -along, x, along, across, y, none], 1)


def translations_to_projective_transforms(translations: Any, name: str | None = None) -> Tensor:
    """Return float32[n, 8]: the transforms that move images right and down.

    Args:
        translations: float32[2] or [n, 2]: dx, dy.
        name: of the scope.

    Raises:
        TypeError: if `translations` is neither a vector nor a matrix.
    """
    with name_scope(name, "translations_to_projective_transforms"):
        moves = convert_to_tensor(translations, name="translations", dtype=float32)
        if moves.shape.ndims not in {1, 2}:
            raise TypeError("Translations should have rank 1 or 2.")
        moves = reshape(moves, [-1, 2])
        count = shape_of(moves)[0]
        one, none = ones([count, 1], float32), zeros([count, 1], float32)
        x, y = -moves[:, :1], -moves[:, 1:]
        return concat([one, none, x, none, one, y, none, none], 1)


def compose_transforms(*transforms: Any) -> Tensor:
    """Return float32[n, 8]: what several transforms do, the last of them first.

    Args:
        *transforms: float32[8] or [n, 8].

    Raises:
        ValueError: if there is none.
    """
    if not transforms:
        raise ValueError("transforms cannot be empty")
    with name_scope("compose_transforms"):
        composed = flat_transforms_to_matrices(transforms[0])
        for each in transforms[1:]:
            composed = matmul(composed, flat_transforms_to_matrices(each))
        return matrices_to_flat_transforms(composed)


def flat_transforms_to_matrices(transforms: Any) -> Tensor:
    """Return float32[n, 3, 3], the matrices of flat transforms, float32[8] or [n, 8].

    Raises:
        ValueError: if they are neither.
    """
    with name_scope("flat_transforms_to_matrices"):
        flat = convert_to_tensor(transforms, name="transforms", dtype=float32)
        if flat.shape.ndims not in {1, 2}:
            raise ValueError(f"Transforms should be 1D or 2D, got: {transforms}")
        flat = reshape(flat, [-1, 8])
        return reshape(concat([flat, ones([shape_of(flat)[0], 1], float32)], 1), [-1, 3, 3])


def matrices_to_flat_transforms(transform_matrices: Any) -> Tensor:
    """Return float32[n, 8], the flat transforms of matrices, float32[3, 3] or [n, 3, 3].

    Raises:
        ValueError: if they are neither.
    """
    with name_scope("matrices_to_flat_transforms"):
        matrices = convert_to_tensor(transform_matrices, name="matrices", dtype=float32)
        if matrices.shape.ndims not in {2, 3}:
            raise ValueError(f"Matrices should be 2D or 3D, got: {transform_matrices}")
        flat = reshape(matrices, [-1, 9])
        return flat[:, :8] / flat[:, 8:]


def _as_batch(images: Tensor, rank: int) -> Tensor:
    """Return images as [n, height, width, channels]."""
    if rank == 2:
        return images[None, :, :, None]
    if rank == 3:
        return images[None]
    if rank == 4:
        return images
    raise TypeError("Images should have rank between 2 and 4.")
