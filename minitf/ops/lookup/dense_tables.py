"""Hash tables in open addressing: two arrays of buckets, for numbers, text or vectors as keys.

A key that stands for "empty" and one that stands for "deleted" belong to no entry.  A key is looked
for from bucket hash(key) mod B on, at distances of 1, 3, 6, 10, ... buckets, until it is found or
an empty bucket is; B, the number of buckets, is a power of two, so that all of them are visited.

**State** of a `DenseTable`: the keys and the values of the buckets, as matrices; how many of them
are entries.

**Invariants**
1. Entries make up no more than `max_load_factor` of the buckets, so a search ends.
2. No key stands in two buckets: a deleted bucket is filled again only once the key was looked for
   up to an empty one.

Worked example: four buckets, and keys that are their own hash.

    insert 1, 5         [-, 1, 5, -]          5 mod 4 is 1, which is taken
    remove 1            [-, x, 5, -]          5 is found still
    insert 9            [-, 9, 5, -]

Source: TensorFlow's ops of these names; OSDI §3.1 (state behind typed handles).
"""

from typing import Any

import numpy as np

from minitf.dtypes import ANY, DType, by_numpy
from minitf.errors import InternalError, invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.lookup.mutable_tables import MutableTable
from minitf.ops.lookup.tables import TableSpec
from minitf.ops.lookup.tensor_tables import fixed
from minitf.ops.queue.sharing import behind, find_handle
from minitf.ops.strings.fingerprints import murmur64
from minitf.resources import Context
from minitf.shapes import SCALAR, Shape
from minitf.symbols import Ref, Resource, key_dtype, string

Array = np.ndarray[Any, Any]
_LEAST_BUCKETS = 4
_MANY_BUCKETS = 131072
_WORD = 2**64


