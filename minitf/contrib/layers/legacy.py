"""The fully connected layer of the first releases: its biases are called bias, without an s.

Source: TensorFlow 1.15's functions of the same names in tf.contrib.layers.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from minitf.api import nn_activations, nn_layers
from minitf.api.array import reshape, stack, unstack
from minitf.api.framework import add_to_collections, convert_to_tensor
from minitf.api.matmul import matmul
from minitf.api.sizes import shape as shape_of
from minitf.contrib.layers.dense import XAVIER, ZEROS
from minitf.contrib.layers.utils import last_dimension
from minitf.graph_keys import GraphKeys
from minitf.tensor import Tensor
from minitf.variables.sharing import get_variable, variable_scope


def legacy_fully_connected(
    x: Any,
    num_output_units: int,
    activation_fn: Any = None,
    weight_init: Any = XAVIER,
    bias_init: Any = ZEROS,
    name: str | None = None,
    weight_collections: Sequence[str] | None = (GraphKeys.WEIGHTS,),
    bias_collections: Sequence[str] | None = (GraphKeys.BIASES,),
    output_collections: Sequence[str] | None = (GraphKeys.ACTIVATIONS,),
    trainable: bool = True,
    weight_regularizer: Any = None,
    bias_regularizer: Any = None,
) -> Tensor:
    """Return activation_fn(x weights + bias), over the last axis.

    Args:
        x: a tensor of rank 2 or more, whose last size is known.
        num_output_units: how many outputs there are.
        activation_fn: a function; None for none.
        weight_init: initializer of the weights.
        bias_init: of the bias; None for no bias.
        name: name of the variable scope.
        weight_collections: names of collections that the weights join.
        bias_collections: likewise the bias.
        output_collections: likewise the outputs; ACTIVATIONS besides.
        trainable: whether optimizers change the variables.
        weight_regularizer: a function of the weights whose result is a loss.
        bias_regularizer: likewise of the bias.

    Raises:
        ValueError: if the rank is another, or the size is not known.
    """
    with variable_scope(name, "fully_connected", [x]):
        x = convert_to_tensor(x)
        inputs = last_dimension(x.shape, min_rank=2)
        rank, dtype = x.shape.ndims or 0, x.dtype.base_dtype
        weights = get_variable(
            "weights",
            [inputs, num_output_units],
            dtype,
            weight_init,
            weight_regularizer,
            trainable,
            _with_all_variables(weight_collections),
        )
        is_matrix = rank == 2
        outputs = matmul(x if is_matrix else reshape(x, [-1, inputs]), weights)
        if bias_init is not None:
            bias = get_variable(
                "bias",
                [num_output_units],
                dtype,
                bias_init,
                bias_regularizer,
                trainable,
                _with_all_variables(bias_collections),
            )
            outputs = nn_layers.bias_add(outputs, bias)
        if not is_matrix:
            outputs = reshape(outputs, stack([*unstack(shape_of(x))[:-1], num_output_units]))
            outputs.set_shape([*x.shape.as_list()[:-1], num_output_units])
        if activation_fn is not None:
            outputs = activation_fn(outputs)
        add_to_collections([*(output_collections or ()), GraphKeys.ACTIVATIONS], outputs)
        return outputs


legacy_relu = functools.partial(legacy_fully_connected, activation_fn=nn_activations.relu)
legacy_linear = functools.partial(legacy_fully_connected, activation_fn=None)


def _with_all_variables(collections: Sequence[str] | None) -> list[str]:
    return list(dict.fromkeys([*(collections or ()), GraphKeys.GLOBAL_VARIABLES]))
