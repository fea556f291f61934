"""Metrics that are weighted means: of values, of errors, of hits.

Source: TensorFlow 1.15's functions of the same names in tf.metrics.
"""

from __future__ import annotations

from typing import Any

from minitf.api.array import reshape
from minitf.api.casting import cast
from minitf.api.comparison import equal, greater, less, not_equal
from minitf.api.constants import ones, ones_like, zeros_like
from minitf.api.counting import confusion_matrix
from minitf.api.diagonals import diag_part
from minitf.api.elementary import sqrt
from minitf.api.framework import control_dependencies
from minitf.api.gathering import where
from minitf.api.math import abs as absolute
from minitf.api.math import div, div_no_nan, maximum, multiply, subtract
from minitf.api.math import squared_difference as squared_difference_of
from minitf.api.reductions import reduce_mean, reduce_sum
from minitf.api.scattering import scatter_add
from minitf.api.sizes import size
from minitf.api.state import assign_add
from minitf.api.weights import broadcast_weights, remove_squeezable_dimensions
from minitf.dtypes import float32, float64, int64
from minitf.metrics.streaming import Metric, fitted, gather, metric_of, metric_variable, value_of
from minitf.tensor import Tensor
from minitf.variables.sharing import variable_scope

# --- means of values -----------------------------------------------------------------------------


