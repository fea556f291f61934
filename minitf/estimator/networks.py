"""The logits of canned models: of a deep network, and of a linear model.

    dnn/input_from_feature_columns/input_layer/...      the columns' own variables
    dnn/hiddenlayer_0/kernel, bias                      a layer
    dnn/hiddenlayer_0/batchnorm_0/gamma, ...            its normalization
    dnn/logits/kernel, bias
    linear/linear_model/<column>/weights, bias_weights

Source: TensorFlow 1.15's canned estimators, whose names of variables these are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from minitf import dtypes
from minitf.api.casting import cast
from minitf.api.comparison import equal
from minitf.api.math import add_n
from minitf.api.nn_layers import zero_fraction
from minitf.api.reductions import reduce_sum
from minitf.api.sizes import size
from minitf.estimator.model_spec import ModeKeys
from minitf.feature_column.columns import as_columns
from minitf.feature_column.input_layers import input_layer
from minitf.feature_column.linear import linear_model
from minitf.layers.core import dense, dropout
from minitf.layers.normalization import batch_normalization
from minitf.summary.values import histogram, scalar
from minitf.tensor import Tensor
from minitf.variables.initializers import GlorotUniform
from minitf.variables.partitioned import min_max_variable_partitioner
from minitf.variables.sharing import variable_scope

_LEAST_PART = 64 << 20  # bytes of the smallest part of a variable
_MOMENTUM = 0.999  # of moving statistics


def default_partitioner(config: Any) -> Callable[..., Any]:
    """Return what cuts variables into a part per parameter server; into one without servers."""
    made: Callable[..., Any] = min_max_variable_partitioner(
        max_partitions=config.num_ps_replicas if config else 0, min_slice_size=_LEAST_PART
    )
    return made


def deep_logits(
    features: Mapping[str, Any],
    mode: str,
    units: int,
    hidden_units: Sequence[int],
    feature_columns: Any,
    activation_fn: Callable[[Any], Any] | None,
    dropout_rate: float | None,
    partitioner: Callable[..., Any] | None,
    batch_norm: bool,
) -> Tensor:
    """Return the logits of a network of full layers, in the variable scope "dnn".

    Args:
        features: feature by key.
        mode: a key of ModeKeys.
        units: how many logits an example has.
        hidden_units: the sizes of the hidden layers.
        feature_columns: dense columns.
        activation_fn: what follows each hidden layer.
        dropout_rate: how many of its outputs are left out in training.
        partitioner: cuts the variables of the columns.
        batch_norm: whether hidden layers are normalized.
    """
    training = mode == ModeKeys.TRAIN
    with variable_scope("input_from_feature_columns", partitioner=partitioner):
        net = input_layer(features, feature_columns)
    for number, width in enumerate(hidden_units):
        name = f"hiddenlayer_{number}"
        net = dense(
            net,
            units=width,
            activation=activation_fn,
            kernel_initializer=GlorotUniform(),
            name=name,
        )
        if dropout_rate is not None and training:
            net = dropout(net, rate=dropout_rate, training=True)
        if batch_norm:
            with variable_scope(name):
                net = batch_normalization(
                    net, momentum=_MOMENTUM, training=training, name=f"batchnorm_{number}"
                )
        summarize(net, f"dnn/{name}")
    logits = dense(
        net, units=units, activation=None, kernel_initializer=GlorotUniform(), name="logits"
    )
    summarize(logits, "dnn/logits")
    return logits


def linear_logits(
    features: Mapping[str, Any], units: int, feature_columns: Any, sparse_combiner: str
) -> Tensor:
    """Return the logits of a linear model, in the variable scope "linear".

    Args:
        features: feature by key.
        units: how many logits an example has.
        feature_columns: dense or categorical columns.
        sparse_combiner: how the weights of an example's ids are combined.
    """
    variables: dict[Any, Any] = {}
    logits = linear_model(
        features,
        as_columns(feature_columns),
        units=units,
        sparse_combiner=sparse_combiner,
        cols_to_vars=variables,
    )
    bias = variables.pop("bias")
    if units > 1:
        histogram("bias", bias[0])
    else:
        scalar("bias", bias[0][0])
    scalar("fraction_of_zero_weights", _fraction_of_zeros(variables.values()))
    return logits


def summarize(value: Tensor, tag: str) -> None:
    """Write how many outputs of a layer are zero, and how they are spread."""
    scalar(f"{tag}/fraction_of_zero_values", zero_fraction(value))
    histogram(f"{tag}/activation", value)


def _fraction_of_zeros(groups: Any) -> Tensor:
    """Return how many elements of all variables are zero."""
    variables = [variable for group in groups for variable in group]
    zeros = add_n([reduce_sum(cast(equal(each, 0.0), dtypes.float32)) for each in variables])
    total = add_n([cast(size(each), dtypes.float32) for each in variables])
    return zeros / total
