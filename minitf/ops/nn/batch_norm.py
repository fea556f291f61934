"""Batch normalisation: each channel gets mean 0 and variance 1 over the batch.

    xhat = (x - mean) / sqrt(variance + epsilon)
    y    = scale * xhat + offset

In training mean and variance are those of the batch, else they are given.  The variance that is
handed out for later use is the unbiased one, M / (M - 1) times the batch's, where M counts the
elements of a channel; reserve spaces carry what the gradient needs, the batch's own mean and
variance.  Statistics are summed in double precision; 16-bit images are computed with in float32.

Images come in any order of axes and are worked on as rows of channels, [M, C].

Source: Ioffe and Szegedy, "Batch normalization" (2015), algorithm 1 and §3.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from minitf.errors import invalid
from minitf.ops.precision import wide
from minitf.shapes import Shape, must_equal

Array = np.ndarray[Any, Any]
Three = tuple[Array, Array, Array]
Five = tuple[Array, Array, Array, Array, Array]


class Attrs(NamedTuple):
    """The attributes that forward and backward ops share."""

    epsilon: float
    data_format: str
    is_training: bool

    @property
    def channel_axis(self) -> int:
        """The axis of the channels."""
        return 1 if self.data_format.startswith("NC") else -1

    def rows(self, images: Array) -> Array:
        """Return images as rows of channels, [M, C], in at least single precision."""
        return wide(np.moveaxis(images, self.channel_axis, -1)).reshape(-1, self.channels(images))

    def images(self, rows: Array, like: Array) -> Array:
        """Return rows of channels in the shape and type of some images."""
        last = np.moveaxis(like, self.channel_axis, -1).shape
        found = np.moveaxis(rows.reshape(last), -1, self.channel_axis)
        return np.ascontiguousarray(found, like.dtype)

    def channels(self, images: Array) -> int:
        """Return how many channels images have.

        Raises:
            InvalidArgumentError: if they have another rank than the data format.
        """
        if images.ndim != len(self.data_format):
            raise invalid(f"input must be {len(self.data_format)}-dimensional{list(images.shape)}")
        return int(images.shape[self.channel_axis])

    def check(self, images: Array, **vectors: Array) -> None:
        """Refuse vectors that have not one element for each channel."""
        channels = self.channels(images)
        for what, vector in vectors.items():
            if vector.shape != (channels,):
                raise invalid(
                    f"{what} must have the same number of elements as the channels of x, got "
                    f"{list(vector.shape)} and {channels}"
                )


# --- passes over rows [M, C] ---------------------------------------------------------------------


def statistics(rows: Array) -> tuple[Array, Array]:
    """Return mean and variance of each column, in double precision."""
    mean = rows.sum(0, dtype=np.float64) / len(rows)
    centred = rows - mean.astype(rows.dtype)
    return mean, np.square(centred).sum(0, dtype=np.float64) / len(rows)


def scaled(rows: Array, mean: Array, factor: Array, offset: Array) -> Array:
    """Return (rows - mean) * factor + offset."""
    return (rows - mean) * factor + offset


def gradient_sums(grads: Array, rows: Array, mean: Array) -> tuple[Array, Array]:
    """Return the sums of g and of g * (x - mean) of each column, in double precision."""
    return grads.sum(0, dtype=np.float64), (grads * (rows - mean)).sum(0, dtype=np.float64)


def carried(
    grads: Array, rows: Array, mean: Array, factor: Array, shift: Array, slope: Array
) -> Array:
    """Return (g - shift - (x - mean) * slope) * factor."""
    return (grads - shift - (rows - mean) * slope) * factor


class Passes(NamedTuple):
    """One implementation of the passes; a kernel has its own."""

    statistics: Callable[..., tuple[Array, Array]]
    scaled: Callable[..., Array]
    gradient_sums: Callable[..., tuple[Array, Array]]
    carried: Callable[..., Array]


NUMPY = Passes(statistics, scaled, gradient_sums, carried)

# --- forward and back ----------------------------------------------------------------------------


def normalise(
    x: Array,
    scale: Array,
    offset: Array,
    mean: Array,
    variance: Array,
    attrs: Attrs,
    exponential_avg_factor: float,
    passes: Passes = NUMPY,
) -> Five:
    """Return y, the new mean and variance, and the mean and variance that `y` was made with."""
    attrs.check(x, scale=scale, offset=offset)
    if exponential_avg_factor != 1 or not attrs.is_training:
        attrs.check(x, mean=mean, variance=variance)
    rows = attrs.rows(x)
    given = wide(mean), wide(variance)
    if attrs.is_training:
        used = tuple(each.astype(rows.dtype) for each in passes.statistics(rows))
        new = blended(used, given, len(rows), exponential_avg_factor)
    else:
        used = new = given
    factor = wide(scale) / np.sqrt(used[1] + rows.dtype.type(attrs.epsilon))
    y = passes.scaled(rows, used[0], factor, wide(offset))
    a, b, c, d = (each.astype(scale.dtype) for each in (*new, *used))
    return attrs.images(y, x), a, b, c, d


def blended(
    batch: tuple[Array, ...], old: tuple[Array, ...], count: int, factor: float
) -> tuple[Array, ...]:
    """Return the old mean and variance, moved towards the batch's mean and unbiased variance."""
    mean, variance = batch
    kind = mean.dtype.type
    variance = variance * kind(count / max(count - 1, 1))
    if factor == 1:
        return mean, variance
    return tuple(
        kind(1 - factor) * before + kind(factor) * each
        for before, each in zip(old, (mean, variance), strict=True)
    )


