"""Joining along a dimension that exists: Concat, ParallelConcat.

Source: 2015 Table 1, row "Array operations": Concat.
"""

from typing import Any

import numpy as np

from minitf import dtypes, ops
from minitf.composite import IndexedSlices
from minitf.dtypes import ANY, INDICES
from minitf.errors import InvalidArgumentError, invalid
from minitf.op_def import at_least, op
from minitf.operation import Operation
from minitf.shapes import Shape, known, merge, normal_axis
from minitf.static_value import rule_argument
from minitf.symbols import List, N, T, Tidx, int32, n, shape_type
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Gradient = Tensor | IndexedSlices | None

# --- ConcatV2 ----------------------------------------------------------------------------------


@op("ConcatV2", T=ANY, Tidx=INDICES.default(int32), N=at_least(2))
def concat_v2_op(values: List[T, N], axis: Tidx[()]) -> T:
    """Join arrays end to end along one dimension.

    Args:
        values: N >= 2 arrays, equal in every size but that along `axis`.
        axis: scalar in [-rank, rank).

    Returns:
        One array; its size along `axis` is the sum of theirs.

    Raises:
        InvalidArgumentError: if ranks or other sizes differ.

    Source: 2015 Table 1.
    """
    return _concatenate(values, int(axis))


def _concatenate(values: list[Array], axis: int) -> Array:
    try:
        return np.concatenate(values, axis)
    except ValueError:
        raise _misfit(values, axis) from None


def _misfit(values: list[Array], axis: int) -> InvalidArgumentError:
    """Say what NumPy found wrong in TensorFlow's words."""
    shapes = [Shape(each.shape) for each in values]
    first, rank = shapes[0], len(shapes[0])
    if not -rank <= axis < rank:
        return invalid(
            "ConcatOp : Expected concatenating dimensions in the range "
            f"[{-rank}, {rank}), but got {axis}"
        )
    i, other = next(
        (i, shape)
        for i, shape in enumerate(shapes)
        if len(shape) != rank or shape.without(axis) != first.without(axis)
    )
    what = "Dimensions of inputs" if len(other) == rank else "Ranks of all input tensors"
    return invalid(f"ConcatOp : {what} should match: shape[0] = {first} vs. shape[{i}] = {other}")


@concat_v2_op.shape(values_of=("axis",))
def concat_v2_shape(values: list[Shape], axis: int | None) -> Shape:
    ranked = [each for each in values if each.dims is not None]
    if not ranked:
        return Shape.unknown()
    rank = len(ranked[0])
    ranked = [each.with_rank(rank) for each in values]
    if axis is None:
        return Shape.unknown(rank)
    if not rank:
        raise invalid("Can't concatenate scalars (use tf.stack instead)")
    least = -axis if axis < 0 else axis + 1
    ranked[0].at_least(least)
    place = axis % rank
    before, after = Shape.unknown(), Shape.unknown()
    joined: Any = 0
    for each in reversed(ranked):  # in this order TensorFlow's messages name what differs
        before, after = merge(Shape(each[:place]), before), merge(Shape(each[place + 1 :]), after)
        joined = joined + each[place]
    return Shape((*before, joined, *after))


concat_v2_op.value_by_body(needs=("axis",))


@concat_v2_op.gradient
def concat_v2_gradient(op: Operation, grad: Tensor | IndexedSlices) -> list[Gradient]:
    *values, axis = op.inputs
    return [*_parts_of_gradient(values, axis, grad), None]


def _parts_of_gradient(
    values: list[Tensor], axis: Tensor, grad: Tensor | IndexedSlices
) -> list[Gradient]:
    """Cut the gradient of a join into the gradients of what was joined."""
    shapes = ops.shape_n_op(values)
    if not isinstance(grad, IndexedSlices):
        axis = ops.cast_op(axis, DstT=dtypes.int32) if axis.dtype is dtypes.int64 else axis
        axis = ops.floor_mod_op(axis, ops.rank_op(values[0]))
        offsets = ops.concat_offset_op(axis, shapes)
        return [ops.slice_op(grad, *each) for each in zip(offsets, shapes, strict=True)]
    place = rule_argument(axis)
    rank = grad.values.static_shape.rank
    if place is None or rank is None:
        raise ValueError("Can only compute IndexedSlices gradient with statically-known concat_dim")
    offsets = ops.concat_offset_op(place % rank, shapes)
    cut = _rows_between if place % rank == 0 else _columns
    return [cut(grad, *each) for each in zip(offsets, shapes, strict=True)]


