"""Convolution of sequences: that of images of height 1.

Source: TensorFlow 1.15's functions of the same names in tf.nn; 2015 Table 1.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.array import concat, expand_dims, renamed_argument, squeeze
from minitf.api.framework import name_scope
from minitf.api.nn_attributes import each_axis
from minitf.tensor import Tensor


def conv1d(
    value: Any = None,
    filters: Any = None,
    stride: Any = None,
    padding: Any = None,
    use_cudnn_on_gpu: bool | None = None,
    data_format: str | None = None,
    name: str | None = None,
    input: Any = None,
    dilations: Any = None,
) -> Tensor:
    """Cross-correlate sequences with a bank of filters.

    Args:
        value: sequences [N, W, C], or [N, C, W] for "NCW".
        filters: [width, channels in, channels out].
        stride: cells from one window to the next.
        padding: "SAME" or "VALID".
        use_cudnn_on_gpu: accepted, without effect.
        data_format: "NWC" or "NCW"; "NHWC" and "NCHW" mean the same.
        name: name of the operation.
        input: another name of `value`.
        dilations: cells from one tap of a window to the next.

    Raises:
        ValueError: if the shapes do not fit together, or for another format.
    """
    value = renamed_argument("input", input, "value", value)
    with name_scope(name, "conv1d", [value, filters]) as scope:
        images, axis = _format_of_images(data_format, also=("NHWC", "NCHW"))
        made = ops.conv2d_op(
            expand_dims(value, axis),
            expand_dims(filters, 0),
            strides=(1, *each_axis(stride, 1, images, "stride")),
            use_cudnn_on_gpu=True if use_cudnn_on_gpu is None else use_cudnn_on_gpu,
            padding=padding,
            data_format=images,
            dilations=(1, *each_axis(dilations, 1, images, "dilations")),
            name=scope,
        )
        return squeeze(made, [axis])


def conv1d_transpose(
    input: Any,
    filters: Any,
    output_shape: Any,
    strides: Any,
    padding: Any = "SAME",
    data_format: str | None = "NWC",
    dilations: Any = None,
    name: str | None = None,
) -> Tensor:
    """Apply the transpose of a convolution of sequences: upsample with a bank of filters.

    Args:
        input: sequences [N, W, C], or [N, C, W] for "NCW".
        filters: [width, channels out, channels in].
        output_shape: shape of the result, three numbers.
        strides: of the convolution whose transpose this is, and so are the next three.
        padding: "SAME" or "VALID".
        data_format: "NWC" or "NCW".
        dilations: see `conv1d`.
        name: name of the operation.

    Raises:
        ValueError: if the shapes do not fit together, or for another format.
    """
    with name_scope(name, "conv1d_transpose", [input, filters, output_shape]) as scope:
        images, axis = _format_of_images(data_format)
        input, filters = expand_dims(input, axis), expand_dims(filters, 0)
        if not isinstance(output_shape, Tensor):
            output_shape = list(output_shape)
        sizes = concat([output_shape[:axis], [1], output_shape[axis:]], 0)
        made = ops.conv2d_backprop_input_op(
            sizes,
            filters,
            input,
            strides=(1, *each_axis(strides, 1, images, "stride")),
            padding=padding,
            data_format=images,
            dilations=(1, *each_axis(dilations, 1, images, "dilations")),
            name=scope,
        )
        return squeeze(made, axis)


def _format_of_images(data_format: str | None, also: tuple[str, ...] = ()) -> tuple[str, int]:
    """Return the format of images of height 1, and where their height is.

    Raises:
        ValueError: if it is the format neither of sequences nor one of `also`.
    """
    if data_format is not None and data_format not in ("NWC", "NCW", *also):
        raise ValueError('data_format must be "NWC" or "NCW".')
    is_first = data_format is not None and data_format.startswith("NC")
    return ("NCHW", 2) if is_first else ("NHWC", 1)
