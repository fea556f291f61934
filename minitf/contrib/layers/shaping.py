"""Layers without filters: biases, dropout, one axis of many, one-hot rows, maxima of groups.

Source: TensorFlow 1.15's functions of the same names in tf.contrib.layers.
"""

from __future__ import annotations

from typing import Any

from minitf.api import nn_layers
from minitf.api.array import reshape
from minitf.api.casting import to_int64
from minitf.api.elementary import rsqrt, sqrt, square
from minitf.api.framework import convert_to_tensor, name_scope
from minitf.api.math import div, minimum, multiply
from minitf.api.reductions import reduce_max, reduce_sum
from minitf.api.sequences import one_hot
from minitf.api.sizes import shape as shape_of
from minitf.contrib.framework.arguments import add_arg_scope
from minitf.contrib.framework.variables import model_variable
from minitf.contrib.layers.convolutions import layout
from minitf.contrib.layers.dense import ZEROS
from minitf.contrib.layers.utils import (
    channel_dimension,
    collect_named_outputs,
    get_variable_collections,
)
from minitf.dtypes import int32
from minitf.layers.core import Dropout
from minitf.layers.core import flatten as flattened
from minitf.tensor import Tensor
from minitf.variables.sharing import variable_scope


@add_arg_scope
def bias_add(
    inputs: Any,
    activation_fn: Any = None,
    initializer: Any = ZEROS,
    regularizer: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    data_format: str = "NHWC",
    scope: Any = None,
) -> Tensor:
    """Return activation_fn(inputs + biases), one bias for each channel.

    Args:
        inputs: a tensor of rank 2 or more.
        activation_fn: a function; None for none.
        initializer: of the biases.
        regularizer: a function of the biases whose result is a loss.
        reuse: whether to find variables that exist; needs `scope`.
        variables_collections: names of collections that the variables join, or a dictionary of
            such for "biases".
        outputs_collections: names of collections that the outputs join.
        trainable: whether optimizers change the biases.
        data_format: "NHWC", or "NCHW" for images with the channels second.
        scope: name of the variable scope.

    Raises:
        ValueError: if `data_format` is another, or it is "NCHW" and the inputs are no images.
    """
    if data_format not in ("NCHW", "NHWC"):
        raise ValueError("data_format has to be either NCHW or NHWC.")
    with variable_scope(scope, "BiasAdd", [inputs], reuse=reuse) as entered:
        inputs = convert_to_tensor(inputs)
        rank = inputs.shape.ndims
        if rank is None:
            raise ValueError("Dims of shape must be known but is None")
        if rank != 4 and data_format == "NCHW":
            raise ValueError(f"Data format NCHW only supports 4D Tensor, got rank {rank}")
        biases = model_variable(
            "biases",
            shape=[channel_dimension(inputs.shape, layout(data_format), min_rank=2)],
            dtype=inputs.dtype.base_dtype,
            initializer=initializer,
            regularizer=regularizer,
            collections=get_variable_collections(variables_collections, "biases"),
            trainable=trainable,
        )
        outputs = nn_layers.bias_add(inputs, biases, data_format=data_format)
        if activation_fn is not None:
            outputs = activation_fn(outputs)
        return collect_named_outputs(outputs_collections, entered.name, outputs)


@add_arg_scope
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
        outputs = layer.apply(inputs, training=is_training)
        return collect_named_outputs(outputs_collections, entered.name, outputs)


@add_arg_scope
def flatten(inputs: Any, outputs_collections: Any = None, scope: str | None = None) -> Tensor:
    """Make one axis of all but the batch.

    Args:
        inputs: a tensor of rank 2 or more.
        outputs_collections: names of collections that the outputs join.
        scope: name of the name scope.
    """
    with name_scope(scope, "Flatten", [inputs]) as entered:
        outputs = flattened(convert_to_tensor(inputs))
        return collect_named_outputs(outputs_collections, entered, outputs)


@add_arg_scope
def one_hot_encoding(
    labels: Any,
    num_classes: int,
    on_value: float = 1.0,
    off_value: float = 0.0,
    outputs_collections: Any = None,
    scope: str | None = None,
) -> Tensor:
    """Return a row for each label that is `off_value` but for `on_value` at the label's place.

    Args:
        labels: int[N].
        num_classes: how long the rows are.
        on_value: where the label is.
        off_value: elsewhere.
        outputs_collections: names of collections that the outputs join.
        scope: name of the name scope.
    """
    with name_scope(scope, "OneHotEncoding", [labels, num_classes]) as entered:
        labels = convert_to_tensor(labels)
        if labels.dtype == int32:
            labels = to_int64(labels)
        outputs = one_hot(labels, num_classes, on_value=on_value, off_value=off_value)
        return collect_named_outputs(outputs_collections, entered, outputs)


@add_arg_scope
def unit_norm(inputs: Any, dim: int, epsilon: float = 1e-07, scope: Any = None) -> Tensor:
    """Return inputs / sqrt(epsilon + sum inputs^2), the sum along one axis.

    Args:
        inputs: a tensor of known rank.
        dim: the axis, from 0.
        epsilon: keeps the root from being 0.
        scope: name of the variable scope.

    Raises:
        ValueError: if the rank is not known, or the axis does not exist.
    """
    with variable_scope(scope, "UnitNorm", [inputs]):
        inputs = convert_to_tensor(inputs)
        if inputs.shape.ndims is None:
            raise ValueError("The input rank must be known.")
        if not 0 <= dim < inputs.shape.ndims:
            raise ValueError("dim must be positive but smaller than the input rank.")
        return div(inputs, sqrt(epsilon + reduce_sum(square(inputs), dim, keepdims=True)))


@add_arg_scope
def maxout(inputs: Any, num_units: int, axis: int = -1, scope: Any = None) -> Tensor:
    """Return the greatest of each group of channels.

    Args:
        inputs: a tensor whose channels' number is known.
        num_units: how many groups there are, side by side.
        axis: that of the channels.
        scope: name of the variable scope.

    Raises:
        ValueError: if the channels do not make so many groups.

    Source: Goodfellow et al. 2013.
    """
    with variable_scope(scope, "MaxOut", [inputs]):
        inputs = convert_to_tensor(inputs)
        sizes = inputs.shape.as_list()
        channels = sizes[axis]
        if channels % num_units:
            raise ValueError(
                f"number of features({channels}) is not a multiple of num_units({num_units})"
            )
        sizes[axis] = num_units
        whole = [shape_of(inputs)[i] if size is None else size for i, size in enumerate(sizes)]
        return reduce_max(reshape(inputs, [*whole, channels // num_units]), -1, keepdims=False)


def poincare_normalize(
    x: Any, axis: Any = 1, epsilon: float = 1e-05, name: str | None = None
) -> Tensor:
    """Return vectors brought into the ball of radius 1 - epsilon; those inside stay.

    Args:
        x: a floating-point tensor.
        axis: along which the vectors lie.
        epsilon: distance from the unit sphere.
        name: name of the operation.

    Source: Nickel and Kiela 2017.
    """
    with name_scope(name, "poincare_normalize", [x]) as scope:
        x = convert_to_tensor(x, name="x")
        longest = (1.0 - epsilon) * rsqrt(reduce_sum(square(x), axis, keepdims=True))
        return multiply(x, minimum(longest, 1.0), name=scope)
