"""Losses that measure how far predictions are from numbers: absolute, squared, Huber, ...

Source: TensorFlow 1.15's functions of the same names in tf.losses.
"""

from __future__ import annotations

from typing import Any

from minitf.api.array import renamed_argument
from minitf.api.casting import cast
from minitf.api.constants import zeros_like
from minitf.api.elementary import log, square
from minitf.api.framework import control_dependencies, name_scope
from minitf.api.gathering import where
from minitf.api.losses import (
    BY_NONZERO,
    add_loss,
    check_given,
    compute_weighted_loss,
    floats,
    num_present,
)
from minitf.api.math import abs as absolute
from minitf.api.math import add, div_no_nan, maximum, minimum, multiply, subtract
from minitf.api.math import squared_difference as squared_difference_of
from minitf.api.reductions import reduce_sum
from minitf.api.sequences import range as range_
from minitf.api.sizes import rank
from minitf.api.weights import assert_broadcastable
from minitf.convert import convert_to_tensor
from minitf.dtypes import float32
from minitf.graph_keys import GraphKeys
from minitf.tensor import Tensor


def absolute_difference(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = BY_NONZERO,
) -> Tensor:
    """Return the weighted loss |prediction - label|; see `compute_weighted_loss`."""
    check_given(labels=labels, predictions=predictions)
    with name_scope(scope, "absolute_difference", [predictions, labels, weights]) as within:
        labels, predictions = floats(labels, predictions)
        losses = absolute(subtract(predictions, labels))
        return compute_weighted_loss(losses, weights, within, loss_collection, reduction)


def cosine_distance(
    labels: Any,
    predictions: Any,
    axis: Any = None,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = BY_NONZERO,
    dim: Any = None,
) -> Tensor:
    """Return the weighted loss 1 - sum of prediction * label, both of length 1 along an axis.

    Args:
        labels: vectors of length 1.
        predictions: vectors of length 1.
        axis: along which they lie.
        weights: see `compute_weighted_loss`, and so the following ones.
        scope: name scope of the operations.
        loss_collection: name of the collection.
        reduction: one of `Reduction`.
        dim: deprecated name of `axis`.

    Raises:
        ValueError: if `axis` is missing, or shapes do not fit.
    """
    axis = renamed_argument("axis", axis, "dim", dim)
    if axis is None:
        raise ValueError("You must specify 'axis'.")
    check_given(labels=labels, predictions=predictions)
    with name_scope(scope, "cosine_distance_loss", [predictions, labels, weights]) as within:
        labels, predictions = floats(labels, predictions)
        losses = 1 - reduce_sum(multiply(predictions, labels), axis=(axis,), keepdims=True)
        return compute_weighted_loss(losses, weights, within, loss_collection, reduction)


def huber_loss(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    delta: float = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = BY_NONZERO,
) -> Tensor:
    """Return the weighted loss d^2 / 2 of differences d up to `delta`, linear beyond."""
    check_given(labels=labels, predictions=predictions)
    with name_scope(scope, "huber_loss", [predictions, labels, weights]) as within:
        labels, predictions = floats(labels, predictions)
        error = absolute(subtract(predictions, labels))
        # not max(error - delta, 0), whose slope at delta would add to that of the square
        quadratic = minimum(error, delta)
        linear = subtract(error, quadratic)
        half = convert_to_tensor(0.5, quadratic.dtype)
        squared = multiply(quadratic, quadratic)
        losses = add(multiply(half, squared), multiply(delta, linear))
        return compute_weighted_loss(losses, weights, within, loss_collection, reduction)


def log_loss(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    epsilon: float = 1e-7,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = BY_NONZERO,
) -> Tensor:
    """Return the weighted loss -z log(p + epsilon) - (1 - z) log(1 - p + epsilon)."""
    check_given(labels=labels, predictions=predictions)
    with name_scope(scope, "log_loss", [predictions, labels, weights]) as within:
        labels, predictions = floats(labels, predictions)
        true = -multiply(labels, log(predictions + epsilon))
        losses = true - multiply(1 - labels, log(1 - predictions + epsilon))
        return compute_weighted_loss(losses, weights, within, loss_collection, reduction)


def mean_squared_error(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = BY_NONZERO,
) -> Tensor:
    """Return the weighted loss (prediction - label)^2.

    Args:
        labels: what is true, of any shape.
        predictions: of the same shape.
        weights: a scalar, or of the losses' rank with sizes that are theirs or 1.
        scope: name scope of the operations.
        loss_collection: name of the collection that the loss joins.
        reduction: one of `Reduction`.

    Returns:
        float32[], or a loss per element if they are not reduced.

    Raises:
        ValueError: if something is None, or shapes do not fit.
    """
    check_given(labels=labels, predictions=predictions)
    with name_scope(scope, "mean_squared_error", [predictions, labels, weights]) as within:
        labels, predictions = floats(labels, predictions)
        losses = squared_difference_of(predictions, labels)
        return compute_weighted_loss(losses, weights, within, loss_collection, reduction)


def mean_pairwise_squared_error(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
) -> Tensor:
    """Return how much differences between elements of an example are off, squared and averaged.

    For an example with differences d_i = prediction_i - label_i, of which n count: the mean over
    pairs i < j of (d_i - d_j)^2, computed as 2 sum(d^2) / (n - 1) - 2 sum(d)^2 / (n (n - 1)).

    Args:
        labels: [N, ...], what is true.
        predictions: [N, ...].
        weights: a scalar, [N], or of the rank of the labels.
        scope: name scope of the operations.
        loss_collection: name of the collection.

    Raises:
        ValueError: if shapes do not fit.
    """
    check_given(labels=labels, predictions=predictions)
    with name_scope(scope, "mean_pairwise_squared_error", [predictions, labels, weights]):
        weights, labels = cast(weights, float32), cast(labels, float32)
        with control_dependencies([assert_broadcastable(weights, labels)]):
            predictions = cast(predictions, float32)
            predictions.shape.assert_is_compatible_with(labels.shape)
            diffs = subtract(predictions, labels)
            axes = range_(1, rank(diffs))
            squares = reduce_sum(square(diffs), axes, keepdims=True)
            count = num_present(diffs, weights, per_batch=True)
            alone = 2.0 * div_no_nan(squares, maximum(count - 1, 0), name="value")
            total = reduce_sum(diffs, axes, keepdims=True)
            pairs = maximum(multiply(count, count - 1), 0)
            together = 2.0 * div_no_nan(square(total), pairs, name="value")
            loss = reduce_sum(multiply(alone - together, weights))
            mean = where(reduce_sum(count) > 0, loss, zeros_like(loss), name="value")
            add_loss(mean, loss_collection)
            return mean
