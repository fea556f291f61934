"""Hash tables: a value for each key, filled once and then only read.

**State** of a `Table`: the types of keys and values; key -> value, None before it is filled.

**Invariants**
1. A table is filled with one set of entries: filling it with the same ones again changes nothing,
   with others it fails and leaves the table as it was.
2. A table that is not filled answers nothing.

Worked example: the numbers of words.

    table = HashTableV2(key_dtype=string, value_dtype=int64)
    LookupTableImportV2(table, ["to", "be"], [0, 1])     # an initializer
    LookupTableFindV2(table, ["be", "or"], -1)           # [1, -1]

Source: TensorFlow's ops of these names; OSDI §3.1 (state behind typed handles).
"""

import threading
from dataclasses import dataclass
from typing import Any

import numpy as np

from minitf.dtypes import ANY, DType, by_numpy
from minitf.errors import FailedPreconditionError, invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.handles import ref_twin
from minitf.ops.queue.sharing import behind, find_handle
from minitf.resources import Context
from minitf.shapes import SCALAR, UNKNOWN, Shape, must_equal
from minitf.symbols import Resource, Tin, Tkey, Tkeys, Tout, Tval, Tvalues, int64

Array = np.ndarray[Any, Any]
_NO_SLOPE = "a table has no slope"


@dataclass(frozen=True)
class TableSpec:
    """What is known of a table while the graph is built.

    Attributes:
        key_shape: the shape of a key.
        value_shape: the shape of a value.
        is_dense: whether it exports its buckets, not its entries.
    """

    key_shape: tuple[int, ...] = ()
    value_shape: tuple[int, ...] = ()
    is_dense: bool = False


class Table:
    """What answers with a value for each key.

    Attributes:
        name: for messages.
        key_dtype: type of the keys.
        value_dtype: type of the values.

    Source: TensorFlow's resource of HashTableV2.
    """

    def __init__(self, name: str, key_dtype: Any, value_dtype: Any) -> None:
        self.name = name
        self.key_dtype = key_dtype
        self.value_dtype = value_dtype
        self._entries: dict[Any, Any] | None = None
        self._lock = threading.Lock()

    def fill(self, keys: list[Any], values: list[Any]) -> None:
        """Give it its entries.

        Raises:
            FailedPreconditionError: if a key has two values, or the table other entries already.
        """
        entries: dict[Any, Any] = {}
        for key, value in zip(keys, values, strict=True):
            if entries.setdefault(key, value) != value:
                raise FailedPreconditionError(
                    None,
                    None,
                    f"HashTable has different value for same key. Key {_shown(key)} has "
                    f"{_shown(entries[key])} and trying to add value {_shown(value)}",
                )
        with self._lock:
            if self._entries not in (None, entries):
                raise FailedPreconditionError(
                    None, None, "Table was already initialized with different data."
                )
            self._entries = entries

    def entries(self) -> dict[Any, Any]:
        """Return key -> value.

        Raises:
            FailedPreconditionError: if it is not filled.
        """
        found = self._entries
        if found is None:
            raise FailedPreconditionError(None, None, "Table not initialized.")
        return found

    def size(self) -> int:
        """Return the number of its entries, 0 before it is filled."""
        return len(self._entries or ())

    def import_all(self, keys: Array, values: Array) -> None:
        """Give it its entries, as arrays."""
        self.fill(keys.tolist(), values.tolist())

    def find(self, keys: Array, default: Array) -> Array:
        """Return the value of each key, the default where there is none.

        Raises:
            FailedPreconditionError: if it is not filled.
            InvalidArgumentError: if the default is no scalar.
        """
        if default.shape not in {(), (1,)}:
            sizes = ",".join(map(str, default.shape))
            raise invalid(f"Expected shape [] or [1] for default value, got [{sizes}]")
        value_of, otherwise = self.entries().get, default.item()
        found = [value_of(key, otherwise) for key in keys.ravel().tolist()]
        return _array(found, self.value_dtype, keys.shape)

    def export(self) -> tuple[Array, Array]:
        """Return its keys and their values, in the order in which it was filled.

        Raises:
            FailedPreconditionError: if it is not filled.
        """
        entries, shape = self.entries(), (self.size(),)
        return (
            _array(list(entries), self.key_dtype, shape),
            _array(list(entries.values()), self.value_dtype, shape),
        )

    def check(self, keys: Array, values: Array) -> None:
        """Raise InvalidArgumentError unless these are of its types."""
        found = by_numpy(keys.dtype).name, by_numpy(values.dtype).name
        wanted = self.key_dtype.name, self.value_dtype.name
        if found != wanted:
            raise invalid(
                f"Signature mismatch, have: resource, {'->'.join(found)} "
                f"expected: resource, {'->'.join(wanted)}"
            )


def _shown(entry: Any) -> str:
    return entry.decode("utf-8", "replace") if isinstance(entry, bytes) else str(entry)


def _array(entries: list[Any], dtype: Any, shape: tuple[int, ...]) -> Array:
    made = np.empty(len(entries), dtype.numpy)
    made[:] = entries
    return made.reshape(shape)


# --- HashTableV2 ---------------------------------------------------------------------------------


