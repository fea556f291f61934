"""Sorting along a dimension, and the order that sorts.

Source: TensorFlow 1.15's functions of the same names, which it composes of TopKV2.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf.api.array import transpose
from minitf.api.constants import constant
from minitf.api.framework import name_scope
from minitf.api.gathering import tensor_scatter_update
from minitf.api.nn_layers import top_k
from minitf.api.sequences import range
from minitf.api.sizes import rank
from minitf.api.sizes import shape as shape_of
from minitf.convert import convert_to_tensor
from minitf.static_value import constant_value
from minitf.tensor import Tensor


def sort(
    values: Any, axis: Any = -1, direction: str = "ASCENDING", name: str | None = None
) -> Tensor:
    """Return the elements in order along one dimension.

    Args:
        values: numbers.
        axis: the dimension, known while the graph is built.
        direction: ASCENDING or DESCENDING.
        name: name of the scope.

    Raises:
        ValueError: if `axis` is not a known scalar, or there is no such direction.
    """
    with name_scope(name, "sort"):
        return _ordered(values, axis, direction, indices=False)


def argsort(
    values: Any,
    axis: Any = -1,
    direction: str = "ASCENDING",
    stable: bool = False,
    name: str | None = None,
) -> Tensor:
    """Return the indices that put the elements in order along one dimension, as int32.

    Args:
        values: numbers.
        axis: the dimension, known while the graph is built.
        direction: ASCENDING or DESCENDING.
        stable: without effect: equal elements always keep their order.
        name: name of the scope.

    Raises:
        ValueError: if `axis` is not a known scalar, or there is no such direction.
    """
    with name_scope(name, "argsort"):
        return _ordered(values, axis, direction, indices=True)


def _ordered(values: Any, axis: Any, direction: str, *, indices: bool) -> Tensor:
    if direction not in ("ASCENDING", "DESCENDING"):
        raise ValueError(f"{direction} should be one of ASCENDING, DESCENDING")
    place = constant_value(convert_to_tensor(axis, name="axis"))
    if place is None or place.ndim:
        raise ValueError("axis must be a constant scalar")
    values = convert_to_tensor(values, name="values")
    if direction == "DESCENDING":
        return _descending(values, int(place), indices=indices)
    found = _descending(_mirrored(values), int(place), indices=indices)
    return found if indices else _mirrored(found)


def _mirrored(values: Tensor) -> Tensor:
    """Turn the order of numbers around; -x would overflow at the least integer."""
    if values.dtype.is_unsigned:
        return values.dtype.max - values
    return -values - 1 if values.dtype.is_integer else -values


def _descending(values: Tensor, axis: int, *, indices: bool) -> Tensor:
    count, dims = shape_of(values)[axis], values.static_shape.rank
    dynamic = rank(values)
    if axis in (-1, -1 if dims is None else dims - 1):
        made = top_k(values, count)
        return made.indices if indices else made.values
    exchange = _exchange(axis, dims, dynamic)
    made = top_k(transpose(values, exchange), count)
    return transpose(made.indices if indices else made.values, exchange)


def _exchange(axis: int, dims: int | None, dynamic: Tensor) -> Tensor:
    """Return the permutation that exchanges a dimension and the last one."""
    if dims is None:
        place = axis + dynamic if axis < 0 else axis
        ends = [[place], [dynamic - 1]], [dynamic - 1, place]
        return tensor_scatter_update(range(dynamic), *ends)
    order = np.arange(dims)
    order[[axis, -1]] = order[[-1, axis]]
    return constant(order, name="transposition")
