"""Metrics of scores in [0, 1] that count as a yes above a threshold, for many thresholds at once.

`Confusion` keeps the four totals of right and wrong answers per threshold, of which all metrics
here are functions.

Source: TensorFlow 1.15's functions of the same names in tf.metrics.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf.api.array import expand_dims, reshape, stack, tile, transpose
from minitf.api.assertions import assert_greater_equal, assert_less_equal
from minitf.api.casting import cast
from minitf.api.comparison import (
    equal,
    greater,
    logical_and,
    logical_not,
)
from minitf.api.constants import constant
from minitf.api.control import identity
from minitf.api.framework import control_dependencies
from minitf.api.math import abs as absolute
from minitf.api.math import div
from minitf.api.reductions import argmax, argmin, cumsum, reduce_min, reduce_sum
from minitf.api.sizes import shape
from minitf.api.state import assign_add
from minitf.api.weights import broadcast_weights
from minitf.convert import convert_to_tensor
from minitf.dtypes import bool_, float32, int32, int64
from minitf.metrics.streaming import Metric, fitted, gather, metric_of, metric_variable, value_of
from minitf.operation import Operation
from minitf.tensor import Tensor
from minitf.variables.sharing import variable_scope

OUTSIDE = 1e-7  # how far the first and last thresholds lie outside [0, 1], and what quotients add
_NAMES = {
    "tp": "true_positives",
    "fn": "false_negatives",
    "tn": "true_negatives",
    "fp": "false_positives",
}


def even_thresholds(count: int) -> list[float]:
    """Return the thresholds that divide [0, 1] evenly, less both ends."""
    return [(i + 1) * 1.0 / (count - 1) for i in range(count - 2)]


class Confusion:
    """Totals of right and wrong answers per threshold.

    Attributes:
        totals: "tp" (what is, and scores above), "fn" (what is, and does not), "tn", "fp" ->
            variable, float32[thresholds].
        updates: the same -> what it is after a batch.
    """

    def __init__(
        self,
        labels: Any,
        predictions: Any,
        thresholds: Sequence[float],
        weights: Any,
        includes: Sequence[str] = tuple(_NAMES),
    ) -> None:
        """Make the variables of `includes`, and the operations that add a batch to them."""
        with control_dependencies(within_unit(predictions)):
            scores, truths, weights = fitted(
                cast(predictions, float32), cast(labels, bool_), weights
            )
        count = len(thresholds)
        column = reshape(scores, [-1, 1])
        row = reshape(cast(truths, bool_), [1, -1])
        static: Any = column.shape.as_list()[0]
        cases = shape(column)[0] if static is None else static
        limits = tile(expand_dims(constant(thresholds), [1]), stack([1, cases]))
        said = {"p": greater(tile(transpose(column), [count, 1]), limits)}
        if {"fn", "tn"} & set(includes):
            said["n"] = logical_not(said["p"])
        true = tile(row, [count, 1])
        false = logical_not(true) if {"fp", "tn"} & set(includes) else None
        tiled = None
        if weights is not None:
            weights = broadcast_weights(cast(weights, float32), scores)
            tiled = tile(reshape(weights, [1, -1]), [count, 1])
            limits.shape.assert_is_compatible_with(tiled.shape)
        self.totals: dict[str, Any] = {}
        self.updates: dict[str, Any] = {}
        for key in includes:
            self.totals[key] = metric_variable([count], float32, _NAMES[key])
            right = key in ("tp", "fn")
            found = cast(logical_and(true if right else false, said[key[1]]), float32)
            found = found if tiled is None else found * tiled
            self.updates[key] = assign_add(self.totals[key], reduce_sum(found, 1))

    def metric(self, compute: Any, metrics_collections: Any, updates_collections: Any) -> Metric:
        """Return the metric that a function of the totals gives; see `metric_of`."""
        totals, updates = list(self.totals.values()), list(self.updates.values())
        return metric_of(compute, totals, updates, metrics_collections, updates_collections)


def within_unit(predictions: Any) -> list[Operation]:
    """Return operations that fail unless all predictions lie in [0, 1]."""
    message = "predictions must be in [0, 1]"
    predictions = convert_to_tensor(predictions)
    zero, one = (cast(bound, predictions.dtype) for bound in (0.0, 1.0))
    return [
        assert_greater_equal(predictions, zero, message=message),
        assert_less_equal(predictions, one, message=message),
    ]


# --- counts --------------------------------------------------------------------------------------


def true_positives_at_thresholds(
    labels: Any,
    predictions: Any,
    thresholds: Sequence[float],
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the total weight of what is, and scores above each threshold.

    Args:
        labels: what is; cast to bool.
        predictions: scores in [0, 1], of the same shape.
        thresholds: in [0, 1].
        weights: a scalar, or of the rank of the labels, each size 1 or theirs; 1 by default.
        metrics_collections: names of the collections that the value joins.
        updates_collections: names of the collections that the update joins.
        name: name of the variable scope.

    Returns:
        value: float32[thresholds], the totals so far.
        update: adds a batch, and returns the totals with it.
    """
    with variable_scope(name, "true_positives", [predictions, labels, weights]):
        confusion = Confusion(labels, predictions, thresholds, weights, ["tp"])
        return _total(confusion, metrics_collections, updates_collections)