def _rows_between(grad: IndexedSlices, offset: Tensor, shape: Tensor) -> IndexedSlices:
    """Keep the slices whose index lies in a part of the first dimension."""
    first = ops.cast_op(offset[0], DstT=grad.indices.dtype)
    count = ops.cast_op(shape[0], DstT=grad.indices.dtype)
    here = ops.sub_op(grad.indices, first)
    inside = ops.logical_and_op(ops.greater_equal_op(here, 0), ops.less_op(here, count))
    chosen = ops.reshape_op(ops.where_op(inside), [-1])
    return IndexedSlices(
        ops.gather_op(grad.values, chosen), ops.gather_op(here, chosen), dense_shape=shape
    )


def _columns(grad: IndexedSlices, offset: Tensor, shape: Tensor) -> IndexedSlices:
    """Keep part of every slice: the join was along a dimension inside them."""
    rows = ops.shape_op(grad.indices)
    size = ops.concat_v2_op([rows, shape[1:]], 0)
    return IndexedSlices(ops.slice_op(grad.values, offset, size), grad.indices, dense_shape=shape)


# --- Concat ------------------------------------------------------------------------------------


@op("Concat", T=ANY, N=at_least(2))
def concat_op(concat_dim: int32[()], values: List[T, N]) -> T:
    """Join arrays end to end along one dimension: ConcatV2 with the dimension first.

    Args:
        concat_dim: scalar in [-rank, rank).
        values: N >= 2 arrays, equal in every size but that along `concat_dim`.

    Returns:
        One array.

    Raises:
        InvalidArgumentError: if ranks or other sizes differ.

    Source: 2015 Table 1.
    """
    return _concatenate(values, int(concat_dim))


@concat_op.shape(values_of=("concat_dim",))
def concat_shape(concat_dim: int | None, values: list[Shape]) -> Shape:
    return concat_v2_shape(values, concat_dim)


concat_op.value_by_body(needs=("concat_dim",))


@concat_op.gradient
def concat_gradient(op: Operation, grad: Tensor | IndexedSlices) -> list[Gradient]:
    axis, *values = op.inputs
    return [None, *_parts_of_gradient(values, axis, grad)]


# --- ConcatOffset ------------------------------------------------------------------------------


@op("ConcatOffset", N=at_least(2), shape_type=INDICES.default(int32), outputs=("offset",))
def concat_offset_op(concat_dim: int32[()], shape: List[shape_type[n], N]) -> List[shape_type, N]:
    """Tell where each part of a join begins.

    Args:
        concat_dim: the dimension along which they are joined.
        shape: the sizes of each part.

    Returns:
        N vectors: 0 but along `concat_dim`.

    Raises:
        InvalidArgumentError: if the sizes do not allow the join.

    Source: TensorFlow's op of the same name.
    """
    axis = normal_axis(int(concat_dim), len(shape[0]), "Concat dim")
    offsets, begin = [], 0
    for i, sizes in enumerate(shape):
        if np.delete(sizes, axis).tolist() != np.delete(shape[0], axis).tolist():
            raise invalid(
                f"All dimensions except {axis} must match. Input {i} has shape {sizes.tolist()} "
                f"and doesn't match input 0 with shape {shape[0].tolist()}."
            )
        offset = np.zeros_like(sizes)
        offset[axis] = begin
        begin += sizes[axis]
        offsets.append(offset)
    return offsets


@concat_offset_op.shape
def concat_offset_shape(concat_dim: Shape, shape: list[Shape]) -> list[Shape]:
    return shape


concat_offset_op.no_gradient("places do not depend on values")

# --- ParallelConcat ------------------------------------------------------------------------------


@op("ParallelConcat", T=ANY, N=at_least(1))
def parallel_concat_op(values: List[T, N], *, shape: Shape) -> T:
    """Join arrays of size 1 end to end along the first dimension; all shapes are known beforehand.

    Args:
        values: N arrays T[1, ...] of one shape.
        shape: the result's shape, [N, ...].

    Returns:
        T[N, ...].

    Raises:
        InvalidArgumentError: if the shapes differ, or the first size is not 1.

    Source: TensorFlow's op of the same name.
    """
    parallel_concat_shape([Shape(value.shape) for value in values], shape=shape)
    return np.concatenate(values)


@parallel_concat_op.shape
def parallel_concat_shape(values: list[Shape], *, shape: Shape) -> Shape:
    if not shape.is_full:
        raise invalid(f"shape attr must be fully defined: {shape}")
    common = Shape((1, *shape[1:]))
    for value in values:
        if value.dims and known(value[0]) and value[0] != 1:
            raise invalid(f"Size of first dimension must be 1: {value}")
        merge(common, value, "All input shapes must match")
    if shape[0] != len(values):
        raise invalid(f"{len(values)} values do not fill the shape {shape}")
    return shape


parallel_concat_op.no_gradient("TensorFlow defines none", refuse=True)
