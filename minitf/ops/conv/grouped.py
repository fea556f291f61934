"""What surrounds a convolution of one group: where the channels are, groups of them, checks.

The ops of `minitf.ops.conv.conv2d` and of `minitf.ops.conv.conv3d`, and their kernels, differ only
in the function that does the work for one group of channels, on images [N, H, W, C] or volumes
[N, D, H, W, C]:

    correlate(images, filter, windows) -> [N, P, Q, K]
    spread(grads, filter, windows) -> [N, H, W, C]
    pair(images, grads, windows) -> [R, S, C, K]

A filter that takes fewer channels than the images have divides both sides into groups: the g-th
part of the images' channels gives the g-th part of the output's.

Source: 2015 Table 1, row "Neural-net building blocks".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from minitf.errors import invalid
from minitf.ops.conv.windows import Frame, Windows
from minitf.ops.precision import wide
from minitf.shapes import Dim, Shape, Unknown

Array = np.ndarray[Any, Any]
OneGroup = Callable[[Array, Array, Windows], Array]


def conv_frame(
    strides: Sequence[int],
    padding: str,
    explicit_paddings: Sequence[int] = (),
    data_format: str = "NHWC",
    dilations: Sequence[int] | None = None,
    use_cudnn_on_gpu: bool = True,
) -> Frame:
    """Read a convolution's attributes.

    Raises:
        InvalidArgumentError: if windows would also move along the channels.
    """
    frame = Frame.of(strides, padding, explicit_paddings, data_format, dilations)
    if frame.strides[-1] != 1 or frame.dilations[-1] != 1 or frame.margins[-1] != (0, 0):
        raise invalid(
            "Current implementation does not yet support strides, dilations and paddings in the "
            "batch and depth dimensions"
        )
    return frame


def output_shape(frame: Frame, input: Shape, filter: Shape) -> Shape:
    """Return the shape of a convolution, as far as its inputs' are known."""
    batch, (*sizes, channels) = frame.sizes(input)
    *window, taken, made = filter
    group_count(channels, taken, made)  # checks
    counts = [frame.count(axis, sizes[axis], taps) for axis, taps in enumerate(window)]
    return frame.shape(batch, *counts, made)


def convolve(frame: Frame, input: Array, filter: Array, correlate: OneGroup) -> Array:
    """Return the convolution of images with a filter, in the op's own layout and type."""
    images = wide(frame.to_last(input))
    windows, groups = windows_over(frame, images.shape, filter.shape)
    parts = [
        correlate(part, taps, windows)
        for part, taps in zip(
            np.split(images, groups, -1), np.split(wide(filter), groups, -1), strict=True
        )
    ]
    return frame.from_last(_joined(parts)).astype(input.dtype, copy=False)


def convolve_input(
    frame: Frame, input_sizes: Array, filter: Array, out_backprop: Array, spread: OneGroup
) -> Array:
    """Return the gradient of a convolution's input."""
    batch, sizes = frame.sizes(sizes_of(frame, "input_sizes", input_sizes))
    grads = wide(frame.to_last(out_backprop))
    windows, groups = windows_over(frame, (batch, *sizes), filter.shape)
    check_backprop(grads, (batch, *windows.counts, filter.shape[-1]))
    parts = [
        spread(part, taps, windows)
        for part, taps in zip(
            np.split(grads, groups, -1), np.split(wide(filter), groups, -1), strict=True
        )
    ]
    return frame.from_last(_joined(parts)).astype(filter.dtype, copy=False)


def convolve_filter(
    frame: Frame, input: Array, filter_sizes: Array, out_backprop: Array, pair: OneGroup
) -> Array:
    """Return the gradient of a convolution's filter."""
    filter_shape = tuple(sizes_of(frame, "filter_sizes", filter_sizes))
    images, grads = wide(frame.to_last(input)), wide(frame.to_last(out_backprop))
    windows, groups = windows_over(frame, images.shape, filter_shape)
    check_backprop(grads, (len(images), *windows.counts, filter_shape[-1]))
    parts = [
        pair(part, grad, windows)
        for part, grad in zip(
            np.split(images, groups, -1), np.split(grads, groups, -1), strict=True
        )
    ]
    return _joined(parts).astype(input.dtype, copy=False)


def windows_over(frame: Frame, images: Sequence[Any], filter: Sequence[Any]) -> tuple[Windows, int]:
    """Return the windows of a filter over images [N, H, W, C], and the number of groups.

    Raises:
        InvalidArgumentError: if ranks or channel counts do not fit, or a filter exceeds the image.
    """
    check_ranks(frame.rank, input=images, filter=filter)
    groups = group_count(images[-1], *filter[-2:])
    assert groups is not None
    return frame.windows(images[1:], filter[:-2]), groups


def group_count(channels: Dim, taken: Dim, made: Dim) -> int | None:
    """Return into how many groups a filter divides the images' channels; None if not known.

    Args:
        channels: channels of the images.
        taken: channels that the filter takes.
        made: channels of the output.

    Raises:
        InvalidArgumentError: if the groups would not be equal.
    """
    if isinstance(channels, Unknown) or isinstance(taken, Unknown):
        return None
    if channels == taken:
        return 1
    if not taken or not channels or channels % taken:
        raise invalid(
            f"Depth of input ({channels}) is not a multiple of input depth of filter ({taken})",
            hint="filters are [..., height, width, channels in, channels out]",
        )
    groups = channels // taken
    if not isinstance(made, Unknown) and made % groups:
        raise invalid(
            f"Depth of output ({made}) is not a multiple of the number of groups ({groups})"
        )
    return groups


def check_ranks(rank: int, **shapes: Sequence[Any]) -> None:
    """Refuse arrays that have another number of dimensions."""
    for what, shape in shapes.items():
        if len(shape) != rank:
            raise invalid(f"{what} must be {rank}-dimensional: {list(shape)}")


def sizes_of(frame: Frame, what: str, sizes: Array) -> Shape:
    """Return the shape that an input names."""
    if sizes.shape != (frame.rank,):
        raise invalid(
            f"{what} must have {frame.rank} elements, but is of shape {list(sizes.shape)}"
        )
    return Shape(sizes.tolist())


def check_backprop(grads: Array, wanted: Sequence[Any]) -> None:
    """Refuse a gradient that is not as large as the convolution's output."""
    check_ranks(len(wanted), out_backprop=grads.shape)
    space = ("depth", "height", "width")[2 - len(wanted) :]
    for axis, have, want in zip(("batch", *space, "channels"), grads.shape, wanted, strict=True):
        if have != want:
            raise invalid(
                f"Size of out_backprop doesn't match computed: actual = {have}, computed = {want}",
                axis=axis,
            )


def _joined(parts: list[Array]) -> Array:
    return parts[0] if len(parts) == 1 else np.concatenate(parts, -1)