def false_negatives_at_thresholds(
    labels: Any,
    predictions: Any,
    thresholds: Sequence[float],
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the total weight of what is, but does not score above each threshold.

    Arguments as of `true_positives_at_thresholds`.
    """
    with variable_scope(name, "false_negatives", [predictions, labels, weights]):
        confusion = Confusion(labels, predictions, thresholds, weights, ["fn"])
        return _total(confusion, metrics_collections, updates_collections)


def true_negatives_at_thresholds(
    labels: Any,
    predictions: Any,
    thresholds: Sequence[float],
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the total weight of what is not, and does not score above each threshold.

    Arguments as of `true_positives_at_thresholds`.
    """
    with variable_scope(name, "true_negatives", [predictions, labels, weights]):
        confusion = Confusion(labels, predictions, thresholds, weights, ["tn"])
        return _total(confusion, metrics_collections, updates_collections)


def false_positives_at_thresholds(
    labels: Any,
    predictions: Any,
    thresholds: Sequence[float],
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the total weight of what is not, but scores above each threshold.

    Arguments as of `true_positives_at_thresholds`.
    """
    with variable_scope(name, "false_positives", [predictions, labels, weights]):
        confusion = Confusion(labels, predictions, thresholds, weights, ["fp"])
        return _total(confusion, metrics_collections, updates_collections)


def _total(confusion: Confusion, metrics_collections: Any, updates_collections: Any) -> Metric:
    (total,), (update,) = confusion.totals.values(), confusion.updates.values()
    value = value_of(lambda: identity(total), metrics_collections)
    gather(updates_collections, update)
    return value, update


# --- precision and recall ------------------------------------------------------------------------


def precision_at_thresholds(
    labels: Any,
    predictions: Any,
    thresholds: Sequence[float],
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the share of what is true in what scores above each threshold.

    Arguments as of `true_positives_at_thresholds`.
    """
    with variable_scope(name, "precision_at_thresholds", [predictions, labels, weights]):
        confusion = Confusion(labels, predictions, thresholds, weights, ["tp", "fp"])

        def compute(tp: Any, fp: Any, name: str) -> Tensor:
            return div(tp, OUTSIDE + tp + fp, name=f"precision_{name}")

        return confusion.metric(compute, metrics_collections, updates_collections)


def recall_at_thresholds(
    labels: Any,
    predictions: Any,
    thresholds: Sequence[float],
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the share of what scores above each threshold in what is true.

    Arguments as of `true_positives_at_thresholds`.
    """
    with variable_scope(name, "recall_at_thresholds", [predictions, labels, weights]):
        confusion = Confusion(labels, predictions, thresholds, weights, ["tp", "fn"])

        def compute(tp: Any, fn: Any, name: str) -> Tensor:
            return div(tp, OUTSIDE + tp + fn, name=f"recall_{name}")

        return confusion.metric(compute, metrics_collections, updates_collections)


# --- one rate where the other is given -----------------------------------------------------------


def sensitivity_at_specificity(
    labels: Any,
    predictions: Any,
    specificity: float,
    weights: Any = None,
    num_thresholds: int = 200,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the sensitivity, tp / (tp + fn), at the threshold of the wanted specificity.

    Args:
        labels: what is; cast to bool.
        predictions: scores in [0, 1], of the same shape.
        specificity: wanted, tn / (tn + fp), in [0, 1].
        weights: a scalar, or of the rank of the labels; 1 by default.
        num_thresholds: of how many thresholds the one that comes closest is taken.
        metrics_collections: names of the collections that the value joins.
        updates_collections: names of the collections that the update joins.
        name: name of the variable scope.

    Raises:
        ValueError: if `specificity` is not in [0, 1].
    """
    if not 0 <= specificity <= 1:
        raise ValueError("`specificity` must be in the range [0, 1].")
    with variable_scope(name, "sensitivity_at_specificity", [predictions, labels, weights]):
        thresholds = [0.0 - OUTSIDE, *even_thresholds(num_thresholds), 1.0 + OUTSIDE]
        confusion = Confusion(labels, predictions, thresholds, weights)

        def compute(tp: Any, fn: Any, tn: Any, fp: Any, name: str) -> Tensor:
            specificities = div(tn, tn + fp + OUTSIDE)
            place = cast(argmin(absolute(specificities - specificity), 0), int32)
            return div(tp[place], tp[place] + fn[place] + OUTSIDE, name)

        return confusion.metric(compute, metrics_collections, updates_collections)


def specificity_at_sensitivity(
    labels: Any,
    predictions: Any,
    sensitivity: float,
    weights: Any = None,
    num_thresholds: int = 200,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the specificity, tn / (tn + fp), at the threshold of the wanted sensitivity.

    Of equally close thresholds the greatest is taken.

    Args:
        labels: what is; cast to bool.
        predictions: scores in [0, 1], of the same shape.
        sensitivity: wanted, tp / (tp + fn), in [0, 1].
        weights: a scalar, or of the rank of the labels; 1 by default.
        num_thresholds: of how many thresholds the one that comes closest is taken.
        metrics_collections: names of the collections that the value joins.
        updates_collections: names of the collections that the update joins.
        name: name of the variable scope.

    Raises:
        ValueError: if `sensitivity` is not in [0, 1].
    """
    if not 0 <= sensitivity <= 1:
        raise ValueError("`sensitivity` must be in the range [0, 1].")
    with variable_scope(name, "specificity_at_sensitivity", [predictions, labels, weights]):
        thresholds = [0.0 - OUTSIDE, *even_thresholds(num_thresholds), 1.0 - OUTSIDE]
        confusion = Confusion(labels, predictions, thresholds, weights)

        def compute(tp: Any, fn: Any, tn: Any, fp: Any, name: str) -> Tensor:
            sensitivities = div(tp, tp + fn + OUTSIDE)
            least = reduce_min(absolute(sensitivities - sensitivity))
            closest = cast(equal(absolute(sensitivities - sensitivity), least), int64)
            place = cast(argmax(cumsum(closest), 0), int32)  # the last of them
            return div(tn[place], tn[place] + fp[place] + OUTSIDE, name)

        return confusion.metric(compute, metrics_collections, updates_collections)
