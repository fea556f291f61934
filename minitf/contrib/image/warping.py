"""Images whose every pixel is read somewhere else.

Source: TensorFlow 1.15's tf.contrib.image.
"""

from __future__ import annotations

from typing import Any

from minitf.api.array import expand_dims, reshape, stack, unstack
from minitf.api.casting import cast
from minitf.api.clipping import clip_by_value
from minitf.api.elementary import floor
from minitf.api.framework import convert_to_tensor, name_scope
from minitf.api.gathering import gather_nd
from minitf.api.sequences import range as range_
from minitf.api.sizes import shape as shape_of
from minitf.dtypes import int32
from minitf.tensor import Tensor


def dense_image_warp(image: Any, flow: Any, name: str = "dense_image_warp") -> Tensor:
    """Read pixel (y, x) at (y, x) minus its flow, between four pixels; at an edge, the edge.

    Args:
        image: float[batch, height, width, channels], of 2 x 2 pixels or more.
        flow: float[batch, height, width, 2]: dy, dx.
        name: of the scope.

    Returns:
        float[batch, height, width, channels].

    Raises:
        ValueError: if the image has no four axes, or is known to be smaller.
    """
    with name_scope(name):
        image, flow = convert_to_tensor(image), convert_to_tensor(flow)
        if image.shape.ndims != 4:
            raise ValueError(f"Grid must be 4 dimensional. Received size: {image.shape}")
        if any(size is not None and size < 2 for size in image.shape.as_list()[1:3]):
            raise ValueError(f"Grid must be at least batch_size x 2 x 2 in size. Got {image.shape}")
        batch, height, width, _ = unstack(shape_of(image), 4)
        dy, dx = unstack(flow, 2, axis=-1)
        y, down = _cell(cast(range_(height), flow.dtype)[None, :, None] - dy, height)
        x, right = _cell(cast(range_(width), flow.dtype)[None, None, :] - dx, width)
        number = reshape(range_(batch), [-1, 1, 1]) + 0 * y

        def read(row: Tensor, column: Tensor) -> Tensor:
            return gather_nd(image, stack([number, row, column], -1))

        down, right = (expand_dims(cast(each, image.dtype), -1) for each in (down, right))
        upper = read(y, x) + right * (read(y, x + 1) - read(y, x))
        lower = read(y + 1, x) + right * (read(y + 1, x + 1) - read(y + 1, x))
        warped = upper + down * (lower - upper)
        warped.set_shape(image.shape)
        return warped


def _cell(at: Tensor, size: Tensor) -> tuple[Tensor, Tensor]:
    """Return the cell before a place, and how far the place lies on the way to the next."""
    last = cast(size - 2, at.dtype)
    before = clip_by_value(floor(at), 0 * last, last)
    return cast(before, int32), clip_by_value(at - before, 0.0, 1.0)
