"""Layers whose variables are called weights and biases, and are model variables too.

    y = tf.contrib.layers.fully_connected(x, 10)     fully_connected/weights, fully_connected/biases

Source: TensorFlow 1.15's functions of the same names in tf.contrib.layers.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from minitf.api.framework import add_to_collections, convert_to_tensor, name_scope
from minitf.api.nn_activations import relu as nn_relu
from minitf.contrib.layers.initializers import xavier_initializer
from minitf.graph_keys import GraphKeys
from minitf.layers.convolutional import Conv2D
from minitf.layers.core import Dense, Dropout
from minitf.layers.core import flatten as flattened
from minitf.tensor import Tensor
from minitf.variables.initializers import Zeros
from minitf.variables.sharing import variable_scope

_XAVIER, _ZEROS = xavier_initializer(), Zeros()
_OWN_NAMES = {"kernel": "weights", "bias": "biases"}
_FORMATS = {None: "channels_last", "NHWC": "channels_last", "NCHW": "channels_first"}


def fully_connected(
    inputs: Any,
    num_outputs: int,
    activation_fn: Any = nn_relu,
    normalizer_fn: Any = None,
    normalizer_params: Mapping[str, Any] | None = None,
    weights_initializer: Any = _XAVIER,
    weights_regularizer: Any = None,
    biases_initializer: Any = _ZEROS,
    biases_regularizer: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    scope: Any = None,
) -> Tensor:
    """Return activation_fn(inputs weights + biases), over the last axis.

    Args:
        inputs: a tensor of rank 2 or more.
        num_outputs: how many outputs there are.
        activation_fn: a function; None for none.
        normalizer_fn: a function applied in place of the biases.
        normalizer_params: its further arguments.
        weights_initializer: of the weights.
        weights_regularizer: a function of the weights whose result is a loss.
        biases_initializer: of the biases; None for no biases.
        biases_regularizer: likewise of the biases.
        reuse: whether to find variables that exist; needs `scope`.
        variables_collections: names of collections that the variables join, or a dictionary of
            such for "weights" and "biases".
        outputs_collections: names of collections that the outputs join.
        trainable: whether optimizers change the variables.
        scope: name of the variable scope.

    Raises:
        ValueError: if `num_outputs` is no whole number.
    """
    if not isinstance(num_outputs, int):
        raise ValueError(
            f"num_outputs type should be one of [<class 'int'>], got {type(num_outputs)}."
        )
    with variable_scope(
        scope, "fully_connected", [inputs], reuse=reuse, custom_getter=_model_variable
    ) as entered:
        inputs = convert_to_tensor(inputs)
        layer = Dense(
            num_outputs,
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
        return _finished(
            layer,
            inputs,
            (variables_collections, outputs_collections),
            normalizer_fn,
            normalizer_params,
            activation_fn,
        )


def convolution2d(
    inputs: Any,
    num_outputs: int,
    kernel_size: Any,
    stride: Any = 1,
    padding: str = "SAME",
    data_format: str | None = None,
    rate: Any = 1,
    activation_fn: Any = nn_relu,
    normalizer_fn: Any = None,
    normalizer_params: Mapping[str, Any] | None = None,
    weights_initializer: Any = _XAVIER,
    weights_regularizer: Any = None,
    biases_initializer: Any = _ZEROS,
    biases_regularizer: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    scope: Any = None,
) -> Tensor:
    """Return activation_fn(the cross-correlation of images with a bank of filters + biases).

    Args:
        inputs: images [N, H, W, C], or [N, C, H, W] for "NCHW".
        num_outputs: how many filters there are.
        kernel_size: taps of a filter, a number or one for each axis.
        stride: cells from one window to the next, likewise.
        padding: "SAME" or "VALID".
        data_format: "NHWC" or "NCHW".
        rate: cells from one tap to the next; 1 where a stride exceeds 1.
        activation_fn: see `fully_connected`, and so are the following ones.

    Raises:
        ValueError: if `data_format` is another, or the arguments do not fit together.
    """
    if data_format not in _FORMATS:
        raise ValueError(f"Invalid data_format: {data_format!r}")
    with variable_scope(
        scope, "Conv", [inputs], reuse=reuse, custom_getter=_model_variable
    ) as entered:
        inputs = convert_to_tensor(inputs)
        layer = Conv2D(
            num_outputs,
            kernel_size,
            stride,
            padding,
            _FORMATS[data_format],
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
        return _finished(
            layer,
            inputs,
            (variables_collections, outputs_collections),
            normalizer_fn,
            normalizer_params,
            activation_fn,
        )


def dropout(
    inputs: Any,
    keep_prob: Any = 0.5,
    noise_shape: Any = None,
    is_training: Any = True,
    outputs_collections: Any = None,
    scope: Any = None,
    seed: int | None = None,
) -> Tensor:
    """Set elements to 0 at random in training; see `tf.layers.Dropout`.

    Args:
        inputs: a floating-point tensor.
        keep_prob: the probability that an element stays.
        noise_shape: shape of the random choices, broadcast to the inputs.
        is_training: whether anything is set to 0: a bool or a Tensor.
        outputs_collections: names of collections that the outputs join.
        scope: name of the variable scope.
        seed: of the random numbers.
    """
    with variable_scope(scope, "Dropout", [inputs]) as entered:
        inputs = convert_to_tensor(inputs)
        layer = Dropout(1 - keep_prob, noise_shape, seed, entered.name, _scope=entered)
        return _collected(layer.apply(inputs, training=is_training), outputs_collections)


def flatten(inputs: Any, outputs_collections: Any = None, scope: str | None = None) -> Tensor:
    """Make one axis of all but the batch.

    Args:
        inputs: a tensor of rank 2 or more.
        outputs_collections: names of collections that the outputs join.
        scope: name of the name scope.
    """
    with name_scope(scope, "Flatten", [inputs]):
        return _collected(flattened(convert_to_tensor(inputs)), outputs_collections)


relu = fully_connected
linear = functools.partial(fully_connected, activation_fn=None)


def _model_variable(getter: Callable[..., Any], name: str, *args: Any, **kwargs: Any) -> Any:
    """Make a variable of another name, which inference needs."""
    scope, slash, own = name.rpartition("/")
    wanted = [GraphKeys.GLOBAL_VARIABLES, GraphKeys.MODEL_VARIABLES]
    kwargs["collections"] = [*(kwargs.get("collections") or ()), *wanted]
    return getter(f"{scope}{slash}{_OWN_NAMES.get(own, own)}", *args, **kwargs)


def _finished(
    layer: Any,
    inputs: Tensor,
    collections: tuple[Any, Any],
    normalizer_fn: Any,
    normalizer_params: Mapping[str, Any] | None,
    activation_fn: Any,
) -> Tensor:
    """Call a layer; return its outputs, normalised and activated."""
    outputs = layer.apply(inputs)
    of_variables, of_outputs = collections
    for name, variable in (("weights", layer.kernel), ("biases", layer.bias)):
        wanted = of_variables.get(name) if isinstance(of_variables, Mapping) else of_variables
        if variable is not None and wanted:
            add_to_collections(wanted, variable)
    if normalizer_fn is not None:
        outputs = normalizer_fn(outputs, **(normalizer_params or {}))
    if activation_fn is not None:
        outputs = activation_fn(outputs)
    return _collected(outputs, of_outputs)


def _collected(outputs: Tensor, collections: Any) -> Tensor:
    if collections:
        add_to_collections(collections, outputs)
    return outputs
