"""Metrics of scores in [0, 1] by precision and recall at many thresholds.

Source: TensorFlow 1.15's functions of the same names in tf.contrib.metrics.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from minitf.api.array import reshape, stack
from minitf.api.casting import cast
from minitf.api.comparison import greater_equal
from minitf.api.constants import constant, ones_like
from minitf.api.control import group
from minitf.api.elementary import floor
from minitf.api.framework import control_dependencies
from minitf.api.gathering import gather, where
from minitf.api.math import abs as absolute
from minitf.api.math import div, div_no_nan, maximum, multiply
from minitf.api.reductions import argmin, cumsum, reduce_any, reduce_max, reduce_sum
from minitf.api.segments import unsorted_segment_sum
from minitf.api.state import assign_add
from minitf.api.static_checks import assert_type
from minitf.api.weights import broadcast_weights
from minitf.convert import convert_to_tensor
from minitf.dtypes import bool_, int32
from minitf.metrics.streaming import Metric, metric_variable
from minitf.metrics.thresholds import OUTSIDE, Confusion, even_thresholds, within_unit
from minitf.operation import Operation
from minitf.tensor import Tensor
from minitf.variables.sharing import variable_scope

_EPSILON = 1e-6  # keeps the points of curves finite


class PrecisionRecallData(NamedTuple):
    """What is counted at each threshold, and its two shares.

    Attributes:
        tp: what is, and scores at least the threshold.
        fp: what is not, and scores at least the threshold.
        tn: what is not, and scores less.
        fn: what is, and scores less.
        precision: tp / (tp + fp).
        recall: tp / (tp + fn).
        thresholds: 0 to 1.
    """

    tp: Tensor
    fp: Tensor
    tn: Tensor
    fn: Tensor
    precision: Tensor
    recall: Tensor
    thresholds: Tensor


def precision_recall_at_equal_thresholds(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    num_thresholds: int | None = None,
    use_locking: bool | None = None,
    name: str | None = None,
) -> tuple[PrecisionRecallData, Operation]:
    """Return precision and recall at evenly spread thresholds, in time of their sum, not product.

    Args:
        labels: bool, what is.
        predictions: floats in [0, 1], of the same shape; a score counts as yes from the
            threshold on.
        weights: of the type of the predictions and a shape that broadcasts to theirs; 1 by default.
        num_thresholds: how many, at least 2; 201 by default.
        use_locking: without effect: updates are always atomic.
        name: name of the variable scope.

    Returns:
        data: of the type of the predictions, [num_thresholds] each.
        update: an operation that adds a batch.

    Raises:
        ValueError: if there are fewer than 2 thresholds, or shapes or the types of weights and
            predictions do not fit.
        TypeError: if labels are not bool.
    """
    count = 201 if num_thresholds is None else num_thresholds
    if count < 2:
        raise ValueError(f"num_thresholds must be >= 2, but got {count}")
    labels, predictions = convert_to_tensor(labels), convert_to_tensor(predictions)
    dtype = predictions.dtype
    with variable_scope(name, "precision_recall_at_equal_thresholds", [labels, predictions]):
        assert_type(labels, bool_)
        predictions.shape.assert_is_compatible_with(labels.shape)
        if weights is None:
            weights = ones_like(predictions)
        else:
            weights = broadcast_weights(convert_to_tensor(weights, dtype), predictions)
        with control_dependencies(within_unit(predictions)):
            places = cast(floor(predictions * (count - 1)), int32)
        true = cast(labels, dtype)
        totals, updates = [], []
        for key, case in (("tp_buckets", true), ("fp_buckets", 1 - true)):
            bins = unsorted_segment_sum(
                reshape(multiply(weights, case), [-1]), reshape(places, [-1]), count
            )
            totals.append(metric_variable([count], dtype, key))
            updates.append(assign_add(totals[-1], bins))
        tp, fp = (cumsum(total, reverse=True) for total in totals)
        fn, tn = (tp[0] - tp, fp[0] - fp)
        least = constant(OUTSIDE, dtype)
        data = PrecisionRecallData(
            tp=tp,
            fp=fp,
            tn=tn,
            fn=fn,
            precision=tp / maximum(least, tp + fp),
            recall=tp / maximum(least, tp + fn),
            thresholds=constant([i / (count - 1) for i in range(count)], dtype),
        )
        return data, group(*updates, name="update_op")


def streaming_curve_points(
    labels: Any = None,
    predictions: Any = None,
    weights: Any = None,
    num_thresholds: int = 200,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    curve: str = "ROC",
    name: str | None = None,
) -> Metric:
    """Return points of a curve: (false positive rate, recall), or (recall, precision).

    Args:
        labels: what is; cast to bool.
        predictions: scores in [0, 1], of the same shape.
        weights: a scalar, or of the rank of the labels, each size 1 or theirs; 1 by default.
        num_thresholds: how many points there are.
        metrics_collections: names of the collections that the value joins.
        updates_collections: names of the collections that the update joins.
        curve: "ROC" or "PR".
        name: name of the variable scope.

    Returns:
        value: float32[num_thresholds, 2].
        update: adds a batch, and returns the points with it.

    Raises:
        ValueError: if there is no such curve.
    """
    if curve not in ("ROC", "PR"):
        raise ValueError(f"curve must be either ROC or PR, {curve} unknown")
    with variable_scope(name, "curve_points", [labels, predictions, weights]):
        confusion = Confusion(labels, predictions, _spread(num_thresholds), weights)

        def compute(tp: Any, fn: Any, tn: Any, fp: Any, name: str) -> Tensor:
            recall = div(tp + _EPSILON, tp + fn + _EPSILON)
            if curve == "ROC":
                return stack([div(fp, fp + tn + _EPSILON), recall], 1, name=name)
            return stack([recall, div(tp + _EPSILON, tp + fp + _EPSILON)], 1, name=name)

        return confusion.metric(compute, metrics_collections, updates_collections)


def f1_score(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    num_thresholds: int = 200,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the greatest 2 precision recall / (precision + recall) over many thresholds.

    Args:
        labels: what is; cast to bool.
        predictions: scores in [0, 1], of the same shape.
        weights: a scalar, or of the rank of the labels, each size 1 or theirs; 1 by default.
        num_thresholds: how many thresholds divide [0, 1].
        metrics_collections: names of the collections that the value joins.
        updates_collections: names of the collections that the update joins.
        name: name of the variable scope.
    """
    with variable_scope(name, "f1", [labels, predictions, weights]):
        confusion = Confusion(
            labels, predictions, _spread(num_thresholds), weights, ["tp", "fp", "fn"]
        )

        def compute(tp: Any, fp: Any, fn: Any, name: str) -> Tensor:
            precision, recall = div(tp, OUTSIDE + tp + fp), div(tp, OUTSIDE + tp + fn)
            means = div(2.0 * precision * recall, precision + recall + OUTSIDE)
            return reduce_max(means, name=name)

        return confusion.metric(compute, metrics_collections, updates_collections)


