"""Pools: the greatest cell of each window, or the mean of its cells.

    max_pooling2d     [N, H, W, C] -> [N, P, Q, C]

Source: TensorFlow 1.15's functions and classes of the same names in tf.layers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from minitf.api import array, nn_pool
from minitf.layers.base import Layer
from minitf.layers.input_spec import InputSpec
from minitf.layers.utils import (
    conv_output_length,
    convert_data_format,
    normalize_data_format,
    normalize_padding,
    normalize_tuple,
)
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape

# --- classes -------------------------------------------------------------------------------------


class _Pooling(Layer):
    """A pool over the axes of space.

    Args:
        pool_size: cells of a window, a number or one for each axis.
        strides: cells from one window to the next, likewise.
        padding: "valid" or "same".
        data_format: "channels_last" for [N, space..., C], "channels_first" for [N, C, space...].
        name: name of the layer.
        **kwargs: `trainable`, `dtype`.

    Raises:
        ValueError: if the arguments do not fit together.
    """

    DESCRIBED = "pool_size strides padding data_format"

    rank: ClassVar[int]
    pool: ClassVar[Callable[..., Tensor]]

    def __init__(
        self,
        pool_size: Any,
        strides: Any,
        padding: str = "valid",
        data_format: str = "channels_last",
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name=name, **kwargs)
        self.pool_size = normalize_tuple(pool_size, self.rank, "pool_size")
        if strides is None:
            raise ValueError("Argument `strides` must not be None.")
        self.strides = normalize_tuple(strides, self.rank, "strides")
        self.padding = normalize_padding(padding)
        self.data_format = normalize_data_format(data_format)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """Return the static shape of the outputs."""
        batch, *sizes = TensorShape(input_shape).as_list()
        first = self.data_format == "channels_first"
        channels = sizes.pop(0 if first else -1)
        space = [
            conv_output_length(size, taps, self.padding, stride)
            for size, taps, stride in zip(sizes, self.pool_size, self.strides, strict=True)
        ]
        return TensorShape([batch, channels, *space] if first else [batch, *space, channels])


class _Pooling1D(_Pooling):
    rank = 1

    def call(self, inputs: Any) -> Tensor:
        """Return the outputs: sequences are images of one column."""
        first = self.data_format == "channels_first"
        axis = 3 if first else 2
        images = array.expand_dims(inputs, axis)
        if first:  # which no pool on a CPU of TensorFlow's knows
            images = array.transpose(images, (0, 2, 3, 1))
        ksize, strides = (1, *self.pool_size, 1, 1), (1, *self.strides, 1, 1)
        made = self.pool(images, ksize, strides, self.padding.upper(), "NHWC")
        if first:
            made = array.transpose(made, (0, 3, 1, 2))
        return array.squeeze(made, axis)


class _Pooling2D(_Pooling):
    rank = 2

    def call(self, inputs: Any) -> Tensor:
        """Return the outputs."""
        first = self.data_format == "channels_first"
        ksize, strides = (
            (1, 1, *each) if first else (1, *each, 1) for each in (self.pool_size, self.strides)
        )
        layout = convert_data_format(self.data_format, 4)
        return self.pool(inputs, ksize, strides, self.padding.upper(), layout)


class _Pooling3D(_Pooling):
    rank = 3

    def call(self, inputs: Any) -> Tensor:
        """Return the outputs."""
        first = self.data_format == "channels_first"
        if first:
            inputs = array.transpose(inputs, (0, 2, 3, 4, 1))
        ksize, strides = (1, *self.pool_size, 1), (1, *self.strides, 1)
        made = self.pool(inputs, ksize, strides, self.padding.upper())
        return array.transpose(made, (0, 4, 1, 2, 3)) if first else made


class AveragePooling1D(_Pooling1D):
    """Means over windows of sequences [N, T, C]; see `_Pooling` for the arguments."""

    pool = staticmethod(nn_pool.avg_pool)


class AveragePooling2D(_Pooling2D):
    """Means over windows of images [N, H, W, C]; see `_Pooling` for the arguments."""

    pool = staticmethod(nn_pool.avg_pool)


class AveragePooling3D(_Pooling3D):
    """Means over windows of volumes [N, D, H, W, C]; see `_Pooling` for the arguments."""

    pool = staticmethod(nn_pool.avg_pool3d)


class MaxPooling1D(_Pooling1D):
    """Maxima over windows of sequences [N, T, C]; see `_Pooling` for the arguments."""

    pool = staticmethod(nn_pool.max_pool)


class MaxPooling2D(_Pooling2D):
    """Maxima over windows of images [N, H, W, C]; see `_Pooling` for the arguments."""

    pool = staticmethod(nn_pool.max_pool)


class MaxPooling3D(_Pooling3D):
    """Maxima over windows of volumes [N, D, H, W, C]; see `_Pooling` for the arguments."""

    pool = staticmethod(nn_pool.max_pool3d)


# --- functions -----------------------------------------------------------------------------------


def average_pooling1d(
    inputs: Any,
    pool_size: Any,
    strides: Any,
    padding: str = "valid",
    data_format: str = "channels_last",
    name: str | None = None,
) -> Tensor:
    """Return the mean of each window of sequences; see `tf.layers.AveragePooling1D`."""
    return AveragePooling1D(pool_size, strides, padding, data_format, name).apply(inputs)


def average_pooling2d(
    inputs: Any,
    pool_size: Any,
    strides: Any,
    padding: str = "valid",
    data_format: str = "channels_last",
    name: str | None = None,
) -> Tensor:
    """Return the mean of each window of images; see `tf.layers.AveragePooling2D`."""
    return AveragePooling2D(pool_size, strides, padding, data_format, name).apply(inputs)


def average_pooling3d(
    inputs: Any,
    pool_size: Any,
    strides: Any,
    padding: str = "valid",
    data_format: str = "channels_last",
    name: str | None = None,
) -> Tensor:
    """Return the mean of each window of volumes; see `tf.layers.AveragePooling3D`."""
    return AveragePooling3D(pool_size, strides, padding, data_format, name).apply(inputs)


def max_pooling1d(
    inputs: Any,
    pool_size: Any,
    strides: Any,
    padding: str = "valid",
    data_format: str = "channels_last",
    name: str | None = None,
) -> Tensor:
    """Return the greatest cell of each window of sequences; see `tf.layers.MaxPooling1D`."""
    return MaxPooling1D(pool_size, strides, padding, data_format, name).apply(inputs)


def max_pooling2d(
    inputs: Any,
    pool_size: Any,
    strides: Any,
    padding: str = "valid",
    data_format: str = "channels_last",
    name: str | None = None,
) -> Tensor:
    """Return the greatest cell of each window of images.

    Args:
        inputs: float[N, H, W, C], or [N, C, H, W].
        pool_size: height and width of a window; an int for both.
        strides: how far windows are apart, likewise.
        padding: "valid" (windows within the image) or "same" (ceil(size / stride) of them).
        data_format: "channels_last" or "channels_first".
    """
    return MaxPooling2D(pool_size, strides, padding, data_format, name).apply(inputs)


def max_pooling3d(
    inputs: Any,
    pool_size: Any,
    strides: Any,
    padding: str = "valid",
    data_format: str = "channels_last",
    name: str | None = None,
) -> Tensor:
    """Return the greatest cell of each window of volumes; see `tf.layers.MaxPooling3D`."""
    return MaxPooling3D(pool_size, strides, padding, data_format, name).apply(inputs)
