"""Convolution of images.

`strides` and `dilations` may be one number, one for each of height and width, or four in
the order of `data_format`.

Source: TensorFlow 1.15's functions of the same names in tf.nn; 2015 Table 1.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.array import renamed_argument
from minitf.api.framework import name_scope
from minitf.api.nn_attributes import each_axis
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape

_ONES = (1, 1, 1, 1)

# --- convolution ---------------------------------------------------------------------------------


def conv2d(
    input: Any,
    filter: Any = None,
    strides: Any = None,
    padding: Any = None,
    use_cudnn_on_gpu: bool = True,
    data_format: str | None = "NHWC",
    dilations: Any = _ONES,
    name: str | None = None,
    filters: Any = None,
) -> Tensor:
    """Cross-correlate images with a bank of filters.

    Args:
        input: images [N, H, W, C], or [N, C, H, W] for "NCHW".
        filter: [height, width, channels in, channels out].
        strides: cells from one window to the next.
        padding: "SAME", "VALID", or four pairs of numbers of cells.
        use_cudnn_on_gpu: accepted, without effect.
        data_format: "NHWC" or "NCHW".
        dilations: cells from one tap of a window to the next.
        name: name of the operation.
        filters: another name of `filter`.

    Raises:
        ValueError: if the shapes do not fit together.
    """
    filter = renamed_argument("filters", filters, "filter", filter)
    return ops.conv2d_op(
        input,
        filter,
        **_attributes(strides, padding, data_format, dilations, use_cudnn_on_gpu),
        name=name,
    )


def conv2d_backprop_input(
    input_sizes: Any,
    filter: Any = None,
    out_backprop: Any = None,
    strides: Any = None,
    padding: Any = None,
    use_cudnn_on_gpu: bool = True,
    data_format: str | None = "NHWC",
    dilations: Any = _ONES,
    name: str | None = None,
    filters: Any = None,
) -> Tensor:
    """Return a convolution's gradient with respect to its images.

    Args:
        input_sizes: shape of the images.
        filter: as given to `conv2d`, and so are the other arguments.
        out_backprop: gradient of the convolution's result.
    """
    filter = renamed_argument("filters", filters, "filter", filter)
    attrs = _attributes(strides, padding, data_format, dilations, use_cudnn_on_gpu)
    return ops.conv2d_backprop_input_op(input_sizes, filter, out_backprop, **attrs, name=name)


def conv2d_backprop_filter(
    input: Any,
    filter_sizes: Any,
    out_backprop: Any,
    strides: Any,
    padding: Any,
    use_cudnn_on_gpu: bool = True,
    data_format: str | None = "NHWC",
    dilations: Any = _ONES,
    name: str | None = None,
) -> Tensor:
    """Return a convolution's gradient with respect to its filters.

    Args:
        input: as given to `conv2d`, and so are the other arguments.
        filter_sizes: shape of the filters.
        out_backprop: gradient of the convolution's result.
    """
    attrs = _attributes(strides, padding, data_format, dilations, use_cudnn_on_gpu)
    return ops.conv2d_backprop_filter_op(input, filter_sizes, out_backprop, **attrs, name=name)


def conv2d_transpose(
    value: Any = None,
    filter: Any = None,
    output_shape: Any = None,
    strides: Any = None,
    padding: Any = "SAME",
    data_format: str | None = "NHWC",
    name: str | None = None,
    input: Any = None,
    filters: Any = None,
    dilations: Any = None,
) -> Tensor:
    """Apply the transpose of a convolution: upsample with a bank of filters.

    Args:
        value: images [N, H, W, C], or [N, C, H, W] for "NCHW".
        filter: [height, width, channels out, channels in].
        output_shape: shape of the result.
        strides: of the convolution whose transpose this is, and so are the next two.
        padding: see `conv2d`.
        data_format: "NHWC" or "NCHW".
        name: name of the operation.
        input: another name of `value`.
        filters: another name of `filter`.
        dilations: see `conv2d`.

    Raises:
        ValueError: if the shapes do not fit together.
    """
    value = renamed_argument("input", input, "value", value)
    filter = renamed_argument("filters", filters, "filter", filter)
    with name_scope(name, "conv2d_transpose", [value, filter, output_shape]) as scope:
        attrs = _attributes(strides, padding, data_format, dilations)
        images, weights = (TensorShape(getattr(x, "shape", None)) for x in (value, filter))
        have = images[3 if attrs["data_format"] == "NHWC" else 1] if images.ndims == 4 else None
        if (
            have is not None
            and weights.ndims in (None, 4)
            and not have.is_compatible_with(weights[3])
        ):
            raise ValueError(
                "input channels does not match filter's input channels, "
                f"{have} != {weights[3]}: Dimensions must be equal, but are {have} and {weights[3]}"
            )
        return ops.conv2d_backprop_input_op(output_shape, filter, value, **attrs, name=scope)


# --- attributes ----------------------------------------------------------------------------------


def _attributes(
    strides: Any,
    padding: Any,
    data_format: str | None,
    dilations: Any,
    use_cudnn_on_gpu: bool = True,
) -> dict[str, Any]:
    """Return the attributes of a convolution in the form of the op."""
    data_format = data_format or "NHWC"
    padding, explicit = _padding(padding)
    return {
        "strides": _four(strides, data_format, "strides"),
        "use_cudnn_on_gpu": use_cudnn_on_gpu,
        "padding": padding,
        "explicit_paddings": explicit,
        "data_format": data_format,
        "dilations": _four(dilations, data_format, "dilations"),
    }


def _four(value: Any, data_format: str, what: str) -> tuple[int, ...]:
    """Return one number for each axis, in the order of `data_format`.

    Raises:
        ValueError: if there are not 1, 2 or 4 numbers.
    """
    return each_axis(value, 2, data_format, what)


def _padding(padding: Any) -> tuple[Any, tuple[int, ...]]:
    """Return the op's two attributes of the padding: a word, and the numbers it may need.

    Raises:
        ValueError: if it is "EXPLICIT" without numbers, or not four pairs.
    """
    if padding == "EXPLICIT":
        raise ValueError(
            '"EXPLICIT" is not a valid value for the padding parameter. To use explicit padding, '
            "the padding parameter must be a list."
        )
    if not isinstance(padding, (list, tuple)):
        return padding, ()
    for i, pair in enumerate(padding):
        if not isinstance(pair, (list, tuple)) or len(pair) != 2:
            raise ValueError(
                "When padding is a list, each element of padding must be a list/tuple of size 2. "
                f"Element with index {i} of padding is {pair}"
            )
    if len(padding) != 4:
        raise ValueError(f"When padding is a list, it must be of size 4. Got: {len(padding)}")
    return "EXPLICIT", tuple(cells for pair in padding for cells in pair)
