"""Vectors as sets: distinct elements, and those of one that are not in another.

NaN equals nothing, itself included, as in TensorFlow.

Source: TensorFlow's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf.dtypes import ANY, INDICES, DType
from minitf.errors import invalid
from minitf.op_def import op
from minitf.shapes import UNKNOWN, Shape, known
from minitf.symbols import T, Taxis, int32, int64, n, out_idx

Array = np.ndarray[Any, Any]


def _distinct(x: Array, axis: int = 0) -> tuple[Array, Array, Array]:
    """Return distinct slices in order of first appearance, where each went, and how many."""
    keys = x if x.dtype.name != "bfloat16" else x.astype(np.float32)
    _, first, where, counts = np.unique(
        keys,
        return_index=True,
        return_inverse=True,
        return_counts=True,
        axis=axis if x.ndim > 1 else None,
        equal_nan=False,
    )
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(order.size)
    return np.take(x, first[order], axis), rank[where.reshape(-1)], counts[order]


# --- Unique ------------------------------------------------------------------------------------


@op("Unique", T=ANY, out_idx=INDICES, outputs=("y", "idx"))
def unique_op(x: T[n], *, out_idx: DType = int32) -> tuple[T, out_idx]:
    """Give the distinct elements in order of first appearance, and where each element went.

    Args:
        x: T[n].
        out_idx: int32 or int64.

    Returns:
        y: T[k]; idx: out_idx[n] with x[i] = y[idx[i]].

    Source: TensorFlow's op of the same name.
    """
    y, idx, _ = _distinct(x)
    return y, idx.astype(out_idx.numpy)


@unique_op.shape
def unique_shape(x: Shape, *, out_idx: DType) -> list[Shape]:
    return [Shape([UNKNOWN]), x]


unique_op.no_gradient("TensorFlow defines none", refuse=True)

# --- UniqueWithCounts --------------------------------------------------------------------------


@op("UniqueWithCounts", T=ANY, out_idx=INDICES, outputs=("y", "idx", "count"))
def unique_with_counts_op(x: T[n], *, out_idx: DType = int32) -> tuple[T, out_idx, out_idx]:
    """Give the distinct elements in order of first appearance, where each went, and how many.

    Args:
        x: T[n].
        out_idx: int32 or int64.

    Returns:
        y: T[k]; idx: out_idx[n] with x[i] = y[idx[i]]; count: out_idx[k].

    Source: TensorFlow's op of the same name.
    """
    y, idx, count = _distinct(x)
    return y, idx.astype(out_idx.numpy), count.astype(out_idx.numpy)


@unique_with_counts_op.shape
def unique_with_counts_shape(x: Shape, *, out_idx: DType) -> list[Shape]:
    return [Shape([UNKNOWN]), x, Shape([UNKNOWN])]


unique_with_counts_op.no_gradient("TensorFlow defines none", refuse=True)

# --- UniqueV2 ----------------------------------------------------------------------------------


@op("UniqueV2", T=ANY, Taxis=INDICES.default(int64), out_idx=INDICES, outputs=("y", "idx"))
def unique_v2_op(x: T, axis: Taxis[n], *, out_idx: DType = int32) -> tuple[T, out_idx]:
    """Give the distinct slices along one dimension, and where each slice went.

    Args:
        x: T[...].
        axis: one dimension, or empty for a vector.
        out_idx: int32 or int64.

    Returns:
        y: T[...], distinct slices in order of first appearance; idx: out_idx[size along axis].

    Raises:
        InvalidArgumentError: if `axis` is out of range, or empty and `x` is no vector.

    Source: TensorFlow's op of the same name.
    """
    y, idx, _ = _distinct(x, _one_axis(x, axis))
    return y, idx.astype(out_idx.numpy)


def _one_axis(x: Array, axis: Array) -> int:
    if axis.size > 1:
        raise invalid("axis does not support input tensors larger than 1 elements")
    if not axis.size:
        if x.ndim != 1:
            raise invalid("unique expects a 1D vector.")
        return 0
    place = int(axis[0])
    if not -x.ndim <= place < x.ndim:
        raise invalid(f"axis has to be between [0, {x.ndim}).")
    return place % x.ndim


@unique_v2_op.shape(values_of=("axis",))
def unique_v2_shape(x: Shape, axis: tuple[int, ...] | None, *, out_idx: DType) -> list[Shape]:
    if x.dims is None:
        return [x, Shape([UNKNOWN])]
    place = axis[0] if axis else 0
    if axis and known(place) and not -len(x) <= place < len(x):
        raise invalid(f"axis expects to be in the range [{-len(x)}, {len(x)})")
    slices = UNKNOWN if axis is None or not known(place) else x[place]
    return [Shape.unknown(len(x)), Shape([slices])]


unique_v2_op.no_gradient("TensorFlow defines none", refuse=True)

# --- UniqueWithCountsV2 --------------------------------------------------------------------------


@op(
    "UniqueWithCountsV2",
    T=ANY,
    Taxis=INDICES.default(int64),
    out_idx=INDICES,
    outputs=("y", "idx", "count"),
)
def unique_with_counts_v2_op(
    x: T, axis: Taxis[n], *, out_idx: DType = int32
) -> tuple[T, out_idx, out_idx]:
    """Give the distinct slices along one dimension, where each slice went, and how many.

    Args:
        x: T[...].
        axis: one dimension, or empty for a vector.
        out_idx: int32 or int64.

    Returns:
        y: T[...], distinct slices in order of first appearance; idx: out_idx[size along axis];
        count: out_idx[number of distinct slices].

    Raises:
        InvalidArgumentError: if `axis` is out of range, or empty and `x` is no vector.

    Source: TensorFlow's op of the same name.
    """
    y, idx, count = _distinct(x, _one_axis(x, axis))
    return y, idx.astype(out_idx.numpy), count.astype(out_idx.numpy)


@unique_with_counts_v2_op.shape(values_of=("axis",))
def unique_with_counts_v2_shape(
    x: Shape, axis: tuple[int, ...] | None, *, out_idx: DType
) -> list[Shape]:
    return [*unique_v2_shape(x, axis, out_idx=out_idx), Shape([UNKNOWN])]


unique_with_counts_v2_op.no_gradient("TensorFlow defines none", refuse=True)

# --- ListDiff ----------------------------------------------------------------------------------


@op("ListDiff", T=ANY, out_idx=INDICES, outputs=("out", "idx"))
def list_diff_op(x: T[n], y: T[n], *, out_idx: DType = int32) -> tuple[T, out_idx]:
    """Give the elements of `x` that are not in `y`, in order, and where they stood.

    Args:
        x: T[n].
        y: T[m].
        out_idx: int32 or int64.

    Returns:
        out: T[k]; idx: out_idx[k] with out[i] = x[idx[i]].

    Source: TensorFlow's op of the same name.
    """
    idx = np.flatnonzero(~np.isin(x, y))
    return x[idx], idx.astype(out_idx.numpy)


@list_diff_op.shape
def list_diff_shape(x: Shape, y: Shape, *, out_idx: DType) -> list[Shape]:
    return [Shape([UNKNOWN]), Shape([UNKNOWN])]


list_diff_op.no_gradient("TensorFlow defines none", refuse=True)
