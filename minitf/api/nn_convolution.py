"""Convolution of one to three axes of space, and with holes in its windows.

Source: TensorFlow 1.15's functions of the same names in tf.nn.
"""

from __future__ import annotations

from collections.abc import Sized
from typing import Any

import numpy as np

from minitf import ops
from minitf.api.array import renamed_argument
from minitf.api.framework import name_scope
from minitf.api.nn_attributes import each_axis, without_none
from minitf.api.nn_blocks import in_blocks
from minitf.api.nn_conv import conv2d, conv2d_transpose
from minitf.api.nn_conv1d import conv1d, conv1d_transpose
from minitf.api.nn_conv3d import conv3d_transpose
from minitf.api.sizes import shape
from minitf.api.space_batch import batch_to_space, space_to_batch
from minitf.convert import convert_to_tensor
from minitf.shapes import Dim, Shape, as_shape, known
from minitf.static_value import constant_value
from minitf.tensor import Tensor

_FORMATS = {1: ("NWC", "NCW"), 2: ("NHWC", "NCHW"), 3: ("NDHWC", "NCDHW")}

# --- any number of axes --------------------------------------------------------------------------


def convolution(
    input: Any,
    filter: Any,
    padding: Any,
    strides: Any = None,
    dilation_rate: Any = None,
    name: str | None = None,
    data_format: str | None = None,
    filters: Any = None,
    dilations: Any = None,
) -> Tensor:
    """Cross-correlate sequences, images or volumes with a bank of filters.

    Args:
        input: [N, space..., C], or [N, C, space...] for "NC...", with one to three axes of space.
        filter: [window..., channels in, channels out].
        padding: "SAME" or "VALID".
        strides: cells from one window to the next; 1 where `dilation_rate` exceeds 1.
        dilation_rate: cells from one tap of a window to the next.
        name: name of the operation.
        data_format: "NWC", "NHWC" or "NDHWC", or with the channels first.
        filters: another name of `filter`.
        dilations: another name of `dilation_rate`.

    Raises:
        ValueError: if the arguments do not fit together.
    """
    filter = renamed_argument("filters", filters, "filter", filter)
    rates = renamed_argument("dilations", dilations, "dilation_rate", dilation_rate)
    with name_scope(name, "convolution", [input, filter]) as scope:
        return convolved(input, filter, padding, strides, rates, data_format, scope)


def convolved(
    input: Any,
    filter: Any,
    padding: Any,
    strides: Any,
    rates: Any,
    data_format: str | None,
    name: str | None,
    rate: Tensor | None = None,
) -> Tensor:
    """Do the work of `convolution` in the present name scope.

    Args:
        name: name of the operation; that of the op by default.
        rate: the rates of the axes of space as a constant that exists already.
    """
    sizes, window = _static_shape(input), _static_shape(filter)
    rank = window.rank if sizes.rank is None else sizes.rank
    if rank is None:
        raise ValueError("rank of input or filter must be known")
    count = rank - 2
    if count not in _FORMATS:
        raise ValueError(f"Input tensor must be of rank 3, 4 or 5 but was {rank}.")
    strides = each_axis(strides, count, data_format, "strides")
    rates = each_axis(rates, count, data_format, "dilations")

    def plain(input: Any, _: int, padding: Any) -> Tensor:
        return _plain_convolution(count, input, filter, strides, padding, data_format, name)

    if all(each == 1 for each in rates):
        return plain(input, count, padding)
    _check_dilated(count, sizes, window, strides, rates, data_format)
    space = slice(2, None) if _is_first(data_format) else slice(1, -1)
    blocks = list(rates[space]) if rate is None else rate
    filter_shape = None
    if padding == "SAME":
        filter_shape = window.as_list() if window.is_full else shape(filter)
    made = in_blocks(input, sizes, blocks, padding, plain, filter_shape, data_format=data_format)
    if _is_first(data_format):  # what cropping by computed numbers lets the shape forget
        made.set_shape(Shape.unknown(rank).replaced(1, window[count + 1]))
    return made


def _static_shape(value: Any) -> Shape:
    """Return what is known of the shape of a Tensor, a variable or an array."""
    return as_shape(value.shape if hasattr(value, "shape") else np.shape(value))


def _is_first(data_format: str | None) -> bool:
    return data_format is not None and data_format.startswith("NC")


def _plain_convolution(
    count: int,
    input: Any,
    filter: Any,
    strides: Any,
    padding: Any,
    data_format: str | None,
    name: str | None,
) -> Tensor:
    """Convolve without dilation."""
    attrs = without_none(padding=padding, data_format=data_format, name=name)
    if count == 1:
        return conv1d(input, filter, strides, **attrs)
    if count == 2:
        return conv2d(input, filter, strides, **attrs)
    return ops.conv3d_op(input, filter, strides=strides, **attrs)


def _check_dilated(
    count: int, sizes: Shape, window: Shape, strides: Any, rates: Any, data_format: str | None
) -> None:
    """Refuse, before anything is built, what blocks cannot do.

    Raises:
        ValueError: for unequal ranks or channel counts, rates below 1, strides above it, or another
            format.
    """
    for what, given in (("input", sizes), ("filter", window)):
        if given.rank not in (None, count + 2):
            raise ValueError(f"{what} tensor must have rank {count + 2}")
    channels = sizes[1 if _is_first(data_format) else count + 1]
    if known(channels, window[count]) and channels != window[count]:
        raise ValueError(
            "number of input channels does not match corresponding dimension of filter, "
            f"{channels} != {window[count]}"
        )
    for what, values in (("dilation_rate", rates), ("strides", strides)):
        if min(values) < 1:
            raise ValueError(f"all values of {what} must be positive")
    if max(strides) > 1:
        raise ValueError("strides > 1 not supported in conjunction with dilation_rate > 1")
    if data_format not in (None, *_FORMATS[count]) and (
        count > 1 or data_format not in _FORMATS[2]
    ):
        last, first = _FORMATS[count]
        raise ValueError(f'data_format must be "{last}" or "{first}".')


