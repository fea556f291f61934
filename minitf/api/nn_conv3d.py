"""Convolution of volumes.

Source: TensorFlow 1.15's functions of the same names in tf.nn; 2015 Table 1.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.array import renamed_argument
from minitf.api.framework import name_scope
from minitf.api.nn_attributes import each_axis, without_none
from minitf.tensor import Tensor

_ONES = (1, 1, 1, 1, 1)


def conv3d(
    input: Any,
    filter: Any = None,
    strides: Any = None,
    padding: Any = None,
    data_format: str | None = "NDHWC",
    dilations: Any = _ONES,
    name: str | None = None,
    filters: Any = None,
) -> Tensor:
    """Cross-correlate volumes with a bank of filters.

    Args:
        input: volumes [N, D, H, W, C], or [N, C, D, H, W] for "NCDHW".
        filter: [depth, height, width, channels in, channels out].
        strides: five numbers, cells from one window to the next.
        padding: "SAME" or "VALID".
        data_format: "NDHWC" or "NCDHW".
        dilations: five numbers, cells from one tap of a window to the next.
        name: name of the operation.
        filters: another name of `filter`.

    Raises:
        ValueError: if the shapes do not fit together.
    """
    filter = renamed_argument("filters", filters, "filter", filter)
    attrs = without_none(
        strides=strides, padding=padding, data_format=data_format, dilations=dilations
    )
    return ops.conv3d_op(input, filter, **attrs, name=name)


def conv3d_backprop_filter(
    input: Any,
    filter_sizes: Any,
    out_backprop: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = "NDHWC",
    dilations: Any = _ONES,
    name: str | None = None,
) -> Tensor:
    """Return a convolution's gradient with respect to its filters.

    Args:
        input: as given to `conv3d`, and so are the other arguments.
        filter_sizes: shape of the filters.
        out_backprop: gradient of the convolution's result.
    """
    attrs = without_none(
        strides=strides, padding=padding, data_format=data_format, dilations=dilations
    )
    return ops.conv3d_backprop_filter_v2_op(input, filter_sizes, out_backprop, **attrs, name=name)


conv3d_backprop_filter_v2 = conv3d_backprop_filter


def conv3d_transpose(
    value: Any,
    filter: Any = None,
    output_shape: Any = None,
    strides: Any = None,
    padding: Any = "SAME",
    data_format: str | None = "NDHWC",
    name: str | None = None,
    input: Any = None,
    filters: Any = None,
    dilations: Any = None,
) -> Tensor:
    """Apply the transpose of a convolution of volumes: upsample with a bank of filters.

    Args:
        value: volumes [N, D, H, W, C], or [N, C, D, H, W] for "NCDHW".
        filter: [depth, height, width, channels out, channels in].
        output_shape: shape of the result.
        strides: of the convolution whose transpose this is, one number, three or five.
        padding: "SAME" or "VALID".
        data_format: "NDHWC" or "NCDHW".
        name: name of the operation.
        input: another name of `value`.
        filters: another name of `filter`.
        dilations: see `conv3d`; one number, three or five.

    Raises:
        ValueError: if the shapes do not fit together.
    """
    value = renamed_argument("input", input, "value", value)
    filter = renamed_argument("filters", filters, "filter", filter)
    with name_scope(name, "conv3d_transpose", [value, filter, output_shape]) as scope:
        attrs = without_none(
            strides=each_axis(strides, 3, data_format, "strides"),
            padding=padding,
            data_format=data_format,
            dilations=each_axis(dilations, 3, data_format, "dilations"),
        )
        return ops.conv3d_backprop_input_v2_op(output_shape, filter, value, **attrs, name=scope)
