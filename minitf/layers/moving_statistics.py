"""Averages that follow the batches, and batch renormalisation by them.

    moved_towards     average -= (average - value) (1 - momentum)
    renormalized      r = sigma_batch / sigma_average,  d = (mu_batch - mu_average) / sigma_average

Normalised by its own statistics, then scaled by r and moved by d, a batch is normalised by the
averages, as in inference; gradients flow as if r and d were constant.

Source: Ioffe 2017, algorithm 1; TensorFlow 1.15's `tf.layers.BatchNormalization`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from minitf.api.casting import cast
from minitf.api.constants import ones_like, zeros_like
from minitf.api.control import identity
from minitf.api.elementary import sqrt
from minitf.api.framework import (
    colocate_with,
    control_dependencies,
    convert_to_tensor,
    name_scope,
)
from minitf.api.math import maximum, minimum
from minitf.api.nn_activations import relu
from minitf.api.state import assign, assign_sub
from minitf.layers.normalization_weights import NormalizationWeights
from minitf.layers.utils import smart_cond
from minitf.tensor import Tensor


def moved_towards(variable: Any, value: Any, momentum: Any) -> Any:
    """Return the operation's result that moves an average towards a value.

    Args:
        variable: the average.
        value: the value.
        momentum: how much of the average stays, a number or a Tensor.
    """
    with name_scope("AssignMovingAvg") as scope, colocate_with(variable):
        dtype = variable.dtype.base_dtype
        decay = cast(convert_to_tensor(1.0 - momentum, name="decay"), dtype)
        return assign_sub(variable, (variable - cast(value, dtype)) * decay, name=scope)


def moved_variance(layer: NormalizationWeights, variance: Any) -> Any:
    """Move the averages of standard deviation and variance of a renormalised layer.

    Epsilon is within the standard deviation, as in training.
    """
    stddev = moved_towards(layer.moving_stddev, sqrt(variance + layer.epsilon), layer.momentum)
    value = relu(stddev * stddev - layer.epsilon)  # rounding may have made it negative
    with name_scope("AssignNewValue") as scope, colocate_with(layer.moving_variance):
        return assign(layer.moving_variance, value, name=scope)


def renormalized(
    layer: NormalizationWeights, mean: Any, variance: Any, training: Any
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return r and d, and the batch's mean and variance once the averages are moved.

    Args:
        layer: a layer with `renorm`.
        mean: of the batch.
        variance: likewise.
        training: a bool or a Tensor; else r is 1 and d is 0.
    """
    stddev = sqrt(variance + layer.epsilon)
    average = maximum(layer.renorm_stddev, sqrt(layer.epsilon))  # no division by 0 at first
    r = stddev / average
    d = (mean - layer.renorm_mean) / average
    with control_dependencies([r, d]):  # which are of the averages before they move
        mean, stddev = identity(mean), identity(stddev)
    r, d = _clipped(r, d, layer.renorm_clipping)
    r = smart_cond(training, lambda: r, lambda: ones_like(r))
    d = smart_cond(training, lambda: d, lambda: zeros_like(d))
    moved = [
        _moved_in_training(layer, layer.renorm_mean, mean, training),
        _moved_in_training(layer, layer.renorm_stddev, stddev, training),
    ]
    with control_dependencies(moved):
        return r, d, identity(mean), identity(variance)


def _clipped(r: Any, d: Any, limits: Mapping[str, Any]) -> tuple[Any, Any]:
    if (least := limits.get("rmin")) is not None:
        r = maximum(r, least)
    if (greatest := limits.get("rmax")) is not None:
        r = minimum(r, greatest)
    if (furthest := limits.get("dmax")) is not None:
        d = minimum(maximum(d, -furthest), furthest)
    return r, d


def _moved_in_training(
    layer: NormalizationWeights, variable: Any, value: Any, training: Any
) -> Any:
    value = identity(value)
    return smart_cond(
        training,
        lambda: moved_towards(variable, value, layer.renorm_momentum),
        lambda: identity(variable),
    )
