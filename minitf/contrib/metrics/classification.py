"""accuracy: the share of predictions in one batch that are right.

Source: TensorFlow 1.15's `tf.contrib.metrics.accuracy`.
"""

from __future__ import annotations

from typing import Any

from minitf.api.casting import cast
from minitf.api.comparison import equal
from minitf.api.constants import ones_like
from minitf.api.framework import name_scope
from minitf.api.math import div, multiply
from minitf.api.reductions import reduce_mean, reduce_sum
from minitf.dtypes import bool_, float32, string
from minitf.tensor import Tensor


def accuracy(
    predictions: Tensor, labels: Tensor, weights: Any = None, name: str | None = None
) -> Tensor:
    """Return the weighted share of predictions that equal their labels.

    Args:
        predictions: whole numbers, bools or strings.
        labels: of the same type and shape.
        weights: how much each counts; all the same by default.
        name: name of the scope.

    Raises:
        ValueError: if types differ, or are others.

    Source: TensorFlow 1.15.
    """
    if not (labels.dtype.is_integer or labels.dtype in (bool_, string)):
        raise ValueError(f"Labels should have bool, integer, or string dtype, not {labels.dtype!r}")
    if labels.dtype != predictions.dtype:
        raise ValueError(
            "Dtypes of predictions and labels should match. Given: predictions "
            f"({predictions.dtype!r}) and labels ({labels.dtype!r})"
        )
    with name_scope(name, "accuracy", [predictions, labels]):
        correct = cast(equal(predictions, labels), float32)
        if weights is None:
            return reduce_mean(correct)
        counted = reduce_sum(multiply(weights, ones_like(correct)))
        return div(reduce_sum(multiply(correct, weights)), counted)
