"""Sparse tensors reduced along some axes; what is not listed takes no part.

The values of each group are taken in row-major order of their coordinates.

Source: TensorFlow's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import NUMBERS, REAL_NUMBERS
from minitf.errors import InternalError, invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.precision import wide
from minitf.ops.sparse.coordinates import (
    check_parts,
    in_memory,
    known_parts,
    numbered,
    row_major,
    text,
)
from minitf.shapes import UNKNOWN, Shape, known
from minitf.symbols import N, R, T, int32, int64
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Gradients = list[Tensor | None]


def _reduced_axes(axes: Any, rank: int) -> list[int]:
    """Return axes as numbers from 0 on, in order; an axis may stand twice."""
    listed = np.ravel(axes).tolist()
    for axis in listed:
        if not -rank <= axis < rank:
            raise invalid(f"Invalid reduction dimension {axis}, for input with {rank} dimensions.")
    return sorted({axis % rank for axis in listed})


def _reduced(
    indices: Array, values: Array, shape: Array, axes: Array, reduce: np.ufunc, *, keep_dims: bool
) -> tuple[Array, Array, Array]:
    """Return the reduction as a sparse tensor: coordinates, values, shape."""
    check_parts(indices, values, shape)
    if axes.ndim > 1:
        raise invalid(
            f"Expected reduction_axes to be a scalar or a vector; got shape: {text(axes.shape)}"
        )
    reduced = _reduced_axes(axes, len(shape))
    order = row_major(indices)
    groups, places = numbered(np.delete(indices[order], reduced, axis=1))
    together = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.diff(groups[together], prepend=-1))
    ordered = wide(values[order][together])
    found = reduce.reduceat(ordered, starts) if len(starts) else ordered
    if keep_dims:
        for axis in reduced:
            places = np.insert(places, axis, 0, axis=1)
        kept = np.where(np.isin(np.arange(len(shape)), reduced), 1, shape)
    else:
        kept = np.delete(shape, reduced)
    return places, found.astype(values.dtype, copy=False), kept


def _made_dense(indices: Array, values: Array, shape: Array) -> Array:
    outside = (indices < 0) | (indices >= shape)
    if outside.any():
        row, axis = np.argwhere(outside)[0]
        raise InternalError(
            None,
            None,
            f"Obtained a write index of {indices[row, axis]} which is outside of bounds of "
            f"[0, {shape[axis]})",
        )
    dense = np.zeros(tuple(shape), values.dtype)
    dense.reshape(-1)[in_memory(indices, shape)] = values
    return dense


# --- SparseReduceSum, SparseReduceMax ----------------------------------------------------------


@op("SparseReduceSum", T=NUMBERS)
def sparse_reduce_sum_op(
    input_indices: int64[N, R],
    input_values: T[N],
    input_shape: int64[R],
    reduction_axes: int32,
    *,
    keep_dims: bool = False,
) -> T:
    """Add up a sparse tensor along some axes, to a dense one.

    Args:
        input_indices: int64[N, R].
        input_values: number[N].  Sixteen-bit floats are summed in float32.
        input_shape: int64[R].
        reduction_axes: axes in [-R, R), a vector or a scalar.
        keep_dims: keep the axes with size 1.

    Returns:
        number, shaped as `input_shape` without the axes; 0 where nothing is listed.

    Raises:
        InternalError: if a coordinate along another axis is out of bounds.
        InvalidArgumentError: if the parts do not fit together, or an axis is out of range.

    Source: TensorFlow's op of the same name.
    """
    parts = _reduced(
        input_indices, input_values, input_shape, reduction_axes, np.add, keep_dims=keep_dims
    )
    return _made_dense(*parts)


@op("SparseReduceMax", T=REAL_NUMBERS)
def sparse_reduce_max_op(
    input_indices: int64[N, R],
    input_values: T[N],
    input_shape: int64[R],
    reduction_axes: int32,
    *,
    keep_dims: bool = False,
) -> T:
    """Find the greatest listed values along some axes of a sparse tensor, as a dense one.

    Args:
        input_indices: int64[N, R].
        input_values: number[N].
        input_shape: int64[R].
        reduction_axes: axes in [-R, R), a vector or a scalar.
        keep_dims: keep the axes with size 1.

    Returns:
        number, shaped as `input_shape` without the axes; 0 where nothing is listed.

    Raises:
        InternalError: if a coordinate along another axis is out of bounds.
        InvalidArgumentError: if the parts do not fit together, or an axis is out of range.

    Source: TensorFlow's op of the same name.
    """
    parts = _reduced(
        input_indices, input_values, input_shape, reduction_axes, np.maximum, keep_dims=keep_dims
    )
    return _made_dense(*parts)


@sparse_reduce_sum_op.shape(values_of=("input_shape", "reduction_axes"))
@sparse_reduce_max_op.shape(values_of=("input_shape", "reduction_axes"))
def dense_reduction_shape(
    input_indices: Shape,
    input_values: Shape,
    input_shape: tuple[Any, ...] | None,
    reduction_axes: Any,
    *,
    keep_dims: bool,
) -> Shape:
    _, rank = known_parts(input_indices, input_values, input_shape)
    if not isinstance(rank, int):
        return Shape.unknown()
    sizes = input_shape or (UNKNOWN,) * rank
    if reduction_axes is None or not known(*np.ravel(reduction_axes)):
        return Shape.unknown(rank if keep_dims else None)
    reduced = _reduced_axes(reduction_axes, rank)
    if keep_dims:
        return Shape(1 if axis in reduced else size for axis, size in enumerate(sizes))
    return Shape(size for axis, size in enumerate(sizes) if axis not in reduced)


@sparse_reduce_sum_op.gradient
def sparse_reduce_sum_gradient(op: Operation, grad: Tensor) -> Gradients:
    """Give each value the gradient of its group's sum: its coordinates are 0 along the axes."""
    indices, _, shape, axes = op.inputs
    rank = ops.size_op(shape)
    flat = ops.floor_mod_op(ops.reshape_op(axes, [-1]), rank)
    times = ops.unsorted_segment_sum_op(ops.ones_like_op(flat), flat, rank)
    is_kept = ops.equal_op(times, 0)
    kept = ops.select_op(is_kept, shape, ops.ones_like_op(shape))
    places = ops.mul_op(indices, ops.cast_op(is_kept, DstT=int64))
    return [None, ops.gather_nd_op(ops.reshape_op(grad, kept), places), None, None]


