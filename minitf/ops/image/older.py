"""Ops on images of the oldest graphs: contrast within bounds, and a random part.

Source: TensorFlow's deprecated ops of these names.
"""

from typing import Any

import numpy as np

from minitf.dtypes import types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.ops.image.colour import adjust_contrastv2_op, adjust_hue_shape, check_rank
from minitf.ops.random.philox import reserve
from minitf.resources import Context
from minitf.shapes import UNKNOWN, Shape, must_equal
from minitf.symbols import C, H, T, W, float32, int64, n

Array = np.ndarray[Any, Any]
_PIXELS = types("uint8", "int8", "int16", "int32", "int64", "float32", "float64")

# --- AdjustContrast ------------------------------------------------------------------------------


@op("AdjustContrast", T=_PIXELS, deprecated=(2, "Use AdjustContrastv2 instead"))
def adjust_contrast_op(
    images: T, contrast_factor: float32[()], min_value: float32[()], max_value: float32[()]
) -> float32:
    """Multiply the distance of each pixel from the mean of its channel in its image, within bounds.

    Args:
        images: real[..., H, W, C].
        contrast_factor: scalar.
        min_value: scalar, what is below becomes this.
        max_value: scalar, what is above becomes this.

    Returns:
        float32[..., H, W, C].

    Raises:
        InvalidArgumentError: if the images have fewer than three dimensions.

    Source: TensorFlow's op of the same name.
    """
    check_rank(images, 3)
    pixels: Array = adjust_contrastv2_op.body(images.astype(np.float32), contrast_factor)
    return np.clip(pixels, min_value, max_value)


@adjust_contrast_op.shape
def adjust_contrast_shape(
    images: Shape, contrast_factor: Shape, min_value: Shape, max_value: Shape
) -> Shape:
    return adjust_hue_shape(images, contrast_factor)


adjust_contrast_op.no_gradient("TensorFlow defines none", refuse=True)

# --- RandomCrop ----------------------------------------------------------------------------------


@op("RandomCrop", "stateful", T=_PIXELS, deprecated=(8, "Random crop is now pure Python"))
def random_crop_op(
    image: T[H, W, C], size: int64[n], *, seed: int = 0, seed2: int = 0, context: Context
) -> T[H, W, C]:
    """Cut out a part of an image, every place equally likely.

    The next two words of the stream choose the left edge, then the upper one; an edge that has one
    place only takes none.

    Args:
        image: real[H, W, C].
        size: int64[2], height and width of the part.
        seed: first seed.
        seed2: second seed.

    Returns:
        real[height, width, C].

    Raises:
        InvalidArgumentError: if the image is smaller.

    Source: TensorFlow's op of the same name.
    """
    if size.shape != (2,):
        raise invalid(f"size must be a 1D tensor of 2 elements, got {list(size.shape)}")
    height, width = (int(each) for each in size)
    for name, whole, part in (("height", len(image), height), ("width", image.shape[1], width)):
        if part > whole:
            raise invalid(
                f"{name} must be >= target_{name}: {name} = {whole}, target_{name} = {part}"
            )
    left_over, top_over = image.shape[1] - width, len(image) - height
    words = iter(reserve(context, seed, seed2, 1).blocks(1)[0].tolist())
    left = next(words) % (left_over + 1) if left_over else 0
    top = next(words) % (top_over + 1) if top_over else 0
    return image[top : top + height, left : left + width]


@random_crop_op.shape(values_of=("size",))
def random_crop_shape(
    image: Shape, size: tuple[Any, ...] | None, *, seed: int, seed2: int
) -> Shape:
    if size is None:
        return Shape([UNKNOWN, UNKNOWN, image[-1]])
    must_equal(len(size), 2)
    return Shape([*size, image[-1]])


random_crop_op.no_gradient("TensorFlow calls it not differentiable")
