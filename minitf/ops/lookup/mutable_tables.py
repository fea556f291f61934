"""Hash tables that programs write to: entries are put in, replaced and taken out.

**State** of a `MutableTable`: a Table's, which begins without entries instead of unfilled.

Worked example:

    table = MutableHashTableV2(key_dtype=string, value_dtype=int64)
    LookupTableInsertV2(table, ["to", "be"], [0, 1])
    LookupTableInsertV2(table, ["be"], [7])              # a new value for a key
    LookupTableRemoveV2(table, ["to"])                   # LookupTableSizeV2(table) is 1

Source: TensorFlow's ops of these names; OSDI §3.1 (state behind typed handles).
"""

from typing import Any

import numpy as np

from minitf.dtypes import ANY, DType
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.handles import ref_twin
from minitf.ops.lookup.tables import Table, TableSpec
from minitf.ops.queue.sharing import behind, find_handle
from minitf.resources import Context
from minitf.shapes import SCALAR, Shape
from minitf.symbols import Resource, Tin, Tout

Array = np.ndarray[Any, Any]
_NO_SLOPE = "a table has no slope"


class MutableTable(Table):
    """A table that takes new entries at any time.

    Source: TensorFlow's resource of MutableHashTableV2.
    """

    def __init__(self, name: str, key_dtype: Any, value_dtype: Any) -> None:
        super().__init__(name, key_dtype, value_dtype)
        self._entries = {}

    def fill(self, keys: list[Any], values: list[Any]) -> None:
        """Give it other entries in place of all that it has; of equal keys the last counts."""
        self._entries = dict(zip(keys, values, strict=True))

    def insert(self, keys: Array, values: Array) -> None:
        """Put in entries, in place of those of the same keys.

        Raises:
            InvalidArgumentError: if there is not one value for each key.
        """
        if keys.shape != values.shape:
            raise invalid(f"Expected shape {list(keys.shape)} for value, got {list(values.shape)}")
        self._put(keys.ravel().tolist(), values.ravel().tolist())

    def _put(self, keys: list[Any], values: list[Any]) -> None:
        with self._lock:
            self._entries = {**self.entries(), **dict(zip(keys, values, strict=True))}

    def remove(self, keys: Array) -> None:
        """Take out the entries of keys, those that it has."""
        with self._lock:
            gone = set(keys.ravel().tolist())
            self._entries = {k: v for k, v in self.entries().items() if k not in gone}


@op("MutableHashTableV2", "stateful", outputs=("table_handle",))
def mutable_hash_table_v2_op(
    *,
    container: str = "",
    shared_name: str = "",
    use_node_name_sharing: bool = False,
    key_dtype: DType,
    value_dtype: DType,
    context: Context,
) -> Resource:
    """Give the handle of a hash table that can be written to.

    Args:
        container: where it is kept; "" is the default container.
        shared_name: its name there; "" for one of this session and operation alone.
        use_node_name_sharing: whether the operation's name stands in for an empty `shared_name`.
        key_dtype: type of its keys.
        value_dtype: type of its values.

    Returns:
        The handle.

    Raises:
        InvalidArgumentError: if the table of that name has other types.

    Source: TensorFlow's op of the same name.
    """
    name = shared_name or (context.node_name if use_node_name_sharing else "")
    handle = find_handle(
        *(context, container, name, MutableTable),
        lambda found: MutableTable(found, key_dtype, value_dtype),
    )
    table = behind(handle, MutableTable)
    if (table.key_dtype, table.value_dtype) != (key_dtype, value_dtype):
        raise invalid(
            f"Conflicting key/value dtypes {key_dtype.name}->{value_dtype.name} with "
            f"{table.key_dtype.name}->{table.value_dtype.name} for table {table.name}"
        )
    return handle


@mutable_hash_table_v2_op.shape
def mutable_hash_table_v2_shape(**attrs: Any) -> Shape:
    return SCALAR


@mutable_hash_table_v2_op.value
def mutable_hash_table_v2_value(op: Operation) -> Array:
    return np.array(TableSpec(), object)


mutable_hash_table_v2_op.no_gradient("it has no inputs")


@op("LookupTableInsertV2", "stateful", Tin=ANY, Tout=ANY)
def lookup_table_insert_v2_op(table_handle: Resource, keys: Tin, values: Tout) -> None:
    """Put entries in a table, in place of those of the same keys.

    Args:
        table_handle: its handle.
        keys: Tin[...].
        values: Tout[...], one for each key.

    Raises:
        InvalidArgumentError: if the types are not the table's, or there are more keys or values.

    Source: TensorFlow's op of the same name.
    """
    table = behind(table_handle, MutableTable)
    table.check(keys, values)
    table.insert(keys, values)


@lookup_table_insert_v2_op.shape
def lookup_table_insert_v2_shape(table_handle: Shape, keys: Shape, values: Shape) -> tuple[()]:
    return ()


@op("LookupTableRemoveV2", "stateful", Tin=ANY)
def lookup_table_remove_v2_op(table_handle: Resource, keys: Tin) -> None:
    """Take the entries of keys out of a table, those that it has.

    Args:
        table_handle: its handle.
        keys: Tin[...].

    Raises:
        InvalidArgumentError: if the keys are not of the table's type.

    Source: TensorFlow's op of the same name.
    """
    table = behind(table_handle, MutableTable)
    table.check(keys, np.empty(0, table.value_dtype.numpy))
    table.remove(keys)


@lookup_table_remove_v2_op.shape
def lookup_table_remove_v2_shape(table_handle: Shape, keys: Shape) -> tuple[()]:
    return ()


lookup_table_insert_v2_op.no_gradient(_NO_SLOPE)
lookup_table_remove_v2_op.no_gradient(_NO_SLOPE)

mutable_hash_table_op = ref_twin("MutableHashTable", mutable_hash_table_v2_op)
lookup_table_insert_op = ref_twin("LookupTableInsert", lookup_table_insert_v2_op)