class DenseTable(MutableTable):
    """A mutable table that keeps its entries in two arrays.

    Args:
        name: for messages.
        value_dtype: type of the values.
        empty_key: the key of an empty bucket; its shape is that of all keys.
        deleted_key: the key of a bucket whose entry was removed, if entries can be.
        value_shape: shape of the values: that of a scalar or a vector.
        buckets: how many there are at first, a power of two.
        max_load_factor: which part of them entries may fill.

    Source: TensorFlow's resource of MutableDenseHashTableV2.
    """

    def __init__(
        self,
        name: str,
        key_dtype: DType,
        value_dtype: DType,
        empty_key: Array,
        deleted_key: Array | None,
        value_shape: tuple[int, ...],
        buckets: int,
        max_load_factor: float,
    ) -> None:
        super().__init__(name, key_dtype, value_dtype)
        self.key_shape, self.value_shape = empty_key.shape, value_shape
        self._empty = tuple(empty_key.ravel().tolist())
        self._deleted = None if deleted_key is None else tuple(deleted_key.ravel().tolist())
        self._max_load_factor = max_load_factor
        self._allocate(buckets)

    def _allocate(self, buckets: int) -> None:
        self._keys = np.empty((buckets, len(self._empty)), self.key_dtype.numpy)
        self._keys[:] = self._empty
        width = self.value_shape[0] if self.value_shape else 1
        self._values = np.zeros((buckets, width), self.value_dtype.numpy)
        if self._values.dtype == object:
            self._values[:] = b""
        self._count = 0

    def size(self) -> int:
        """Return the number of its entries."""
        return self._count

    # --- what the ops do -------------------------------------------------------------------------

    def find(self, keys: Array, default: Array) -> Array:
        """Return the value of each key, the default where there is none.

        Raises:
            InvalidArgumentError: if a shape is not the table's, or a key is not allowed.
        """
        rows = self._rows_of(keys)
        if default.shape != self.value_shape:
            raise invalid(
                f"Expected shape {list(self.value_shape)} for default value, got "
                f"{list(default.shape)}"
            )
        outer = keys.shape[: keys.ndim - len(self.key_shape)]
        made = np.empty((len(rows), self._values.shape[1]), self.value_dtype.numpy)
        made[:] = default
        with self._lock:
            for i, key in enumerate(rows):
                bucket, is_there = self._bucket(key)
                if is_there:
                    made[i] = self._values[bucket]
        return made.reshape((*outer, *self.value_shape))

    def insert(self, keys: Array, values: Array) -> None:
        """Put in entries, in place of those of the same keys.

        Raises:
            InvalidArgumentError: if there is not one value for each key, or a key is not allowed.
        """
        rows = self._rows_of(keys)
        wanted = [*keys.shape[: keys.ndim - len(self.key_shape)], *self.value_shape]
        if list(values.shape) != wanted:
            raise invalid(f"Expected shape {wanted} for value, got {list(values.shape)}")
        with self._lock:
            width = self._values.shape[1]
            self._grow(self._count + len(rows))
            for key, value in zip(rows, values.reshape(len(rows), width), strict=True):
                self._set(key, value)

    def remove(self, keys: Array) -> None:
        """Take out the entries of keys, those that it has.

        Raises:
            InvalidArgumentError: if the keys' shape is not the table's, or one is not allowed.
        """
        rows = self._rows_of(keys)
        if self._deleted is None:
            raise invalid("The table has no deleted_key, so no key can be removed from it")
        with self._lock:
            for key in rows:
                bucket, is_there = self._bucket(key)
                if is_there:
                    self._keys[bucket] = self._deleted
                    self._count -= 1

    def import_all(self, keys: Array, values: Array) -> None:
        """Take over buckets as `export` gives them.

        Raises:
            InvalidArgumentError: if they are not the table's.
        """
        count = keys.shape[0] if keys.ndim else 0
        shapes = (count, self._keys.shape[1]), (count, self._values.shape[1])
        if (keys.shape, values.shape) != shapes or not _is_power_of_two(count):
            raise invalid(
                f"Expected shapes {[list(each) for each in shapes]} for a table's buckets, a power "
                f"of two, got {list(keys.shape)} and {list(values.shape)}"
            )
        with self._lock:
            self._keys, self._values = keys.copy(), values.copy()
            self._count = sum(self._is_entry(tuple(key)) for key in keys.tolist())

    def export(self) -> tuple[Array, Array]:
        """Return the keys and the values of all buckets, empty and deleted ones too."""
        with self._lock:
            return self._keys.copy(), self._values.copy()

    # --- buckets ---------------------------------------------------------------------------------

    def _rows_of(self, keys: Array) -> list[Any]:
        """Return keys as tuples, after a look at them."""
        rank = len(self.key_shape)
        if keys.ndim < rank or keys.shape[keys.ndim - rank :] != self.key_shape:
            raise invalid(
                f"Input key shape {list(keys.shape)} must end with the table's key shape "
                f"{list(self.key_shape)}"
            )
        width = len(self._empty)
        count = keys.shape[0] if keys.ndim else 1
        if keys.size != count * width:
            raise invalid(f"Expected key shape {[count, *self.key_shape]} got {list(keys.shape)}")
        rows = [tuple(row) for row in keys.reshape(count, width).tolist()]
        for what, key in (("empty_key", self._empty), ("deleted_key", self._deleted)):
            if key in rows:
                raise invalid(f"Using the {what} as a table key is not allowed")
        return rows

    def _is_entry(self, key: Any) -> bool:
        return key not in (self._empty, self._deleted)

    def _bucket(self, key: Any) -> tuple[int, bool]:
        """Return the bucket of a key, or the one where it belongs, and whether it is there."""
        buckets = len(self._keys)
        at, free = _hash(key) % buckets, None
        for distance in range(1, buckets + 1):
            found = tuple(self._keys[at].tolist())
            if found == key:
                return at, True
            if found == self._empty:
                return (at if free is None else free), False
            if found == self._deleted and free is None:
                free = at
            at = (at + distance) % buckets
        if free is None:
            raise InternalError(None, None, f"Table {self.name} has no free bucket")
        return free, False

    def _set(self, key: Any, value: Array) -> None:
        bucket, is_there = self._bucket(key)
        self._keys[bucket], self._values[bucket] = key, value
        self._count += not is_there

    def _grow(self, entries: int) -> None:
        """Make room for so many entries."""
        buckets = len(self._keys)
        while entries > buckets * self._max_load_factor:
            buckets *= 2
        if buckets == len(self._keys):
            return
        keys, values = self._keys, self._values
        self._allocate(buckets)
        for key, value in zip(keys.tolist(), values, strict=True):
            if self._is_entry(tuple(key)):
                self._set(tuple(key), value)


def _hash(key: Any) -> int:
    """Return the hash of a key, TensorFlow's: buckets are exported in its order."""
    words = [murmur64(each) if isinstance(each, bytes) else int(each) % _WORD for each in key]
    if len(words) == 1:
        return words[0]
    mixed = 0
    for word in words:
        mixed ^= (word + 0x9E3779B97F4A7800 + (mixed << 10) + (mixed >> 4)) % _WORD
    return mixed


def _is_power_of_two(count: int) -> bool:
    return count > 0 and count & count - 1 == 0


# --- MutableDenseHashTableV2, MutableDenseHashTable ----------------------------------------------


