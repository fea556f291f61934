"""How much images differ, and where they change.

Source: TensorFlow 1.15's functions of the same names in tf.image; Wang et al., "Image quality
assessment: from error visibility to structural similarity" (2004).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from minitf import ops
from minitf.api.array import concat, expand_dims, pad, reshape, stack, tile, unstack
from minitf.api.casting import cast
from minitf.api.checks import Assert
from minitf.api.comparison import equal, greater_equal
from minitf.api.constants import constant, zeros
from minitf.api.control import identity
from minitf.api.framework import control_dependencies, name_scope
from minitf.api.image_colour import convert_image_dtype
from minitf.api.math import subtract
from minitf.api.nn_depthwise import depthwise_conv2d
from minitf.api.nn_pool import avg_pool
from minitf.api.reductions import reduce_all, reduce_mean, reduce_prod, reduce_sum
from minitf.api.sequences import range as range_
from minitf.api.sizes import shape, shape_n, size
from minitf.convert import convert_to_tensor
from minitf.dtypes import float32, int32
from minitf.tensor import Tensor

# --- changes from pixel to pixel -----------------------------------------------------------------


def total_variation(images: Any, name: str | None = None) -> Tensor:
    """Return the sum of the differences between neighbouring pixels, per image.

    Args:
        images: an image or a batch.
        name: name scope of the operations.

    Raises:
        ValueError: if it is neither.
    """
    with name_scope(name, "total_variation"):
        images = convert_to_tensor(images)
        count = images.static_shape.rank
        if count == 3:
            down = images[1:, :, :] - images[:-1, :, :]
            right = images[:, 1:, :] - images[:, :-1, :]
            axes = None
        elif count == 4:
            down = images[:, 1:, :, :] - images[:, :-1, :, :]
            right = images[:, :, 1:, :] - images[:, :, :-1, :]
            axes = [1, 2, 3]
        else:
            raise ValueError("'images' must be either 3 or 4-dimensional.")
        return reduce_sum(ops.abs_op(down), axis=axes) + reduce_sum(ops.abs_op(right), axis=axes)


def image_gradients(image: Any) -> tuple[Tensor, Tensor]:
    """Return the differences to the pixel below and to the one on the right; 0 at the edge.

    Raises:
        ValueError: if it is no batch of images.
    """
    image = convert_to_tensor(image)
    if image.static_shape.rank != 4:
        raise ValueError(
            f"image_gradients expects a 4D tensor [batch_size, h, w, d], not {image.shape}."
        )
    sizes = shape(image)
    batch, height, width, depth = unstack(sizes)
    dy = image[:, 1:, :, :] - image[:, :-1, :, :]
    dx = image[:, :, 1:, :] - image[:, :, :-1, :]
    edge = zeros(stack([batch, 1, width, depth]), image.dtype)
    dy = reshape(concat([dy, edge], 1), sizes)
    edge = zeros(stack([batch, height, 1, depth]), image.dtype)
    dx = reshape(concat([dx, edge], 2), sizes)
    return dy, dx


# differences down and right, smoothed across
_SOBEL = np.array(
    [[[-1, -2, -1], [0, 0, 0], [1, 2, 1]], [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]]
).transpose(1, 2, 0)


def sobel_edges(image: Any) -> Tensor:
    """Return how much a batch of images changes downwards and to the right at each pixel.

    Returns:
        [batch, height, width, channels, 2].
    """
    image = convert_to_tensor(image)
    sizes = shape(image)
    kernel = constant(_SOBEL[:, :, None], image.dtype)
    kernel = tile(kernel, [1, 1, sizes[-1], 1], name="sobel_filters")
    padded = pad(image, [[0, 0], [1, 1], [1, 1], [0, 0]], mode="REFLECT")
    edges = depthwise_conv2d(padded, kernel, [1, 1, 1, 1], "VALID")
    edges = reshape(edges, concat([sizes, [2]], 0))
    edges.set_shape(image.shape.concatenate([2]))
    return edges


# --- differences of two images -------------------------------------------------------------------


def psnr(a: Any, b: Any, max_val: Any, name: str | None = None) -> Tensor:
    """Return the peak signal-to-noise ratio in decibels, per image.

    Args:
        a: any number of images.
        b: as many others.
        max_val: the difference between the greatest and the least value that pixels may have.
        name: name scope of the operations.
    """
    with name_scope(name, "PSNR", [a, b]):
        a, b = convert_to_tensor(a), convert_to_tensor(b)
        greatest = convert_image_dtype(cast(max_val, a.dtype), float32)
        a, b = convert_image_dtype(a, float32), convert_image_dtype(b, float32)
        error = reduce_mean(ops.squared_difference_op(a, b), [-3, -2, -1])
        ratio = subtract(
            20 * ops.log_op(greatest) / ops.log_op(10.0),
            np.float32(10 / math.log(10)) * ops.log_op(error),
            name="psnr",
        )
        with control_dependencies(_checks_of_pair(a, b)[2]):
            return identity(ratio)


def _checks_of_pair(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor, list[Any]]:
    """Return the sizes of two images, and what checks in the run that they fit.

    Raises:
        ValueError: if they do not, as far as it is known.
    """
    for each in (a, b):
        each.shape.with_rank_at_least(3)
    if a.static_shape.rank is not None and b.static_shape.rank is not None:
        a.shape[-3:].assert_is_compatible_with(b.shape[-3:])
        outer = zip(
            reversed(a.shape.as_list()[:-3]), reversed(b.shape.as_list()[:-3]), strict=False
        )
        for x, y in outer:
            if None not in (x, y) and 1 not in (x, y) and x != y:
                raise ValueError(f"Two images are not compatible: {a.shape} and {b.shape}")
    first, second = shape_n([a, b])
    are_images = Assert(greater_equal(size(first), 3), [first, second], summarize=10)
    same = reduce_all(equal(first[-3:], second[-3:]))
    return first, second, [are_images, Assert(same, [first, second], summarize=10)]


def ssim(
    img1: Any,
    img2: Any,
    max_val: Any,
    filter_size: int = 11,
    filter_sigma: float = 1.5,
    k1: float = 0.01,
    k2: float = 0.03,
) -> Tensor:
    """Return how similar the structure of two images is, in [-1, 1], per image.

    Args:
        img1: any number of images.
        img2: as many others.
        max_val: the difference between the greatest and the least value that pixels may have.
        filter_size: pixels of the window in which structure is looked at.
        filter_sigma: its width.
        k1: how little mean values count where both are small.
        k2: how little contrast counts where both have little.

    Raises:
        ValueError: if the images do not fit.
    """
    with name_scope(None, "SSIM", [img1, img2]):
        images, greatest, _ = _comparable(img1, img2, max_val)
        similar, _ = _similarity(images, greatest, filter_size, filter_sigma, (k1, k2))
        return reduce_mean(similar, [-1])


def _comparable(
    img1: Any, img2: Any, max_val: Any
) -> tuple[list[Tensor], Tensor, tuple[Tensor, Tensor]]:
    """Return both images as float32, the greatest difference, and the images' sizes."""
    first = convert_to_tensor(img1, name="img1")
    second = convert_to_tensor(img2, name="img2")
    *sizes, checks = _checks_of_pair(first, second)
    with control_dependencies(checks):
        first = identity(first)
    greatest = convert_image_dtype(cast(max_val, first.dtype), float32)
    images = [convert_image_dtype(first, float32), convert_image_dtype(second, float32)]
    return images, greatest, (sizes[0], sizes[1])


