"""Pooling of images and volumes: the mean or the greatest of each window.

Source: TensorFlow 1.15's functions of the same names in tf.contrib.layers.
"""

from __future__ import annotations

from typing import Any

from minitf.api import nn_pool_dilated
from minitf.api.framework import convert_to_tensor, name_scope
from minitf.contrib.framework.arguments import add_arg_scope
from minitf.contrib.layers.convolutions import layout
from minitf.contrib.layers.utils import collect_named_outputs, n_positive_integers
from minitf.layers.pooling import (
    AveragePooling2D,
    AveragePooling3D,
    MaxPooling2D,
    MaxPooling3D,
)
from minitf.tensor import Tensor

_IMAGES, _VOLUMES = ("NCHW", "NHWC"), ("NCDHW", "NDHWC")


@add_arg_scope
def avg_pool2d(
    inputs: Any,
    kernel_size: Any,
    stride: Any = 2,
    padding: str = "VALID",
    data_format: str = "NHWC",
    outputs_collections: Any = None,
    scope: str | None = None,
) -> Tensor:
    """Return the means of windows of images.

    Args:
        inputs: images [N, H, W, C], or [N, C, H, W] for "NCHW".
        kernel_size: cells of a window, a number or one for each axis.
        stride: cells from one window to the next, likewise.
        padding: "VALID" or "SAME".
        data_format: "NHWC" or "NCHW".
        outputs_collections: names of collections that the outputs join.
        scope: name of the name scope.

    Raises:
        ValueError: if `data_format` is another.
    """
    return _pooled(AveragePooling2D, "AvgPool2D", _IMAGES, locals())


@add_arg_scope
def avg_pool3d(
    inputs: Any,
    kernel_size: Any,
    stride: Any = 2,
    padding: str = "VALID",
    data_format: str = "NDHWC",
    outputs_collections: Any = None,
    scope: str | None = None,
) -> Tensor:
    """Return the means of windows of volumes, [N, D, H, W, C]; see `avg_pool2d`."""
    return _pooled(AveragePooling3D, "AvgPool3D", _VOLUMES, locals())


@add_arg_scope
def max_pool2d(
    inputs: Any,
    kernel_size: Any,
    stride: Any = 2,
    padding: str = "VALID",
    data_format: str = "NHWC",
    outputs_collections: Any = None,
    scope: str | None = None,
) -> Tensor:
    """Return the greatest of each window of images; see `avg_pool2d`."""
    return _pooled(MaxPooling2D, "MaxPool2D", _IMAGES, locals())


@add_arg_scope
def max_pool3d(
    inputs: Any,
    kernel_size: Any,
    stride: Any = 2,
    padding: str = "VALID",
    data_format: str = "NDHWC",
    outputs_collections: Any = None,
    scope: str | None = None,
) -> Tensor:
    """Return the greatest of each window of volumes, [N, D, H, W, C]; see `avg_pool2d`."""
    return _pooled(MaxPooling3D, "MaxPool3D", _VOLUMES, locals())


def _pooled(layer_class: Any, name: str, formats: tuple[str, str], given: Any) -> Tensor:
    if given["data_format"] not in formats:
        raise ValueError(f"data_format has to be either {' or '.join(formats)}.")
    with name_scope(given["scope"], name, [given["inputs"]]) as entered:
        inputs = convert_to_tensor(given["inputs"])
        layer = layer_class(
            given["kernel_size"],
            given["stride"],
            given["padding"],
            layout(given["data_format"]),
            _scope=entered,
        )
        return collect_named_outputs(given["outputs_collections"], entered, layer.apply(inputs))


@add_arg_scope
def pool(
    inputs: Any,
    kernel_size: Any,
    pooling_type: str,
    padding: str = "VALID",
    data_format: str | None = None,
    dilation_rate: Any = 1,
    stride: Any = 1,
    outputs_collections: Any = None,
    scope: str | None = None,
) -> Tensor:
    """Return the mean or the greatest of each window; see `tf.nn.pool`.

    Args:
        inputs: a batch of sequences, images or volumes.
        kernel_size: cells of a window, a number or one for each axis.
        pooling_type: "AVG" or "MAX".
        padding: "VALID" or "SAME".
        data_format: channels are second if it begins with "NC".
        dilation_rate: cells from one of a window to the next; 1 where a stride exceeds 1.
        stride: cells from one window to the next.
        outputs_collections: names of collections that the outputs join.
        scope: name of the name scope.

    Raises:
        ValueError: if the rank is not known or below 3, or the arguments do not fit together.
    """
    with name_scope(scope, f"{pooling_type.lower()}_pool", [inputs]) as entered:
        inputs = convert_to_tensor(inputs)
        rank = inputs.shape.ndims
        if rank is None:
            raise ValueError("Rank of inputs must be known")
        if rank < 3:
            raise ValueError("Rank of inputs must be >= 3")
        outputs = nn_pool_dilated.pool(
            inputs,
            n_positive_integers(rank - 2, kernel_size),
            pooling_type,
            padding,
            n_positive_integers(rank - 2, dilation_rate),
            n_positive_integers(rank - 2, stride),
            name=entered,
            data_format=data_format,
        )
        return collect_named_outputs(outputs_collections, entered, outputs)
