"""Mutable hash tables whose values are vectors.

Source: TensorFlow's ops of these names; OSDI §3.1 (state behind typed handles).
"""

from typing import Any

import numpy as np

from minitf.dtypes import DType
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.handles import ref_twin
from minitf.ops.lookup.mutable_tables import MutableTable
from minitf.ops.lookup.tables import TableSpec
from minitf.ops.queue.sharing import behind, find_handle
from minitf.resources import Context
from minitf.shapes import SCALAR, Shape
from minitf.symbols import Resource

Array = np.ndarray[Any, Any]


class TensorTable(MutableTable):
    """A mutable table with a vector for each key.

    Source: TensorFlow's resource of MutableHashTableOfTensorsV2.
    """

    def __init__(self, name: str, key_dtype: Any, value_dtype: Any, size: int) -> None:
        super().__init__(name, key_dtype, value_dtype)
        self._value_size = size

    def import_all(self, keys: Array, values: Array) -> None:
        """Give it other entries in place of all that it has; of equal keys the last counts."""
        self.fill(keys.ravel().tolist(), self._rows(keys, values))

    def insert(self, keys: Array, values: Array) -> None:
        """Put in entries, in place of those of the same keys.

        Raises:
            InvalidArgumentError: if there is not one vector for each key.
        """
        self._put(keys.ravel().tolist(), self._rows(keys, values))

    def find(self, keys: Array, default: Array) -> Array:
        """Return the vector of each key, the default where there is none.

        Raises:
            InvalidArgumentError: if the default is no such vector.
        """
        if default.shape != (self._value_size,):
            raise invalid(
                f"Expected shape [{self._value_size}] for default value, got {list(default.shape)}"
            )
        value_of = self.entries().get
        return self._array([value_of(key, default) for key in keys.ravel().tolist()], keys.shape)

    def export(self) -> tuple[Array, Array]:
        """Return its keys and their vectors."""
        entries = self.entries()
        keys = np.empty(len(entries), self.key_dtype.numpy)
        keys[:] = list(entries)
        return keys, self._array(list(entries.values()), keys.shape)

    def _rows(self, keys: Array, values: Array) -> list[Array]:
        wanted = [*keys.shape, self._value_size]
        if list(values.shape) != wanted:
            raise invalid(f"Expected shape {wanted} for value, got {list(values.shape)}")
        return list(values.reshape(-1, self._value_size).copy())

    def _array(self, rows: list[Array], shape: tuple[int, ...]) -> Array:
        made = np.empty((len(rows), self._value_size), self.value_dtype.numpy)
        for i, row in enumerate(rows):
            made[i] = row
        return made.reshape(*shape, self._value_size)


@op("MutableHashTableOfTensorsV2", "stateful", outputs=("table_handle",))
def mutable_hash_table_of_tensors_v2_op(
    *,
    container: str = "",
    shared_name: str = "",
    use_node_name_sharing: bool = False,
    key_dtype: DType,
    value_dtype: DType,
    value_shape: Shape = SCALAR,
    context: Context,
) -> Resource:
    """Give the handle of a mutable hash table with a vector for each key.

    Args:
        container: where it is kept; "" is the default container.
        shared_name: its name there; "" for one of this session and operation alone.
        use_node_name_sharing: whether the operation's name stands in for an empty `shared_name`.
        key_dtype: type of its keys.
        value_dtype: type of its values.
        value_shape: shape of its values: [size].

    Returns:
        The handle.

    Raises:
        InvalidArgumentError: if the shape is not that of a vector, or the table of that name has
            other types.

    Source: TensorFlow's op of the same name.
    """
    if value_shape.rank != 1:
        raise invalid(f"Default value must be a vector, got shape {value_shape}")
    (size,) = fixed(value_shape)
    name = shared_name or (context.node_name if use_node_name_sharing else "")
    handle = find_handle(
        *(context, container, name, TensorTable),
        lambda found: TensorTable(found, key_dtype, value_dtype, size),
    )
    table = behind(handle, TensorTable)
    if (table.key_dtype, table.value_dtype) != (key_dtype, value_dtype):
        raise invalid(
            f"Conflicting key/value dtypes {key_dtype.name}->{value_dtype.name} with "
            f"{table.key_dtype.name}->{table.value_dtype.name} for table {table.name}"
        )
    return handle


def fixed(shape: Shape) -> tuple[int, ...]:
    """Return the sizes of a shape that is wholly known.

    Raises:
        InvalidArgumentError: if it is not.
    """
    if not shape.is_full:
        raise invalid(f"Shape {shape} is not fully defined")
    return tuple(int(each) for each in shape)


@mutable_hash_table_of_tensors_v2_op.shape
def mutable_hash_table_of_tensors_v2_shape(**attrs: Any) -> Shape:
    return SCALAR


@mutable_hash_table_of_tensors_v2_op.value
def mutable_hash_table_of_tensors_v2_value(op: Operation) -> Array | None:
    value_shape = op.attrs["value_shape"]
    return np.array(TableSpec((), fixed(value_shape)), object) if value_shape.is_full else None


mutable_hash_table_of_tensors_v2_op.no_gradient("it has no inputs")
mutable_hash_table_of_tensors_op = ref_twin(
    "MutableHashTableOfTensors", mutable_hash_table_of_tensors_v2_op
)
