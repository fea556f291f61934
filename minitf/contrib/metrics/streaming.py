"""The metrics of `tf.metrics` by their older names, with predictions before labels.

Source: TensorFlow 1.15's `tf.contrib.metrics`.
"""

from __future__ import annotations

from typing import Any

from minitf.metrics import counts, means
from minitf.metrics.streaming import Metric


def streaming_mean(
    values: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the weighted mean of all values of all batches: `tf.metrics.mean`."""
    return means.mean(values, weights, metrics_collections, updates_collections, name)


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


def streaming_precision(
    predictions: Any,
    labels: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the share of what is true in what is predicted: `tf.metrics.precision`."""
    collections = metrics_collections, updates_collections
    return counts.precision(labels, predictions, weights, *collections, name)


def streaming_recall(
    predictions: Any,
    labels: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the share of what is predicted in what is true: `tf.metrics.recall`."""
    collections = metrics_collections, updates_collections
    return counts.recall(labels, predictions, weights, *collections, name)
