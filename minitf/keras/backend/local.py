"""Convolutions whose windows have filters of their own.

    inputs [N, H, W, C], kernel [P Q, R S C, K] -> [N, P, Q, K]

Source: TensorFlow 1.15's `tf.keras.backend.local_conv1d` and `local_conv2d`.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from minitf.api import array
from minitf.api.matmul import matmul
from minitf.keras.backend.config import layout
from minitf.tensor import Tensor


def local_conv(
    inputs: Any,
    kernel: Any,
    kernel_size: Sequence[int],
    strides: Sequence[int],
    output_shape: Sequence[int],
    data_format: str | None = None,
) -> Tensor:
    """Return, for each window, the product of its cells with its own filters.

    Args:
        inputs: [N, space..., C], or [N, C, space...].
        kernel: [windows, taps C, K]; the taps of a window in the order of the inputs.
        kernel_size: taps along each axis of space.
        strides: cells from one window to the next.
        output_shape: how many windows there are along each axis.
        data_format: "channels_last" or "channels_first"; by default the default layout.
    """
    first = layout(data_format) == "channels_first"
    depth, filters = kernel.shape.as_list()[1:]
    everything = slice(None)
    windows = []
    for place in itertools.product(*map(range, output_shape)):
        space = [
            slice(step * at, step * at + taps)
            for at, step, taps in zip(place, strides, kernel_size, strict=True)
        ]
        cells = [everything, everything, *space] if first else [everything, *space, everything]
        windows.append(array.reshape(inputs[tuple(cells)], (1, -1, depth)))
    made = matmul(array.concat(windows, 0), kernel)
    made = array.reshape(made, (*output_shape, -1, filters))
    rank = len(output_shape)
    order = [rank, rank + 1, *range(rank)] if first else [rank, *range(rank), rank + 1]
    return array.transpose(made, order)


def local_conv1d(
    inputs: Any, kernel: Any, kernel_size: Any, strides: Any, data_format: str | None = None
) -> Tensor:
    """Return `local_conv` of sequences [N, T, C]; the kernel says how many windows there are."""
    windows = (kernel.shape.as_list()[0],)
    return local_conv(inputs, kernel, kernel_size, strides, windows, data_format)


def local_conv2d(
    inputs: Any,
    kernel: Any,
    kernel_size: Any,
    strides: Any,
    output_shape: Any,
    data_format: str | None = None,
) -> Tensor:
    """Return `local_conv` of images [N, H, W, C]."""
    return local_conv(inputs, kernel, kernel_size, strides, output_shape, data_format)
