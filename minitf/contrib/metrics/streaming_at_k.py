"""Metrics of the k best classes of each example, with predictions before labels.

Source: TensorFlow 1.15's `tf.contrib.metrics`.
"""

from __future__ import annotations

from typing import Any

from minitf.metrics import at_k, average_precision
from minitf.metrics.streaming import Metric


def streaming_sparse_recall_at_k(
    predictions: Any,
    labels: Any,
    k: int,
    class_id: int | None = None,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Do as `tf.metrics.recall_at_k`, of scores: float[..., C]."""
    collections = metrics_collections, updates_collections
    return at_k.recall_at_k(labels, predictions, k, class_id, weights, *collections, name)


def streaming_sparse_precision_at_k(
    predictions: Any,
    labels: Any,
    k: int,
    class_id: int | None = None,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Do as `tf.metrics.precision_at_k`, of scores: float[..., C]."""
    collections = metrics_collections, updates_collections
    return at_k.precision_at_k(labels, predictions, k, class_id, weights, *collections, name)


def streaming_sparse_precision_at_top_k(
    top_k_predictions: Any,
    labels: Any,
    class_id: int | None = None,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Do as `tf.metrics.precision_at_top_k`, of classes: int[..., k]."""
    collections = metrics_collections, updates_collections
    return at_k.precision_at_top_k(
        labels, top_k_predictions, None, class_id, weights, *collections, name
    )


def sparse_recall_at_top_k(
    labels: Any,
    top_k_predictions: Any,
    class_id: int | None = None,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Do as `tf.metrics.recall_at_top_k`, of classes: int[..., k]."""
    collections = metrics_collections, updates_collections
    return at_k.recall_at_top_k(
        labels, top_k_predictions, None, class_id, weights, *collections, name
    )


def streaming_sparse_average_precision_at_k(
    predictions: Any,
    labels: Any,
    k: int,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Do as `tf.metrics.average_precision_at_k`, of scores: float[..., C]."""
    collections = metrics_collections, updates_collections
    return average_precision.average_precision_at_k(
        labels, predictions, k, weights, *collections, name
    )


def streaming_sparse_average_precision_at_top_k(
    top_k_predictions: Any,
    labels: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the mean average precision of the k best classes themselves, int[..., k]."""
    collections = metrics_collections, updates_collections
    return average_precision.average_precision_of_best(
        labels, top_k_predictions, weights, *collections, name
    )
