"""Metrics of hits and misses: counts at thresholds, and what follows from them.

    at a threshold t: a prediction above t is positive
    precision = true positives / all positives,   recall = true positives / all that are so

Source: TensorFlow 1.15's `tf.keras.metrics`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from minitf.api import array
from minitf.api.casting import cast
from minitf.api.comparison import logical_and, logical_not
from minitf.api.constants import fill, ones_like
from minitf.api.control import group
from minitf.api.elementary import log
from minitf.api.framework import convert_to_tensor
from minitf.api.gathering import where
from minitf.api.math import div_no_nan, maximum, minimum
from minitf.api.nn_layers import top_k as greatest
from minitf.api.reductions import reduce_sum
from minitf.api.sequences import one_hot
from minitf.api.sizes import broadcast_to, shape
from minitf.api.state import assign_add
from minitf.keras.backend.config import epsilon
from minitf.keras.metrics.base import Metric
from minitf.keras.utils.weighting import laid_upon
from minitf.tensor import Tensor

_KINDS = {  # whether the label and the prediction are positive
    "true_positives": (True, True),
    "false_negatives": (True, False),
    "false_positives": (False, True),
    "true_negatives": (False, False),
}


def _thresholds(given: Any) -> list[float]:
    values = [float(each) for each in (given if isinstance(given, (list, tuple)) else [given])]
    wrong = [each for each in values if not 0 <= each <= 1]
    if wrong:
        raise ValueError(f"Threshold values must be in [0, 1]. Invalid values: {wrong}")
    return values


class Counts(Metric):
    """Weighted numbers of rows of some kinds, at each threshold."""

    kinds: ClassVar[Sequence[str]]

    def __init__(self, thresholds: Any, name: str | None, dtype: Any) -> None:
        super().__init__(name, dtype)
        self.thresholds = thresholds
        self._levels = _thresholds(0.5 if thresholds is None else thresholds)
        self._held = {
            kind: self.add_weight(self._name_of(kind), [len(self._levels)]) for kind in self.kinds
        }

    def _name_of(self, kind: str) -> str:
        return kind if len(self.kinds) > 1 else "accumulator"

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """Add a batch.

        Args:
            y_true: labels, 0 or 1.
            y_pred: predictions in [0, 1].
            sample_weight: factors of the rows.
        """
        y_pred = convert_to_tensor(y_pred)
        y_true, y_pred = self._chosen(cast(y_true, self.dtype), cast(y_pred, self.dtype))
        labels = array.reshape(cast(y_true, "bool"), [1, -1])
        predictions = array.reshape(y_pred, [1, -1])
        levels = array.reshape(convert_to_tensor(self._levels, self.dtype), [-1, 1])
        positive = predictions > levels
        weights: Any = None
        if sample_weight is not None:
            whole = broadcast_to(laid_upon(y_pred, sample_weight), shape(y_pred))
            weights = array.reshape(whole, [1, -1])
        steps = []
        for kind, held in self._held.items():
            label, prediction = _KINDS[kind]
            counted = logical_and(
                labels if label else logical_not(labels),
                positive if prediction else logical_not(positive),
            )
            numbers = cast(counted, self.dtype)
            numbers = numbers if weights is None else numbers * weights
            steps.append(assign_add(held, reduce_sum(numbers, 1)))
        return group(*steps)

    def _chosen(self, y_true: Tensor, y_pred: Tensor) -> tuple[Tensor, Tensor]:
        """Return the labels and predictions that are counted."""
        return y_true, y_pred

    def _single(self, values: Tensor) -> Tensor:
        return values[0] if len(self._levels) == 1 else values

    def result(self) -> Tensor:
        """Return the numbers, one for each threshold."""
        return self._single(self._held[self.kinds[0]].read_value())

    def get_config(self) -> dict[str, Any]:
        """Return thresholds, name and type."""
        return {**super().get_config(), "thresholds": self.thresholds}


class TruePositives(Counts):
    """How many rows are positive and predicted so.

    Args:
        thresholds: above which a prediction is positive: a number or several; 1/2 by default.
        name: of the metric.
        dtype: type of the state.
    """

    kinds = ("true_positives",)

    def __init__(self, thresholds: Any = None, name: str | None = None, dtype: Any = None) -> None:
        super().__init__(thresholds, name, dtype)


class TrueNegatives(TruePositives):
    """How many rows are negative and predicted so; see `TruePositives`."""

    kinds = ("true_negatives",)


class FalsePositives(TruePositives):
    """How many rows are negative and predicted positive; see `TruePositives`."""

    kinds = ("false_positives",)


class FalseNegatives(TruePositives):
    """How many rows are positive and predicted negative; see `TruePositives`."""

    kinds = ("false_negatives",)


class _Share(Counts):
    """The share of true positives among some rows."""

    def __init__(
        self,
        thresholds: Any = None,
        top_k: int | None = None,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        self.top_k = top_k
        self.class_id = class_id
        super().__init__(thresholds, name, dtype)
        if thresholds is None and top_k is not None:
            self._levels = [float("-inf")]

    def _chosen(self, y_true: Tensor, y_pred: Tensor) -> tuple[Tensor, Tensor]:
        if self.top_k is not None:
            places = greatest(y_pred, self.top_k, sorted=False)[1]
            kept = reduce_sum(one_hot(places, shape(y_pred)[-1], axis=-1), -2)
            y_pred = where(kept > 0, y_pred, fill(shape(y_pred), float("-inf")))
        if self.class_id is not None:
            y_true, y_pred = y_true[..., self.class_id], y_pred[..., self.class_id]
        return y_true, y_pred

    def result(self) -> Tensor:
        """Return the share, one for each threshold."""
        hits, others = (self._held[kind].read_value() for kind in self.kinds)
        return self._single(div_no_nan(hits, hits + others))

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {**super().get_config(), "top_k": self.top_k, "class_id": self.class_id}


class Precision(_Share):
    """The share of rows predicted positive that are.

    Args:
        thresholds: above which a prediction is positive: a number or several; 1/2 by default.
        top_k: whether only so many classes of each row, the greatest, are positive.
        class_id: which class is meant; all by default.
        name: of the metric.
        dtype: type of the state.
    """

    kinds = ("true_positives", "false_positives")


class Recall(_Share):
    """The share of positive rows that are predicted so; see `Precision`."""

    kinds = ("true_positives", "false_negatives")


class AUC(Counts):
    """The area below a curve of shares, over the thresholds.

    Args:
        num_thresholds: how many there are, from 0 to 1.
        curve: "ROC": true positives over false positives; "PR": precision over recall.
        summation_method: "interpolation": trapezoids (of PR, with the right curve between);
            "minoring" and "majoring": the lower or the greater end.
        name: of the metric.
        dtype: type of the state.
        thresholds: further thresholds instead, in (0, 1).

    Raises:
        ValueError: if there is no such curve or method, or there are too few thresholds.
    """

    kinds = tuple(_KINDS)

    def __init__(
        self,
        num_thresholds: int = 200,
        curve: str = "ROC",
        summation_method: str = "interpolation",
        name: str | None = None,
        dtype: Any = None,
        thresholds: Any = None,
    ) -> None:
        if curve not in {"ROC", "PR"}:
            raise ValueError(f'Invalid AUC curve value "{curve}".')
        if summation_method not in {"interpolation", "minoring", "majoring"}:
            raise ValueError(f'Invalid AUC summation method value "{summation_method}".')
        if thresholds is None and num_thresholds <= 1:
            raise ValueError("`num_thresholds` must be > 1.")
        inner = (
            [(i + 1) / (num_thresholds - 1) for i in range(num_thresholds - 2)]
            if thresholds is None
            else sorted(_thresholds(list(thresholds)))
        )
        self.num_thresholds = len(inner) + 2
        self.curve = curve
        self.summation_method = summation_method
        super().__init__([0.5] * self.num_thresholds, name, dtype)
        self.thresholds = self._levels = [-epsilon(), *inner, 1.0 + epsilon()]
        self._given = thresholds

    def result(self) -> Tensor:
        """Return the area."""
        hits, misses, false_alarms, rest = (self._held[kind].read_value() for kind in self.kinds)
        recall = div_no_nan(hits, hits + misses)
        if self.curve == "PR" and self.summation_method == "interpolation":
            return _interpolated(hits, misses, false_alarms)
        if self.curve == "PR":
            x, y = recall, div_no_nan(hits, hits + false_alarms)
        else:
            x, y = div_no_nan(false_alarms, false_alarms + rest), recall
        left, right = y[:-1], y[1:]
        height = {
            "interpolation": (left + right) / 2.0,
            "minoring": minimum(left, right),
            "majoring": maximum(left, right),
        }[self.summation_method]
        return reduce_sum((x[:-1] - x[1:]) * height)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {
            "name": self.name,
            "dtype": self.dtype.name,
            "num_thresholds": self.num_thresholds,
            "curve": self.curve,
            "summation_method": self.summation_method,
            "thresholds": self._given,
        }


def _interpolated(hits: Tensor, misses: Tensor, false_alarms: Tensor) -> Tensor:
    """Return the area below precision over recall, true positives growing evenly between points.

    With slope = dTP / dP, the area of a piece is (slope (dTP + intercept log(P_a / P_b))) / all
    positives.  Source: Davis and Goadrich 2006.
    """
    positive = hits + false_alarms
    step = hits[:-1] - hits[1:]
    slope = div_no_nan(step, maximum(positive[:-1] - positive[1:], 0))
    intercept = hits[1:] - slope * positive[1:]
    ratio = where(
        logical_and(positive[:-1] > 0, positive[1:] > 0),
        div_no_nan(positive[:-1], maximum(positive[1:], 0)),
        ones_like(positive[1:]),
    )
    share = div_no_nan(slope * (step + intercept * log(ratio)), maximum(hits[1:] + misses[1:], 0))
    return reduce_sum(share)
