"""The axes of a reduction: as numbers in a run, as far as known while the graph is built.

Source: 2015 §2 (shapes are inferred while the graph is built).
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from minitf import ops
from minitf.errors import invalid
from minitf.operation import Operation
from minitf.shapes import Shape, known
from minitf.static_value import constant_value
from minitf.tensor import Tensor


def normal_axes(axes: Any, rank: int) -> tuple[int, ...]:
    """Return axes in [-rank, rank) as a sorted tuple of axes in [0, rank).

    Raises:
        InvalidArgumentError: if one is out of range or stands twice.
    """
    given = _listed(axes)
    for axis in given:
        if not -rank <= axis < rank:
            raise invalid(f"Invalid reduction dimension ({axis} for input with {rank} dimension(s)")
    found = sorted(axis % rank for axis in given)
    for axis, following in pairwise(found):
        if axis == following:
            raise invalid(f"Invalid reduction arguments: Axes contains duplicate dimension: {axis}")
    return tuple(found)


def _listed(axes: Any) -> Sequence[Any]:
    if isinstance(axes, (np.ndarray, np.generic)):
        axes = axes.tolist()
    return axes if isinstance(axes, (list, tuple)) else [axes]


def reduced_shape(input: Shape, reduction_indices: Any, *, keep_dims: bool) -> Shape:
    """Return the shape of a reduction: the shape rule of all of them."""
    Shape(np.shape(reduction_indices)).at_most(1)
    if input.rank is None:
        return input
    if reduction_indices is None or not known(*_listed(reduction_indices)):
        return Shape.unknown(input.rank if keep_dims else None)
    for axis in _listed(reduction_indices):
        if not -input.rank <= axis < input.rank:
            raise invalid(
                f"Invalid reduction dimension {axis} for input with {input.rank} dimensions."
            )
    axes = {axis % input.rank for axis in _listed(reduction_indices)}  # the run refuses repeats
    if keep_dims:
        return Shape(1 if i in axes else d for i, d in enumerate(input))
    return Shape(d for i, d in enumerate(input) if i not in axes)


def static_axes(op: Operation) -> tuple[int, ...] | None:
    """Return the axes of a reduction in the graph, None if they or the rank are not known."""
    rank, axes = op.inputs[0].static_shape.rank, constant_value(op.inputs[1])
    return None if rank is None or axes is None else normal_axes(axes, rank)


def with_axes_kept(op: Operation, tensors: Iterable[Any]) -> list[Tensor]:
    """Return tensors of the shape of a reduction's output with size 1 along its axes.

    Then they broadcast to the reduction's input.
    """
    if op.attrs["keep_dims"]:
        return list(tensors)
    axes, shape = static_axes(op), op.inputs[0].static_shape
    if axes is None:
        kept: Any = _kept_shape(*op.inputs)
    elif len(axes) == shape.rank:
        kept = [1] * len(axes)
    elif shape.is_full:
        kept = [1 if i in axes else d for i, d in enumerate(shape)]
    elif len(axes) == 1:
        return [ops.expand_dims_op(each, axes[0]) for each in tensors]
    else:
        kept = _kept_shape(*op.inputs)
    return [ops.reshape_op(each, kept) for each in tensors]


def axes_last(op: Operation) -> tuple[Any, Any]:
    """Return the permutation that moves a reduction's axes behind the others, and its inverse."""
    axes, rank = static_axes(op), op.inputs[0].static_shape.rank
    if axes is not None and rank is not None:
        order = [*(i for i in range(rank) if i not in axes), *axes]
        return order, np.argsort(order).tolist()
    length = ops.rank_op(op.inputs[0])
    keys = ops.add_v2_op(
        ops.mul_op(_marks(op.inputs[1], length), length), ops.range_op(0, length, 1)
    )
    ascending = ops.top_kv2_op(ops.neg_op(keys), length).indices
    return ascending, ops.invert_permutation_op(ascending)


def _kept_shape(input: Tensor, axes: Tensor) -> Tensor:
    """Build the shape of `input` with 1 along `axes`, which are not known yet."""
    sizes = ops.shape_op(input)
    is_reduced = ops.greater_op(_marks(axes, ops.rank_op(input)), 0)
    return ops.select_op(is_reduced, ops.ones_like_op(sizes), sizes)


def _marks(axes: Tensor, rank: Tensor) -> Tensor:
    """Build a vector of length `rank` with 1 at the places `axes` and 0 elsewhere."""
    flat = ops.floor_mod_op(ops.cast_op(ops.reshape_op(axes, [-1]), DstT="int32"), rank)
    return ops.unsorted_segment_sum_op(ops.ones_like_op(flat), flat, rank)
