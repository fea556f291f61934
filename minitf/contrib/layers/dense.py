"""Fully connected layers, whose variables are called weights and biases, and are model variables.

    y = tf.contrib.layers.fully_connected(x, 10)     fully_connected/weights, fully_connected/biases

Source: TensorFlow 1.15's functions of the same names in tf.contrib.layers.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from minitf.api import nn_activations
from minitf.api.framework import convert_to_tensor
from minitf.contrib.framework.arguments import add_arg_scope
from minitf.contrib.layers.initializers import xavier_initializer
from minitf.contrib.layers.utils import (
    collect_named_outputs,
    getter_of_model_variables,
    joined,
)
from minitf.layers.core import Dense
from minitf.tensor import Tensor
from minitf.variables.initializers import Zeros
from minitf.variables.sharing import variable_scope

XAVIER, ZEROS = xavier_initializer(), Zeros()


@add_arg_scope
def fully_connected(
    inputs: Any,
    num_outputs: int,
    activation_fn: Any = nn_activations.relu,
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
    getter = getter_of_model_variables(kernel="weights", bias="biases")
    with variable_scope(
        scope, "fully_connected", [inputs], reuse=reuse, custom_getter=getter
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
        outputs = layer.apply(inputs)
        joined(layer.kernel, variables_collections, "weights")
        joined(layer.bias, variables_collections, "biases")
        outputs = finished(outputs, normalizer_fn, normalizer_params, activation_fn)
        return collect_named_outputs(outputs_collections, entered.name, outputs)


elu = functools.partial(fully_connected, activation_fn=nn_activations.elu)
relu = functools.partial(fully_connected, activation_fn=nn_activations.relu)
relu6 = functools.partial(fully_connected, activation_fn=nn_activations.relu6)
linear = functools.partial(fully_connected, activation_fn=None)


def finished(
    outputs: Any,
    normalizer_fn: Any,
    normalizer_params: Mapping[str, Any] | None,
    activation_fn: Any,
) -> Any:
    """Return a layer's outputs, normalised and activated where there is a function for it."""
    if normalizer_fn is not None:
        outputs = normalizer_fn(outputs, **(normalizer_params or {}))
    return outputs if activation_fn is None else activation_fn(outputs)
