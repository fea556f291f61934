"""Which inputs of a convolution each of its outputs sees: sizes, masks, pairs of indices.

Source: TensorFlow 1.15's `tensorflow.python.keras.utils.conv_utils`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from math import prod
from typing import Any, cast

import numpy as np

from minitf.layers.utils import conv_output_length

Array = np.ndarray[Any, Any]


def deconv_output_length(
    input_length: Any,
    filter_size: int,
    padding: str,
    output_padding: int | None = None,
    stride: int = 0,
    dilation: int = 1,
) -> Any:
    """Return the size of an axis from that of its convolution; None if that is not known.

    Args:
        input_length: how many windows there are.
        filter_size: taps of a window.
        padding: "same", "valid" or "full".
        output_padding: cells beyond the last window; as many as the stride has room for by default.
        stride: cells from one window to the next.
        dilation: cells from one tap to the next.

    Raises:
        ValueError: if there is no such padding.
    """
    if padding not in ("same", "valid", "full"):
        raise ValueError(f"padding must be 'same', 'valid' or 'full', not {padding!r}")
    if input_length is None:
        return None
    extent = filter_size + (filter_size - 1) * (dilation - 1)
    if output_padding is None:
        beyond = {"valid": max(extent - stride, 0), "full": -(stride + extent - 2), "same": 0}
        return input_length * stride + beyond[padding]
    margin = {"same": extent // 2, "valid": 0, "full": extent - 1}[padding]
    return (input_length - 1) * stride + extent - 2 * margin + output_padding


def convert_kernel(kernel: Array) -> Array:
    """Return a kernel turned around in space, as a convolution is turned into a correlation.

    Args:
        kernel: [R, ..., channels, filters] of 1 to 3 axes in space.

    Raises:
        ValueError: if it has another rank.
    """
    kernel = np.asarray(kernel)
    if not 3 <= kernel.ndim <= 5:
        raise ValueError(f"Invalid kernel shape: {kernel.shape}")
    return np.flip(kernel, tuple(range(kernel.ndim - 2))).copy()


def conv_output_shape(
    input_shape: Sequence[int], kernel_shape: Sequence[int], strides: Sequence[int], padding: str
) -> tuple[int, ...]:
    """Return how many windows there are along each axis in space."""
    sizes = zip(input_shape, kernel_shape, strides, strict=True)
    counts = (conv_output_length(size, taps, padding, stride) for size, taps, stride in sizes)
    return tuple(cast("int", count) for count in counts)  # None comes of a size of None alone


def conv_connected_inputs(
    input_shape: Sequence[int],
    kernel_shape: Sequence[int],
    output_position: Sequence[int],
    strides: Sequence[int],
    padding: str,
) -> list[range]:
    """Return the places that an output sees, a range for each axis in space.

    Args:
        input_shape: sizes in space.
        kernel_shape: taps of a window.
        output_position: where the output stands.
        strides: cells from one window to the next.
        padding: "same" or "valid".
    """
    ranges = []
    for size, taps, at, stride in zip(
        input_shape, kernel_shape, output_position, strides, strict=True
    ):
        first = at * stride - (0 if padding == "valid" else taps // 2)
        ranges.append(range(max(0, first), min(size, first + taps)))
    return ranges


def conv_kernel_mask(
    input_shape: Sequence[int], kernel_shape: Sequence[int], strides: Sequence[int], padding: str
) -> Array:
    """Return which inputs each output sees.

    Args:
        input_shape: sizes in space.
        kernel_shape: taps of a window.
        strides: cells from one window to the next.
        padding: "same" or "valid".

    Returns:
        bool[*input_shape, *output_shape].

    Raises:
        ValueError: if the numbers of axes differ.
        NotImplementedError: if there is no such padding.
    """
    _check(input_shape, kernel_shape, strides, padding)
    outputs = conv_output_shape(input_shape, kernel_shape, strides, padding)
    mask = np.zeros((*input_shape, *outputs), np.bool_)
    for at in np.ndindex(*outputs):
        seen = conv_connected_inputs(input_shape, kernel_shape, at, strides, padding)
        mask[(*np.ix_(*seen), *at)] = True
    return mask


def conv_kernel_idxs(
    input_shape: Sequence[int],
    kernel_shape: Sequence[int],
    strides: Sequence[int],
    padding: str,
    filters_in: int,
    filters_out: int,
    data_format: str,
) -> Iterator[tuple[int, int]]:
    """Give the number of an output, and that of an input that it sees, for all such pairs.

    Args:
        input_shape: sizes in space.
        kernel_shape: taps of a window.
        strides: cells from one window to the next.
        padding: "same" or "valid".
        filters_in: channels of the input.
        filters_out: channels of the output.
        data_format: whether channels count fastest ("channels_last") or slowest.

    Raises:
        ValueError: if the numbers of axes differ, or there is no such format.
        NotImplementedError: if there is no such padding.
    """
    _check(input_shape, kernel_shape, strides, padding)
    if data_format not in ("channels_first", "channels_last"):
        raise ValueError(
            f"Data format {data_format} not recognized. `data_format` must be "
            '"channels_first" or "channels_last".'
        )
    outputs = conv_output_shape(input_shape, kernel_shape, strides, padding)

    def number(at: tuple[int, ...], sizes: Any, channel: int, channels: int) -> int:
        place = int(np.ravel_multi_index(at, sizes))
        is_last = data_format == "channels_last"
        return place * channels + channel if is_last else channel * prod(sizes) + place

    for to in np.ndindex(*outputs):
        seen = conv_connected_inputs(input_shape, kernel_shape, to, strides, padding)
        for at in itertools.product(*seen):
            for f_in, f_out in itertools.product(range(filters_in), range(filters_out)):
                yield (
                    number(to, outputs, f_out, filters_out),
                    number(at, input_shape, f_in, filters_in),
                )


def _check(
    input_shape: Sequence[int], kernel_shape: Sequence[int], strides: Sequence[int], padding: str
) -> None:
    if padding not in ("same", "valid"):
        raise NotImplementedError(
            f'Padding type {padding} not supported. Only "valid" and "same" are implemented.'
        )
    counts = len(strides), len(input_shape), len(kernel_shape)
    if len(set(counts)) > 1:
        raise ValueError(
            "Number of strides, input and kernel dimensions must all match. Received: "
            f"{', '.join(map(str, counts))}."
        )
