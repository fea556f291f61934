"""Layers of quantized numbers.

Source: TensorFlow 1.15's functions of the same names in tf.nn.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.dtypes import qint32, quint8
from minitf.tensor import Tensor

Quantized = tuple[Tensor, Tensor, Tensor]


def quantized_max_pool(
    input: Any,
    min_input: Any,
    max_input: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    name: str | None = None,
) -> Quantized:
    """Return the greatest number of each window of images, and the range that it is in.

    Args:
        input: quantized images [N, H, W, C].
        min_input: what the least number stands for.
        max_input: what the greatest number stands for.
        ksize: size of the window, one number for every axis.
        strides: cells from one window to the next, one number for every axis.
        padding: "SAME" or "VALID".
        name: name of the operation.
    """
    return ops.quantized_max_pool_op(
        input, min_input, max_input, ksize=ksize, strides=strides, padding=padding, name=name
    )


def quantized_avg_pool(
    input: Any,
    min_input: Any,
    max_input: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    name: str | None = None,
) -> Quantized:
    """Return the average of each window of images, and the range that it is in.

    Args:
        input: quantized images [N, H, W, C].
        min_input: what the least number stands for, and so on: see `quantized_max_pool`.
    """
    return ops.quantized_avg_pool_op(
        input, min_input, max_input, ksize=ksize, strides=strides, padding=padding, name=name
    )


def quantized_relu_x(
    features: Any,
    max_value: Any,
    min_features: Any,
    max_features: Any,
    out_type: Any = quint8,
    name: str | None = None,
) -> Quantized:
    """Cut quantized numbers at 0 and at a limit; return them and the range that they are in.

    Args:
        features: quantized numbers.
        max_value: the limit, a real number.
        min_features: what the least number stands for.
        max_features: what the greatest number stands for.
        out_type: type of the result.
        name: name of the operation.
    """
    return ops.quantized_relu_x_op(
        features, max_value, min_features, max_features, out_type=out_type, name=name
    )


def quantized_conv2d(
    input: Any,
    filter: Any,
    min_input: Any,
    max_input: Any,
    min_filter: Any,
    max_filter: Any,
    strides: Any,
    padding: Any,
    out_type: Any = qint32,
    dilations: Any = (1, 1, 1, 1),
    name: str | None = None,
) -> Quantized:
    """Return the cross-correlation of images and filters, and the range that it is in.

    Args:
        input: quantized images [N, H, W, C].
        filter: quantized filters [R, S, C, K].
        min_input: what the least number of `input` stands for.
        max_input: what the greatest number of `input` stands for.
        min_filter: what the least number of `filter` stands for.
        max_filter: what the greatest number of `filter` stands for.
        strides: cells from one window to the next, one number for every axis.
        padding: "SAME" or "VALID".
        out_type: type of the result.
        dilations: distance of a window's cells, one number for every axis.
        name: name of the operation.
    """
    return ops.quantized_conv2d_op(
        *(input, filter, min_input, max_input, min_filter, max_filter),
        out_type=out_type,
        strides=strides,
        padding=padding,
        dilations=dilations,
        name=name,
    )
