"""Losses of rows: what a prediction costs.

    mean_squared_error(y_true, y_pred)        [N, C], [N, C] -> [N]

Source: TensorFlow 1.15's `tf.keras.losses`.
"""

from __future__ import annotations

import math
from typing import Any

from minitf.api.casting import cast
from minitf.api.comparison import equal, logical_or
from minitf.api.elementary import log, square
from minitf.api.framework import convert_to_tensor
from minitf.api.math import abs as absolute
from minitf.api.math import add, maximum, minimum, squared_difference, subtract
from minitf.api.nn_activations import softplus
from minitf.api.nn_normalisation import l2_normalize
from minitf.api.reductions import reduce_all, reduce_max, reduce_mean, reduce_sum
from minitf.api.sizes import shape
from minitf.control_flow.cond import cond
from minitf.keras.backend import nn
from minitf.keras.backend.config import epsilon
from minitf.keras.backend.numbers import clip
from minitf.tensor import Tensor

# --- functions -----------------------------------------------------------------------------------


def _both(y_true: Any, y_pred: Any) -> tuple[Tensor, Tensor]:
    y_pred = convert_to_tensor(y_pred)
    return cast(y_true, y_pred.dtype), y_pred


def mean_squared_error(y_true: Any, y_pred: Any) -> Tensor:
    """Return mean (y_pred - y_true)^2 over the last axis."""
    y_true, y_pred = _both(y_true, y_pred)
    return reduce_mean(squared_difference(y_pred, y_true), -1)


def mean_absolute_error(y_true: Any, y_pred: Any) -> Tensor:
    """Return mean |y_pred - y_true| over the last axis."""
    y_true, y_pred = _both(y_true, y_pred)
    return reduce_mean(absolute(y_pred - y_true), -1)


def mean_absolute_percentage_error(y_true: Any, y_pred: Any) -> Tensor:
    """Return 100 mean |y_true - y_pred| / |y_true| over the last axis."""
    y_true, y_pred = _both(y_true, y_pred)
    share = absolute((y_true - y_pred) / clip(absolute(y_true), epsilon(), None))
    return 100.0 * reduce_mean(share, -1)


def mean_squared_logarithmic_error(y_true: Any, y_pred: Any) -> Tensor:
    """Return mean (log(y_pred + 1) - log(y_true + 1))^2 over the last axis."""
    y_true, y_pred = _both(y_true, y_pred)
    first = log(clip(y_pred, epsilon(), None) + 1.0)
    second = log(clip(y_true, epsilon(), None) + 1.0)
    return reduce_mean(squared_difference(first, second), -1)


def _signs(y_true: Tensor) -> Tensor:
    """Return labels of -1 and 1 for those of 0 and 1, and others as they are."""
    binary = reduce_all(logical_or(equal(y_true, 0), equal(y_true, 1)))
    return cond(binary, lambda: 2.0 * y_true - 1.0, lambda: y_true)


def hinge(y_true: Any, y_pred: Any) -> Tensor:
    """Return mean max(1 - y_true y_pred, 0) over the last axis, labels being -1 and 1."""
    y_true, y_pred = _both(y_true, y_pred)
    return reduce_mean(maximum(1.0 - _signs(y_true) * y_pred, 0.0), -1)


def squared_hinge(y_true: Any, y_pred: Any) -> Tensor:
    """Return mean max(1 - y_true y_pred, 0)^2 over the last axis, labels being -1 and 1."""
    y_true, y_pred = _both(y_true, y_pred)
    return reduce_mean(square(maximum(1.0 - _signs(y_true) * y_pred, 0.0)), -1)


def categorical_hinge(y_true: Any, y_pred: Any) -> Tensor:
    """Return max(0, max((1 - y_true) y_pred) - sum(y_true y_pred) + 1) over the last axis."""
    y_true, y_pred = _both(y_true, y_pred)
    right = reduce_sum(y_true * y_pred, -1)
    wrong = reduce_max((1.0 - y_true) * y_pred, -1)
    return maximum(0.0, wrong - right + 1.0)


