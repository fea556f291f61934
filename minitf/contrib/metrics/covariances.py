"""Covariance and correlation over batches, by Chan, Golub and LeVeque's update of moments.

Source: TensorFlow 1.15's functions of the same names in tf.contrib.metrics.
"""

from __future__ import annotations

from typing import Any

from minitf.api.casting import cast
from minitf.api.constants import ones_like
from minitf.api.control import identity
from minitf.api.elementary import sqrt
from minitf.api.framework import control_dependencies
from minitf.api.gathering import where
from minitf.api.math import div, div_no_nan, multiply
from minitf.api.reductions import reduce_sum
from minitf.api.state import assign, assign_add
from minitf.api.weights import broadcast_weights
from minitf.dtypes import float32
from minitf.metrics.streaming import Metric, fitted, gather, metric_of, metric_variable, value_of
from minitf.tensor import Tensor
from minitf.variables.sharing import variable_scope


def streaming_covariance(
    predictions: Any,
    labels: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the unbiased covariance of predictions and labels of all batches.

    Args:
        predictions: numbers of any shape, cast to float32.
        labels: of the same shape.
        weights: how often each pair counts; a scalar, or of the rank of the labels, each size 1 or
            theirs; 1 by default.
        metrics_collections: names of the collections that the value joins.
        updates_collections: names of the collections that the update joins.
        name: name of the variable scope.

    Returns:
        value: float32, sum of w (p - mean p) (l - mean l) / (sum of w - 1); NaN
            while the sum is not above 1.
        update: adds a batch, and returns the value with it.

    Raises:
        ValueError: if shapes do not fit.
    """
    with variable_scope(name, "covariance", [predictions, labels, weights]):
        predictions, labels, weights = fitted(
            cast(predictions, float32), cast(labels, float32), weights
        )
        names = "count", "mean_prediction", "mean_label", "comoment"
        count, *means, comoment = (metric_variable([], float32, each) for each in names)
        ones = ones_like(predictions)
        w = ones if weights is None else broadcast_weights(cast(weights, float32), ones)
        number = reduce_sum(w)
        new_count = assign_add(count, number)
        old_count = new_count - number
        news, shifts, residuals = [], [], []
        for mean, values in zip(means, (predictions, labels), strict=True):
            batch_mean = div_no_nan(reduce_sum(values * w), number)
            old = mean.read_value()
            news.append(assign(mean, old + div_no_nan((batch_mean - old) * number, new_count)))
            shifts.append(batch_mean - old)
            residuals.append(values - batch_mean)
        inside = reduce_sum(multiply(*residuals) * w)
        between = multiply(*shifts) * old_count * div_no_nan(number, new_count)
        new_comoment = assign_add(comoment, inside + between)
        with control_dependencies(news):
            updates = [identity(new_comoment), new_count]
        collections = metrics_collections, updates_collections
        return metric_of(_unbiased, [comoment, count], updates, *collections)


def _unbiased(comoment: Any, count: Any, name: str) -> Tensor:
    nothing = float("nan")
    return where(count <= 1.0, nothing * ones_like(comoment), div(comoment, count - 1.0), name)


def streaming_pearson_correlation(
    predictions: Any,
    labels: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return covariance / sqrt(variance * variance) of predictions and labels of all batches.

    Arguments and results as of `streaming_covariance`.
    """
    with variable_scope(name, "pearson_r", [predictions, labels, weights]):
        predictions, labels, weights = fitted(predictions, labels, weights)
        both, of_predictions, of_labels = (
            streaming_covariance(a, b, weights, name=each)
            for a, b, each in (
                (predictions, labels, "covariance"),
                (predictions, predictions, "variance_predictions"),
                (labels, labels, "variance_labels"),
            )
        )

        def compute(index: int, name: str) -> Tensor:
            deviations = sqrt(of_predictions[index]) * sqrt(of_labels[index])
            return div(both[index], deviations, name)

        value = value_of(lambda: compute(0, "value"), metrics_collections)
        update = compute(1, "update_op")
        gather(updates_collections, update)
        return value, update
