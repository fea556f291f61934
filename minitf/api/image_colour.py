"""Brightness, contrast, colours of images, and types of their pixels.

A pixel of a real type is in [0, 1], of an integer type in [0, its greatest value].

Source: TensorFlow 1.15's functions of the same names in tf.image.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf import ops
from minitf.api.array import concat, expand_dims, tile
from minitf.api.casting import cast, saturate_cast
from minitf.api.checks import Assert
from minitf.api.comparison import equal, greater_equal
from minitf.api.constants import ones
from minitf.api.control import after, identity
from minitf.api.framework import name_scope
from minitf.api.image_checks import checked, must
from minitf.api.math import divide, floordiv, multiply
from minitf.api.matmul import tensordot
from minitf.api.random import random_uniform
from minitf.api.reductions import reduce_mean, reduce_prod, reduce_std
from minitf.api.sizes import rank, shape
from minitf.convert import convert_to_tensor
from minitf.dtypes import as_dtype, float16, float32, int32, uint8
from minitf.operation import Operation
from minitf.tensor import Tensor

# --- types of pixels -----------------------------------------------------------------------------


def convert_image_dtype(
    image: Any, dtype: Any, saturate: bool = False, name: str | None = None
) -> Tensor:
    """Return an image in another type, its range scaled.

    Args:
        image: of any real or integer type.
        dtype: the type wanted.
        saturate: whether to clip what the type cannot hold.
        name: name of the result.

    Raises:
        AttributeError: if one of the types holds no numbers.
    """
    image, dtype = convert_to_tensor(image, name="image"), as_dtype(dtype)
    have = image.dtype.base_dtype
    for each, what in ((dtype, "dtype"), (have, "image dtype")):
        if not each.is_floating and not each.is_integer:
            raise AttributeError(f"{what} must be either floating point or integer")
    if dtype is have:
        return identity(image, name=name)
    convert = saturate_cast if saturate else cast
    with name_scope(name, "convert_image", [image]) as scope:
        if have.is_floating and dtype.is_floating:
            return cast(image, dtype, name=scope)
        if have.is_floating:
            # half a step more, since casting cuts off
            return convert(multiply(image, dtype.max + 0.5), dtype, name=scope)
        if dtype.is_floating:
            return multiply(cast(image, dtype), 1.0 / have.max, name=scope)
        if have.max > dtype.max:
            scaled = floordiv(image, (have.max + 1) // (dtype.max + 1))
            return convert(scaled, dtype, name=scope)
        return multiply(convert(image, dtype), (dtype.max + 1) // (have.max + 1), name=scope)


def _as_float(image: Tensor) -> Tensor:
    """Return an image in a type that the ops of colours take."""
    if image.dtype.base_dtype in (float16, float32):
        return image
    return convert_image_dtype(image, float32)


# --- adjustments ---------------------------------------------------------------------------------


def adjust_brightness(image: Any, delta: Any) -> Tensor:
    """Add a number to all pixels.

    Args:
        image: any number of images.
        delta: what to add, in units of the whole range.
    """
    with name_scope(None, "adjust_brightness", [image, delta]) as scope:
        image = convert_to_tensor(image, name="image")
        real = _as_float(image)
        adjusted = ops.add_op(real, cast(delta, real.dtype), name=scope)
        return convert_image_dtype(adjusted, image.dtype, saturate=True)


def adjust_contrast(images: Any, contrast_factor: Any) -> Tensor:
    """Multiply the distance of each pixel from the mean of its channel in its image.

    Args:
        images: any number of images.
        contrast_factor: the factor.
    """
    with name_scope(None, "adjust_contrast", [images, contrast_factor]) as scope:
        images = convert_to_tensor(images, name="images")
        adjusted = ops.adjust_contrastv2_op(_as_float(images), contrast_factor, name=scope)
        return convert_image_dtype(adjusted, images.dtype, saturate=True)


def adjust_gamma(image: Any, gamma: Any = 1, gain: Any = 1) -> Tensor:
    """Return gain * image ** gamma.

    Args:
        image: any number of images.
        gamma: exponent >= 0; above 1 images become darker.
        gain: factor.

    Raises:
        ValueError: if `gamma` is negative.
    """
    with name_scope(None, "adjust_gamma", [image, gamma, gain]):
        image = convert_to_tensor(image, name="image")
        real = _as_float(image)
        checks = must(gamma >= 0, "Gamma should be a non-negative real number.")
        if checks:
            gamma = after(checks, gamma)
        return convert_image_dtype(gain * real**gamma, image.dtype, saturate=True)


def adjust_hue(image: Any, delta: Any, name: str | None = None) -> Tensor:
    """Turn the hue of each pixel along the circle of colours.

    Args:
        image: any number of RGB images.
        delta: how far, in [-1, 1]; 1 is all the way round.
        name: name scope of the operations.
    """
    with name_scope(name, "adjust_hue", [image]):
        image = convert_to_tensor(image, name="image")
        return convert_image_dtype(ops.adjust_hue_op(_as_float(image), delta), image.dtype)


def adjust_saturation(image: Any, saturation_factor: Any, name: str | None = None) -> Tensor:
    """Multiply the saturation of each pixel.

    Args:
        image: any number of RGB images.
        saturation_factor: the factor.
        name: name scope of the operations.
    """
    with name_scope(name, "adjust_saturation", [image]):
        image = convert_to_tensor(image, name="image")
        adjusted = ops.adjust_saturation_op(_as_float(image), saturation_factor)
        return convert_image_dtype(adjusted, image.dtype)


def adjust_jpeg_quality(image: Any, jpeg_quality: Any, name: str | None = None) -> Tensor:
    """Write an image as JPEG and read it again, with the marks that this leaves.

    Args:
        image: one image, grey or RGB.
        jpeg_quality: 0 to 100.
        name: name scope of the operations.
    """
    with name_scope(name, "adjust_jpeg_quality", [image]):
        image = convert_to_tensor(image, name="image")
        channels = image.shape.as_list()[-1]
        pixels = convert_image_dtype(image, uint8, saturate=True)
        quality = convert_to_tensor(jpeg_quality, int32)
        written = ops.encode_jpeg_variable_quality_op(pixels, quality)
        read = ops.decode_jpeg_op(written, channels=channels or 0)
        return convert_image_dtype(read, image.dtype, saturate=True)


def per_image_standardization(image: Any) -> Tensor:
    """Move and scale each image to mean 0 and deviation 1.

    The deviation counts as 1 / sqrt(number of pixels) at least, so plain images become 0.

    Raises:
        ValueError: if it is no image.
    """
    with name_scope(None, "per_image_standardization", [image]) as scope:
        image = cast(checked(image), float32)
        count = reduce_prod(shape(image)[-3:])
        axes = [-1, -2, -3]
        mean = reduce_mean(image, axis=axes, keepdims=True)
        deviation = reduce_std(image, axis=axes, keepdims=True)
        least = ops.rsqrt_op(cast(count, float32))
        return divide(image - mean, ops.maximum_op(deviation, least), name=scope)


# --- random adjustments --------------------------------------------------------------------------


def random_brightness(image: Any, max_delta: float, seed: int | None = None) -> Tensor:
    """Add a random number in [-max_delta, max_delta) to all pixels.

    Args:
        image: one image or a batch, [..., H, W, C].
        max_delta: the bound, of images of floats in [0, 1].
        seed: of the random number.

    Raises:
        ValueError: if `max_delta` is negative.
    """
    if max_delta < 0:
        raise ValueError("max_delta must be non-negative.")
    return adjust_brightness(image, random_uniform([], -max_delta, max_delta, seed=seed))


def random_contrast(image: Any, lower: float, upper: float, seed: int | None = None) -> Tensor:
    """Change the contrast by a random factor in [lower, upper).

    Args:
        image: one image or a batch, [..., H, W, C].
        lower, upper: the bounds of the factor; 1 changes nothing.
        seed: of the random number.

    Raises:
        ValueError: if that range is empty or `lower` is negative.
    """
    return _randomly(adjust_contrast, image, lower, upper, seed)


def random_saturation(image: Any, lower: float, upper: float, seed: int | None = None) -> Tensor:
    """Change the saturation by a random factor in [lower, upper).

    Args:
        image: one image or a batch, [..., H, W, C].
        lower, upper: the bounds of the factor; 1 changes nothing.
        seed: of the random number.

    Raises:
        ValueError: if that range is empty or `lower` is negative.
    """
    return _randomly(adjust_saturation, image, lower, upper, seed)


def _randomly(
    adjust: Callable[..., Tensor], image: Any, lower: float, upper: float, seed: int | None
) -> Tensor:
    if upper <= lower:
        raise ValueError("upper must be > lower.")
    if lower < 0:
        raise ValueError("lower must be non-negative.")
    return adjust(image, random_uniform([], lower, upper, seed=seed))


def random_hue(image: Any, max_delta: float, seed: int | None = None) -> Tensor:
    """Turn hues by a random angle in [-max_delta, max_delta) of the circle.

    Args:
        image: one image or a batch, [..., H, W, C].
        max_delta: the bound; 0.5 is half the circle.
        seed: of the random number.

    Raises:
        ValueError: if `max_delta` is not in [0, 0.5].
    """
    if max_delta > 0.5:
        raise ValueError("max_delta must be <= 0.5.")
    if max_delta < 0:
        raise ValueError("max_delta must be non-negative.")
    return adjust_hue(image, random_uniform([], -max_delta, max_delta, seed=seed))


def random_jpeg_quality(
    image: Any, min_jpeg_quality: int, max_jpeg_quality: int, seed: int | None = None
) -> Tensor:
    """Write an image as JPEG in a random quality and read it again.

    Raises:
        ValueError: if the qualities are no range in [0, 100].
    """
    if min(min_jpeg_quality, max_jpeg_quality) < 0 or max(min_jpeg_quality, max_jpeg_quality) > 100:
        raise ValueError("jpeg encoding range must be between 0 and 100.")
    if min_jpeg_quality >= max_jpeg_quality:
        raise ValueError("`min_jpeg_quality` must be less than `max_jpeg_quality`.")
    drawn = random_uniform([], min_jpeg_quality, max_jpeg_quality, dtype=int32, seed=seed)
    return adjust_jpeg_quality(image, drawn)


# --- spaces of colours ---------------------------------------------------------------------------


def rgb_to_grayscale(images: Any, name: str | None = None) -> Tensor:
    """Return the brightness of RGB pixels, one channel."""
    with name_scope(name, "rgb_to_grayscale", [images]) as scope:
        images = convert_to_tensor(images, name="images")
        real = convert_image_dtype(images, float32)
        grey = expand_dims(tensordot(real, [0.2989, 0.5870, 0.1140], [-1, -1]), -1)
        return convert_image_dtype(grey, images.dtype, name=scope)


def grayscale_to_rgb(images: Any, name: str | None = None) -> Tensor:
    """Return grey images with three equal channels.

    Raises:
        ValueError: if the last dimension is not 1.
    """
    with name_scope(name, "grayscale_to_rgb", [images]) as scope:
        images = convert_to_tensor(images, name="images")
        images = after(_checks_of_grey(images), images)
        others = expand_dims(rank(images) - 1, 0)
        multiples = concat([ones(others, dtype=int32), expand_dims(3, 0)], 0)
        coloured = tile(images, multiples, name=scope)
        coloured.set_shape(images.shape[:-1].concatenate([3]))
        return coloured


def _checks_of_grey(images: Tensor) -> list[Operation]:
    static, message = images.static_shape, "Last dimension of a grayscale image should be size 1."
    if static.dims is not None and len(static) < 2:
        raise ValueError(
            f"A grayscale image (shape {images.shape}) must be at least two-dimensional."
        )
    if static.is_full:
        return must(images.shape.as_list()[-1] == 1, message)
    too_flat = "A grayscale image must be at least two-dimensional."
    return [
        Assert(equal(shape(images)[-1], 1), [message]),
        Assert(greater_equal(rank(images), 2), [too_flat]),
    ]


# columns: the new channels in terms of the old ones
RGB_TO_YIQ = [
    [0.299, 0.59590059, 0.2115],
    [0.587, -0.27455667, -0.52273617],
    [0.114, -0.32134392, 0.31119955],
]
YIQ_TO_RGB = [
    [1.0, 1.0, 1.0],
    [0.95598634, -0.27201283, -1.10674021],
    [0.6208248, -0.64720424, 1.70423049],
]
RGB_TO_YUV = [
    [0.299, -0.14714119, 0.61497538],
    [0.587, -0.28886916, -0.51496512],
    [0.114, 0.43601035, -0.10001026],
]
YUV_TO_RGB = [[1.0, 1.0, 1.0], [0.0, -0.394642334, 2.03206185], [1.13988303, -0.58062185, 0.0]]


def _mixed(images: Any, matrix: list[list[float]]) -> Tensor:
    images = convert_to_tensor(images, name="images")
    kernel = convert_to_tensor(matrix, images.dtype, "kernel")
    return tensordot(images, kernel, axes=[[(images.static_shape.rank or 0) - 1], [0]])


def rgb_to_yiq(images: Any) -> Tensor:
    """Return brightness and the two colours of NTSC television of RGB pixels."""
    return _mixed(images, RGB_TO_YIQ)


def yiq_to_rgb(images: Any) -> Tensor:
    """Return RGB pixels of brightness and the two colours of NTSC television."""
    return _mixed(images, YIQ_TO_RGB)


def rgb_to_yuv(images: Any) -> Tensor:
    """Return brightness and the two colours of PAL television of RGB pixels."""
    return _mixed(images, RGB_TO_YUV)


def yuv_to_rgb(images: Any) -> Tensor:
    """Return RGB pixels of brightness and the two colours of PAL television."""
    return _mixed(images, YUV_TO_RGB)


def rgb_to_hsv(images: Any, name: str | None = None) -> Tensor:
    """Return hue, saturation and value of RGB pixels in [0, 1]."""
    return ops.rgb_to_hsv_op(images, name=name)


def hsv_to_rgb(images: Any, name: str | None = None) -> Tensor:
    """Return RGB pixels of hue, saturation and value in [0, 1]."""
    return ops.hsv_to_rgb_op(images, name=name)
