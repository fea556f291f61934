"""Convolutions and dilations, with TensorFlow 2's arguments.

Source: TensorFlow 1.15's functions of the same names in tf.compat.v2.nn.
"""

from __future__ import annotations

from typing import Any

from minitf.api import nn_conv, nn_conv1d, nn_conv3d, nn_convolution, nn_depthwise, nn_dilation
from minitf.tensor import Tensor


def convolution(
    input: Any,
    filters: Any,
    strides: Any = None,
    padding: Any = "VALID",
    data_format: str | None = None,
    dilations: Any = None,
    name: str | None = None,
) -> Tensor:
    """Cross-correlate sequences, images or volumes with a bank of filters."""
    return nn_convolution.convolution(
        input, filters, padding, strides, dilations, name, data_format
    )


def conv1d(
    input: Any,
    filters: Any,
    stride: Any,
    padding: Any,
    data_format: str | None = "NWC",
    dilations: Any = None,
    name: str | None = None,
) -> Tensor:
    """Cross-correlate sequences with a bank of filters."""
    return nn_conv1d.conv1d(
        input,
        filters,
        stride,
        padding,
        data_format=data_format,
        name=name,
        dilations=dilations,
    )


def conv2d(
    input: Any,
    filters: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = "NHWC",
    dilations: Any = None,
    name: str | None = None,
) -> Tensor:
    """Cross-correlate images with a bank of filters."""
    return nn_conv.conv2d(
        input,
        filters,
        strides,
        padding,
        data_format=data_format,
        dilations=dilations,
        name=name,
    )


def conv3d(
    input: Any,
    filters: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = "NDHWC",
    dilations: Any = None,
    name: str | None = None,
) -> Tensor:
    """Cross-correlate volumes with a bank of filters."""
    dilations = [1, 1, 1, 1, 1] if dilations is None else dilations
    return nn_conv3d.conv3d(input, filters, strides, padding, data_format, dilations, name)


def conv2d_transpose(
    input: Any,
    filters: Any,
    output_shape: Any,
    strides: Any,
    padding: Any = "SAME",
    data_format: str | None = "NHWC",
    dilations: Any = None,
    name: str | None = None,
) -> Tensor:
    """Apply the transpose of a convolution of images."""
    return nn_conv.conv2d_transpose(
        input,
        filters,
        output_shape,
        strides,
        padding,
        data_format,
        name,
        dilations=dilations,
    )


def conv3d_transpose(
    input: Any,
    filters: Any,
    output_shape: Any,
    strides: Any,
    padding: Any = "SAME",
    data_format: str | None = "NDHWC",
    dilations: Any = None,
    name: str | None = None,
) -> Tensor:
    """Apply the transpose of a convolution of volumes."""
    return nn_conv3d.conv3d_transpose(
        input,
        filters,
        output_shape,
        strides,
        padding,
        data_format,
        name,
        dilations=dilations,
    )


def depthwise_conv2d(
    input: Any,
    filter: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = None,
    dilations: Any = None,
    name: str | None = None,
) -> Tensor:
    """Convolve each channel of images with filters of its own."""
    return nn_depthwise.depthwise_conv2d(
        input, filter, strides, padding, dilations, name, data_format
    )


def separable_conv2d(
    input: Any,
    depthwise_filter: Any,
    pointwise_filter: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = None,
    dilations: Any = None,
    name: str | None = None,
) -> Tensor:
    """Convolve each channel of images by itself, then mix the channels."""
    return nn_depthwise.separable_conv2d(
        input,
        depthwise_filter,
        pointwise_filter,
        strides,
        padding,
        dilations,
        name,
        data_format,
    )


# --- dilation and erosion ------------------------------------------------------------------------


def dilation2d(
    input: Any,
    filters: Any,
    strides: Any,
    padding: Any,
    data_format: str,
    dilations: Any,
    name: str | None = None,
) -> Tensor:
    """Take the greatest sum of image and filter in each window.

    Raises:
        ValueError: if `data_format` is not "NHWC".
    """
    _check_format(data_format)
    return nn_dilation.dilation2d(input, filters, strides, dilations, padding, name)


def erosion2d(
    value: Any,
    filters: Any,
    strides: Any,
    padding: Any,
    data_format: str,
    dilations: Any,
    name: str | None = None,
) -> Tensor:
    """Take the least difference of image and filter in each window.

    Raises:
        ValueError: if `data_format` is not "NHWC".
    """
    _check_format(data_format)
    return nn_dilation.erosion2d(value, filters, strides, dilations, padding, name)


def _check_format(data_format: str) -> None:
    if data_format != "NHWC":
        raise ValueError("Data formats other than NHWC are not yet supported")
