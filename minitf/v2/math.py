"""Arithmetic, counts and norms, with TensorFlow 2's arguments.

Source: TensorFlow 1.15's functions of the same names in tf.compat.v2.math.
"""

from __future__ import annotations

from typing import Any

from minitf.api import counting, math, norms, reductions, segments
from minitf.api.framework import name_scope
from minitf.dtypes import int32, int64
from minitf.tensor import Tensor


def argmax(
    input: Any, axis: Any = None, output_type: Any = int64, name: str | None = None
) -> Tensor:
    """Return where the greatest elements along an axis are."""
    return reductions.argmax(input, axis, name, output_type=output_type)


def argmin(
    input: Any, axis: Any = None, output_type: Any = int64, name: str | None = None
) -> Tensor:
    """Return where the least elements along an axis are."""
    return reductions.argmin(input, axis, name, output_type=output_type)


def count_nonzero(
    input: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    dtype: Any = int64,
    name: str | None = None,
) -> Tensor:
    """Return how many elements along axes are not zero."""
    return reductions.count_nonzero(input, axis, keepdims=keepdims, dtype=dtype, name=name)


def scalar_mul(scalar: Any, x: Any, name: str | None = None) -> Any:
    """Multiply a Tensor or IndexedSlices by one number, in a name scope."""
    with name_scope(name, "scalar_mul", [x]) as scope:
        return math.scalar_mul(scalar, x, scope)


def norm(
    tensor: Any,
    ord: Any = "euclidean",
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
) -> Tensor:
    """Return a norm of the vectors or matrices along axes."""
    return norms.norm(tensor, ord, axis, keepdims, name)


def confusion_matrix(
    labels: Any,
    predictions: Any,
    num_classes: Any = None,
    weights: Any = None,
    dtype: Any = int32,
    name: str | None = None,
) -> Tensor:
    """Count how often each class was predicted for each label."""
    return counting.confusion_matrix(labels, predictions, num_classes, dtype, name, weights)


# --- sparse segments -----------------------------------------------------------------------------


def sparse_segment_sum(
    data: Any, indices: Any, segment_ids: Any, num_segments: Any = None, name: str | None = None
) -> Tensor:
    """Add the rows of each segment."""
    return segments.sparse_segment_sum(data, indices, segment_ids, name, num_segments)


def sparse_segment_mean(
    data: Any, indices: Any, segment_ids: Any, num_segments: Any = None, name: str | None = None
) -> Tensor:
    """Average the rows of each segment."""
    return segments.sparse_segment_mean(data, indices, segment_ids, name, num_segments)


def sparse_segment_sqrt_n(
    data: Any, indices: Any, segment_ids: Any, num_segments: Any = None, name: str | None = None
) -> Tensor:
    """Add the rows of each segment, over the square root of how many they are."""
    return segments.sparse_segment_sqrt_n(data, indices, segment_ids, name, num_segments)
