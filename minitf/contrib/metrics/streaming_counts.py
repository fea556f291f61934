"""Metrics that count right and wrong answers, with predictions before labels.

Source: TensorFlow 1.15's `tf.contrib.metrics`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf.metrics import areas, counts
from minitf.metrics import thresholds as at
from minitf.metrics.streaming import Metric


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


def streaming_true_positives(
    predictions: Any,
    labels: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the weight of what is, and is predicted: `tf.metrics.true_positives`."""
    collections = metrics_collections, updates_collections
    return counts.true_positives(labels, predictions, weights, *collections, name)


def streaming_true_negatives(
    predictions: Any,
    labels: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the weight of what is not, and is not predicted: `tf.metrics.true_negatives`."""
    collections = metrics_collections, updates_collections
    return counts.true_negatives(labels, predictions, weights, *collections, name)


def streaming_false_positives(
    predictions: Any,
    labels: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the weight of what is predicted, and is not: `tf.metrics.false_positives`."""
    collections = metrics_collections, updates_collections
    return counts.false_positives(labels, predictions, weights, *collections, name)


def streaming_false_negatives(
    predictions: Any,
    labels: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the weight of what is, and is not predicted: `tf.metrics.false_negatives`."""
    collections = metrics_collections, updates_collections
    return counts.false_negatives(labels, predictions, weights, *collections, name)


def streaming_true_positives_at_thresholds(
    predictions: Any,
    labels: Any,
    thresholds: Sequence[float],
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return it for scores above each threshold: `tf.metrics.true_positives_at_thresholds`."""
    collections = metrics_collections, updates_collections
    return at.true_positives_at_thresholds(
        labels, predictions, thresholds, weights, *collections, name
    )


def streaming_true_negatives_at_thresholds(
    predictions: Any,
    labels: Any,
    thresholds: Sequence[float],
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return it for scores above each threshold: `tf.metrics.true_negatives_at_thresholds`."""
    collections = metrics_collections, updates_collections
    return at.true_negatives_at_thresholds(
        labels, predictions, thresholds, weights, *collections, name
    )


def streaming_false_positives_at_thresholds(
    predictions: Any,
    labels: Any,
    thresholds: Sequence[float],
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return it for scores above each threshold: `tf.metrics.false_positives_at_thresholds`."""
    collections = metrics_collections, updates_collections
    return at.false_positives_at_thresholds(
        labels, predictions, thresholds, weights, *collections, name
    )


def streaming_false_negatives_at_thresholds(
    predictions: Any,
    labels: Any,
    thresholds: Sequence[float],
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return it for scores above each threshold: `tf.metrics.false_negatives_at_thresholds`."""
    collections = metrics_collections, updates_collections
    return at.false_negatives_at_thresholds(
        labels, predictions, thresholds, weights, *collections, name
    )


def streaming_precision_at_thresholds(
    predictions: Any,
    labels: Any,
    thresholds: Sequence[float],
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return it for scores above each threshold: `tf.metrics.precision_at_thresholds`."""
    collections = metrics_collections, updates_collections
    return at.precision_at_thresholds(labels, predictions, thresholds, weights, *collections, name)


def streaming_recall_at_thresholds(
    predictions: Any,
    labels: Any,
    thresholds: Sequence[float],
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return it for scores above each threshold: `tf.metrics.recall_at_thresholds`."""
    collections = metrics_collections, updates_collections
    return at.recall_at_thresholds(labels, predictions, thresholds, weights, *collections, name)


def streaming_sensitivity_at_specificity(
    predictions: Any,
    labels: Any,
    specificity: float,
    weights: Any = None,
    num_thresholds: int = 200,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return one rate at the threshold of the other: `tf.metrics.sensitivity_at_specificity`."""
    collections = metrics_collections, updates_collections
    return at.sensitivity_at_specificity(
        labels, predictions, specificity, weights, num_thresholds, *collections, name
    )


def streaming_specificity_at_sensitivity(
    predictions: Any,
    labels: Any,
    sensitivity: float,
    weights: Any = None,
    num_thresholds: int = 200,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return one rate at the threshold of the other: `tf.metrics.specificity_at_sensitivity`."""
    collections = metrics_collections, updates_collections
    return at.specificity_at_sensitivity(
        labels, predictions, sensitivity, weights, num_thresholds, *collections, name
    )


def streaming_auc(
    predictions: Any,
    labels: Any,
    weights: Any = None,
    num_thresholds: int = 200,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    curve: str = "ROC",
    name: str | None = None,
) -> Metric:
    """Return the area under a curve that many thresholds draw: `tf.metrics.auc`."""
    collections = metrics_collections, updates_collections
    return areas.auc(labels, predictions, weights, num_thresholds, *collections, curve, name)
