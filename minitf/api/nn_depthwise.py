"""Convolution of each channel by itself.

Source: TensorFlow 1.15's functions of the same names in tf.nn.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.array import renamed_argument
from minitf.api.framework import name_scope
from minitf.api.nn_attributes import without_none
from minitf.api.nn_blocks import with_space_to_batch
from minitf.api.nn_conv import conv2d
from minitf.api.sizes import shape
from minitf.convert import convert_to_tensor
from minitf.tensor import Tensor

_ONES = (1, 1, 1, 1)


def depthwise_conv2d(
    input: Any,
    filter: Any,
    strides: Any,
    padding: Any,
    rate: Any = None,
    name: str | None = None,
    data_format: str | None = None,
    dilations: Any = None,
) -> Tensor:
    """Cross-correlate each channel of images with its own filters.

    Args:
        input: images [N, H, W, C], or [N, C, H, W] for "NCHW".
        filter: [height, width, C, filters of each channel].
        strides: four numbers, cells from one window to the next; 1 where `rate` exceeds 1.
        padding: "SAME" or "VALID".
        rate: cells from one tap of a window to the next, along height and width.
        name: name of the operation.
        data_format: "NHWC" or "NCHW".
        dilations: another name of `rate`.

    Raises:
        ValueError: if the shapes do not fit together.
    """
    rate = renamed_argument("dilations", dilations, "rate", rate)
    with name_scope(name, "depthwise", [input, filter]) as scope:
        input = convert_to_tensor(input, name="tensor_in")
        filter = convert_to_tensor(filter, name="filter_in")
        return _in_blocks(input, filter, strides, padding, rate, data_format, scope)


def separable_conv2d(
    input: Any,
    depthwise_filter: Any,
    pointwise_filter: Any,
    strides: Any,
    padding: Any,
    rate: Any = None,
    name: str | None = None,
    data_format: str | None = None,
    dilations: Any = None,
) -> Tensor:
    """Cross-correlate each channel with its own filters, then mix the channels of each pixel.

    Args:
        input: images [N, H, W, C], or [N, C, H, W] for "NCHW".
        depthwise_filter: [height, width, C, M].
        pointwise_filter: [1, 1, C * M, channels out].
        strides: of the first step; see `depthwise_conv2d`, and so are the other arguments.

    Raises:
        ValueError: if the shapes do not fit together.
    """
    rate = renamed_argument("dilations", dilations, "rate", rate)
    with name_scope(name, "separable_conv2d", [input, depthwise_filter, pointwise_filter]) as scope:
        input = convert_to_tensor(input, name="tensor_in")
        depthwise_filter = convert_to_tensor(depthwise_filter, name="depthwise_filter")
        pointwise_filter = convert_to_tensor(pointwise_filter, name="pointwise_filter")
        sizes = pointwise_filter.get_shape().with_rank(4)
        for size in sizes.dims[:2]:
            size.assert_is_compatible_with(1)
        alone = _in_blocks(
            input, depthwise_filter, strides, padding, rate, data_format, "depthwise"
        )
        return conv2d(
            alone, pointwise_filter, _ONES, padding="VALID", data_format=data_format, name=scope
        )


def _in_blocks(
    input: Tensor,
    filter: Tensor,
    strides: Any,
    padding: Any,
    rate: Any,
    data_format: str | None,
    name: str,
) -> Tensor:
    """Convolve the blocks in which a dilated window is a plain one."""

    def op(blocks: Tensor, count: int, padding: str) -> Tensor:
        return depthwise_conv2d_native(blocks, filter, strides, padding, data_format, name=name)

    return with_space_to_batch(
        input,
        [1, 1] if rate is None else rate,
        padding,
        op,
        filter_shape=shape(filter),
        data_format=data_format,
    )


# --- the ops themselves --------------------------------------------------------------------------


def depthwise_conv2d_native(
    input: Any,
    filter: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = "NHWC",
    dilations: Any = _ONES,
    name: str | None = None,
) -> Tensor:
    """Cross-correlate each channel of images with its own filters, in one operation.

    Args:
        input: images [N, H, W, C], or [N, C, H, W] for "NCHW".
        filter: [height, width, C, filters of each channel].
        strides: four numbers, cells from one window to the next.
        padding: "SAME" or "VALID".
        data_format: "NHWC" or "NCHW".
        dilations: four numbers, cells from one tap of a window to the next.
    """
    attrs = without_none(
        strides=strides, padding=padding, data_format=data_format, dilations=dilations
    )
    return ops.depthwise_conv2d_native_op(input, filter, **attrs, name=name)


def depthwise_conv2d_native_backprop_input(
    input_sizes: Any,
    filter: Any,
    out_backprop: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = "NHWC",
    dilations: Any = _ONES,
    name: str | None = None,
) -> Tensor:
    """Return a depthwise convolution's gradient with respect to its images.

    Args:
        input_sizes: shape of the images.
        filter: as given to `depthwise_conv2d_native`, and so are the other arguments.
        out_backprop: gradient of the convolution's result.
    """
    attrs = without_none(
        strides=strides, padding=padding, data_format=data_format, dilations=dilations
    )
    return ops.depthwise_conv2d_native_backprop_input_op(
        input_sizes, filter, out_backprop, **attrs, name=name
    )


def depthwise_conv2d_native_backprop_filter(
    input: Any,
    filter_sizes: Any,
    out_backprop: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = "NHWC",
    dilations: Any = _ONES,
    name: str | None = None,
) -> Tensor:
    """Return a depthwise convolution's gradient with respect to its filters.

    Args:
        input: as given to `depthwise_conv2d_native`, and so are the other arguments.
        filter_sizes: shape of the filters.
        out_backprop: gradient of the convolution's result.
    """
    attrs = without_none(
        strides=strides, padding=padding, data_format=data_format, dilations=dilations
    )
    return ops.depthwise_conv2d_native_backprop_filter_op(
        input, filter_sizes, out_backprop, **attrs, name=name
    )


depthwise_conv2d_backprop_input = depthwise_conv2d_native_backprop_input
depthwise_conv2d_backprop_filter = depthwise_conv2d_native_backprop_filter