def _similarity(
    images: list[Tensor], greatest: Tensor, window: int, sigma: float, k: tuple[Any, Any]
) -> tuple[Tensor, Tensor]:
    """Return the similarity and its part that contrast and structure make, per channel."""
    first, second = images
    side = constant(window, int32)
    sizes = shape_n([first, second])
    checks = [
        Assert(reduce_all(greater_equal(each[-3:-1], side)), [each, side], summarize=8)
        for each in sizes
    ]
    with control_dependencies(checks):
        first = identity(first)
    kernel = tile(_bell(side, constant(sigma, first.dtype)), [1, 1, sizes[0][-1], 1])

    def smoothed(x: Tensor) -> Tensor:
        whole = shape(x)
        flat = reshape(x, concat([[-1], whole[-3:]], 0))
        made = depthwise_conv2d(flat, kernel, [1, 1, 1, 1], "VALID")
        return reshape(made, concat([whole[:-3], shape(made)[1:]], 0))

    light, structure = _parts(first, second, smoothed, greatest, k)
    axes = constant([-3, -2], int32)
    return reduce_mean(light * structure, axes), reduce_mean(structure, axes)


def _bell(side: Tensor, sigma: Tensor) -> Tensor:
    """Return a normal density on a square of pixels, of sum 1: [side, side, 1, 1]."""
    places = cast(range_(side), sigma.dtype)
    places -= cast(side - 1, sigma.dtype) / 2.0
    exponents = ops.square_op(places) * (-0.5 / ops.square_op(sigma))
    exponents = reshape(exponents, [1, -1]) + reshape(exponents, [-1, 1])
    weights = ops.softmax_op(reshape(exponents, [1, -1]))
    return reshape(weights, stack([side, side, 1, 1]))