def mean(
    values: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the weighted mean of all values of all batches.

    Args:
        values: numbers of any shape.
        weights: a scalar, or of the rank of the values, each size 1 or theirs; 1 by default.
        metrics_collections: names of the collections that the value joins.
        updates_collections: names of the collections that the update joins.
        name: name of the variable scope.

    Returns:
        value: float32, what is known so far; 0 before the first batch.
        update: adds a batch, and returns the value with it.

    Raises:
        ValueError: if the weights do not fit.
    """
    with variable_scope(name, "mean", [values, weights]):
        values = cast(values, float32)
        total = metric_variable([], float32, "total")
        count = metric_variable([], float32, "count")
        if weights is None:
            number = cast(size(values), float32)
        else:
            values, _, weights = fitted(values, None, weights)
            weights = broadcast_weights(cast(weights, float32), values)
            values = multiply(values, weights)
            number = reduce_sum(weights)
        new_total = assign_add(total, reduce_sum(values))
        with control_dependencies([values]):
            new_count = assign_add(count, number)
        collections = metrics_collections, updates_collections
        return metric_of(_quotient, [total, count], [new_total, new_count], *collections)


def _quotient(total: Any, count: Any, name: str | None) -> Tensor:
    return div_no_nan(total, maximum(count, 0), name=name)


def mean_tensor(
    values: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the weighted mean over batches of each element; arguments as of `mean`."""
    with variable_scope(name, "mean", [values, weights]):
        values = cast(values, float32)
        total = metric_variable(values.shape, float32, "total_tensor")
        count = metric_variable(values.shape, float32, "count_tensor")
        number = ones_like(values)
        if weights is not None:
            values, _, weights = fitted(values, None, weights)
            weights = broadcast_weights(cast(weights, float32), values)
            values, number = multiply(values, weights), multiply(number, weights)
        new_total = assign_add(total, values)
        with control_dependencies([values]):
            new_count = assign_add(count, number)
        collections = metrics_collections, updates_collections
        return metric_of(_quotient, [total, count], [new_total, new_count], *collections)


def percentage_below(
    values: Any,
    threshold: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the weighted share of values below a threshold; arguments as of `mean`."""
    below = cast(less(values, threshold), float32)
    name = name or "percentage_below_threshold"
    return mean(below, weights, metrics_collections, updates_collections, name)


# --- means of errors -----------------------------------------------------------------------------


def mean_absolute_error(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the weighted mean of |prediction - label|; arguments as of `mean`."""
    predictions, labels, weights = fitted(predictions, labels, weights)
    errors = absolute(predictions - labels)
    name = name or "mean_absolute_error"
    return mean(errors, weights, metrics_collections, updates_collections, name)


def mean_squared_error(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the weighted mean of (prediction - label)^2; arguments as of `mean`."""
    predictions, labels, weights = fitted(predictions, labels, weights)
    errors = squared_difference_of(labels, predictions)
    name = name or "mean_squared_error"
    return mean(errors, weights, metrics_collections, updates_collections, name)


def root_mean_squared_error(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the square root of `mean_squared_error`."""
    predictions, labels, weights = fitted(predictions, labels, weights)
    name = name or "root_mean_squared_error"
    squared, update = mean_squared_error(labels, predictions, weights, None, None, name)
    value = value_of(lambda: sqrt(squared), metrics_collections)
    update = sqrt(update)
    gather(updates_collections, update)
    return value, update


def mean_relative_error(
    labels: Any,
    predictions: Any,
    normalizer: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the weighted mean of |label - prediction| / normalizer, 0 where the normalizer is 0.

    Args:
        labels: what is true.
        predictions: of the same shape.
        normalizer: of the same shape.
        weights: see `mean`, and so the following ones.
        metrics_collections: names of the collections that the value joins.
        updates_collections: names of the collections that the update joins.
        name: name of the variable scope.
    """
    predictions, labels, weights = fitted(predictions, labels, weights)
    predictions, normalizer = remove_squeezable_dimensions(predictions, normalizer)
    predictions.shape.assert_is_compatible_with(normalizer.shape)
    relative = div(absolute(labels - predictions), normalizer)
    errors = where(equal(normalizer, 0.0), zeros_like(labels), relative)
    name = name or "mean_relative_error"
    return mean(errors, weights, metrics_collections, updates_collections, name)


def mean_cosine_distance(
    labels: Any,
    predictions: Any,
    dim: int,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return 1 less the weighted mean of the products of vectors that lie along a dimension.

    Args:
        labels: vectors of length 1.
        predictions: vectors of length 1.
        dim: the dimension.
        weights: see `mean`, and so the following ones; of size 1 in that dimension.
        metrics_collections: names of the collections that the value joins.
        updates_collections: names of the collections that the update joins.
        name: name of the variable scope.
    """
    predictions, labels, weights = fitted(predictions, labels, weights)
    cosines = reduce_sum(multiply(predictions, labels), axis=[dim], keepdims=True)
    value, update = mean(cosines, weights, None, None, name or "mean_cosine_distance")
    value, update = subtract(1.0, value), subtract(1.0, update)
    gather(metrics_collections, value)
    gather(updates_collections, update)
    return value, update


# --- means over classes --------------------------------------------------------------------------


def accuracy(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the weighted share of predictions that equal their labels, over all updates.

    Args:
        labels: what is true, of any shape.
        predictions: of the same shape.
        weights: how much each counts; all alike if None.
        metrics_collections: names of collections that the value joins.
        updates_collections: names of collections that the update joins.

    Returns:
        (value, update): float32[] what was counted so far; an operation that counts a batch and
        gives the new value.  Their variables are local: run `tf.local_variables_initializer()`.

    Raises:
        ValueError: if shapes do not fit.
    """
    predictions, labels, weights = fitted(predictions, labels, weights)
    if labels.dtype != predictions.dtype:
        predictions = cast(predictions, labels.dtype)
    correct = cast(equal(predictions, labels), float32)
    return mean(correct, weights, metrics_collections, updates_collections, name or "accuracy")


def mean_per_class_accuracy(
    labels: Any,
    predictions: Any,
    num_classes: int,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the mean over classes of the share of examples that are predicted right.

    Args:
        labels: numbers of classes.
        predictions: numbers of classes, of the same shape.
        num_classes: how many there are.
        weights: shaped as the labels; 1 by default.
        metrics_collections: names of the collections that the value joins.
        updates_collections: names of the collections that the update joins.
        name: name of the variable scope.

    Returns:
        value: float32, the mean.
        update: float32[num_classes], the share of each class.
    """
    with variable_scope(name, "mean_accuracy", [predictions, labels, weights]):
        labels = _flat(cast(labels, int64))
        predictions = _flat(predictions)
        predictions.shape.assert_is_compatible_with(labels.shape)
        total = metric_variable([num_classes], float32, "total")
        count = metric_variable([num_classes], float32, "count")
        examples = ones([size(labels)], float32)
        if labels.dtype != predictions.dtype:
            predictions = cast(predictions, labels.dtype)
        correct = cast(equal(predictions, labels), float32)
        if weights is not None:
            weights = cast(_flat(weights), float32)
            correct, examples = correct * weights, examples * weights
        new_total = scatter_add(total, labels, examples)
        new_count = scatter_add(count, labels, correct)
        value = value_of(
            lambda: reduce_mean(_quotient(count, total, None), name="mean_accuracy"),
            metrics_collections,
        )
        update = _quotient(new_count, new_total, "update_op")
        gather(updates_collections, update)
        return value, update


def _flat(x: Any) -> Any:
    return reshape(x, [-1]) if x.shape.ndims > 1 else x


def mean_iou(
    labels: Any,
    predictions: Any,
    num_classes: int,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the mean over classes of intersection / union of what is and what is predicted.

    Args:
        labels: numbers of classes.
        predictions: numbers of classes, of the same shape.
        num_classes: how many there are.
        weights: shaped as the labels; 1 by default.
        metrics_collections: names of the collections that the value joins.
        updates_collections: names of the collections that the update joins.
        name: name of the variable scope.

    Returns:
        value: float32, the mean over the classes that occur; 0 if none does.
        update: float64[num_classes, num_classes], how often each class was predicted for each.
    """
    with variable_scope(name, "mean_iou", [predictions, labels, weights]):
        predictions.shape.assert_is_compatible_with(labels.shape)
        total = metric_variable([num_classes] * 2, float64, "total_confusion_matrix")
        predictions, labels = cast(predictions, int64), cast(labels, int64)
        classes = cast(num_classes, int64)
        predictions, labels = _flat(predictions), _flat(labels)
        weights = None if weights is None else _flat(weights)
        counts = confusion_matrix(labels, predictions, classes, float64, weights=weights)
        update = assign_add(total, counts)
        value = value_of(lambda: _iou(total), metrics_collections)
        gather(updates_collections, update)
        return value, update


def _iou(matrix: Any) -> Tensor:
    rows, columns = (cast(reduce_sum(matrix, axis), float32) for axis in (0, 1))
    both = cast(diag_part(matrix), float32)
    union = rows + columns - both
    present = reduce_sum(cast(not_equal(union, 0), float32))
    union = where(greater(union, 0), union, ones_like(union))
    shares = reduce_sum(div(both, union), name="mean_iou")
    return where(greater(present, 0), shares / present, 0)
