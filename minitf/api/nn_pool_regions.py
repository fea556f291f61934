"""Fractional pooling: over random regions of two sizes.

Source: TensorFlow 1.15's functions of the same names in tf.nn; Graham (2014).
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.tensor import Tensor


def fractional_max_pool(
    value: Any,
    pooling_ratio: Any,
    pseudo_random: bool = False,
    overlapping: bool = False,
    deterministic: bool = False,
    seed: int = 0,
    seed2: int = 0,
    name: str | None = None,
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the greatest value of each of random regions, and where the regions start.

    Args:
        value: images [N, H, W, C].
        pooling_ratio: four numbers >= 1, how much smaller each axis becomes; the first and last 1.
        pseudo_random: whether regions lie as evenly as their sizes allow, or shuffled.
        overlapping: whether regions share the cell at their boundary.
        deterministic: whether each run draws the same regions.
        seed: first seed, only if deterministic.
        seed2: second seed.
        name: name of the operation.
    """
    return ops.fractional_max_pool_op(
        value,
        pooling_ratio=pooling_ratio,
        pseudo_random=pseudo_random,
        overlapping=overlapping,
        deterministic=deterministic,
        seed=seed,
        seed2=seed2,
        name=name,
    )


def fractional_avg_pool(
    value: Any,
    pooling_ratio: Any,
    pseudo_random: bool = False,
    overlapping: bool = False,
    deterministic: bool = False,
    seed: int = 0,
    seed2: int = 0,
    name: str | None = None,
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the average of each of random regions, and where the regions start.

    Args:
        value: images [N, H, W, C].
        pooling_ratio: as that of `fractional_max_pool`, and so are the other arguments.
    """
    return ops.fractional_avg_pool_op(
        value,
        pooling_ratio=pooling_ratio,
        pseudo_random=pseudo_random,
        overlapping=overlapping,
        deterministic=deterministic,
        seed=seed,
        seed2=seed2,
        name=name,
    )
