"""`tensorflow.python.ops.metrics_impl`: what contributed metrics take of the public ones.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from typing import Any

from minitf.convert import convert_to_tensor
from minitf.metrics import streaming
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
