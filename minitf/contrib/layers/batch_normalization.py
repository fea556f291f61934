"""Batch normalisation, with averages that are moved by the collection of updates or at once.

    beta, gamma                      one number for each channel; gamma only if `scale`
    moving_mean, moving_variance     averages over the batches

Three ways lead to the outputs.  `tf.layers.BatchNormalization` does what it can; a single fused
operation does what else it can (other collections of updates, no bias of young averages, inputs of
rank 2); many operations do the rest (weights of examples, other ranks).

Source: Ioffe and Szegedy 2015; TensorFlow 1.15's function of the same name in tf.contrib.layers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from minitf.api import nn_normalisation
from minitf.api.array import reshape
from minitf.api.constants import constant
from minitf.api.control import identity
from minitf.api.framework import add_to_collections, control_dependencies, convert_to_tensor
from minitf.api.sizes import shape as shape_of
from minitf.contrib.framework.arguments import add_arg_scope
from minitf.contrib.framework.variables import model_variable
from minitf.contrib.layers.utils import (
    collect_named_outputs,
    constant_value,
    get_variable_collections,
    getter_of_model_variables,
    joined,
    smart_cond,
)
from minitf.dtypes import float32
from minitf.graph_keys import GraphKeys
from minitf.layers.normalization import BatchNormalization
from minitf.tensor import Tensor
from minitf.train.moving_averages import assign_moving_average
from minitf.variables.initializers import Ones, Zeros
from minitf.variables.sharing import get_variable_scope, variable_scope

_INITIALIZERS = {
    "beta": Zeros(),
    "gamma": Ones(),
    "moving_mean": Zeros(),
    "moving_variance": Ones(),
}


@add_arg_scope
def batch_norm(
    inputs: Any,
    decay: Any = 0.999,
    center: bool = True,
    scale: bool = False,
    epsilon: float = 0.001,
    activation_fn: Any = None,
    param_initializers: Mapping[str, Any] | None = None,
    param_regularizers: Mapping[str, Any] | None = None,
    updates_collections: Any = GraphKeys.UPDATE_OPS,
    is_training: Any = True,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    batch_weights: Any = None,
    fused: bool | None = None,
    data_format: str = "NHWC",
    zero_debias_moving_mean: bool = False,
    scope: Any = None,
    renorm: bool = False,
    renorm_clipping: Any = None,
    renorm_decay: Any = 0.99,
    adjustment: Any = None,
) -> Tensor:
    """Return activation_fn(gamma (inputs - mean) / sqrt(variance + epsilon) + beta).

    Args:
        inputs: a tensor, [N, ..., C], or [N, C, ...] for "NCHW".
        decay: how much of the moving averages stays at an update.
        center: whether there is a beta.
        scale: whether there is a gamma.
        epsilon: keeps the root from being 0.
        activation_fn: a function; None for none.
        param_initializers: of "beta", "gamma", "moving_mean" and "moving_variance".
        param_regularizers: functions of "beta" and "gamma" whose results are losses.
        updates_collections: names of collections that the updates of the averages join; None moves
            the averages before the outputs are there.
        is_training: whether the batch's own statistics are used: a bool or a Tensor.
        reuse: whether to find variables that exist; needs `scope`.
        variables_collections: names of collections that the variables join, or a dictionary of
            such for the names of variables.
        outputs_collections: names of collections that the outputs join.
        trainable: whether optimizers change beta and gamma.
        batch_weights: how much each example counts in the batch's statistics.
        fused: whether one operation may compute it all, where it can; None for True.
        data_format: "NHWC" or "NCHW".
        zero_debias_moving_mean: whether a young average of means is freed of its beginning at 0.
        scope: name of the variable scope.
        renorm: whether training corrects the batch's statistics by moving averages.
        renorm_clipping: the limits "rmax", "rmin" and "dmax" of the corrections.
        renorm_decay: how much of those averages stays at an update.
        adjustment: a function of the inputs' shape that returns a scale and an offset, applied in
            training before gamma and beta.

    Raises:
        ValueError: if `data_format` is another, the rank or the number of channels is not known, or
            the arguments do not fit together.
    """
    if data_format not in ("NCHW", "NHWC"):
        raise ValueError("data_format has to be either NCHW or NHWC.")
    inputs = convert_to_tensor(inputs)
    by_layer = (
        batch_weights is None
        and updates_collections == GraphKeys.UPDATE_OPS
        and not zero_debias_moving_mean
    )
    rank = inputs.shape.ndims
    fusible = fused is not False and batch_weights is None and not renorm and adjustment is None
    by_one = fusible and (rank == 2 or (rank == 4 and not by_layer))
    initializers = {**_INITIALIZERS, **(param_initializers or {})}
    regularizers = dict(param_regularizers or {})
    getter = None if by_one else getter_of_model_variables()
    with variable_scope(scope, "BatchNorm", [inputs], reuse=reuse, custom_getter=getter) as entered:
        if by_layer and not by_one:
            layer = BatchNormalization(
                axis=1 if data_format == "NCHW" else -1,
                momentum=decay,
                epsilon=epsilon,
                center=center,
                scale=scale,
                beta_initializer=initializers["beta"],
                gamma_initializer=initializers["gamma"],
                moving_mean_initializer=initializers["moving_mean"],
                moving_variance_initializer=initializers["moving_variance"],
                beta_regularizer=regularizers.get("beta"),
                gamma_regularizer=regularizers.get("gamma"),
                trainable=trainable,
                renorm=renorm,
                renorm_clipping=renorm_clipping,
                renorm_momentum=renorm_decay,
                adjustment=adjustment,
                name=entered.name,
                _scope=entered,
                _reuse=reuse,
                fused=fused is not False,
            )
            outputs = layer.apply(inputs, training=is_training)
            for name in ("moving_mean", "moving_variance", "beta", "gamma"):
                joined(getattr(layer, name), variables_collections, name)
        else:
            if renorm:
                raise ValueError(
                    "renorm is not supported with batch_weights, updates_collections or "
                    "zero_debias_moving_mean"
                )
            if rank is None:
                raise ValueError(f"Inputs {inputs.name} has undefined rank.")
            channels = inputs.shape[1:2] if data_format == "NCHW" else inputs.shape[-1:]
            if not channels.is_fully_defined():
                raise ValueError(
                    f"Inputs {inputs.name} has undefined channels dimension {channels}."
                )

            dtype = float32 if by_one else inputs.dtype.base_dtype  # the fused op's averages

            def variable(name: str, can_learn: bool = False) -> Any:
                return model_variable(
                    name,
                    shape=channels,
                    dtype=dtype,
                    initializer=initializers[name],
                    regularizer=regularizers.get(name) if by_one and can_learn else None,
                    trainable=can_learn and trainable,
                    collections=get_variable_collections(variables_collections, name),
                )

            beta = variable("beta", can_learn=True) if center else None
            gamma = variable("gamma", can_learn=True) if scale else None
            with variable_scope(get_variable_scope()) as inner:
                inner.set_partitioner(None)  # averages are never partitioned
                averages = variable("moving_mean"), variable("moving_variance")
            updates = _Updates(
                averages, decay, zero_debias_moving_mean, updates_collections, is_training
            )
            if by_one:
                sizes = channels.as_list()
                beta = constant(0.0, float32, sizes) if beta is None else beta
                gamma = constant(1.0, float32, sizes) if gamma is None else gamma
                outputs = _by_one(inputs, (gamma, beta), updates, epsilon, data_format)
            else:
                mean, variance = _statistics(inputs, batch_weights, updates, data_format)
                spread = _spread(inputs, data_format)
                outputs = nn_normalisation.batch_normalization(
                    inputs, spread(mean), spread(variance), spread(beta), spread(gamma), epsilon
                )
            outputs.set_shape(inputs.shape)
        if activation_fn is not None:
            outputs = activation_fn(outputs)
        return collect_named_outputs(outputs_collections, entered.name, outputs)


class _Updates:
    """The moving averages, and when they are moved.

    Args:
        averages: of the means and of the variances.
        decay: how much of them stays.
        zero_debias: whether the average of means is freed of its beginning at 0.
        collections: of the updates; None for none: what depends on them waits.
        training: a bool or a Tensor.
    """

    def __init__(
        self,
        averages: tuple[Any, Any],
        decay: Any,
        zero_debias: bool,
        collections: Any,
        training: Any,
    ) -> None:
        self.averages = averages
        self.training = training
        self.are_made = constant_value(training) is None or bool(constant_value(training))
        self._decay, self._zero_debias, self._collections = decay, zero_debias, collections

    @property
    def are_forced(self) -> bool:
        """Whether the outputs wait for them."""
        return self._collections is None

    def _made(self, mean: Any, variance: Any) -> tuple[Any, Any]:
        moved = assign_moving_average(
            self.averages[0], mean, self._decay, zero_debias=self._zero_debias
        )
        return moved, assign_moving_average(
            self.averages[1], variance, self._decay, zero_debias=False
        )

    def forced(
        self, mean: Any, variance: Any, results: Callable[[], Any], otherwise: Callable[[], Any]
    ) -> Any:
        """Return results that are there once the averages are moved; in training only."""

        def after_updates() -> Any:
            with control_dependencies(list(self._made(mean, variance))):
                return results()

        return smart_cond(self.training, after_updates, otherwise)

    def collect(self, mean: Any, variance: Any) -> None:
        """Add the updates to the collections."""
        made = smart_cond(self.training, lambda: self._made(mean, variance), lambda: self.averages)
        for each in made:
            add_to_collections(self._collections, each)


def _by_one(
    inputs: Tensor, weights: tuple[Any, Any], updates: _Updates, epsilon: float, data_format: str
) -> Tensor:
    """Return the outputs of one fused operation; inputs of rank 2 are images of one place."""
    x = inputs
    if inputs.shape.ndims == 2:
        channels = inputs.shape[-1].value
        x = reshape(inputs, [-1, channels, 1, 1] if data_format == "NCHW" else [-1, 1, 1, channels])

    def of_the_batch() -> Any:
        return nn_normalisation.fused_batch_norm(
            x, *weights, epsilon=epsilon, data_format=data_format
        )

    def of_the_averages() -> Any:
        return nn_normalisation.fused_batch_norm(
            x, *weights, *updates.averages, epsilon, data_format, is_training=False
        )

    outputs, mean, variance = smart_cond(updates.training, of_the_batch, of_the_averages)
    if updates.are_made and updates.are_forced:
        outputs = updates.forced(mean, variance, lambda: identity(outputs), lambda: outputs)
    elif updates.are_made:
        updates.collect(mean, variance)
    if x is inputs:
        return outputs
    sizes = [-1 if each is None else each for each in inputs.shape.as_list()]
    return reshape(outputs, sizes if sizes.count(-1) < 2 else shape_of(inputs))


def _statistics(
    inputs: Tensor, batch_weights: Any, updates: _Updates, data_format: str
) -> tuple[Any, Any]:
    """Return mean and variance of each channel: those of the batch in training."""
    if not updates.are_made:
        return updates.averages
    rank = inputs.shape.ndims or 0
    axes = [axis for axis in range(rank) if axis != (1 if data_format == "NCHW" else rank - 1)]
    if batch_weights is None:
        mean, variance = nn_normalisation.moments(inputs, axes)
    else:
        weights = convert_to_tensor(batch_weights)
        inputs.shape[0:1].assert_is_compatible_with(weights.shape)
        weights = reshape(weights, [-1, *[1] * (rank - 1)])
        mean, variance = nn_normalisation.weighted_moments(inputs, axes, weights)
    if updates.are_forced:
        return updates.forced(
            mean,
            variance,
            lambda: (identity(mean), identity(variance)),
            lambda: _read(updates.averages),
        )
    updates.collect(mean, variance)
    return smart_cond(updates.training, lambda: (mean, variance), lambda: _read(updates.averages))


def _read(averages: tuple[Any, Any]) -> tuple[Any, Any]:
    return convert_to_tensor(averages[0]), convert_to_tensor(averages[1])


def _spread(inputs: Tensor, data_format: str) -> Callable[[Any], Any]:
    """Return a function that reshapes numbers of channels where they are not last."""
    sizes = [1, inputs.shape[1].value, *[1] * ((inputs.shape.ndims or 2) - 2)]

    def spread(value: Any) -> Any:
        return reshape(value, sizes) if value is not None and data_format == "NCHW" else value

    return spread
