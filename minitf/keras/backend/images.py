"""Convolutions, pools and margins of images, of the backend.

Source: TensorFlow 1.15's `tf.keras.backend`.
"""

from __future__ import annotations

from typing import Any

from minitf.api import array, nn_conv, nn_depthwise, nn_pool
from minitf.api.image_resize import resize_bilinear, resize_nearest_neighbor
from minitf.api.nn_convolution import convolution
from minitf.api.sizes import shape
from minitf.keras.backend.config import layout
from minitf.keras.backend.tensors import repeat_elements
from minitf.layers.utils import convert_data_format
from minitf.tensor import Tensor


def _convolved(
    x: Any, kernel: Any, strides: Any, padding: str, data_format: Any, dilation_rate: Any, rank: int
) -> Tensor:
    return convolution(
        x,
        kernel,
        padding.upper(),
        strides=_tuple(strides, rank),
        dilation_rate=_tuple(dilation_rate, rank),
        data_format=convert_data_format(layout(data_format), rank + 2),
    )


def _tuple(value: Any, rank: int) -> tuple[int, ...]:
    return (value,) * rank if isinstance(value, int) else tuple(value)


def conv1d(
    x: Any,
    kernel: Any,
    strides: Any = 1,
    padding: str = "valid",
    data_format: Any = None,
    dilation_rate: Any = 1,
) -> Tensor:
    """Cross-correlate sequences [N, T, C] with filters [taps, C, K].

    Args:
        x: the sequences.
        kernel: the filters.
        strides: cells from one window to the next.
        padding: "valid", "same" or "causal".
        data_format: "channels_last" or "channels_first"; by default the default layout.
        dilation_rate: cells from one tap to the next.
    """
    if padding == "causal":
        taps, rate = kernel.shape.as_list()[0], _tuple(dilation_rate, 1)[0]
        x = temporal_padding(x, (rate * (taps - 1), 0))
        padding = "valid"
    return _convolved(x, kernel, strides, padding, data_format, dilation_rate, 1)


def conv2d(
    x: Any,
    kernel: Any,
    strides: Any = (1, 1),
    padding: str = "valid",
    data_format: Any = None,
    dilation_rate: Any = (1, 1),
) -> Tensor:
    """Cross-correlate images [N, H, W, C] with filters [R, S, C, K]; see `conv1d`."""
    return _convolved(x, kernel, strides, padding, data_format, dilation_rate, 2)


def conv3d(
    x: Any,
    kernel: Any,
    strides: Any = (1, 1, 1),
    padding: str = "valid",
    data_format: Any = None,
    dilation_rate: Any = (1, 1, 1),
) -> Tensor:
    """Cross-correlate volumes [N, D, H, W, C] with filters; see `conv1d`."""
    return _convolved(x, kernel, strides, padding, data_format, dilation_rate, 3)


def _of_images(values: Any, data_format: str) -> tuple[int, ...]:
    a, b = _tuple(values, 2)
    return (1, 1, a, b) if data_format == "channels_first" else (1, a, b, 1)


def conv2d_transpose(
    x: Any,
    kernel: Any,
    output_shape: Any,
    strides: Any = (1, 1),
    padding: str = "valid",
    data_format: Any = None,
) -> Tensor:
    """Apply the transpose of a convolution; filters are [R, S, channels out, channels in].

    Args:
        x: images.
        kernel: the filters.
        output_shape: of the result; None in it stands for the batch.
        strides: of the convolution.
        padding: "valid" or "same".
        data_format: "channels_last" or "channels_first"; by default the default layout.
    """
    chosen = layout(data_format)
    sizes = list(output_shape)
    if sizes[0] is None:
        sizes[0] = shape(x)[0]
    first = chosen == "channels_first"
    if first:
        x = array.transpose(x, (0, 2, 3, 1))
        sizes = [sizes[0], *sizes[2:], sizes[1]]
    made = nn_conv.conv2d_transpose(
        x, kernel, array.stack(sizes), (1, *_tuple(strides, 2), 1), padding=padding.upper()
    )
    return array.transpose(made, (0, 3, 1, 2)) if first else made


def separable_conv2d(
    x: Any,
    depthwise_kernel: Any,
    pointwise_kernel: Any,
    strides: Any = (1, 1),
    padding: str = "valid",
    data_format: Any = None,
    dilation_rate: Any = (1, 1),
) -> Tensor:
    """Cross-correlate each channel, then mix the channels; see `conv2d`."""
    chosen = layout(data_format)
    return nn_depthwise.separable_conv2d(
        x,
        depthwise_kernel,
        pointwise_kernel,
        strides=_of_images(strides, chosen),
        padding=padding.upper(),
        rate=_tuple(dilation_rate, 2),
        data_format=convert_data_format(chosen, 4),
    )


