"""`tensorflow.python.framework.tensor_shape`: shapes, and functions that make common ones.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from typing import Any

from minitf.tensor_shape import (
    Dimension,
    TensorShape,
    as_dimension,
    dimension_at_index,
    dimension_value,
)

__all__ = [
    "Dimension",
    "TensorShape",
    "as_dimension",
    "as_shape",
    "dimension_at_index",
    "dimension_value",
    "matrix",
    "scalar",
    "unknown_shape",
    "vector",
]


def as_shape(shape: Any) -> TensorShape:
    """Return a TensorShape: itself, or made of a list."""
    return shape if isinstance(shape, TensorShape) else TensorShape(shape)


def unknown_shape(rank: int | None = None) -> TensorShape:
    """Return a shape of which nothing is known but perhaps its rank."""
    return TensorShape(None if rank is None else [None] * rank)


def scalar() -> TensorShape:
    """Return the shape of a scalar."""
    return TensorShape([])


def vector(length: Any) -> TensorShape:
    """Return the shape of a vector; its length may be None."""
    return TensorShape([length])


def matrix(rows: Any, cols: Any) -> TensorShape:
    """Return the shape of a matrix; sizes may be None."""
    return TensorShape([rows, cols])