def _parts(
    x: Tensor, y: Tensor, smoothed: Callable[[Tensor], Tensor], greatest: Tensor, k: tuple[Any, Any]
) -> tuple[Tensor, Tensor]:
    """Return how similar the means, and how similar contrast and structure are."""
    c1, c2 = ((each * greatest) ** 2 for each in k)
    mean_x, mean_y = smoothed(x), smoothed(y)
    product = mean_x * mean_y * 2.0
    squares = ops.square_op(mean_x) + ops.square_op(mean_y)
    light = (product + c1) / (squares + c1)
    mixed = smoothed(x * y) * 2.0
    total = smoothed(ops.square_op(x) + ops.square_op(y))
    return light, (mixed - product + c2) / (total - squares + c2)


def ssim_multiscale(
    img1: Any,
    img2: Any,
    max_val: Any,
    power_factors: Any = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333),
    filter_size: int = 11,
    filter_sigma: float = 1.5,
    k1: float = 0.01,
    k2: float = 0.03,
) -> Tensor:
    """Return the weighted geometric mean of `ssim` at several scales, each half of the last.

    Args:
        img1: any number of images.
        img2: as many others.
        max_val: the difference between the greatest and the least value that pixels may have.
        power_factors: the weights, from the full scale on.
        filter_size: as `ssim`'s, and so are the others.

    Raises:
        ValueError: if the images do not fit.
    """
    with name_scope(None, "MS-SSIM", [img1, img2]):
        images, greatest, sizes = _comparable(img1, img2, max_val)
        heads, tails = [each[:-3] for each in sizes], [each[-3:] for each in sizes]
        parts = []
        for scale in range(len(power_factors)):
            with name_scope(None, f"Scale{scale}", images):
                if scale:
                    images, tails = _halved(images, heads, tails)
                similar, structure = _similarity(
                    images, greatest, filter_size, filter_sigma, (k1, k2)
                )
                parts.append(ops.relu_op(structure))
        parts[-1] = ops.relu_op(similar)
        means = reduce_prod(ops.pow_op(stack(parts, axis=-1), power_factors), [-1])
        return reduce_mean(means, [-1])


def _halved(
    images: list[Tensor], heads: list[Tensor], tails: list[Tensor]
) -> tuple[list[Tensor], list[Tensor]]:
    """Return images of half the height and width, and those; odd ones get their edge twice."""
    odd = tails[0] % constant([2, 2, 1], int32)
    margins = pad(expand_dims(odd, -1), [[1, 0], [1, 0]])
    halves = []
    for image, tail in zip(images, tails, strict=True):
        flat = reshape(image, concat([[-1], tail], 0))
        even = pad(flat, margins, mode="SYMMETRIC")
        halves.append(avg_pool(even, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding="VALID"))
    tails = [each[1:] for each in shape_n(halves)]
    pairs = zip(halves, heads, tails, strict=True)
    return [reshape(half, concat([head, tail], 0)) for half, head, tail in pairs], tails
