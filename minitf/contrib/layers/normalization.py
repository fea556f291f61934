"""Layer normalisation: each example with mean 0 and variance 1 over its own elements.

Source: Ba, Kiros and Hinton 2016; TensorFlow 1.15's function of the same name in tf.contrib.layers.
"""

from __future__ import annotations

from typing import Any

from minitf.api.framework import add_to_collections, convert_to_tensor
from minitf.api.nn_normalisation import batch_normalization, moments
from minitf.dtypes import float16
from minitf.graph_keys import GraphKeys
from minitf.tensor import Tensor
from minitf.variables.initializers import Ones, Zeros
from minitf.variables.sharing import get_variable, variable_scope


def layer_norm(
    inputs: Any,
    center: bool = True,
    scale: bool = True,
    activation_fn: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    begin_norm_axis: int = 1,
    begin_params_axis: int = -1,
    scope: Any = None,
) -> Tensor:
    """Return activation_fn(gamma (inputs - mean) / sqrt(variance) + beta).

    Args:
        inputs: a tensor, [N, ...].
        center: whether there is a beta.
        scale: whether there is a gamma.
        activation_fn: a function; None for none.
        reuse: whether to find variables that exist; needs `scope`.
        variables_collections: names of collections that the variables join, or a dictionary of
            such for "beta" and "gamma".
        outputs_collections: names of collections that the outputs join.
        trainable: whether optimizers change the variables.
        begin_norm_axis: the first axis of those over which mean and variance are taken.
        begin_params_axis: the first axis of those for each of whose elements there is a beta and a
            gamma.
        scope: name of the variable scope.

    Raises:
        ValueError: if the rank, or a size that variables have, is not known, or an axis does not
            exist.
    """
    with variable_scope(scope, "LayerNorm", [inputs], reuse=reuse):
        inputs = convert_to_tensor(inputs)
        rank = inputs.shape.ndims
        if rank is None:
            raise ValueError(f"Inputs {inputs.name} has undefined rank.")
        first = begin_norm_axis + rank if begin_norm_axis < 0 else begin_norm_axis
        if begin_params_axis >= rank or first >= rank:
            raise ValueError(
                f"begin_params_axis ({begin_params_axis}) and begin_norm_axis ({first}) must be < "
                f"rank(inputs) ({rank})"
            )
        shape = inputs.shape[begin_params_axis:]
        if not shape.is_fully_defined():
            raise ValueError(
                f"Inputs {inputs.name}: shape(inputs)[{begin_params_axis}:] is not fully defined: "
                f"{inputs.shape}"
            )

        def variable(name: str, initializer: Any) -> Any:
            per_name = isinstance(variables_collections, dict)
            wanted = variables_collections.get(name) if per_name else variables_collections
            return get_variable(
                name,
                shape,
                inputs.dtype.base_dtype,
                initializer,
                collections=[
                    *([wanted] if isinstance(wanted, str) else wanted or ()),
                    *(GraphKeys.GLOBAL_VARIABLES, GraphKeys.MODEL_VARIABLES),
                ],
                trainable=trainable,
            )

        beta = variable("beta", Zeros()) if center else None
        gamma = variable("gamma", Ones()) if scale else None
        mean, variance = moments(inputs, list(range(first, rank)), keep_dims=True)
        epsilon = 1e-3 if inputs.dtype.base_dtype is float16 else 1e-12  # of 16 bits, few are small
        outputs = batch_normalization(inputs, mean, variance, beta, gamma, epsilon)
        outputs.set_shape(inputs.shape)
        if activation_fn is not None:
            outputs = activation_fn(outputs)
        if outputs_collections:
            add_to_collections(outputs_collections, outputs)
        return outputs
