"""The area under a curve: ROC (true against false positive rate) or precision against recall.

Source: TensorFlow 1.15's tf.metrics.auc; Davis and Goadrich, "The relationship between
precision-recall and ROC curves" (2006), for the careful interpolation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from minitf.api.comparison import logical_and
from minitf.api.constants import ones_like
from minitf.api.elementary import log
from minitf.api.gathering import where
from minitf.api.math import div, div_no_nan, maximum, minimum, multiply
from minitf.api.reductions import reduce_sum
from minitf.metrics.streaming import Metric
from minitf.metrics.thresholds import OUTSIDE, Confusion, even_thresholds
from minitf.tensor import Tensor
from minitf.variables.sharing import variable_scope

_EPSILON = 1e-6  # keeps quotients of nothing finite
_HEIGHTS: dict[str, Callable[[Any, Any], Tensor]] = {
    "trapezoidal": lambda a, b: (a + b) / 2.0,
    "careful_interpolation": lambda a, b: (a + b) / 2.0,
    "minoring": minimum,
    "majoring": maximum,
}


def auc(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    num_thresholds: int = 200,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    curve: str = "ROC",
    name: str | None = None,
    summation_method: str = "trapezoidal",
    thresholds: Sequence[float] | None = None,
) -> Metric:
    """Return the area under a curve that many thresholds draw.

    Args:
        labels: what is; cast to bool.
        predictions: scores in [0, 1], of the same shape.
        weights: a scalar, or of the rank of the labels, each size 1 or theirs; 1 by default.
        num_thresholds: how many thresholds divide [0, 1].
        metrics_collections: names of the collections that the value joins.
        updates_collections: names of the collections that the update joins.
        curve: "ROC" or "PR".
        name: name of the variable scope.
        summation_method: how the curve runs between two thresholds: "trapezoidal" (straight),
            "minoring" or "majoring" (at the lesser or greater value), "careful_interpolation" (for
            "PR": as true and false positives that grow evenly; else straight).
        thresholds: thresholds between 0 and 1, in the place of `num_thresholds`.

    Returns:
        value: float32, the area so far.
        update: adds a batch, and returns the area with it.

    Raises:
        ValueError: if there is no such curve or method.
    """
    with variable_scope(name, "auc", [labels, predictions, weights]):
        if curve not in ("ROC", "PR"):
            raise ValueError(f"curve must be either ROC or PR, {curve} unknown")
        if summation_method not in _HEIGHTS:
            raise ValueError(f"Invalid summation_method: {summation_method}")
        inner = even_thresholds(num_thresholds) if thresholds is None else sorted(thresholds)
        confusion = Confusion(labels, predictions, [0.0 - OUTSIDE, *inner, 1.0 + OUTSIDE], weights)

        def compute(tp: Any, fn: Any, tn: Any, fp: Any, name: str) -> Tensor:
            if curve == "PR" and summation_method == "careful_interpolation":
                return _interpolated(tp, fp, fn)
            recall = div(tp + _EPSILON, tp + fn + _EPSILON)
            if curve == "ROC":
                x, y = div(fp, fp + tn + _EPSILON), recall
            else:
                x, y = recall, div(tp + _EPSILON, tp + fp + _EPSILON)
            last = len(inner) + 1
            height = _HEIGHTS[summation_method](y[:last], y[1:])
            return reduce_sum(multiply(x[:last] - x[1:], height), name=name)

        return confusion.metric(compute, metrics_collections, updates_collections)


def _interpolated(tp: Any, fp: Any, fn: Any) -> Tensor:
    """Return the area under precision against recall if tp + fp grow evenly between thresholds.

    With p = tp + fp and tp = slope * p + intercept between two thresholds, the integral of
    precision tp / p over d tp is slope * (d tp + intercept * log(p_1 / p_2)).
    """
    gained = tp[:-1] - tp[1:]
    p = tp + fp
    slope = div_no_nan(gained, maximum(p[:-1] - p[1:], 0), name="prec_slope")
    intercept = tp[1:] - multiply(slope, p[1:])
    ratio = where(
        logical_and(p[:-1] > 0, p[1:] > 0),
        div_no_nan(p[:-1], maximum(p[1:], 0), name="recall_relative_ratio"),
        ones_like(p[1:]),
    )
    parts = div_no_nan(
        slope * (gained + intercept * log(ratio)),
        maximum(tp[1:] + fn[1:], 0),
        name="pr_auc_increment",
    )
    return reduce_sum(parts, name="interpolate_pr_auc")
