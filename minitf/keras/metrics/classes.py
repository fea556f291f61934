"""Metrics of more than one number: a table of classes, cells of a tensor, shares at a share.

Source: TensorFlow 1.15's `tf.keras.metrics`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from minitf.api import array
from minitf.api.casting import cast
from minitf.api.comparison import not_equal
from minitf.api.constants import ones_like
from minitf.api.control import group, identity
from minitf.api.counting import confusion_matrix
from minitf.api.diagonals import diag_part
from minitf.api.framework import convert_to_tensor
from minitf.api.gathering import gather
from minitf.api.math import abs as absolute
from minitf.api.math import div_no_nan
from minitf.api.reductions import argmin, reduce_sum
from minitf.api.sizes import broadcast_to, shape
from minitf.api.state import assign_add
from minitf.keras.backend.sessions import get_value
from minitf.keras.metrics.base import Mean, Metric
from minitf.keras.metrics.counts import Counts
from minitf.keras.utils.weighting import laid_upon, matched
from minitf.tensor import Tensor


class MeanIoU(Metric):
    """The mean over classes of hits / (labels of the class + predictions of it - hits).

    Args:
        num_classes: how many classes there are.
        name: of the metric.
        dtype: type of the result.
    """

    def __init__(self, num_classes: int, name: str | None = None, dtype: Any = None) -> None:
        super().__init__(name, dtype)
        self.num_classes = num_classes
        sizes = (num_classes, num_classes)
        self.total_cm = self.add_weight("total_confusion_matrix", sizes, dtype="float64")

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """Add a batch.

        Args:
            y_true: numbers of classes.
            y_pred: likewise, as predicted.
            sample_weight: factors of the cells.
        """
        labels, predictions, weights = (
            None if each is None else array.reshape(each, [-1])
            for each in (y_true, y_pred, sample_weight)
        )
        table = confusion_matrix(
            cast(labels, "int64"),
            cast(predictions, "int64"),
            self.num_classes,
            dtype="float64",
            weights=None if weights is None else cast(weights, "float64"),
        )
        return assign_add(self.total_cm, table)

    def result(self) -> Tensor:
        """Return the mean, of the classes that there are."""
        table = self.total_cm.read_value()
        hits = diag_part(table)
        either = reduce_sum(table, 0) + reduce_sum(table, 1) - hits
        known = reduce_sum(cast(not_equal(either, 0), self.dtype))
        return div_no_nan(reduce_sum(cast(div_no_nan(hits, either), self.dtype)), known)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {"num_classes": self.num_classes, **super().get_config()}


class MeanRelativeError(Mean):
    """The mean of |label - prediction| / normalizer.

    Args:
        normalizer: what errors are divided by.
        name: of the metric.
        dtype: type of the state.
    """

    def __init__(self, normalizer: Any, name: str | None = None, dtype: Any = None) -> None:
        super().__init__(name, dtype)
        self.normalizer = cast(normalizer, self.dtype)

    def update_state(  # type: ignore[override]
        self, y_true: Any, y_pred: Any, sample_weight: Any = None
    ) -> Any:
        """Add a batch; see `MeanMetricWrapper.update_state`."""
        y_pred, y_true = matched(cast(y_pred, self.dtype), cast(y_true, self.dtype))
        y_pred, normalizer = matched(y_pred, self.normalizer)
        return super().update_state(
            div_no_nan(absolute(y_true - y_pred), normalizer), sample_weight
        )

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        return {"normalizer": np.asarray(get_value(self.normalizer)), **super().get_config()}


class MeanTensor(Metric):
    """The weighted mean of each cell of tensors that have one shape.

    Args:
        name: of the metric.
        dtype: type of the state.
    """

    def __init__(self, name: str | None = "mean_tensor", dtype: Any = None) -> None:
        super().__init__(name, dtype)
        self.total: Any = None  # made when the shape is known, and so is the count
        self.count: Any = None

    def update_state(self, values: Any, sample_weight: Any = None) -> Any:
        """Add a tensor.

        Args:
            values: the tensor.
            sample_weight: factors of its cells, broadcast to them.

        Raises:
            ValueError: if it has not the shape of those before.
        """
        values = cast(convert_to_tensor(values), self.dtype)
        if self.total is None:
            self.total = self.add_weight("total", values.shape.as_list())
            self.count = self.add_weight("count", values.shape.as_list())
        elif self.total.shape.as_list() != values.shape.as_list():
            raise ValueError(
                "MeanTensor input values must always have the same shape. Expected shape (set "
                f"during the first call): {self.total.shape}. Got: {values.shape}"
            )
        counts = ones_like(values)
        if sample_weight is not None:
            counts = broadcast_to(laid_upon(values, sample_weight), shape(values))
        return group(assign_add(self.total, values * counts), assign_add(self.count, counts))

    def result(self) -> Tensor:
        """Return the means.

        Raises:
            ValueError: if no tensor was added yet.
        """
        if self.total is None:
            raise ValueError(
                "MeanTensor does not have any result yet. Please call the MeanTensor instance or "
                "use `.update_state(value)` before retrieving the result."
            )
        return div_no_nan(identity(self.total), self.count)


class _At(Counts):
    """A share at the threshold where another share is nearest to a value."""

    kinds = ("true_positives", "true_negatives", "false_positives", "false_negatives")
    what: str  # the other share: the argument's name

    def __init__(self, value: float, num_thresholds: int, name: str | None, dtype: Any) -> None:
        if not 0 <= value <= 1:
            raise ValueError(f"`{self.what}` must be in the range [0, 1].")
        if num_thresholds <= 0:
            raise ValueError("`num_thresholds` must be > 0.")
        self.value = value
        self.num_thresholds = num_thresholds
        super().__init__(_evenly(num_thresholds), name, dtype)

    def _at_nearest(self, other: Tensor, wanted: Tensor) -> Tensor:
        return gather(wanted, argmin(absolute(other - self.value), axis=0))

    def _shares(self) -> tuple[Tensor, Tensor]:
        """Return sensitivity and specificity at each threshold."""
        hits, rejections, alarms, misses = (self._held[kind].read_value() for kind in self.kinds)
        return div_no_nan(hits, hits + misses), div_no_nan(rejections, rejections + alarms)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of the constructor."""
        config = {**super().get_config(), "num_thresholds": self.num_thresholds}
        del config["thresholds"]
        return {**config, self.what: self.value}


