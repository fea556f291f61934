"""Colours: hue, saturation and value instead of red, green and blue; contrast.

Hue says where on the circle red-yellow-green-cyan-blue-magenta a colour lies, [0, 1); saturation
how far from grey, [0, 1]; value is the greatest of the three.  All is computed in float32, or in
float64 for float64 images.

Source: TensorFlow's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf.dtypes import FLOATS, types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.ops.precision import wide
from minitf.shapes import Shape, must_equal
from minitf.symbols import T, float32

Array = np.ndarray[Any, Any]

CHANGEABLE = types("float16", "float32").default(float32)


def channels_of(images: Array) -> tuple[Array, Array, Array]:
    """Return the three channels of images [..., 3]."""
    if images.ndim < 1 or images.shape[-1] != 3:
        count = images.shape[-1] if images.ndim else 0
        raise invalid(f"input must have 3 channels but instead has {count} channels.")
    first, second, third = np.moveaxis(images, -1, 0)
    return first, second, third


def check_rank(images: Array, least: int) -> None:
    """Refuse arrays that are no images."""
    if images.ndim < least:
        raise invalid(f"input must be at least {least}-D, got shape {list(images.shape)}")


def is_coloured(images: Shape) -> Shape:
    """Return the shape of images, which have three channels."""
    if images.dims is None:
        return images
    if not len(images):
        raise invalid("Shape must be at least rank 1 but is rank 0")
    return images.replaced(-1, must_equal(images[-1], 3, "Dimension must be 3 but is"))


# --- RGBToHSV ------------------------------------------------------------------------------------


@op("RGBToHSV", T=FLOATS.default(float32))
def rgb_to_hsv_op(images: T) -> T:
    """Turn red, green and blue into hue, saturation and value.

    Args:
        images: float[..., 3], red, green and blue in [0, 1].

    Returns:
        float[..., 3]: hue in [0, 1), 0 for greys; saturation, 0 for black; value.

    Raises:
        InvalidArgumentError: if there are not three channels.

    Source: TensorFlow's op of the same name.
    """
    return np.stack(hue_saturation_value(wide(images)), -1).astype(images.dtype)


def hue_saturation_value(images: Array) -> tuple[Array, Array, Array]:
    """Return the three of each pixel."""
    red, green, blue = channels_of(images)
    value = images.max(-1)
    spread = value - images.min(-1)
    saturation = np.where(value > 0, spread / _divisor(value), 0)
    of_circle = 1 / (6 * _divisor(spread))
    hue = np.select(
        [red == value, green == value],
        [(green - blue) * of_circle, (blue - red) * of_circle + images.dtype.type(2 / 6)],
        (red - green) * of_circle + images.dtype.type(4 / 6),
    )
    hue = np.where(spread > 0, np.where(hue < 0, hue + 1, hue), 0)
    return hue, saturation, value


def _divisor(x: Array) -> Array:
    """Return positive numbers as they are and 1 for the others, by which nobody divides."""
    return np.where(x > 0, x, 1).astype(x.dtype)


@rgb_to_hsv_op.shape
def rgb_to_hsv_shape(images: Shape) -> Shape:
    return is_coloured(images)


rgb_to_hsv_op.no_gradient("TensorFlow 1.15 calls it not differentiable")

# --- HSVToRGB ------------------------------------------------------------------------------------


@op("HSVToRGB", T=FLOATS.default(float32))
def hsv_to_rgb_op(images: T) -> T:
    """Turn hue, saturation and value into red, green and blue.

    Args:
        images: float[..., 3], hue, saturation and value in [0, 1].

    Returns:
        float[..., 3].

    Raises:
        InvalidArgumentError: if there are not three channels.

    Source: TensorFlow's op of the same name.
    """
    hue, saturation, value = channels_of(wide(images))
    sixth = hue * 6
    parts = abs(sixth - 3) - 1, 2 - abs(sixth - 2), 2 - abs(sixth - 4)
    colours = [(1 - saturation + saturation * np.clip(part, 0, 1)) * value for part in parts]
    return np.stack(colours, -1).astype(images.dtype)


@hsv_to_rgb_op.shape
def hsv_to_rgb_shape(images: Shape) -> Shape:
    return is_coloured(images)


hsv_to_rgb_op.no_gradient("TensorFlow calls it not differentiable")

# --- AdjustHue -----------------------------------------------------------------------------------


@op("AdjustHue", T=CHANGEABLE)
def adjust_hue_op(images: T, delta: float32[()]) -> T:
    """Turn the hue of each pixel along the circle; its least and greatest channel stay.

    Args:
        images: float[..., H, W, 3].
        delta: scalar, how far: 1 is all the way round.

    Returns:
        float[..., H, W, 3].

    Raises:
        InvalidArgumentError: if there are not three channels.

    Source: TensorFlow's op of the same name.
    """
    check_rank(images, 3)
    colours = images.astype(np.float32)
    channels_of(colours)  # checks
    least, middle, greatest = np.moveaxis(np.sort(colours, -1), -1, 0)
    hue = np.mod(_sixth(colours, least, middle, greatest) + delta * np.float32(6), 6)
    part = np.minimum(hue.astype(np.intp), 5)
    along = hue - part
    middle = least + np.where(part % 2, 1 - along, along) * (greatest - least)
    sorted_channels = np.stack([least, middle, greatest], -1)
    return np.take_along_axis(sorted_channels, RANKS[part], -1).astype(images.dtype)


# In each sixth of the circle from red on: are red, green, blue the least (0), the middle one (1) or
# the greatest (2)?
RANKS = np.array([[2, 1, 0], [1, 2, 0], [0, 2, 1], [0, 1, 2], [1, 0, 2], [2, 0, 1]])


def _sixth(colours: Array, least: Array, middle: Array, greatest: Array) -> Array:
    """Return hues in [0, 6]: the number of the sixth and how far along it."""
    red, green, blue = channels_of(colours)
    part = np.where(
        red < green,
        np.where(blue < red, 1, np.where(blue > green, 3, 2)),
        np.where(blue < green, 0, np.where(blue > red, 4, 5)),
    )
    spread = greatest - least
    along = (middle - least) / _divisor(spread)
    hue = part + np.where(part % 2, 1 - along, along).astype(np.float32)
    return np.where(spread > 0, hue, 0).astype(np.float32)


@adjust_hue_op.shape
def adjust_hue_shape(images: Shape, delta: Shape) -> Shape:
    if images.dims is not None and len(images) < 3:
        raise invalid(f"Shape must be at least rank 3 but is rank {len(images)}")
    return images


adjust_hue_op.no_gradient("TensorFlow defines none", refuse=True)

# --- AdjustSaturation ----------------------------------------------------------------------------


@op("AdjustSaturation", T=CHANGEABLE)
def adjust_saturation_op(images: T, scale: float32[()]) -> T:
    """Multiply the saturation of each pixel, up to 1.

    Args:
        images: float[..., H, W, 3].
        scale: scalar factor.

    Returns:
        float[..., H, W, 3].

    Raises:
        InvalidArgumentError: if there are not three channels.

    Source: TensorFlow's op of the same name.
    """
    check_rank(images, 3)
    hue, saturation, value = hue_saturation_value(images.astype(np.float32))
    chroma = np.clip(saturation * scale, 0, 1) * value
    sixth = hue * 6
    middle = chroma * (1 - abs(np.mod(sixth, 2) - 1))
    sorted_channels = np.stack([np.zeros_like(chroma), middle, chroma], -1)
    ranks = RANKS[np.minimum(sixth.astype(np.intp), 5)]
    colours = np.take_along_axis(sorted_channels, ranks, -1) + (value - chroma)[..., None]
    return colours.astype(images.dtype)


adjust_saturation_op.shape(adjust_hue_shape)
adjust_saturation_op.no_gradient("TensorFlow defines none", refuse=True)

# --- AdjustContrastv2 ----------------------------------------------------------------------------


@op("AdjustContrastv2", T=CHANGEABLE)
def adjust_contrastv2_op(images: T, contrast_factor: float32[()]) -> T:
    """Multiply the distance of each pixel from the mean of its channel in its image.

    (x - mean) * contrast_factor + mean

    Args:
        images: float[..., H, W, C].
        contrast_factor: scalar.

    Returns:
        float[..., H, W, C].

    Raises:
        InvalidArgumentError: if the images have fewer than three dimensions.

    Source: TensorFlow's op of the same name.
    """
    check_rank(images, 3)
    pixels = images.astype(np.float32)
    count = max(1, pixels.shape[-3] * pixels.shape[-2])
    mean = (pixels.sum((-3, -2), np.float64, keepdims=True) / count).astype(np.float32)
    return ((pixels - mean) * contrast_factor + mean).astype(images.dtype)


adjust_contrastv2_op.shape(adjust_hue_shape)
adjust_contrastv2_op.no_gradient("TensorFlow defines none", refuse=True)
