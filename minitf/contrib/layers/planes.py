"""Convolutions of each channel by itself.

    separable_conv2d     SeparableConv2d/depthwise_weights, pointwise_weights, biases
    conv2d_in_plane      ConvInPlane/weights [R, S, 1, 1]: one filter for all channels

Source: TensorFlow 1.15's functions of the same names in tf.contrib.layers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from minitf.api.array import tile
from minitf.api.framework import convert_to_tensor
from minitf.api.nn_activations import relu
from minitf.api.nn_depthwise import depthwise_conv2d
from minitf.api.nn_layers import bias_add
from minitf.contrib.framework.arguments import add_arg_scope
from minitf.contrib.framework.variables import model_variable
from minitf.contrib.layers.convolutions import layout
from minitf.contrib.layers.dense import XAVIER, ZEROS, finished
from minitf.contrib.layers.utils import (
    channel_dimension,
    collect_named_outputs,
    get_variable_collections,
    getter_of_model_variables,
    joined,
    last_dimension,
    two_element_tuple,
)
from minitf.layers.separable import SeparableConv2D
from minitf.tensor import Tensor
from minitf.variables.sharing import variable_scope


@add_arg_scope
def separable_convolution2d(
    inputs: Any,
    num_outputs: int | None,
    kernel_size: Any,
    depth_multiplier: int = 1,
    stride: Any = 1,
    padding: str = "SAME",
    data_format: str = "NHWC",
    rate: Any = 1,
    activation_fn: Any = relu,
    normalizer_fn: Any = None,
    normalizer_params: Mapping[str, Any] | None = None,
    weights_initializer: Any = XAVIER,
    pointwise_initializer: Any = None,
    weights_regularizer: Any = None,
    biases_initializer: Any = ZEROS,
    biases_regularizer: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    scope: Any = None,
) -> Tensor:
    """Return activation_fn(each channel's cross-correlations, mixed at each place, + biases).

    Args:
        inputs: images [N, H, W, C], or [N, C, H, W] for "NCHW".
        num_outputs: how many mixtures there are; None for no mixing.
        kernel_size: taps of a filter, a number or one for each axis.
        depth_multiplier: how many filters each channel has.
        stride: cells from one window to the next, likewise.
        padding: "SAME" or "VALID".
        data_format: "NHWC" or "NCHW".
        rate: cells from one tap to the next; 1 where a stride exceeds 1.
        activation_fn: see `fully_connected`, and so are the following ones.
        pointwise_initializer: of the mixing weights; by default `weights_initializer`.

    Raises:
        ValueError: if `data_format` is another.
    """
    if data_format not in ("NCHW", "NHWC"):
        raise ValueError("data_format has to be either NCHW or NHWC.")
    getter = getter_of_model_variables(
        bias="biases", depthwise_kernel="depthwise_weights", pointwise_kernel="pointwise_weights"
    )
    with variable_scope(
        scope, "SeparableConv2d", [inputs], reuse=reuse, custom_getter=getter
    ) as entered:
        inputs = convert_to_tensor(inputs)
        if num_outputs is None:
            outputs, filters = _unmixed(
                inputs,
                (kernel_size, depth_multiplier, weights_initializer, weights_regularizer),
                (stride, padding, rate, data_format),
                (trainable, variables_collections),
            )
            if normalizer_fn is None:
                outputs = _moved(
                    outputs,
                    filters,
                    data_format,
                    (biases_initializer, biases_regularizer),
                    (trainable, variables_collections),
                )
        else:
            layer = SeparableConv2D(
                num_outputs,
                kernel_size,
                stride,
                padding,
                layout(data_format),
                two_element_tuple(rate),
                depth_multiplier,
                use_bias=not normalizer_fn and biases_initializer is not None,
                depthwise_initializer=weights_initializer,
                pointwise_initializer=pointwise_initializer or weights_initializer,
                bias_initializer=biases_initializer,
                depthwise_regularizer=weights_regularizer,
                pointwise_regularizer=weights_regularizer,
                bias_regularizer=biases_regularizer,
                trainable=trainable,
                name=entered.name,
                dtype=inputs.dtype.base_dtype,
                _scope=entered,
                _reuse=reuse,
            )
            outputs = layer.apply(inputs)
            joined(layer.depthwise_kernel, variables_collections, "weights")
            joined(layer.pointwise_kernel, variables_collections, "weights")
            joined(layer.bias, variables_collections, "biases")
        outputs = finished(outputs, normalizer_fn, normalizer_params, activation_fn)
        return collect_named_outputs(outputs_collections, entered.name, outputs)


def _unmixed(
    inputs: Tensor,
    filters: tuple[Any, int, Any, Any],
    windows: tuple[Any, str, Any, str],
    variables: tuple[bool, Any],
) -> tuple[Tensor, int]:
    """Return the cross-correlations of each channel, and how many there are of all channels."""
    kernel_size, depth_multiplier, initializer, regularizer = filters
    stride, padding, rate, data_format = windows
    trainable, collections = variables
    channels = channel_dimension(inputs.shape, layout(data_format), min_rank=4)
    weights = model_variable(
        "depthwise_weights",
        shape=[*two_element_tuple(kernel_size), channels, depth_multiplier],
        dtype=inputs.dtype.base_dtype,
        initializer=initializer,
        regularizer=regularizer,
        trainable=trainable,
        collections=get_variable_collections(collections, "weights"),
    )
    steps = two_element_tuple(stride)
    strides = [1, 1, *steps] if data_format == "NCHW" else [1, *steps, 1]
    outputs = depthwise_conv2d(
        inputs, weights, strides, padding, rate=two_element_tuple(rate), data_format=data_format
    )
    return outputs, channels * depth_multiplier


def _moved(
    outputs: Tensor,
    filters: int,
    data_format: str,
    biases: tuple[Any, Any],
    variables: tuple[bool, Any],
) -> Tensor:
    """Add biases, unless there is no initializer."""
    initializer, regularizer = biases
    trainable, collections = variables
    if initializer is None:
        return outputs
    made = model_variable(
        "biases",
        shape=[filters],
        dtype=outputs.dtype.base_dtype,
        initializer=initializer,
        regularizer=regularizer,
        trainable=trainable,
        collections=get_variable_collections(collections, "biases"),
    )
    return bias_add(outputs, made, data_format=data_format)


@add_arg_scope
def convolution2d_in_plane(
    inputs: Any,
    kernel_size: Any,
    stride: Any = 1,
    padding: str = "SAME",
    activation_fn: Any = relu,
    normalizer_fn: Any = None,
    normalizer_params: Mapping[str, Any] | None = None,
    weights_initializer: Any = XAVIER,
    weights_regularizer: Any = None,
    biases_initializer: Any = ZEROS,
    biases_regularizer: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    scope: Any = None,
) -> Tensor:
    """Return activation_fn(each channel's cross-correlation with the same filter + biases).

    Args:
        inputs: images [N, H, W, C].
        kernel_size: taps of the filter, a number or one for each axis.
        stride: cells from one window to the next, likewise.
        padding: "SAME" or "VALID".
        activation_fn: see `fully_connected`, and so are the following ones.
    """
    with variable_scope(scope, "ConvInPlane", [inputs], reuse=reuse) as entered:
        inputs = convert_to_tensor(inputs)
        channels = last_dimension(inputs.shape, min_rank=4)
        weights = model_variable(
            "weights",
            shape=[*two_element_tuple(kernel_size), 1, 1],
            dtype=inputs.dtype.base_dtype,
            initializer=weights_initializer,
            regularizer=weights_regularizer,
            trainable=trainable,
            collections=get_variable_collections(variables_collections, "weights"),
        )
        filters = tile(weights, [1, 1, channels, 1])
        strides = [1, *two_element_tuple(stride), 1]
        outputs = depthwise_conv2d(inputs, filters, strides, padding)
        if normalizer_fn is None:
            outputs = _moved(
                outputs,
                channels,
                "NHWC",
                (biases_initializer, biases_regularizer),
                (trainable, variables_collections),
            )
        outputs = finished(outputs, normalizer_fn, normalizer_params, activation_fn)
        return collect_named_outputs(outputs_collections, entered.name, outputs)