@op("MutableDenseHashTableV2", "stateful", key_dtype=ANY, outputs=("table_handle",))
def mutable_dense_hash_table_v2_op(
    empty_key: key_dtype,
    deleted_key: key_dtype,
    *,
    container: str = "",
    shared_name: str = "",
    use_node_name_sharing: bool = False,
    value_dtype: DType,
    value_shape: Shape = SCALAR,
    initial_num_buckets: int = _MANY_BUCKETS,
    max_load_factor: float = 0.8,
    context: Context,
) -> Resource:
    """Give the handle of a mutable hash table in open addressing.

    Args:
        empty_key: key_dtype[...], what stands for no key; its shape is that of all keys.
        deleted_key: another one, which stands for a key that was removed.
        container: where it is kept; "" is the default container.
        shared_name: its name there; "" for one of this session and operation alone.
        use_node_name_sharing: whether the operation's name stands in for an empty `shared_name`.
        value_dtype: type of its values.
        value_shape: shape of its values: [] or [size].
        initial_num_buckets: how many buckets there are at first: a power of two, at least 4.
        max_load_factor: which part of them is filled before they become more, in (0, 1).

    Returns:
        The handle.

    Raises:
        InvalidArgumentError: if an argument is not as said above.

    Source: TensorFlow's op of the same name.
    """
    if empty_key.shape != deleted_key.shape:
        raise invalid(
            "Empty and deleted keys must have same shape, got shapes: "
            f"{list(empty_key.shape)} and {list(deleted_key.shape)}"
        )
    if np.array_equal(empty_key, deleted_key):
        raise invalid("Empty and deleted keys cannot be equal")
    name = shared_name or (context.node_name if use_node_name_sharing else "")
    arguments = value_dtype, empty_key, deleted_key, value_shape, initial_num_buckets
    return _made(context, container, name, *arguments, max_load_factor)


@op("MutableDenseHashTable", "stateful", key_dtype=ANY, outputs=("table_handle",))
def mutable_dense_hash_table_op(
    empty_key: key_dtype,
    *,
    container: str = "",
    shared_name: str = "",
    use_node_name_sharing: bool = False,
    value_dtype: DType,
    value_shape: Shape = SCALAR,
    initial_num_buckets: int = _MANY_BUCKETS,
    max_load_factor: float = 0.8,
    context: Context,
) -> Ref[string]:
    """Give the ref handle of such a table, from which nothing can be removed.

    Args:
        empty_key: as of MutableDenseHashTableV2, and so are the attributes.

    Returns:
        The handle.

    Raises:
        InvalidArgumentError: if an argument is not as said there.

    Source: TensorFlow's op of the same name.
    """
    name = shared_name or (context.node_name if use_node_name_sharing else "")
    arguments = value_dtype, empty_key, None, value_shape, initial_num_buckets
    return _made(context, container, name, *arguments, max_load_factor)


def _made(
    context: Context,
    container: str,
    name: str,
    value_dtype: DType,
    empty_key: Array,
    deleted_key: Array | None,
    value_shape: Shape,
    buckets: int,
    max_load_factor: float,
) -> Any:
    if not _is_power_of_two(buckets) or buckets < _LEAST_BUCKETS:
        raise invalid(
            f"Number of buckets must be at least {_LEAST_BUCKETS} and a power of 2, got: {buckets}"
        )
    if not 0 < max_load_factor < 1:
        raise invalid(f"max_load_factor must be between 0 and 1, got: {max_load_factor}")
    sizes = fixed(value_shape)
    if len(sizes) > 1:
        raise invalid(f"Empty value must be a scalar or a vector, got shape {value_shape}")
    dtype = by_numpy(empty_key.dtype)

    def make(found: str) -> DenseTable:
        return DenseTable(
            *(found, dtype, value_dtype, empty_key, deleted_key, sizes, buckets, max_load_factor)
        )

    handle = find_handle(context, container, name, DenseTable, make)
    table = behind(handle, DenseTable)
    if (table.key_dtype, table.value_dtype) != (dtype, value_dtype):
        raise invalid(
            f"Conflicting key/value dtypes {dtype.name}->{value_dtype.name} with "
            f"{table.key_dtype.name}->{table.value_dtype.name} for table {table.name}"
        )
    return handle


@mutable_dense_hash_table_v2_op.shape
def mutable_dense_hash_table_v2_shape(empty_key: Shape, deleted_key: Shape, **attrs: Any) -> Shape:
    return SCALAR


@mutable_dense_hash_table_op.shape
def mutable_dense_hash_table_shape(empty_key: Shape, **attrs: Any) -> Shape:
    return Shape([2])  # the container and the name


@mutable_dense_hash_table_v2_op.value
def mutable_dense_hash_table_v2_value(op: Operation) -> Array | None:
    key_shape, value_shape = op.inputs[0].static_shape, op.attrs["value_shape"]
    if not (key_shape.is_full and value_shape.is_full):
        return None
    return np.array(TableSpec(fixed(key_shape), fixed(value_shape), is_dense=True), object)


mutable_dense_hash_table_v2_op.no_gradient("a table has no slope")
mutable_dense_hash_table_op.no_gradient("a table has no slope")
