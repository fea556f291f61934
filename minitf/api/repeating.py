"""Repeating elements: each as often as it is told.

Source: TensorFlow 1.15's function of the same name.
"""

from __future__ import annotations

from typing import Any

from minitf import dtypes, ops
from minitf.api.array import concat, expand_dims, reshape, stack, tile
from minitf.api.casting import cast
from minitf.api.constants import ones
from minitf.api.framework import name_scope
from minitf.api.gathering import boolean_mask
from minitf.api.reductions import reduce_max
from minitf.api.sequences import sequence_mask
from minitf.api.sizes import broadcast_to, rank
from minitf.api.sizes import shape as shape_of
from minitf.convert import convert_to_tensor
from minitf.tensor import Tensor


def repeat(input: Any, repeats: Any, axis: int | None = None, name: str | None = None) -> Tensor:
    """Repeat elements, or slices along one dimension, as NumPy's `repeat`.

    Args:
        input: the tensor.
        repeats: how often: one number for all, or one per slice.
        axis: the dimension; by default the tensor is taken as a vector.
        name: name of the scope.

    Raises:
        TypeError: if `axis` is no int, or `repeats` no whole numbers.
        ValueError: if the axis is out of range, or the numbers are not one per slice.
    """
    if axis is None:
        input, axis = reshape(input, [-1]), 0
    if not isinstance(axis, int):
        raise TypeError(f"axis must be an int; got {type(axis).__name__}")
    with name_scope(name, "Repeat", [input, repeats]):
        data = convert_to_tensor(input, name="data")
        repeats = _whole(repeats)
        repeats.get_shape().with_rank_at_most(1)
        data = _at_least_vector(data)
        sizes = shape_of(data)
        axis = _from_front(axis, data.static_shape.rank)
        if repeats.static_shape.rank == 1:
            data.get_shape()[axis].assert_is_compatible_with(repeats.get_shape()[0])
        if repeats.static_shape.rank == 0:
            tiled = _tiled(expand_dims(data, axis + 1), axis + 1, repeats)
            return reshape(tiled, concat([sizes[:axis], [-1], sizes[axis + 1 :]], axis=0))
        if repeats.static_shape.rank != axis + 1:  # one number for each place up to `axis`
            shape, dims = shape_of(repeats), rank(repeats)
            places = concat([sizes[: axis + 1 - dims], shape], axis=0)
            repeats = broadcast_to(repeats, places)
            repeats.set_shape([None] * (axis + 1))
        most = ops.maximum_op(0, reduce_max(repeats))
        mask = sequence_mask(repeats, most)
        tiled = _tiled(expand_dims(data, axis + 1), axis + 1, most)
        made = boolean_mask(tiled, mask)
        if axis:
            made = reshape(made, concat([sizes[:axis], [-1], sizes[axis + 1 :]], axis=0))
        if data.static_shape.rank is not None:
            known = data.get_shape()
            made.set_shape(known[:axis].concatenate([None]).concatenate(known[axis + 1 :]))
        return made


def _whole(repeats: Any) -> Tensor:
    made = convert_to_tensor(repeats, name="repeats", preferred_dtype=dtypes.int32)
    if not made.dtype.is_integer:
        raise TypeError(f"repeats must have an integer type; got {made.dtype!r}")
    return cast(made, dtypes.int32)


def _at_least_vector(data: Tensor) -> Tensor:
    if data.static_shape.rank is None:
        return reshape(data, concat([[1], shape_of(data)], axis=0)[-rank(data) :])
    return data if data.static_shape.rank else stack([data])


def _from_front(axis: int, rank: int | None) -> int:
    """Return an axis that is counted from the front."""
    if rank is None and axis < 0:
        raise ValueError(f"axis={axis} may only be negative if ndims is statically known.")
    if rank is not None and not -rank <= axis < rank:
        raise ValueError(f"axis={axis} out of bounds: expected {-rank}<=axis<{rank}")
    return axis + rank if axis < 0 and rank is not None else axis


def _tiled(data: Tensor, axis: int, count: Tensor) -> Tensor:
    """Repeat a tensor along one dimension."""
    if data.static_shape.rank is not None:
        counts: list[Any] = [1] * data.static_shape.rank
        counts[axis] = count
        return tile(data, counts)
    each = ones(rank(data), dtypes.int32)
    return tile(data, concat([each[:axis], [count], each[axis + 1 :]], axis=0))
