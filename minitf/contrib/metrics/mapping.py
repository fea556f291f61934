"""Metrics by name: values apart from updates.

Source: TensorFlow 1.15's functions of the same names in tf.contrib.metrics.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def aggregate_metrics(*value_update_tuples: tuple[Any, Any]) -> tuple[list[Any], list[Any]]:
    """Return the values of metrics, and their updates.

    Args:
        *value_update_tuples: value and update of each metric.

    Raises:
        ValueError: if there are none.
    """
    if not value_update_tuples:
        raise ValueError("Expected at least one value_tensor/update_op pair")
    values, updates = zip(*value_update_tuples, strict=True)
    return list(values), list(updates)


def aggregate_metric_map(
    names_to_tuples: Mapping[str, tuple[Any, Any]],
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the values of metrics by name, and their updates by name.

    Args:
        names_to_tuples: name -> value and update of a metric.
    """
    values = {name: pair[0] for name, pair in names_to_tuples.items()}
    return values, {name: pair[1] for name, pair in names_to_tuples.items()}
