"""Metrics that are means, with predictions before labels.

Source: TensorFlow 1.15's `tf.contrib.metrics`.
"""

from __future__ import annotations

from typing import Any

from minitf.api.casting import cast
from minitf.api.nn_layers import in_top_k
from minitf.dtypes import float32
from minitf.metrics import means
from minitf.metrics.at_k import at_k
from minitf.metrics.streaming import Metric


def streaming_mean(
    values: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the weighted mean of all values of all batches: `tf.metrics.mean`."""
    collections = metrics_collections, updates_collections
    return means.mean(values, weights, *collections, name)


def streaming_mean_tensor(
    values: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the weighted mean over batches of each element: `tf.metrics.mean_tensor`."""
    collections = metrics_collections, updates_collections
    return means.mean_tensor(values, weights, *collections, name)


def streaming_accuracy(
    predictions: Any,
    labels: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the weighted share of predictions that equal their labels: `tf.metrics.accuracy`."""
    collections = metrics_collections, updates_collections
    return means.accuracy(labels, predictions, weights, *collections, name)


def streaming_percentage_less(
    values: Any,
    threshold: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the weighted share of values below a threshold: `tf.metrics.percentage_below`."""
    collections = metrics_collections, updates_collections
    return means.percentage_below(values, threshold, weights, *collections, name)


def streaming_mean_absolute_error(
    predictions: Any,
    labels: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the weighted mean of |prediction - label|: `tf.metrics.mean_absolute_error`."""
    collections = metrics_collections, updates_collections
    return means.mean_absolute_error(labels, predictions, weights, *collections, name)


def streaming_mean_squared_error(
    predictions: Any,
    labels: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the weighted mean of (prediction - label)^2: `tf.metrics.mean_squared_error`."""
    collections = metrics_collections, updates_collections
    return means.mean_squared_error(labels, predictions, weights, *collections, name)


def streaming_root_mean_squared_error(
    predictions: Any,
    labels: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the root of the mean squared error: `tf.metrics.root_mean_squared_error`."""
    collections = metrics_collections, updates_collections
    return means.root_mean_squared_error(labels, predictions, weights, *collections, name)


def streaming_mean_relative_error(
    predictions: Any,
    labels: Any,
    normalizer: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the mean of |label - prediction| / normalizer: `tf.metrics.mean_relative_error`."""
    collections = metrics_collections, updates_collections
    return means.mean_relative_error(labels, predictions, normalizer, weights, *collections, name)


def streaming_mean_cosine_distance(
    predictions: Any,
    labels: Any,
    dim: int,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the mean of 1 - prediction label: `tf.metrics.mean_cosine_distance`."""
    collections = metrics_collections, updates_collections
    return means.mean_cosine_distance(labels, predictions, dim, weights, *collections, name)


def streaming_mean_iou(
    predictions: Any,
    labels: Any,
    num_classes: int,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the mean of intersection / union over classes: `tf.metrics.mean_iou`."""
    collections = metrics_collections, updates_collections
    return means.mean_iou(labels, predictions, num_classes, weights, *collections, name)


def streaming_recall_at_k(
    predictions: Any,
    labels: Any,
    k: int,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the share of examples whose class is among the k with the greatest scores.

    Args:
        predictions: float[N, C], scores.
        labels: int32 or int64[N], one class per example.
        k: how many classes count as predicted.
        weights: a scalar, or one weight per example; 1 by default.
        metrics_collections: names of the collections that the value joins.
        updates_collections: names of the collections that the update joins.
        name: name of the variable scope.
    """
    collections = metrics_collections, updates_collections
    hits = cast(in_top_k(predictions, labels, k), float32)
    return means.mean(hits, weights, *collections, name or at_k("recall", k))
