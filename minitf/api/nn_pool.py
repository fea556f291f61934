"""Pooling of sequences, images and volumes.

`ksize` and `strides` may be one number, one for each axis of space, or one for every axis in the
order of `data_format`.

Source: TensorFlow 1.15's functions of the same names in tf.nn; 2015 Table 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from minitf import ops
from minitf.api.array import expand_dims, renamed_argument, squeeze
from minitf.api.framework import name_scope
from minitf.api.nn_attributes import each_axis, without_none
from minitf.dtypes import int64
from minitf.shapes import as_shape
from minitf.tensor import Tensor

# --- images --------------------------------------------------------------------------------------


def max_pool(
    value: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = "NHWC",
    name: str | None = None,
    input: Any = None,
) -> Tensor:
    """Return the greatest value of each window of images.

    Args:
        value: images [N, H, W, C], or [N, C, H, W] for "NCHW".
        ksize: size of the window.
        strides: cells from one window to the next.
        padding: "SAME" or "VALID".
        data_format: "NHWC" or "NCHW".
        name: name of the operation.
        input: another name of `value`.
    """
    value = renamed_argument("input", input, "value", value)
    with name_scope(name, "MaxPool", [value]) as scope:
        return ops.max_pool_op(value, **_attributes(2, ksize, strides, padding, data_format, scope))


def max_pool2d(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = "NHWC",
    name: str | None = None,
) -> Tensor:
    """Return the greatest value of each window of images: see `max_pool`."""
    with name_scope(name, "MaxPool2d", [input]) as scope:
        return max_pool(input, ksize, strides, padding, data_format, scope)


def avg_pool(
    value: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = "NHWC",
    name: str | None = None,
    input: Any = None,
) -> Tensor:
    """Return the average of each window of images; cells of padding do not count.

    Args:
        value: images [N, H, W, C], or [N, C, H, W] for "NCHW".
        ksize: size of the window.
        strides: cells from one window to the next.
        padding: "SAME" or "VALID".
        data_format: "NHWC" or "NCHW".
        name: name of the operation.
        input: another name of `value`.
    """
    with name_scope(name, "AvgPool", [value]) as scope:
        value = renamed_argument("input", input, "value", value)
        return ops.avg_pool_op(value, **_attributes(2, ksize, strides, padding, data_format, scope))


avg_pool2d = avg_pool


def max_pool_with_argmax(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str = "NHWC",
    Targmax: Any = None,
    name: str | None = None,
    output_dtype: Any = None,
    include_batch_in_index: bool = False,
) -> tuple[Tensor, Tensor]:
    """Return the greatest value of each window of images, and its place.

    Args:
        input: images [N, H, W, C].
        ksize: size of the window, one number for every axis.
        strides: cells from one window to the next, one number for every axis.
        padding: "SAME" or "VALID".
        data_format: "NHWC".
        Targmax: older name of `output_dtype`.
        name: name of the operation.
        output_dtype: type of the places, int64 by default.
        include_batch_in_index: whether places count through all images, or within one:
            (y * W + x) * C + c.

    Raises:
        ValueError: for another data format.
    """
    if data_format != "NHWC":
        raise ValueError("Data formats other than 'NHWC' are not yet supported")
    places = renamed_argument("output_dtype", output_dtype, "Targmax", Targmax)
    return ops.max_pool_with_argmax_op(
        input,
        ksize=ksize,
        strides=strides,
        padding=padding,
        Targmax=int64 if places is None else places,
        include_batch_in_index=include_batch_in_index,
        name=name,
    )


# --- sequences -----------------------------------------------------------------------------------


def max_pool1d(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = "NWC",
    name: str | None = None,
) -> Tensor:
    """Return the greatest value of each window of sequences.

    Args:
        input: sequences [N, W, C], or [N, C, W] for "NCW".
        ksize: size of the window.
        strides: cells from one window to the next.
        padding: "SAME" or "VALID".
        data_format: "NWC" or "NCW".
        name: name of the operation.
    """
    with name_scope(name, "MaxPool1d", [input]) as scope:
        return _pool_sequences(
            ops.max_pool_op, input, ksize, strides, padding, data_format or "NWC", scope
        )


def avg_pool1d(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = "NWC",
    name: str | None = None,
) -> Tensor:
    """Return the average of each window of sequences; cells of padding do not count.

    Args:
        input: sequences [N, W, C], or [N, C, W] for "NCW".
        ksize: size of the window, and so on: see `max_pool1d`.
    """
    with name_scope(name, "AvgPool1D", [input]) as scope:
        return _pool_sequences(
            ops.avg_pool_op, input, ksize, strides, padding, data_format or "NWC", scope
        )


def _pool_sequences(
    op: Any, input: Any, ksize: Any, strides: Any, padding: Any, data_format: str, scope: str
) -> Tensor:
    """Pool sequences as images of one row."""
    row = 2 if data_format.startswith("NC") else 1
    window, steps = (
        (1, *each_axis(values, 1, data_format, what))
        for what, values in (("ksize", ksize), ("strides", strides))
    )
    pooled = op(
        expand_dims(input, row),
        ksize=window,
        strides=steps,
        padding=padding,
        data_format="NHWC" if data_format == "NWC" else "NCHW",
        name=scope,
    )
    return squeeze(pooled, row)


# --- volumes -------------------------------------------------------------------------------------


def max_pool3d(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = "NDHWC",
    name: str | None = None,
) -> Tensor:
    """Return the greatest value of each window of volumes.

    Args:
        input: volumes [N, D, H, W, C], or [N, C, D, H, W] for "NCDHW".
        ksize: size of the window.
        strides: cells from one window to the next.
        padding: "SAME" or "VALID".
        data_format: "NDHWC" or "NCDHW".
        name: name of the operation.
    """
    with name_scope(name, "MaxPool3D", [input]) as scope:
        attrs = _attributes(3, ksize, strides, padding, data_format, scope)
        return ops.max_pool3d_op(input, **attrs)


def avg_pool3d(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = "NDHWC",
    name: str | None = None,
) -> Tensor:
    """Return the average of each window of volumes; cells of padding do not count.

    Args:
        input: volumes [N, D, H, W, C], or [N, C, D, H, W] for "NCDHW".
        ksize: size of the window, and so on: see `max_pool3d`.
    """
    with name_scope(name, "AvgPool3D", [input]) as scope:
        attrs = _attributes(3, ksize, strides, padding, data_format, scope)
        return ops.avg_pool3d_op(input, **attrs)


# --- any number of axes --------------------------------------------------------------------------


def max_pool_v2(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = None,
    name: str | None = None,
) -> Tensor:
    """Return the greatest value of each window of sequences, images or volumes.

    Args:
        input: [N, space..., C], or [N, C, space...] for "NC...".
        ksize: size of the window.
        strides: cells from one window to the next.
        padding: "SAME" or "VALID".
        data_format: "NWC", "NHWC" or "NDHWC" by default, or with the channels first.
        name: name of the operation.

    Raises:
        ValueError: if there is no rank, or another than 3, 4 or 5.
    """
    pools = max_pool1d, ops.max_pool_op, ops.max_pool3d_op
    return _pool_by_rank(pools, input, ksize, strides, padding, data_format, name)


def avg_pool_v2(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = None,
    name: str | None = None,
) -> Tensor:
    """Return the average of each window of sequences, images or volumes.

    Args:
        input: [N, space..., C], or [N, C, space...] for "NC...".
        ksize: size of the window, and so on: see `max_pool_v2`.

    Raises:
        ValueError: if there is no rank, or another than 3, 4 or 5.
    """
    pools = avg_pool1d, ops.avg_pool_op, ops.avg_pool3d_op
    return _pool_by_rank(pools, input, ksize, strides, padding, data_format, name)


def _pool_by_rank(
    pools: Sequence[Any],
    input: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str | None,
    name: str | None,
) -> Tensor:
    """Call the one of three pools that is for so many axes of space."""
    rank = as_shape(input.shape if hasattr(input, "shape") else np.shape(input)).rank
    if rank is None:
        if data_format is None:
            raise ValueError("The input must have a rank or a data format must be given.")
        rank = len(data_format)
    count = rank - 2
    if not 1 <= count <= len(pools):
        raise ValueError(f"Input tensor must be of rank 3, 4 or 5 but was {rank}.")
    attrs = _attributes(count, ksize, strides, padding, data_format, name)
    made: Tensor = pools[count - 1](input, **attrs)
    return made


# --- attributes ----------------------------------------------------------------------------------


def _attributes(
    count: int,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str | None,
    name: str | None,
) -> dict[str, Any]:
    """Return the attributes of a pooling along `count` axes in the form of the op."""
    return without_none(
        ksize=each_axis(ksize, count, data_format, "ksize"),
        strides=each_axis(strides, count, data_format, "strides"),
        padding=padding,
        data_format=data_format,
        name=name,
    )