def depthwise_conv2d(
    x: Any,
    depthwise_kernel: Any,
    strides: Any = (1, 1),
    padding: str = "valid",
    data_format: Any = None,
    dilation_rate: Any = (1, 1),
) -> Tensor:
    """Cross-correlate each channel with filters of its own; see `conv2d`."""
    chosen = layout(data_format)
    return nn_depthwise.depthwise_conv2d(
        x,
        depthwise_kernel,
        strides=_of_images(strides, chosen),
        padding=padding.upper(),
        rate=_tuple(dilation_rate, 2),
        data_format=convert_data_format(chosen, 4),
    )


def pool2d(
    x: Any,
    pool_size: Any,
    strides: Any = (1, 1),
    padding: str = "valid",
    data_format: Any = None,
    pool_mode: str = "max",
) -> Tensor:
    """Return the greatest cell, or the mean, of each window of images.

    Args:
        x: images.
        pool_size: cells of a window.
        strides: cells from one window to the next.
        padding: "valid" or "same".
        data_format: "channels_last" or "channels_first"; by default the default layout.
        pool_mode: "max" or "avg".

    Raises:
        ValueError: if the mode is neither.
    """
    chosen = layout(data_format)
    pools = {"max": nn_pool.max_pool, "avg": nn_pool.avg_pool}
    if pool_mode not in pools:
        raise ValueError("Invalid pooling mode: " + str(pool_mode))
    return pools[pool_mode](
        x,
        _of_images(pool_size, chosen),
        _of_images(strides, chosen),
        padding.upper(),
        convert_data_format(chosen, 4),
    )


def pool3d(
    x: Any,
    pool_size: Any,
    strides: Any = (1, 1, 1),
    padding: str = "valid",
    data_format: Any = None,
    pool_mode: str = "max",
) -> Tensor:
    """Return the greatest cell, or the mean, of each window of volumes; see `pool2d`.

    Raises:
        ValueError: if the mode is neither.
    """
    first = layout(data_format) == "channels_first"
    pools = {"max": nn_pool.max_pool3d, "avg": nn_pool.avg_pool3d}
    if pool_mode not in pools:
        raise ValueError("Invalid pooling mode: " + str(pool_mode))
    if first:
        x = array.transpose(x, (0, 2, 3, 4, 1))
    window, steps = ((1, *_tuple(each, 3), 1) for each in (pool_size, strides))
    made = pools[pool_mode](x, window, steps, padding.upper())
    return array.transpose(made, (0, 4, 1, 2, 3)) if first else made


# --- margins and sizes ---------------------------------------------------------------------------


def temporal_padding(x: Any, padding: Any = (1, 1)) -> Tensor:
    """Add zeros before and behind sequences [N, T, C]."""
    return array.pad(x, [[0, 0], list(padding), [0, 0]])


def spatial_2d_padding(x: Any, padding: Any = ((1, 1), (1, 1)), data_format: Any = None) -> Tensor:
    """Add zeros around images; pairs (before, behind) for each axis."""
    return _padded(x, padding, data_format)


def spatial_3d_padding(
    x: Any, padding: Any = ((1, 1), (1, 1), (1, 1)), data_format: Any = None
) -> Tensor:
    """Add zeros around volumes; pairs (before, behind) for each axis."""
    return _padded(x, padding, data_format)


def _padded(x: Any, padding: Any, data_format: Any) -> Tensor:
    space = [list(each) for each in padding]
    none = [0, 0]
    if layout(data_format) == "channels_first":
        return array.pad(x, [none, none, *space])
    return array.pad(x, [none, *space, none])


def resize_images(
    x: Any,
    height_factor: int,
    width_factor: int,
    data_format: Any,
    interpolation: str = "nearest",
) -> Tensor:
    """Enlarge images by whole factors.

    Args:
        x: images.
        height_factor: of the height.
        width_factor: of the width.
        data_format: "channels_last" or "channels_first".
        interpolation: "nearest" or "bilinear".

    Raises:
        ValueError: if the interpolation is neither.
    """
    resize = {"nearest": resize_nearest_neighbor, "bilinear": resize_bilinear}
    if interpolation not in resize:
        raise ValueError("interpolation should be one of `nearest` or `bilinear`.")
    first = layout(data_format) == "channels_first"
    if first:
        x = array.transpose(x, (0, 2, 3, 1))
    known = x.shape.as_list()
    sizes = [
        shape(x)[axis] * factor if known[axis] is None else known[axis] * factor
        for axis, factor in ((1, height_factor), (2, width_factor))
    ]
    made = resize[interpolation](x, array.stack(sizes))
    static = [size if isinstance(size, int) else None for size in sizes]
    made.set_shape([known[0], *static, known[3]])
    return array.transpose(made, (0, 3, 1, 2)) if first else made


def resize_volumes(
    x: Any, depth_factor: int, height_factor: int, width_factor: int, data_format: Any
) -> Tensor:
    """Repeat the cells of volumes along each axis."""
    start = 2 if layout(data_format) == "channels_first" else 1
    for number, factor in enumerate((depth_factor, height_factor, width_factor)):
        x = repeat_elements(x, factor, axis=start + number)
    return x