def conv_transpose(
    input: Any,
    filters: Any,
    output_shape: Any,
    strides: Any,
    padding: Any = "SAME",
    data_format: str | None = None,
    dilations: Any = None,
    name: str | None = None,
) -> Tensor:
    """Apply the transpose of a convolution of one to three axes: upsample with a bank of filters.

    Args:
        input: [N, space..., C], or [N, C, space...] for "NC...".
        filters: [window..., channels out, channels in].
        output_shape: shape of the result; its length tells the number of axes.
        strides: of the convolution whose transpose this is, and so are the next three.
        padding: "SAME" or "VALID".
        data_format: see `convolution`.
        dilations: cells from one tap of a window to the next.
        name: name of the operation.

    Raises:
        ValueError: if the arguments do not fit together.
    """
    with name_scope(name, "conv_transpose", [input, filters, output_shape]) as scope:
        if isinstance(output_shape, Tensor):
            rank = output_shape.static_shape.with_rank(1, "output_shape")[0]
        elif isinstance(output_shape, Sized):
            rank = len(output_shape)
        else:
            raise ValueError("output_shape must be a tensor or sized collection.")
        transposes: dict[Dim, Any] = {3: conv1d_transpose, 4: conv2d_transpose, 5: conv3d_transpose}
        if not known(rank) or rank not in transposes:
            raise ValueError(f"output_shape must be of length 3, 4 or 5 but was {rank}.")
        return transposes[rank](
            input,
            filters,
            output_shape,
            strides,
            padding=padding,
            data_format=data_format,
            dilations=dilations,
            name=scope,
        )


# --- images with holes in the windows ------------------------------------------------------------


def atrous_conv2d(
    value: Any, filters: Any, rate: Any, padding: Any, name: str | None = None
) -> Tensor:
    """Cross-correlate images with filters whose taps are `rate` cells apart.

    Args:
        value: images [N, H, W, C].
        filters: [height, width, channels in, channels out].
        rate: cells from one tap of a window to the next, a whole number >= 1.
        padding: "SAME" or "VALID".

    Raises:
        ValueError: if the arguments do not fit together.
    """
    rates = np.broadcast_to(rate, (2,)).tolist()
    return convolution(value, filters, padding, dilation_rate=rates, name=name)


def atrous_conv2d_transpose(
    value: Any,
    filters: Any,
    output_shape: Any,
    rate: int,
    padding: Any,
    name: str | None = None,
) -> Tensor:
    """Apply the transpose of `atrous_conv2d`.

    Args:
        value: images [N, P, Q, C].
        filters: [height, width, channels out, C].
        output_shape: shape of the result, four numbers.
        rate: cells from one tap of a window to the next.
        padding: "SAME" or "VALID".

    Raises:
        ValueError: if the arguments do not fit together.
    """
    with name_scope(name, "atrous_conv2d_transpose", [value, filters, output_shape]):
        value = convert_to_tensor(value, name="value")
        filters = convert_to_tensor(filters, name="filters")
        window, channels = filters.static_shape, value.static_shape.with_rank(4)[3]
        if known(channels, window[3]) and channels != window[3]:
            raise ValueError(
                "value's input channels does not match filters' input channels, "
                f"{channels} != {window[3]}"
            )
        if rate < 1:
            raise ValueError(f"rate {rate} cannot be less than one")
        if rate == 1:
            return conv2d_transpose(value, filters, output_shape, [1, 1, 1, 1], padding)
        sizes = _four_sizes(output_shape, window)
        if padding == "SAME":
            whole = window.as_list() if window.is_full else shape(filters)
            extents = [n + (n - 1) * (rate - 1) for n in (whole[0], whole[1])]
            pads = [n - 1 for n in extents]
        elif padding == "VALID":
            pads = [0, 0]
        else:
            raise ValueError(f"padding must be either VALID or SAME: {padding}")
        before = [n // 2 for n in pads]
        after = [n - first for n, first in zip(pads, before, strict=True)]
        padded = [sizes[1 + i] + before[i] + after[i] for i in range(2)]
        extra = [(rate - n % rate) % rate for n in padded]  # so that blocks fill space
        blocks = space_to_batch(value, [[0, extra[0]], [0, extra[1]]], rate)
        made = ops.conv2d_backprop_input_op(
            [
                rate * rate * sizes[0],
                *[(padded[i] + extra[i]) // rate for i in range(2)],
                sizes[3],
            ],
            filters,
            blocks,
            strides=(1, 1, 1, 1),
            padding="VALID",
        )
        crops = [[before[i], after[i] + extra[i]] for i in range(2)]
        return batch_to_space(made, crops, rate)


def _four_sizes(output_shape: Any, window: Shape) -> Any:
    """Return the sizes of the result: numbers as given, or a Tensor.

    Raises:
        ValueError: if they are not four, or are not the filter's channels.
    """
    tensor = convert_to_tensor(output_shape, name="output_shape")
    if not tensor.get_shape().is_compatible_with([4]):
        raise ValueError(f"output_shape must have shape (4,), got {tensor.get_shape()}")
    if isinstance(output_shape, Tensor):
        return tensor
    sizes = list(output_shape)
    channels = constant_value(tensor)
    if channels is not None and known(window[2]) and channels[3] != window[2]:
        raise ValueError(
            f"output_shape does not match filter's output channels, {channels[3]} != {window[2]}"
        )
    return sizes
