"""`tensorflow.python.ops.metrics_impl`: what contributed metrics take of the public ones.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf.convert import convert_to_tensor
from minitf.metrics import streaming
from minitf.metrics.thresholds import Confusion
from minitf.tensor import Tensor


def metric_variable(
    shape: Any, dtype: Any, validate_shape: bool = True, name: str | None = None
) -> Any:
    """Return a local variable that begins at 0.

    Args:
        shape: its shape.
        dtype: its type.
        validate_shape: accepted: it keeps its shape.
        name: its name.
    """
    return streaming.metric_variable(shape, dtype, name or "Variable")


def aggregate_variable(v: Any, collections: Any) -> Tensor:
    """Return the value of a metric's variable, which joins collections."""
    found: Tensor = streaming.value_of(lambda: convert_to_tensor(v), collections)
    return found


def confusion_matrix_at_thresholds(
    labels: Any,
    predictions: Any,
    thresholds: Sequence[float],
    weights: Any = None,
    includes: Sequence[str] | None = None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return by their keys what was right and wrong at each threshold, and what adds a batch.

    Args:
        labels: what is; cast to bool.
        predictions: scores in [0, 1], of the same shape.
        thresholds: in [0, 1].
        weights: a scalar, or of the rank of the labels, each size 1 or theirs; 1 by default.
        includes: which of "tp", "fn", "tn" and "fp" to count; all if None.

    Raises:
        ValueError: if there is no such key.
    """
    every = ("tp", "fn", "tn", "fp")
    keys = every if includes is None else includes
    for key in keys:
        if key not in every:
            raise ValueError(f"Invalid key: {key}.")
    counts = Confusion(labels, predictions, thresholds, weights, keys)
    values = {key: convert_to_tensor(total) for key, total in counts.totals.items()}
    return values, counts.updates