def carry_back(
    y_backprop: Array,
    x: Array,
    scale: Array,
    mean: Array,
    variance: Array,
    attrs: Attrs,
    passes: Passes = NUMPY,
) -> Three:
    """Return the gradients of x, scale and offset.

    With g the gradient of y, r = 1 / sqrt(variance + epsilon) and sums over the M rows:
    d offset = sum(g), d scale = sum(g * xhat), and
    d x = (g - d offset / M - xhat * d scale / M) * scale * r in training, g * scale * r else.
    """
    if y_backprop.shape != x.shape:
        raise invalid(
            f"x and y_backprop must have same shape, but x has shape {list(x.shape)} and "
            f"y_backprop has shape {list(y_backprop.shape)}"
        )
    attrs.check(x, scale=scale, reserve_space_1=mean, reserve_space_2=variance)
    rows, grads, mean = attrs.rows(x), attrs.rows(y_backprop), wide(mean)
    kind = rows.dtype
    inverse = 1 / np.sqrt(wide(variance) + kind.type(attrs.epsilon))
    of_offset, along = passes.gradient_sums(grads, rows, mean)
    of_scale, factor = along * inverse, wide(scale) * inverse
    if attrs.is_training:
        means = (of_offset / len(rows), of_scale * inverse / len(rows))
        of_x = passes.carried(grads, rows, mean, factor, *[each.astype(kind) for each in means])
    else:
        of_x = grads * factor
    return attrs.images(of_x, x), of_scale.astype(scale.dtype), of_offset.astype(scale.dtype)


def nothing(like: Array) -> tuple[Array, Array]:
    """Return the two reserve spaces of a gradient: empty."""
    return np.empty(0, like.dtype), np.empty(0, like.dtype)


def fused_shape(
    x: Shape,
    scale: Shape,
    offset: Shape,
    mean: Shape,
    variance: Shape,
    *,
    data_format: str,
    is_training: bool,
    exponential_avg_factor: float,
    **_: Any,
) -> tuple[Shape, ...]:
    """Return the shapes of y, of the new statistics, and of those that y was made with."""
    vectors = [scale, offset]
    if exponential_avg_factor != 1 or not is_training:
        vectors += [mean, variance]
    images, vector = with_channels([x], vectors, data_format)
    return images, vector, vector, vector, vector


def with_channels(
    images: list[Shape], vectors: list[Shape], data_format: str
) -> tuple[Shape, Shape]:
    """Return the shape of the first images and of a vector: all have the same channels."""
    axis = 1 if data_format.startswith("NC") else -1
    ranked = [each.with_rank(len(data_format)) for each in images]
    channels = ranked[0][axis]
    for dim in (*[each[axis] for each in ranked[1:]], *[each[0] for each in vectors]):
        channels = must_equal(channels, dim)
    return ranked[0].replaced(axis, channels), Shape([channels])


def fused_grad_shape(
    y_backprop: Shape,
    x: Shape,
    scale: Shape,
    reserve_space_1: Shape,
    reserve_space_2: Shape,
    *,
    data_format: str,
    **_: Any,
) -> tuple[Shape, ...]:
    """Return the shapes of the gradients, and of two empty reserve spaces."""
    vectors = [scale, reserve_space_1, reserve_space_2]
    images, vector = with_channels([y_backprop, x], vectors, data_format)
    return images, vector, vector, Shape([0]), Shape([0])
