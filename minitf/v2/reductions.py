"""Reductions, with TensorFlow 2's arguments: without the old names of `axis` and `keepdims`.

Source: TensorFlow 1.15's functions of the same names in tf.compat.v2.math.
"""

from __future__ import annotations

from typing import Any

from minitf.api import reductions
from minitf.tensor import Tensor


def reduce_all(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Tensor:
    """Return True where every element along axes is."""
    return reductions.reduce_all(input_tensor, axis, keepdims, name)


def reduce_any(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Tensor:
    """Return True where some element along axes is."""
    return reductions.reduce_any(input_tensor, axis, keepdims, name)


def reduce_logsumexp(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Tensor:
    """Return the logarithm of the sum of the exponentials of elements along axes."""
    return reductions.reduce_logsumexp(input_tensor, axis, keepdims, name)


def reduce_max(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Tensor:
    """Return the greatest elements along axes."""
    return reductions.reduce_max(input_tensor, axis, keepdims, name)


def reduce_mean(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Tensor:
    """Return the mean of the elements along axes."""
    return reductions.reduce_mean(input_tensor, axis, keepdims, name)


def reduce_min(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Tensor:
    """Return the least elements along axes."""
    return reductions.reduce_min(input_tensor, axis, keepdims, name)


def reduce_prod(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Tensor:
    """Return the product of the elements along axes."""
    return reductions.reduce_prod(input_tensor, axis, keepdims, name)


def reduce_sum(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Tensor:
    """Return the sum of the elements along axes."""
    return reductions.reduce_sum(input_tensor, axis, keepdims, name)
