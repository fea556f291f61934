"""Sparse tensors kept in a map under numbers: how queues pass them on without writing them out.

**State**: `TensorsMap`, a resource: number -> coordinates, values, sizes; whoever takes one removes
it.

Source: TensorFlow's ops of the same names.
"""

import threading
from typing import Any

import numpy as np

from minitf.dtypes import ANY, DType
from minitf.errors import invalid
from minitf.op_def import op
from minitf.ops.sparse.coordinates import check_parts, known_parts
from minitf.ops.sparse.serialising import check_type, slices, stacked
from minitf.resources import Context
from minitf.shapes import SCALAR, UNKNOWN, Shape
from minitf.symbols import N, R, T, dtype, int64

Array = np.ndarray[Any, Any]
Parts = tuple[Array, Array, Array]


class TensorsMap:
    """Sparse tensors by number, counted from 0; a number is never given twice.

    Source: TensorFlow's SparseTensorsMap.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._kept: dict[int, Parts] = {}
        self._next = 0
        self._lock = threading.Lock()

    def add(self, parts: Parts) -> int:
        """Keep a sparse tensor, and return its number."""
        with self._lock:
            number = self._next
            self._kept[number] = parts
            self._next += 1
            return number

    def take(self, number: int) -> Parts:
        """Return a sparse tensor and forget it.

        Raises:
            InvalidArgumentError: if there is none of that number.
        """
        with self._lock:
            parts = self._kept.pop(number, None)
        if parts is None:
            raise invalid(f"Unable to find SparseTensor: {number} in map: {self.name}")
        return parts


def _find_map(context: Context, container: str, shared_name: str) -> TensorsMap:
    name = shared_name or context.node_name
    return context.resources.find_or_create(container, name, lambda: TensorsMap(name), TensorsMap)


# --- AddSparseToTensorsMap ---------------------------------------------------------------------


@op("AddSparseToTensorsMap", "stateful", T=ANY, outputs=("sparse_handle",))
def add_sparse_to_tensors_map_op(
    sparse_indices: int64[N, R],
    sparse_values: T[N],
    sparse_shape: int64[R],
    *,
    container: str = "",
    shared_name: str = "",
    context: Context,
) -> int64:
    """Keep a sparse tensor in a map, and give its number there.

    Args:
        sparse_indices: int64[N, R].
        sparse_values: T[N].
        sparse_shape: int64[R].
        container: where the map is kept; "" is the default container.
        shared_name: its name there; "" is the operation's name.

    Returns:
        int64 scalar.

    Raises:
        InvalidArgumentError: if the parts do not fit together.

    Source: TensorFlow's op of the same name.
    """
    parts = sparse_indices, sparse_values, sparse_shape
    check_parts(*parts)
    return np.array(_find_map(context, container, shared_name).add(parts), np.int64)


@add_sparse_to_tensors_map_op.shape
def add_sparse_to_tensors_map_shape(
    sparse_indices: Shape, sparse_values: Shape, sparse_shape: Shape, **attrs: Any
) -> Shape:
    known_parts(sparse_indices, sparse_values, sparse_shape)
    return SCALAR


add_sparse_to_tensors_map_op.no_gradient("the number of an entry has no slope")

# --- AddManySparseToTensorsMap -----------------------------------------------------------------


@op("AddManySparseToTensorsMap", "stateful", T=ANY, outputs=("sparse_handles",))
def add_many_sparse_to_tensors_map_op(
    sparse_indices: int64[N, R],
    sparse_values: T[N],
    sparse_shape: int64[R],
    *,
    container: str = "",
    shared_name: str = "",
    context: Context,
) -> int64:
    """Keep the slices of a sparse tensor along its first axis in a map, and give their numbers.

    Args:
        sparse_indices: int64[N, R], in row-major order, R > 1.
        sparse_values: T[N].
        sparse_shape: int64[R].
        container: where the map is kept; "" is the default container.
        shared_name: its name there; "" is the operation's name.

    Returns:
        int64[sparse_shape[0]].

    Raises:
        InvalidArgumentError: if the parts do not fit together, or coordinates are out of bounds or
            out of order.

    Source: TensorFlow's op of the same name.
    """
    parts = slices(sparse_indices, sparse_values, sparse_shape)
    kept = _find_map(context, container, shared_name)
    return np.array([kept.add(each) for each in parts], np.int64)


@add_many_sparse_to_tensors_map_op.shape(values_of=("sparse_shape",))
def add_many_sparse_to_tensors_map_shape(
    sparse_indices: Shape,
    sparse_values: Shape,
    sparse_shape: tuple[Any, ...] | None,
    **attrs: Any,
) -> Shape:
    known_parts(sparse_indices, sparse_values, sparse_shape)
    return Shape([sparse_shape[0] if sparse_shape else UNKNOWN])


add_many_sparse_to_tensors_map_op.no_gradient("the number of an entry has no slope")

# --- TakeManySparseFromTensorsMap --------------------------------------------------------------


@op(
    "TakeManySparseFromTensorsMap",
    "stateful",
    outputs=("sparse_indices", "sparse_values", "sparse_shape"),
)
def take_many_sparse_from_tensors_map_op(
    sparse_handles: int64[N],
    *,
    dtype: DType,
    container: str = "",
    shared_name: str = "",
    context: Context,
) -> tuple[int64, dtype, int64]:
    """Take sparse tensors out of a map, and stack them along a new first axis.

    Args:
        sparse_handles: int64[N], N >= 1, their numbers.
        dtype: the values' type.
        container: where the map is kept; "" is the default container.
        shared_name: its name there: that of the operation that made it.

    Returns:
        sparse_indices: int64[V, R]; sparse_values: dtype[V]; sparse_shape: int64[R], N, then the
        greatest sizes.

    Raises:
        InvalidArgumentError: if a number is not in the map, or types or ranks differ.

    Source: TensorFlow's op of the same name.
    """
    if not sparse_handles.size:
        raise invalid("Must have at least 1 SparseTensor to take, but sparse_handles is empty")
    kept = _find_map(context, container, shared_name)
    found = [kept.take(number) for number in sparse_handles.tolist()]
    for i, (_, values, _) in enumerate(found):
        check_type(values, i, dtype)
    return stacked(found, (len(found),))


@take_many_sparse_from_tensors_map_op.shape
def take_many_sparse_from_tensors_map_shape(sparse_handles: Shape, **attrs: Any) -> list[Shape]:
    return [Shape.unknown(2), Shape.unknown(1), Shape.unknown(1)]


take_many_sparse_from_tensors_map_op.no_gradient("a number of an entry has no slope")