@op("HashTableV2", "stateful", outputs=("table_handle",))
def hash_table_v2_op(
    *,
    container: str = "",
    shared_name: str = "",
    use_node_name_sharing: bool = False,
    key_dtype: DType,
    value_dtype: DType,
    context: Context,
) -> Resource:
    """Give the handle of a hash table, which an initializer fills.

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
        context, container, name, Table, lambda found: Table(found, key_dtype, value_dtype)
    )
    table = behind(handle, Table)
    if (table.key_dtype, table.value_dtype) != (key_dtype, value_dtype):
        raise invalid(
            f"Conflicting key/value dtypes {key_dtype.name}->{value_dtype.name} with "
            f"{table.key_dtype.name}->{table.value_dtype.name} for table {table.name}"
        )
    return handle


@hash_table_v2_op.shape
def hash_table_v2_shape(**attrs: Any) -> Shape:
    return SCALAR


@hash_table_v2_op.value
def hash_table_v2_value(op: Operation) -> Array:
    return np.array(TableSpec(), object)


hash_table_v2_op.no_gradient("it has no inputs")

# --- LookupTableImportV2, InitializeTableV2 ------------------------------------------------------


@op("LookupTableImportV2", "stateful", Tin=ANY, Tout=ANY)
def lookup_table_import_v2_op(table_handle: Resource, keys: Tin, values: Tout) -> None:
    """Fill a table.

    Args:
        table_handle: its handle.
        keys: Tin[N].
        values: Tout[N].

    Raises:
        InvalidArgumentError: if the types are not the table's.
        FailedPreconditionError: if a key has two values, or the table has other entries.

    Source: TensorFlow's op of the same name.
    """
    table = behind(table_handle, Table)
    table.check(keys, values)
    table.import_all(keys, values)


@lookup_table_import_v2_op.shape
def lookup_table_import_v2_shape(table_handle: Shape, keys: Shape, values: Shape) -> tuple[()]:
    must_equal(keys.with_rank(1)[0], values.with_rank(1)[0])
    return ()


@op("InitializeTableV2", "stateful", Tkey=ANY, Tval=ANY)
def initialize_table_v2_op(table_handle: Resource, keys: Tkey, values: Tval) -> None:
    """Do as LookupTableImportV2.

    Source: TensorFlow's op of the same name.
    """
    lookup_table_import_v2_op.body(table_handle, keys, values)


initialize_table_v2_op.shape(lookup_table_import_v2_shape)

# --- LookupTableFindV2 ---------------------------------------------------------------------------


@op("LookupTableFindV2", "stateful", Tin=ANY, Tout=ANY, outputs=("values",))
def lookup_table_find_v2_op(table_handle: Resource, keys: Tin, default_value: Tout) -> Tout:
    """Give the value of each key.

    Args:
        table_handle: the table's handle.
        keys: Tin[...].
        default_value: Tout[] or Tout[1], what stands for a key that the table has not.

    Returns:
        Tout[...] of the shape of the keys.

    Raises:
        FailedPreconditionError: if the table is not filled.
        InvalidArgumentError: if the types are not the table's, or the default is no scalar.

    Source: TensorFlow's op of the same name.
    """
    table = behind(table_handle, Table)
    table.check(keys, default_value)
    return table.find(keys, default_value)


@lookup_table_find_v2_op.shape(values_of=("table_handle",))
def lookup_table_find_v2_shape(
    table_handle: TableSpec | None, keys: Shape, default_value: Shape
) -> Shape:
    if table_handle is None or keys.rank is None:
        return Shape.unknown()
    rank = keys.rank - len(table_handle.key_shape)
    if rank < 0:
        return Shape.unknown()
    return Shape([*keys[:rank], *table_handle.value_shape])


# --- LookupTableSizeV2, LookupTableExportV2 ------------------------------------------------------


@op("LookupTableSizeV2", "stateful", outputs=("size",))
def lookup_table_size_v2_op(table_handle: Resource) -> int64:
    """Give the number of a table's entries.

    Args:
        table_handle: the table's handle.

    Returns:
        int64[], 0 before it is filled.

    Source: TensorFlow's op of the same name.
    """
    table = behind(table_handle, Table)
    return np.array(table.size(), np.int64)


@lookup_table_size_v2_op.shape
def lookup_table_size_v2_shape(table_handle: Shape) -> Shape:
    return SCALAR


@op("LookupTableExportV2", "stateful", outputs=("keys", "values"))
def lookup_table_export_v2_op(
    table_handle: Resource, *, Tkeys: DType, Tvalues: DType
) -> tuple[Tkeys, Tvalues]:
    """Give all entries of a table.

    Args:
        table_handle: the table's handle.
        Tkeys: type of its keys.
        Tvalues: type of its values.

    Returns:
        Tkeys[N] and Tvalues[N], in the order in which the table was filled.

    Raises:
        FailedPreconditionError: if the table is not filled.

    Source: TensorFlow's op of the same name.
    """
    return behind(table_handle, Table).export()


@lookup_table_export_v2_op.shape(values_of=("table_handle",))
def lookup_table_export_v2_shape(
    table_handle: TableSpec | None, **attrs: Any
) -> tuple[Shape, Shape]:
    if table_handle is None or table_handle.is_dense:
        return Shape.unknown(), Shape.unknown()
    return Shape([UNKNOWN]), Shape([UNKNOWN, *table_handle.value_shape])


for _op in (
    lookup_table_import_v2_op,
    initialize_table_v2_op,
    lookup_table_find_v2_op,
    lookup_table_size_v2_op,
    lookup_table_export_v2_op,
):
    _op.no_gradient(_NO_SLOPE)

hash_table_op = ref_twin("HashTable", hash_table_v2_op)
lookup_table_import_op = ref_twin("LookupTableImport", lookup_table_import_v2_op)
initialize_table_op = ref_twin("InitializeTable", initialize_table_v2_op)
lookup_table_find_op = ref_twin("LookupTableFind", lookup_table_find_v2_op)
lookup_table_size_op = ref_twin("LookupTableSize", lookup_table_size_v2_op)
lookup_table_export_op = ref_twin("LookupTableExport", lookup_table_export_v2_op)
