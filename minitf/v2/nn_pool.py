"""Pooling, with TensorFlow 2's arguments.

Source: TensorFlow 1.15's functions of the same names in tf.compat.v2.nn.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf.api import nn_pool, nn_pool_dilated, nn_pool_regions
from minitf.api.nn_attributes import each_axis
from minitf.api.random import get_seed
from minitf.dtypes import int64
from minitf.tensor import Tensor

Regions = tuple[Tensor, Tensor, Tensor]


def pool(
    input: Any,
    window_shape: Any,
    pooling_type: str,
    strides: Any = None,
    padding: Any = "VALID",
    data_format: str | None = None,
    dilations: Any = None,
    name: str | None = None,
) -> Tensor:
    """Pool over windows of any number of axes."""
    return nn_pool_dilated.pool(
        input,
        window_shape,
        pooling_type,
        padding,
        dilation_rate=dilations,
        strides=strides,
        name=name,
        data_format=data_format,
    )


def max_pool_with_argmax(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str = "NHWC",
    output_dtype: Any = int64,
    include_batch_in_index: bool = False,
    name: str | None = None,
) -> tuple[Tensor, Tensor]:
    """Return the greatest value of each window of images, and its place.

    Raises:
        ValueError: if `data_format` is not "NHWC".
    """
    if data_format != "NHWC":
        raise ValueError("Data formats other than 'NHWC' are not yet supported")
    return nn_pool.max_pool_with_argmax(
        input,
        each_axis(ksize, 2, data_format, "ksize"),
        each_axis(strides, 2, data_format, "strides"),
        padding,
        name=name,
        output_dtype=output_dtype,
        include_batch_in_index=include_batch_in_index,
    )


def fractional_max_pool(
    value: Any,
    pooling_ratio: Any,
    pseudo_random: bool = False,
    overlapping: bool = False,
    seed: int = 0,
    name: str | None = None,
) -> Regions:
    """Return the greatest value of each of random regions, and where the regions start.

    Args:
        value: images [N, H, W, C].
        pooling_ratio: how much smaller both sides become: one number, two or four.
        pseudo_random: whether regions lie as evenly as their sizes allow, or shuffled.
        overlapping: whether regions share the cell at their boundary.
        seed: each run draws the same regions, those of this seed; other ones if it is 0.
        name: name of the operation.
    """
    pooling_ratio = each_axis(pooling_ratio, 2, "NHWC", "pooling_ratio")
    return _fractional(
        nn_pool_regions.fractional_max_pool,
        *(value, pooling_ratio, pseudo_random, overlapping, seed, name),
    )


def fractional_avg_pool(
    value: Any,
    pooling_ratio: Any,
    pseudo_random: bool = False,
    overlapping: bool = False,
    seed: int = 0,
    name: str | None = None,
) -> Regions:
    """Return the average of each of random regions, and where the regions start.

    Args:
        value: images [N, H, W, C].
        pooling_ratio: four numbers >= 1, how much smaller each axis becomes.
        pseudo_random: as that of `fractional_max_pool`, and so are the other arguments.
    """
    return _fractional(
        nn_pool_regions.fractional_avg_pool,
        *(value, pooling_ratio, pseudo_random, overlapping, seed, name),
    )


def _fractional(
    pooling: Callable[..., Regions],
    value: Any,
    pooling_ratio: Any,
    pseudo_random: bool,
    overlapping: bool,
    seed: int,
    name: str | None,
) -> Regions:
    first, second = get_seed(seed) if seed else (0, 0)
    return pooling(
        *(value, pooling_ratio, pseudo_random, overlapping),
        deterministic=bool(seed),
        seed=first,
        seed2=second,
        name=name,
    )
