"""Sparse tensors as arrays: rows of coordinates, a value for each, and the sizes of the whole.

    indices = [[0, 2], [1, 0]]    values = [5, 7]    shape = [2, 3]    is  [[0, 0, 5], [7, 0, 0]]

Ops leave coordinates in row-major order, as a dense array lies in memory, and most expect them so.

Source: OSDI §3.1 (sparse tensors as tuples of dense ones).
"""

import math
from typing import Any

import numpy as np

from minitf.errors import invalid
from minitf.shapes import Dim, Shape, must_equal

Array = np.ndarray[Any, Any]


# --- checks ------------------------------------------------------------------------------------


def check_parts(indices: Array, values: Array, shape: Array) -> None:
    """Check that three arrays fit together as a sparse tensor.

    Raises:
        InvalidArgumentError: if their ranks or sizes do not fit.
    """
    for part, array, rank in (("indices", indices, 2), ("values", values, 1), ("shape", shape, 1)):
        if array.ndim != rank:
            raise invalid(f"Sparse {part} must be rank {rank} but is rank {array.ndim}")
    if len(indices) != len(values):
        raise invalid(
            f"Number of elements in indices ({len(indices)}) and values ({len(values)}) "
            "do not match"
        )
    if indices.shape[1] != len(shape):
        raise invalid(f"Index rank ({indices.shape[1]}) and shape rank ({len(shape)}) do not match")


def check_in_bounds(indices: Array, shape: Array) -> None:
    """Check that coordinates lie within a shape.

    Raises:
        InvalidArgumentError: at the first that does not.
    """
    outside = ((indices < 0) | (indices >= shape)).any(axis=1)
    if outside.any():
        row = int(outside.argmax())
        raise invalid(
            f"indices[{row}] = {text(indices[row])} is out of bounds: need 0 <= index < "
            f"{text(shape)}"
        )


def check_in_order(indices: Array, shape: Array) -> None:
    """Check that coordinates lie within a shape, in row-major order, and none twice.

    Raises:
        InvalidArgumentError: at the first that does not.
    """
    check_in_bounds(indices, shape)
    numbers, _ = numbered(indices)
    steps = np.diff(numbers)
    if (steps <= 0).any():
        row = int((steps <= 0).argmax()) + 1
        trouble = "repeated"
        if steps[row - 1] < 0:
            trouble = "out of order. Many sparse ops require sorted indices."
        raise invalid(f"indices[{row}] = {text(indices[row])} is {trouble}")


def check_same_shape(a_shape: Array, b_shape: Array) -> None:
    """Check that two sparse tensors have the same sizes.

    Raises:
        InvalidArgumentError: if not.
    """
    if len(a_shape) != len(b_shape):
        raise invalid(
            f"Operands do not have the same ranks; got shapes: {text(a_shape)} and {text(b_shape)}"
        )
    for axis, (a, b) in enumerate(zip(a_shape, b_shape, strict=True)):
        if a != b:
            raise invalid(f"Operands' shapes do not match: got {a} and {b} for dimension {axis}")


def text(sizes: Any) -> str:
    """Return sizes or coordinates as TensorFlow writes them: [2,3]."""
    return f"[{','.join(str(each) for each in np.asarray(sizes).tolist())}]"


# --- order -------------------------------------------------------------------------------------


def row_major(indices: Array) -> Array:
    """Return the permutation that puts coordinates in row-major order; equal ones keep theirs."""
    return np.argsort(_keys(indices), kind="stable")


def numbered(*parts: Array) -> tuple[Any, ...]:
    """Number the coordinates of one or several sparse tensors, equal ones alike.

    Args:
        parts: int64[N, R] each.

    Returns:
        For each part int64[N], from 0 in row-major order; then int64[D, R], the distinct
        coordinates.
    """
    rows = np.concatenate(parts)
    keys = _keys(rows)
    order = np.argsort(keys, kind="stable")
    is_first = np.diff(keys[order], prepend=-1) > 0
    numbers = np.empty(len(rows), np.int64)
    numbers[order] = np.cumsum(is_first) - 1
    ends = np.cumsum([len(part) for part in parts])
    return *np.split(numbers, ends[:-1]), rows[order[is_first]]


def _keys(indices: Array) -> Array:
    """Return a number >= 0 for each row of coordinates: equal for equal rows, row-major else.

    One number per row sorts ten times as fast as the rows.
    """
    if not len(indices):
        return np.zeros(0, np.int64)
    low, high = indices.min(axis=0), indices.max(axis=0)
    spans = [last - first + 1 for first, last in zip(low.tolist(), high.tolist(), strict=True)]
    if math.prod(spans) < 1 << 63:
        return in_memory(indices - low, spans)
    _, keys = np.unique(indices, axis=0, return_inverse=True)
    return np.asarray(keys, np.int64).reshape(-1)


def in_memory(indices: Array, shape: Array | list[int]) -> Array:
    """Return where elements lie in a dense array of that shape, counted in row-major order."""
    sizes = np.asarray(shape).tolist()
    return indices @ np.array([math.prod(sizes[i + 1 :]) for i in range(len(sizes))], np.int64)


# --- what is known while the graph is built ----------------------------------------------------


def known_parts(indices: Shape, values: Shape, shape: Any) -> tuple[Dim, Dim]:
    """Return what is known of the number of values and of the rank of a sparse tensor.

    Args:
        indices: shape of the coordinates.
        values: shape of the values.
        shape: shape of the sizes, or their value as shape rules get it, a tuple or None.

    Raises:
        InvalidArgumentError: if they do not fit together.
    """
    count, rank = indices
    if isinstance(shape, tuple):
        shape = Shape([len(shape)])
    if shape is not None:
        rank = must_equal(rank, shape[0])
    return must_equal(count, values[0]), rank
