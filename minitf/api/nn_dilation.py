"""Greyscale dilation and erosion of images.

Source: TensorFlow 1.15's functions of the same names in tf.nn.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.array import renamed_argument, reverse
from minitf.api.framework import name_scope
from minitf.api.math import negative
from minitf.tensor import Tensor


def dilation2d(
    input: Any,
    filter: Any = None,
    strides: Any = None,
    rates: Any = None,
    padding: Any = None,
    name: str | None = None,
    filters: Any = None,
    dilations: Any = None,
) -> Tensor:
    """Take the greatest sum of image and filter in each window.

    Args:
        input: images [N, H, W, C].
        filter: [height, width, C], a surface for each channel.
        strides: four numbers, cells from one window to the next.
        rates: four numbers, cells from one tap of a window to the next.
        padding: "SAME" or "VALID".
        name: name of the operation.
        filters: another name of `filter`.
        dilations: another name of `rates`.

    Raises:
        ValueError: if the shapes do not fit together.
    """
    filter = renamed_argument("filters", filters, "filter", filter)
    rates = renamed_argument("dilations", dilations, "rates", rates)
    return ops.dilation2d_op(
        input, filter, strides=strides, rates=rates, padding=padding, name=name
    )


def erosion2d(
    value: Any, kernel: Any, strides: Any, rates: Any, padding: Any, name: str | None = None
) -> Tensor:
    """Take the least difference of image and kernel in each window.

    It is the dilation of the negative image by the kernel turned around, negated.

    Args:
        value: images [N, H, W, C].
        kernel: [height, width, C], a surface for each channel.
        strides: four numbers, cells from one window to the next.
        rates: four numbers, cells from one tap of a window to the next.
        padding: "SAME" or "VALID".

    Raises:
        ValueError: if the shapes do not fit together.
    """
    with name_scope(name, "erosion2d", [value, kernel]) as scope:
        value, kernel = negative(value), reverse(kernel, [0, 1])
        return negative(dilation2d(value, kernel, strides, rates, padding, scope))
