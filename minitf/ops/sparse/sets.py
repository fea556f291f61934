"""Rows as sets: union, intersection, difference and size, row by row.

A set is what lies along the last axis, without its repetitions.  A result's row lists its elements
in ascending order from column 0 on.

    a = {1, 2} {3}      b = {1} {3, 4}       a - b = {2} {}  as a sparse tensor: [0, 0] -> 2

Source: TensorFlow's ops of the same names.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from minitf.dtypes import types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.ops.sparse.coordinates import (
    check_in_bounds,
    check_in_order,
    check_parts,
    known_parts,
    text,
)
from minitf.shapes import UNKNOWN, Dim, Shape, merge, must_equal, shape_of_value
from minitf.symbols import D, N, R, T, int32, int64

Array = np.ndarray[Any, Any]
Rows = tuple[Array, Array, tuple[int, ...]]  # the row of each value, the values, the rows' shape

_ELEMENTS = types("int8", "int16", "int32", "int64", "uint8", "uint16", "string")
_OUTPUTS = ("result_indices", "result_values", "result_shape")
_OPERATIONS: dict[str, Callable[[Array, Array], Array]] = {
    "a-b": np.setdiff1d,
    "b-a": lambda a, b: np.setdiff1d(b, a),
    "intersection": np.intersect1d,
    "union": np.union1d,
}


def _dense_rows(array: Array) -> Rows:
    if array.ndim < 2:
        raise invalid(f"Shape {text(array.shape)} has rank {array.ndim} < 2")
    lead = array.shape[:-1]
    return np.repeat(np.arange(math.prod(lead)), array.shape[-1]), array.ravel(), lead


def _sparse_rows(indices: Array, values: Array, shape: Array, *, validate: bool) -> Rows:
    check_parts(indices, values, shape)
    if len(shape) < 2:
        raise invalid(f"Invalid rank {len(shape)}.")
    (check_in_order if validate else check_in_bounds)(indices, shape)
    lead = tuple(shape[:-1].tolist())
    return np.ravel_multi_index(tuple(indices[:, :-1].T), lead), values, lead


def _combined(a: Rows, b: Rows, operation: str) -> tuple[Array, Array, Array]:
    """Return the sets of an operation as a sparse tensor: coordinates, values, shape."""
    if operation.lower() not in _OPERATIONS:
        raise invalid(f"Invalid set_operation {operation}.")
    if a[2] != b[2]:
        raise invalid(f"Mismatched shapes {text(a[2])} vs {text(b[2])}")
    lead = a[2]
    elements, codes = np.unique(np.concatenate([a[1], b[1]]), return_inverse=True)
    many = max(len(elements), 1)
    codes = codes.reshape(-1) + many * np.concatenate([a[0], b[0]])  # row first, then element
    of_a, of_b = codes[: len(a[1])], codes[len(a[1]) :]
    rows, codes = np.divmod(_OPERATIONS[operation.lower()](of_a, of_b), many)
    starts = np.searchsorted(rows, rows)
    columns = np.arange(len(rows)) - starts
    indices = np.stack([*np.unravel_index(rows, lead), columns], axis=1).astype(np.int64)
    widest = columns.max(initial=-1) + 1
    return indices, elements[codes], np.array([*lead, widest], np.int64)


def _result_shapes(rank: Dim) -> list[Shape]:
    return [Shape([UNKNOWN, rank]), Shape([UNKNOWN]), Shape([rank])]


# --- SetSize -----------------------------------------------------------------------------------


@op("SetSize", T=_ELEMENTS, outputs=("size",))
def set_size_op(
    set_indices: int64[N, R],
    set_values: T[N],
    set_shape: int64[R],
    *,
    validate_indices: bool = True,
) -> int32:
    """Count the distinct values of each row.

    Args:
        set_indices: int64[N, R], R >= 2.
        set_values: T[N].
        set_shape: int64[R].
        validate_indices: whether coordinates must be in row-major order, none twice.

    Returns:
        int32[set_shape without its last size].

    Raises:
        InvalidArgumentError: if the parts do not fit together, or coordinates are out of bounds.

    Source: TensorFlow's op of the same name.
    """
    rows = _sparse_rows(set_indices, set_values, set_shape, validate=validate_indices)
    indices, _, _ = _combined(rows, rows, "union")
    size = np.zeros(rows[2], np.int32)
    np.add.at(size, tuple(indices[:, :-1].T), 1)
    return size


@set_size_op.shape(values_of=("set_shape",))
def set_size_shape(
    set_indices: Shape,
    set_values: Shape,
    set_shape: tuple[Any, ...] | None,
    *,
    validate_indices: bool,
) -> Shape:
    _, rank = known_parts(set_indices, set_values, set_shape)
    if set_shape is not None:
        return shape_of_value(set_shape[:-1])
    return Shape.unknown(max(rank - 1, 0) if isinstance(rank, int) else None)


set_size_op.no_gradient("a size is a whole number")

# --- DenseToDenseSetOperation ------------------------------------------------------------------


@op("DenseToDenseSetOperation", T=_ELEMENTS, outputs=_OUTPUTS)
def dense_to_dense_set_operation_op(
    set1: T, set2: T, *, set_operation: str, validate_indices: bool = True
) -> tuple[int64, T, int64]:
    """Combine the rows of two dense tensors as sets.

    Args:
        set1: T[..., N].
        set2: T[..., D].
        set_operation: "a-b", "b-a", "intersection" or "union".
        validate_indices: without effect: there are no coordinates.

    Returns:
        result_indices: int64[S, R]; result_values: T[S]; result_shape: int64[R].

    Raises:
        InvalidArgumentError: if the rows' shapes differ, or the operation is unknown.

    Source: TensorFlow's op of the same name.
    """
    return _combined(_dense_rows(set1), _dense_rows(set2), set_operation)


@dense_to_dense_set_operation_op.shape
def dense_to_dense_set_operation_shape(
    set1: Shape, set2: Shape, *, set_operation: str, validate_indices: bool
) -> list[Shape]:
    known_ranks = [each.at_least(2) for each in (set1, set2) if each.dims is not None]
    if not known_ranks:
        return _result_shapes(UNKNOWN)
    one, other = known_ranks[0], known_ranks[-1]
    merge(Shape(one[:-1]), Shape(other.with_rank(len(one))[:-1]))
    return _result_shapes(len(one))


dense_to_dense_set_operation_op.no_gradient("elements are whole numbers or text")

# --- DenseToSparseSetOperation -----------------------------------------------------------------


@op("DenseToSparseSetOperation", T=_ELEMENTS, outputs=_OUTPUTS)
def dense_to_sparse_set_operation_op(
    set1: T,
    set2_indices: int64[N, R],
    set2_values: T[N],
    set2_shape: int64[R],
    *,
    set_operation: str,
    validate_indices: bool = True,
) -> tuple[int64, T, int64]:
    """Combine the rows of a dense and of a sparse tensor as sets.

    Args:
        set1: T[..., D].
        set2_indices: int64[N, R], R >= 2.
        set2_values: T[N].
        set2_shape: int64[R].
        set_operation: "a-b", "b-a", "intersection" or "union".
        validate_indices: whether coordinates must be in row-major order, none twice.

    Returns:
        result_indices: int64[S, R]; result_values: T[S]; result_shape: int64[R].

    Raises:
        InvalidArgumentError: if the parts do not fit together, the rows' shapes differ, coordinates
            are out of bounds, or the operation is unknown.

    Source: TensorFlow's op of the same name.
    """
    b = _sparse_rows(set2_indices, set2_values, set2_shape, validate=validate_indices)
    return _combined(_dense_rows(set1), b, set_operation)


@dense_to_sparse_set_operation_op.shape
def dense_to_sparse_set_operation_shape(
    set1: Shape,
    set2_indices: Shape,
    set2_values: Shape,
    set2_shape: Shape,
    *,
    set_operation: str,
    validate_indices: bool,
) -> list[Shape]:
    _, rank = known_parts(set2_indices, set2_values, set2_shape)
    return _result_shapes(rank if set1.rank is None else must_equal(set1.rank, rank))


dense_to_sparse_set_operation_op.no_gradient("elements are whole numbers or text")

# --- SparseToSparseSetOperation ----------------------------------------------------------------


@op("SparseToSparseSetOperation", T=_ELEMENTS, outputs=_OUTPUTS)
def sparse_to_sparse_set_operation_op(
    set1_indices: int64[N, R],
    set1_values: T[N],
    set1_shape: int64[R],
    set2_indices: int64[D, R],
    set2_values: T[D],
    set2_shape: int64[R],
    *,
    set_operation: str,
    validate_indices: bool = True,
) -> tuple[int64, T, int64]:
    """Combine the rows of two sparse tensors as sets.

    Args:
        set1_indices: int64[N, R], R >= 2.
        set1_values: T[N].
        set1_shape: int64[R].
        set2_indices: int64[D, R].
        set2_values: T[D].
        set2_shape: int64[R], equal to `set1_shape` but for its last size.
        set_operation: "a-b", "b-a", "intersection" or "union".
        validate_indices: whether coordinates must be in row-major order, none twice.

    Returns:
        result_indices: int64[S, R]; result_values: T[S]; result_shape: int64[R].

    Raises:
        InvalidArgumentError: if the parts do not fit together, the rows' shapes differ, coordinates
            are out of bounds, or the operation is unknown.

    Source: TensorFlow's op of the same name.
    """
    a = _sparse_rows(set1_indices, set1_values, set1_shape, validate=validate_indices)
    b = _sparse_rows(set2_indices, set2_values, set2_shape, validate=validate_indices)
    return _combined(a, b, set_operation)


@sparse_to_sparse_set_operation_op.shape
def sparse_to_sparse_set_operation_shape(
    *parts: Shape, set_operation: str, validate_indices: bool
) -> list[Shape]:
    _, rank = known_parts(*parts[:3])
    _, rank_of_b = known_parts(*parts[3:])
    return _result_shapes(must_equal(rank, rank_of_b))


sparse_to_sparse_set_operation_op.no_gradient("elements are whole numbers or text")