def huber_loss(y_true: Any, y_pred: Any, delta: float = 1.0) -> Tensor:
    """Return e^2 / 2 for errors up to delta, and delta |e| - delta^2 / 2 beyond, all of them."""
    y_true, y_pred = _both(y_true, y_pred)
    error = absolute(subtract(y_pred, y_true))
    near = minimum(error, delta)
    return add(0.5 * near * near, delta * subtract(error, near))


def logcosh(y_true: Any, y_pred: Any) -> Tensor:
    """Return mean log(cosh(y_pred - y_true)) over the last axis."""
    y_true, y_pred = _both(y_true, y_pred)
    error = y_pred - y_true
    return reduce_mean(error + softplus(-2.0 * error) - math.log(2.0), -1)


def categorical_crossentropy(
    y_true: Any, y_pred: Any, from_logits: bool = False, label_smoothing: Any = 0
) -> Tensor:
    """Return -sum(y_true log(y_pred)) over the last axis.

    Args:
        y_true: probabilities.
        y_pred: probabilities.
        from_logits: whether `y_pred` is scores instead.
        label_smoothing: the share of each label that is spread over all classes.
    """
    y_true, y_pred = _both(y_true, y_pred)
    if label_smoothing:
        classes = cast(shape(y_true)[-1], y_pred.dtype)
        y_true = y_true * (1.0 - label_smoothing) + label_smoothing / classes
    return nn.categorical_crossentropy(y_true, y_pred, from_logits=from_logits)


def sparse_categorical_crossentropy(
    y_true: Any, y_pred: Any, from_logits: bool = False, axis: int = -1
) -> Tensor:
    """Return -log(y_pred) at the right class.

    Args:
        y_true: numbers of classes.
        y_pred: probabilities.
        from_logits: whether `y_pred` is scores instead.
        axis: of the classes.
    """
    return nn.sparse_categorical_crossentropy(y_true, y_pred, from_logits=from_logits, axis=axis)


def binary_crossentropy(
    y_true: Any, y_pred: Any, from_logits: bool = False, label_smoothing: Any = 0
) -> Tensor:
    """Return mean -y_true log(y_pred) - (1 - y_true) log(1 - y_pred) over the last axis.

    Args:
        y_true: probabilities.
        y_pred: probabilities.
        from_logits: whether `y_pred` is scores instead.
        label_smoothing: the share of each label that becomes 1/2.
    """
    y_true, y_pred = _both(y_true, y_pred)
    if label_smoothing:
        y_true = y_true * (1.0 - label_smoothing) + 0.5 * label_smoothing
    return reduce_mean(nn.binary_crossentropy(y_true, y_pred, from_logits=from_logits), -1)


def kullback_leibler_divergence(y_true: Any, y_pred: Any) -> Tensor:
    """Return sum(y_true log(y_true / y_pred)) over the last axis."""
    y_true, y_pred = _both(y_true, y_pred)
    y_true, y_pred = clip(y_true, epsilon(), 1), clip(y_pred, epsilon(), 1)
    return reduce_sum(y_true * log(y_true / y_pred), -1)


def poisson(y_true: Any, y_pred: Any) -> Tensor:
    """Return mean y_pred - y_true log(y_pred) over the last axis."""
    y_true, y_pred = _both(y_true, y_pred)
    return reduce_mean(y_pred - y_true * log(y_pred + epsilon()), -1)


def cosine_proximity(y_true: Any, y_pred: Any, axis: int = -1) -> Tensor:
    """Return the cosine of the angle between rows: 1 for the same direction."""
    y_true, y_pred = _both(y_true, y_pred)
    return reduce_sum(l2_normalize(y_true, axis=axis) * l2_normalize(y_pred, axis=axis), axis)


def cosine_similarity(y_true: Any, y_pred: Any, axis: int = -1) -> Tensor:
    """Return minus the cosine of the angle between rows: -1 for the same direction."""
    return -cosine_proximity(y_true, y_pred, axis)