sparse_reduce_max_op.no_gradient("TensorFlow defines none", refuse=True)

# --- SparseReduceSumSparse, SparseReduceMaxSparse ----------------------------------------------


@op(
    "SparseReduceSumSparse",
    T=NUMBERS,
    outputs=("output_indices", "output_values", "output_shape"),
)
def sparse_reduce_sum_sparse_op(
    input_indices: int64[N, R],
    input_values: T[N],
    input_shape: int64[R],
    reduction_axes: int32,
    *,
    keep_dims: bool = False,
) -> tuple[int64, T, int64]:
    """Add up a sparse tensor along some axes, to a sparse one.

    Args:
        input_indices: int64[N, R].
        input_values: number[N].  Sixteen-bit floats are summed in float32.
        input_shape: int64[R].
        reduction_axes: axes in [-R, R), a vector or a scalar.
        keep_dims: keep the axes with size 1.

    Returns:
        output_indices: int64[S, the other axes], in row-major order; output_values: number[S];
        output_shape: int64.

    Raises:
        InvalidArgumentError: if the parts do not fit together, or an axis is out of range.

    Source: TensorFlow's op of the same name.
    """
    return _reduced(
        input_indices, input_values, input_shape, reduction_axes, np.add, keep_dims=keep_dims
    )


@op(
    "SparseReduceMaxSparse",
    T=REAL_NUMBERS,
    outputs=("output_indices", "output_values", "output_shape"),
)
def sparse_reduce_max_sparse_op(
    input_indices: int64[N, R],
    input_values: T[N],
    input_shape: int64[R],
    reduction_axes: int32,
    *,
    keep_dims: bool = False,
) -> tuple[int64, T, int64]:
    """Find the greatest listed values along some axes of a sparse tensor, as a sparse one.

    Args:
        input_indices: int64[N, R].
        input_values: number[N].
        input_shape: int64[R].
        reduction_axes: axes in [-R, R), a vector or a scalar.
        keep_dims: keep the axes with size 1.

    Returns:
        output_indices: int64[S, the other axes], in row-major order; output_values: number[S];
        output_shape: int64.

    Raises:
        InvalidArgumentError: if the parts do not fit together, or an axis is out of range.

    Source: TensorFlow's op of the same name.
    """
    return _reduced(
        input_indices, input_values, input_shape, reduction_axes, np.maximum, keep_dims=keep_dims
    )


@sparse_reduce_sum_sparse_op.shape(values_of=("input_shape", "reduction_axes"))
@sparse_reduce_max_sparse_op.shape(values_of=("input_shape", "reduction_axes"))
def sparse_reduction_shape(
    input_indices: Shape,
    input_values: Shape,
    input_shape: tuple[Any, ...] | None,
    reduction_axes: Any,
    *,
    keep_dims: bool,
) -> list[Shape]:
    dense = dense_reduction_shape(
        input_indices, input_values, input_shape, reduction_axes, keep_dims=keep_dims
    )
    return [Shape([UNKNOWN, dense.rank]), Shape([UNKNOWN]), Shape([dense.rank])]


sparse_reduce_sum_sparse_op.no_gradient("TensorFlow defines none", refuse=True)
sparse_reduce_max_sparse_op.no_gradient("TensorFlow defines none", refuse=True)