def _evenly(count: int) -> Sequence[float]:
    """Return thresholds from 0 to 1; 1/2 for one."""
    return [0.5] if count == 1 else [i / (count - 1) for i in range(count)]


class SensitivityAtSpecificity(_At):
    """The share of positive rows that are predicted so, where as many negative ones are as wanted.

    Args:
        specificity: the share of negative rows that are predicted so; the nearest one is taken.
        num_thresholds: how many thresholds are tried, from 0 to 1.
        name: of the metric.
        dtype: type of the state.

    Raises:
        ValueError: if the share is none, or there are no thresholds.
    """

    what = "specificity"

    def __init__(
        self,
        specificity: float,
        num_thresholds: int = 200,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(specificity, num_thresholds, name, dtype)

    def result(self) -> Tensor:
        """Return the share."""
        sensitivity, specificity = self._shares()
        return self._at_nearest(specificity, sensitivity)


class SpecificityAtSensitivity(_At):
    """The share of negative rows that are predicted so, where as many positive ones are as wanted.

    Args:
        sensitivity: the share of positive rows that are predicted so; the nearest one is taken.
        num_thresholds: see `SensitivityAtSpecificity`.
        name: of the metric.
        dtype: type of the state.

    Raises:
        ValueError: if the share is none, or there are no thresholds.
    """

    what = "sensitivity"

    def __init__(
        self,
        sensitivity: float,
        num_thresholds: int = 200,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(sensitivity, num_thresholds, name, dtype)

    def result(self) -> Tensor:
        """Return the share."""
        sensitivity, specificity = self._shares()
        return self._at_nearest(sensitivity, specificity)
