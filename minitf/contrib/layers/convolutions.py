"""Convolutions of sequences, images and volumes, whose variables are called weights and biases.

    y = tf.contrib.layers.conv2d(x, 32, 3)     Conv/weights [3, 3, C, 32], Conv/biases [32]

`convolution` takes inputs of any of the ranks; `conv1d`, `conv2d` and `conv3d` of one each.

Source: TensorFlow 1.15's functions of the same names in tf.contrib.layers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from minitf.api.framework import convert_to_tensor
from minitf.api.nn_activations import relu
from minitf.contrib.framework.arguments import add_arg_scope
from minitf.contrib.layers.dense import XAVIER, ZEROS, finished
from minitf.contrib.layers.utils import (
    collect_named_outputs,
    getter_of_model_variables,
    joined,
)
from minitf.layers.convolutional import Conv1D, Conv2D, Conv3D
from minitf.layers.transposed import Conv2DTranspose, Conv3DTranspose
from minitf.tensor import Tensor
from minitf.variables.sharing import variable_scope

_FORMATS = (None, "NWC", "NCW", "NHWC", "NCHW", "NDHWC", "NCDHW")
_BY_RANK = {3: Conv1D, 4: Conv2D, 5: Conv3D}


def layout(data_format: str | None) -> str:
    """Return what `tf.layers` calls a layout."""
    return "channels_first" if data_format and data_format.startswith("NC") else "channels_last"


@add_arg_scope
def convolution(
    inputs: Any,
    num_outputs: int,
    kernel_size: Any,
    stride: Any = 1,
    padding: str = "SAME",
    data_format: str | None = None,
    rate: Any = 1,
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
    conv_dims: int | None = None,
) -> Tensor:
    """Return activation_fn(the cross-correlation of inputs with a bank of filters + biases).

    Args:
        inputs: sequences [N, T, C], images [N, H, W, C] or volumes [N, D, H, W, C].
        num_outputs: how many filters there are.
        kernel_size: taps of a filter, a number or one for each axis.
        stride: cells from one window to the next, likewise.
        padding: "SAME" or "VALID".
        data_format: "NWC", "NHWC" or "NDHWC"; channels are second in "NCW", "NCHW" and "NCDHW".
        rate: cells from one tap to the next; 1 where a stride exceeds 1.
        activation_fn: see `fully_connected`, and so are the following ones.
        conv_dims: how many axes the filters have, where it is checked.

    Raises:
        ValueError: if `data_format` or the rank is another, or the arguments do not fit together.
    """
    if data_format not in _FORMATS:
        raise ValueError(f"Invalid data_format: {data_format!r}")
    getter = getter_of_model_variables(kernel="weights", bias="biases")
    with variable_scope(scope, "Conv", [inputs], reuse=reuse, custom_getter=getter) as entered:
        inputs = convert_to_tensor(inputs)
        rank = inputs.shape.ndims
        if conv_dims is not None and conv_dims + 2 != rank:
            raise ValueError(f"Convolution expects input with rank {conv_dims + 2}, got {rank}")
        if rank not in _BY_RANK:
            raise ValueError(f"Convolution not supported for input with rank {rank}")
        layer = _BY_RANK[rank](
            num_outputs,
            kernel_size,
            stride,
            padding,
            layout(data_format),
            rate,
            use_bias=not normalizer_fn and biases_initializer is not None,
            kernel_initializer=weights_initializer,
            bias_initializer=biases_initializer,
            kernel_regularizer=weights_regularizer,
            bias_regularizer=biases_regularizer,
            trainable=trainable,
            name=entered.name,
            dtype=inputs.dtype.base_dtype,
            _scope=entered,
            _reuse=reuse,
        )
        outputs = layer.apply(inputs)
        joined(layer.kernel, variables_collections, "weights")
        joined(layer.bias, variables_collections, "biases")
        outputs = finished(outputs, normalizer_fn, normalizer_params, activation_fn)
        return collect_named_outputs(outputs_collections, entered.name, outputs)


@add_arg_scope
def convolution1d(
    inputs: Any,
    num_outputs: int,
    kernel_size: Any,
    stride: Any = 1,
    padding: str = "SAME",
    data_format: str | None = None,
    rate: Any = 1,
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
    """Return `convolution` of sequences [N, T, C], or [N, C, T] for "NCW"."""
    return convolution(**locals(), conv_dims=1)


@add_arg_scope
def convolution2d(
    inputs: Any,
    num_outputs: int,
    kernel_size: Any,
    stride: Any = 1,
    padding: str = "SAME",
    data_format: str | None = None,
    rate: Any = 1,
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
    """Return `convolution` of images [N, H, W, C], or [N, C, H, W] for "NCHW"."""
    return convolution(**locals(), conv_dims=2)


@add_arg_scope
def convolution3d(
    inputs: Any,
    num_outputs: int,
    kernel_size: Any,
    stride: Any = 1,
    padding: str = "SAME",
    data_format: str | None = None,
    rate: Any = 1,
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
    """Return `convolution` of volumes [N, D, H, W, C], or [N, C, D, H, W] for "NCDHW"."""
    return convolution(**locals(), conv_dims=3)


# --- transposed ----------------------------------------------------------------------------------


@add_arg_scope
def convolution2d_transpose(
    inputs: Any,
    num_outputs: int,
    kernel_size: Any,
    stride: Any = 1,
    padding: str = "SAME",
    data_format: str = "NHWC",
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
    """Return activation_fn(images of which `inputs` could be the cross-correlation + biases).

    Args:
        inputs: images [N, H, W, C], or [N, C, H, W] for "NCHW".
        num_outputs: how many channels the outputs have.
        kernel_size: taps of a filter, a number or one for each axis.
        stride: cells of the outputs for each of the inputs, likewise.
        padding: "SAME" or "VALID".
        data_format: "NHWC" or "NCHW".
        activation_fn: see `fully_connected`, and so are the following ones.

    Raises:
        ValueError: if `data_format` is another.
    """
    return _transposed(Conv2DTranspose, "Conv2d_transpose", ("NHWC", "NCHW"), locals())


@add_arg_scope
def convolution3d_transpose(
    inputs: Any,
    num_outputs: int,
    kernel_size: Any,
    stride: Any = 1,
    padding: str = "SAME",
    data_format: str = "NDHWC",
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
    """Return activation_fn(volumes of which `inputs` could be the cross-correlation + biases).

    Args:
        inputs: volumes [N, D, H, W, C], or [N, C, D, H, W] for "NCDHW".
        num_outputs: see `convolution2d_transpose`, and so are the following ones.
        data_format: "NDHWC" or "NCDHW".

    Raises:
        ValueError: if `data_format` is another.
    """
    return _transposed(Conv3DTranspose, "Conv3d_transpose", ("NDHWC", "NCDHW"), locals())


def _transposed(layer_class: Any, name: str, formats: tuple[str, str], given: Any) -> Tensor:
    """Return a transposed convolution.

    Args:
        layer_class: the layer.
        name: of the scope where none is given.
        formats: the layouts.
        given: the arguments of the public function.
    """
    getter = getter_of_model_variables(kernel="weights", bias="biases")
    with variable_scope(
        given["scope"], name, [given["inputs"]], reuse=given["reuse"], custom_getter=getter
    ) as entered:
        if given["data_format"] not in formats:
            raise ValueError(f"data_format has to be either {formats[1]} or {formats[0]}.")
        inputs = convert_to_tensor(given["inputs"])
        with_biases = not given["normalizer_fn"] and given["biases_initializer"] is not None
        layer = layer_class(
            given["num_outputs"],
            given["kernel_size"],
            given["stride"],
            given["padding"],
            layout(given["data_format"]),
            use_bias=with_biases,
            kernel_initializer=given["weights_initializer"],
            bias_initializer=given["biases_initializer"],
            kernel_regularizer=given["weights_regularizer"],
            bias_regularizer=given["biases_regularizer"],
            trainable=given["trainable"],
            name=entered.name,
            dtype=inputs.dtype.base_dtype,
            _scope=entered,
            _reuse=given["reuse"],
        )
        outputs = layer.apply(inputs)
        joined(layer.kernel, given["variables_collections"], "weights")
        joined(layer.bias, given["variables_collections"], "biases")
        outputs = finished(
            outputs, given["normalizer_fn"], given["normalizer_params"], given["activation_fn"]
        )
        return collect_named_outputs(given["outputs_collections"], entered.name, outputs)