def recall_at_precision(
    labels: Any,
    predictions: Any,
    precision: float,
    weights: Any = None,
    num_thresholds: int = 200,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
    strict_mode: bool = False,
) -> Metric:
    """Return the recall at the threshold of the wanted precision.

    Args:
        labels: what is; cast to bool.
        predictions: scores in [0, 1], of the same shape.
        precision: wanted, in [0, 1].
        weights: a scalar, or of the rank of the labels, each size 1 or theirs; 1 by default.
        num_thresholds: of how many thresholds one is taken.
        metrics_collections: names of the collections that the value joins.
        updates_collections: names of the collections that the update joins.
        name: name of the variable scope.
        strict_mode: whether the least precision is taken that is not below the wanted one, and the
            recall is 0 if there is none; else the precision that comes closest.

    Raises:
        ValueError: if `precision` is not in [0, 1].
    """
    if not 0 <= precision <= 1:
        raise ValueError("`precision` must be in the range [0, 1].")
    with variable_scope(name, "recall_at_precision", [labels, predictions, weights]):
        confusion = Confusion(
            labels, predictions, _spread(num_thresholds), weights, ["tp", "fp", "fn"]
        )

        def compute(tp: Any, fp: Any, fn: Any, name: str) -> Tensor:
            recalls = div(tp, tp + fn + OUTSIDE)
            if not strict_mode:
                precisions = div(tp, tp + fp + OUTSIDE)
                return gather(recalls, argmin(absolute(precisions - precision), 0), name=name)
            precisions = div_no_nan(tp, tp + fp)  # 1, not a little less, where all is right
            enough = greater_equal(precisions, precision)
            costs = where(enough, precisions, 2.0 * ones_like(precisions))
            found = gather(recalls, argmin(costs, 0))
            return multiply(found, cast(reduce_any(enough), found.dtype), name=name)

        return confusion.metric(compute, metrics_collections, updates_collections)


def precision_at_recall(
    labels: Any,
    predictions: Any,
    target_recall: float,
    weights: Any = None,
    num_thresholds: int = 200,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Return the precision at the greatest threshold whose recall is not below the wanted one.

    Args:
        labels: what is; cast to bool.
        predictions: scores in [0, 1], of the same shape.
        target_recall: wanted, in [0, 1].
        weights: a scalar, or of the rank of the labels, each size 1 or theirs; 1 by default.
        num_thresholds: of how many thresholds one is taken.
        metrics_collections: names of the collections that the value joins.
        updates_collections: names of the collections that the update joins.
        name: name of the variable scope.

    Raises:
        ValueError: if `target_recall` is not in [0, 1].
    """
    if not 0 <= target_recall <= 1:
        raise ValueError("`target_recall` must be in the range [0, 1].")
    with variable_scope(name, "precision_at_recall", [labels, predictions, weights]):
        confusion = Confusion(
            labels, predictions, _spread(num_thresholds), weights, ["tp", "fp", "fn"]
        )

        def compute(tp: Any, fp: Any, fn: Any, name: str) -> Tensor:
            recalls = div(tp + OUTSIDE, tp + fn + OUTSIDE)  # they fall with the threshold
            place = reduce_sum(cast(greater_equal(recalls, target_recall), int32)) - 1
            precisions = div(tp + OUTSIDE, tp + fp + OUTSIDE)
            return gather(precisions, maximum(place, 0), name=name)

        return confusion.metric(compute, metrics_collections, updates_collections)


def _spread(count: int) -> list[float]:
    """Return thresholds that divide [0, 1] evenly, the outer ones just outside."""
    return [0.0 - OUTSIDE, *even_thresholds(count), 1.0 + OUTSIDE]
