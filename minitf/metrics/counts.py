"""Metrics of yes-or-no predictions: how many are right or wrong, precision, recall.

Source: TensorFlow 1.15's functions of the same names in tf.metrics.
"""

from __future__ import annotations

from typing import Any

from minitf.api.casting import cast
from minitf.api.comparison import equal, greater, logical_and
from minitf.api.control import identity
from minitf.api.framework import control_dependencies
from minitf.api.gathering import where
from minitf.api.math import div, multiply
from minitf.api.reductions import reduce_sum
from minitf.api.sizes import rank
from minitf.api.state import assign_add
from minitf.api.static_checks import assert_rank_in
from minitf.dtypes import bool_, float32
from minitf.metrics.streaming import Metric, fitted, gather, metric_of, metric_variable, value_of
from minitf.tensor import Tensor
from minitf.variables.sharing import variable_scope

# --- counts --------------------------------------------------------------------------------------


def true_positives(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the total weight of what is, and is predicted.

    Args:
        labels: what is; cast to bool.
        predictions: of the same shape; cast to bool.
        weights: a scalar, or of the rank of the labels, each size 1 or theirs; 1 by default.
        metrics_collections: names of the collections that the value joins.
        updates_collections: names of the collections that the update joins.
        name: name of the variable scope.

    Returns:
        value: float32, the total so far.
        update: adds a batch, and returns the total with it.
    """
    with variable_scope(name, "true_positives", [predictions, labels, weights]):
        collections = metrics_collections, updates_collections
        return _counted(labels, predictions, weights, *collections, is_true=True, is_said=True)


def false_positives(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the total weight of what is not, but is predicted; see `true_positives`."""
    with variable_scope(name, "false_positives", [predictions, labels, weights]):
        collections = metrics_collections, updates_collections
        return _counted(labels, predictions, weights, *collections, is_true=False, is_said=True)


def true_negatives(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the total weight of what is not, and is not predicted; see `true_positives`."""
    with variable_scope(name, "true_negatives", [predictions, labels, weights]):
        collections = metrics_collections, updates_collections
        return _counted(labels, predictions, weights, *collections, is_true=False, is_said=False)


def false_negatives(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the total weight of what is, but is not predicted; see `true_positives`."""
    with variable_scope(name, "false_negatives", [predictions, labels, weights]):
        collections = metrics_collections, updates_collections
        return _counted(labels, predictions, weights, *collections, is_true=True, is_said=False)


def _counted(
    labels: Any,
    predictions: Any,
    weights: Any,
    metrics_collections: Any,
    updates_collections: Any,
    *,
    is_true: bool,
    is_said: bool,
) -> Metric:
    """Add up the weights of the cases with this label and this prediction."""
    predictions, labels, weights = _as_bools(predictions, labels, weights)
    found = logical_and(equal(labels, is_true), equal(predictions, is_said))
    count = metric_variable([], float32, "count")
    counted = cast(found, float32)
    if weights is not None:
        with control_dependencies([assert_rank_in(weights, (0, rank(counted)))]):
            counted = multiply(counted, cast(weights, float32))
    value = value_of(lambda: identity(count), metrics_collections)
    update = assign_add(count, reduce_sum(counted))
    gather(updates_collections, update)
    return value, update


def _as_bools(predictions: Any, labels: Any, weights: Any) -> tuple[Tensor, Tensor, Any]:
    return fitted(cast(predictions, bool_), cast(labels, bool_), weights)


# --- precision and recall ------------------------------------------------------------------------


def precision(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the share of what is true in what is predicted, 0 where nothing is.

    Arguments as of `true_positives`.
    """
    with variable_scope(name, "precision", [predictions, labels, weights]):
        predictions, labels, weights = _as_bools(predictions, labels, weights)
        right, new_right = true_positives(labels, predictions, weights)
        wrong, new_wrong = false_positives(labels, predictions, weights)
        collections = metrics_collections, updates_collections
        return metric_of(_share, [right, wrong], [new_right, new_wrong], *collections)


def recall(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the share of what is predicted in what is true, 0 where nothing is.

    Arguments as of `true_positives`.
    """
    with variable_scope(name, "recall", [predictions, labels, weights]):
        predictions, labels, weights = _as_bools(predictions, labels, weights)
        found, new_found = true_positives(labels, predictions, weights)
        missed, new_missed = false_negatives(labels, predictions, weights)
        collections = metrics_collections, updates_collections
        return metric_of(_share, [found, missed], [new_found, new_missed], *collections)


def _share(part: Any, rest: Any, name: str) -> Tensor:
    return where(greater(part + rest, 0), div(part, part + rest), 0, name)
