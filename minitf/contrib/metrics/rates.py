"""How often what is not is predicted, and how often what is is missed.

Source: TensorFlow 1.15's functions of the same names in tf.contrib.metrics.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf.api.casting import cast
from minitf.api.math import div, div_no_nan
from minitf.dtypes import bool_
from minitf.metrics import counts
from minitf.metrics.streaming import Metric, fitted, metric_of
from minitf.metrics.thresholds import OUTSIDE, Confusion
from minitf.tensor import Tensor
from minitf.variables.sharing import variable_scope


def streaming_false_positive_rate(
    predictions: Any,
    labels: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the share of what is predicted in what is not: fp / (fp + tn), 0 where nothing is.

    Args:
        predictions: cast to bool.
        labels: cast to bool, of the same shape.
        weights: a scalar, or of the rank of the labels, each size 1 or theirs; 1 by default.
        metrics_collections: names of the collections that the value joins.
        updates_collections: names of the collections that the update joins.
        name: name of the variable scope.
    """
    with variable_scope(name, "false_positive_rate", [predictions, labels, weights]):
        cases = fitted(cast(predictions, bool_), cast(labels, bool_), weights)
        collections = metrics_collections, updates_collections
        return _rate(cases, counts.false_positives, counts.true_negatives, *collections)


def streaming_false_negative_rate(
    predictions: Any,
    labels: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the share of what is not predicted in what is: fn / (fn + tp), 0 where nothing is.

    Arguments as of `streaming_false_positive_rate`.
    """
    with variable_scope(name, "false_negative_rate", [predictions, labels, weights]):
        cases = fitted(cast(predictions, bool_), cast(labels, bool_), weights)
        collections = metrics_collections, updates_collections
        return _rate(cases, counts.false_negatives, counts.true_positives, *collections)


def _rate(cases: Any, part: Any, rest: Any, *collections: Any) -> Metric:
    predictions, labels, weights = cases
    pairs = [each(labels, predictions, weights) for each in (part, rest)]

    def compute(wrong: Any, right: Any, name: str) -> Tensor:
        return div_no_nan(wrong, wrong + right, name=name)

    values, updates = zip(*pairs, strict=True)
    return metric_of(compute, values, updates, *collections)


def streaming_false_positive_rate_at_thresholds(
    predictions: Any,
    labels: Any,
    thresholds: Sequence[float],
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return fp / (fp + tn) for scores above each threshold.

    Args:
        predictions: scores in [0, 1].
        labels: what is; cast to bool, of the same shape.
        thresholds: in [0, 1].
        weights: a scalar, or of the rank of the labels, each size 1 or theirs; 1 by default.
        metrics_collections: names of the collections that the value joins.
        updates_collections: names of the collections that the update joins.
        name: name of the variable scope.
    """
    with variable_scope(name, "false_positive_rate_at_thresholds", [predictions, labels, weights]):
        confusion = Confusion(labels, predictions, thresholds, weights, ["fp", "tn"])
        return confusion.metric(_share, metrics_collections, updates_collections)


def streaming_false_negative_rate_at_thresholds(
    predictions: Any,
    labels: Any,
    thresholds: Sequence[float],
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return fn / (fn + tp) for scores above each threshold.

    Arguments as of `streaming_false_positive_rate_at_thresholds`.
    """
    with variable_scope(name, "false_negative_rate_at_thresholds", [predictions, labels, weights]):
        confusion = Confusion(labels, predictions, thresholds, weights, ["fn", "tp"])
        return confusion.metric(_share, metrics_collections, updates_collections)


def _share(wrong: Any, right: Any, name: str) -> Tensor:
    return div(wrong, OUTSIDE + wrong + right, name=name)
