"""`tf.contrib.resampler`: the values of images at points between pixels.

Source: TensorFlow 1.15's function of the same name; Jaderberg, Simonyan, Zisserman and
Kavukcuoglu, "Spatial transformer networks" (2015), bilinear sampling.
"""

from __future__ import annotations

from typing import Any

from minitf.api.array import concat, expand_dims, reshape, stack
from minitf.api.casting import cast
from minitf.api.comparison import equal, logical_and
from minitf.api.constants import zeros_like
from minitf.api.control import identity
from minitf.api.elementary import floor
from minitf.api.framework import name_scope
from minitf.api.gathering import gather_nd, where
from minitf.api.math import add_n, maximum, minimum
from minitf.api.sequences import range as range_of
from minitf.api.sizes import shape
from minitf.convert import convert_to_tensor
from minitf.dtypes import int32
from minitf.tensor import Tensor


def resampler(data: Any, warp: Any, name: str = "resampler") -> Tensor:
    """Return bilinear mixtures of pixels at points of each image; beyond the pixels all is 0.

    Both arguments have gradients; that of a point at a pixel is the one to the right and below.

    Args:
        data: float[N, H, W, C], images.
        warp: float[N, ..., 2], points (x, y): columns and rows.
        name: name scope of the operations.

    Returns:
        float[N, ..., C].

    Raises:
        ValueError: if shapes or types do not fit.
    """
    with name_scope(name, "resampler", [data, warp]) as scope:
        data = convert_to_tensor(data, name="data")
        warp = convert_to_tensor(warp, data.dtype, name="warp")
        data.shape.assert_has_rank(4)
        warp.shape.with_rank_at_least(2)[-1].assert_is_compatible_with(2)
        data.shape[:1].assert_is_compatible_with(warp.shape[:1])
        sizes = shape(data)
        flat = reshape(warp, concat([sizes[:1], [-1, 2]], 0))
        x, y = flat[:, :, 0], flat[:, :, 1]
        images = expand_dims(range_of(sizes[0]), 1) + zeros_like(x, int32)
        inside = logical_and(_between(x, sizes[2]), _between(y, sizes[1]))
        x, y = (where(inside, each, zeros_like(each)) for each in (x, y))
        left, top = floor(x), floor(y)
        parts = []
        for column, across in ((left, 1 - (x - left)), (left + 1, x - left)):
            for row, down in ((top, 1 - (y - top)), (top + 1, y - top)):
                share = where(inside, across * down, zeros_like(x))
                pixels = _pixels(data, images, cast(row, int32), cast(column, int32))
                parts.append(expand_dims(share, 2) * pixels)
        found = reshape(add_n(parts), concat([shape(warp)[:-1], sizes[3:]], 0))
        found.set_shape(warp.shape[:-1].concatenate(data.shape[3:]))
        return identity(found, name=scope)


def _between(x: Tensor, size: Tensor) -> Tensor:
    """Tell where a coordinate has a pixel at one side at least."""
    return logical_and(x > -1.0, x < cast(size, x.dtype))


def _pixels(data: Tensor, images: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """Return pixels, 0 where there is none."""
    most = shape(data)[1:3] - 1
    row, column = (minimum(maximum(each, 0), most[i]) for i, each in enumerate((rows, columns)))
    there = cast(logical_and(equal(row, rows), equal(column, columns)), data.dtype)
    return gather_nd(data, stack([images, row, column], 2)) * expand_dims(there, 2)
