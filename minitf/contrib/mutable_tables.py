"""Tables that a program writes to while it runs.

    table = MutableHashTable(tf.string, tf.int64, default_value=-1)
    put = table.insert(["to", "be"], tf.constant([0, 1], tf.int64))
    numbers = table.lookup(words)

Source: TensorFlow 1.15's class of the same name in tf.contrib.lookup.
"""

from __future__ import annotations

import functools
from typing import Any

from minitf import dtypes, ops
from minitf.api.framework import add_to_collection, name_scope
from minitf.composite import SparseTensor
from minitf.convert import convert_to_tensor
from minitf.graph_keys import GraphKeys
from minitf.operation import Operation
from minitf.tensor import Tensor
from minitf.trackable.base import Trackable
from minitf.train.saveable import SaveableObject, SaveSpec


class MutableHashTable(Trackable):
    """A table of entries that can be put in, replaced and taken out.

    Args:
        key_dtype: type of the keys.
        value_dtype: type of the values.
        default_value: what stands for a key that it has not; values have its shape.
        shared_name: its name on its device; its operation's by default.
        name: name of its operation.
        checkpoint: whether a Saver of everything saves it.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        key_dtype: Any,
        value_dtype: Any,
        default_value: Any,
        shared_name: str | None = None,
        name: str = "MutableHashTable",
        checkpoint: bool = True,
    ) -> None:
        self._key_dtype = dtypes.as_dtype(key_dtype)
        self._value_dtype = dtypes.as_dtype(value_dtype)
        self._default = convert_to_tensor(default_value, self._value_dtype)
        self._handle = self._make(
            shared_name=shared_name or "",
            use_node_name_sharing=checkpoint and shared_name is None,
            value_dtype=self._value_dtype,
            name=name,
        )
        self._name = self._handle.op.name.rpartition("/")[2]
        if checkpoint:
            add_to_collection(GraphKeys.SAVEABLE_OBJECTS, _Entries(self, name))

    def _make(self, **attrs: Any) -> Tensor:
        """Add the operation that gives its handle."""
        made: Tensor
        if self._default.static_shape.rank == 0:
            made = ops.mutable_hash_table_v2_op(key_dtype=self._key_dtype, **attrs)
        else:
            value_shape = self._default.static_shape
            made = ops.mutable_hash_table_of_tensors_v2_op(
                key_dtype=self._key_dtype, value_shape=value_shape, **attrs
            )
        return made

    @property
    def key_dtype(self) -> dtypes.DType:
        """The type of the keys."""
        return self._key_dtype

    @property
    def value_dtype(self) -> dtypes.DType:
        """The type of the values."""
        return self._value_dtype

    @property
    def name(self) -> str:
        """Its name, without scopes."""
        return self._name

    @property
    def resource_handle(self) -> Tensor:
        """Its handle."""
        return self._handle

    def _gather_saveables_for_checkpoint(self) -> dict[str, Any]:
        """Return what a checkpoint of objects holds of it: its entries."""
        return {"table": functools.partial(_Entries, self)}

    def size(self, name: str | None = None) -> Tensor:
        """Return the number of its entries: int64[]."""
        with name_scope(name, f"{self._name}_Size", [self._handle]):
            found: Tensor = ops.lookup_table_size_v2_op(self._handle)
        return found

    def lookup(self, keys: Any, name: str | None = None) -> Any:
        """Return the value of each key: a Tensor, or a SparseTensor for one.

        Raises:
            TypeError: if the keys are of another type.
        """
        if isinstance(keys, SparseTensor):
            return SparseTensor(keys.indices, self.lookup(keys.values, name), keys.dense_shape)
        keys = self._keys(keys)
        with name_scope(name, f"{self._name}_lookup_table_find", [self._handle, keys]):
            found: Tensor = ops.lookup_table_find_v2_op(self._handle, keys, self._default)
        return found

    def insert(self, keys: Any, values: Any, name: str | None = None) -> Operation:
        """Return an operation that puts in a value for each key.

        Raises:
            TypeError: if the keys are of another type.
        """
        keys, values = self._keys(keys), convert_to_tensor(values, self._value_dtype)
        with name_scope(name, f"{self._name}_lookup_table_insert", [self._handle, keys, values]):
            made: Operation = ops.lookup_table_insert_v2_op(self._handle, keys, values)
        return made

    def remove(self, keys: Any, name: str | None = None) -> Operation:
        """Return an operation that takes the entries of keys out.

        Raises:
            TypeError: if the keys are of another type.
        """
        keys = self._keys(keys)
        with name_scope(name, f"{self._name}_lookup_table_remove", [self._handle, keys]):
            made: Operation = ops.lookup_table_remove_v2_op(self._handle, keys)
        return made

    def export(self, name: str | None = None) -> tuple[Tensor, Tensor]:
        """Return all keys and their values."""
        with name_scope(name, f"{self._name}_lookup_table_export_values", [self._handle]):
            keys, values = ops.lookup_table_export_v2_op(
                self._handle, Tkeys=self._key_dtype, Tvalues=self._value_dtype
            )
        return keys, values

    def _keys(self, keys: Any) -> Tensor:
        found = convert_to_tensor(keys, preferred_dtype=self._key_dtype)
        if found.dtype.base_dtype is not self._key_dtype:
            raise TypeError(
                f"Signature mismatch. Keys must be dtype {self._key_dtype}, got {found.dtype}."
            )
        return found


class DenseHashTable(MutableHashTable):
    """A table of entries in open addressing, whose keys may be vectors.

    Args:
        key_dtype: type of the keys.
        value_dtype: type of the values.
        default_value: what stands for a key that it has not; values have its shape.
        empty_key: a key that is never used; keys have its shape.
        deleted_key: another one.
        initial_num_buckets: how many entries it has room for at first: a power of two.
        name: name of its operation.
        checkpoint: whether a Saver of everything saves it.

    Source: TensorFlow 1.15.
    """

    _shared_name: str | None = None

    def __init__(
        self,
        key_dtype: Any,
        value_dtype: Any,
        default_value: Any,
        empty_key: Any,
        deleted_key: Any,
        initial_num_buckets: int | None = None,
        name: str = "MutableDenseHashTable",
        checkpoint: bool = True,
    ) -> None:
        self._empty_key = convert_to_tensor(empty_key, dtypes.as_dtype(key_dtype), "empty_key")
        self._deleted_key = convert_to_tensor(
            deleted_key, dtypes.as_dtype(key_dtype), "deleted_key"
        )
        self._buckets = initial_num_buckets
        super().__init__(key_dtype, value_dtype, default_value, self._shared_name, name, checkpoint)

    def _make(self, **attrs: Any) -> Tensor:
        if self._buckets is not None:
            attrs["initial_num_buckets"] = self._buckets
        made: Tensor = ops.mutable_dense_hash_table_v2_op(
            self._empty_key,
            self._deleted_key,
            value_shape=self._default.static_shape,
            **attrs,
        )
        return made

    def insert_or_assign(self, keys: Any, values: Any, name: str | None = None) -> Operation:
        """Return an operation that puts in a value for each key; see `insert`."""
        return self.insert(keys, values, name)

    def erase(self, keys: Any, name: str | None = None) -> Operation:
        """Return an operation that takes the entries of keys out; see `remove`."""
        return self.remove(keys, name)


class MutableDenseHashTable(DenseHashTable):
    """A DenseHashTable, with the arguments in the order of `tf.contrib.lookup`."""

    def __init__(
        self,
        key_dtype: Any,
        value_dtype: Any,
        default_value: Any,
        empty_key: Any,
        deleted_key: Any,
        initial_num_buckets: int | None = None,
        shared_name: str | None = None,
        name: str = "MutableDenseHashTable",
        checkpoint: bool = True,
    ) -> None:
        self._shared_name = shared_name
        super().__init__(
            *(key_dtype, value_dtype, default_value, empty_key, deleted_key),
            initial_num_buckets=initial_num_buckets,
            name=name,
            checkpoint=checkpoint,
        )


class _Entries(SaveableObject):
    """What a Saver saves of a table: its keys and values."""

    def __init__(self, table: MutableHashTable, name: str) -> None:
        keys, values = table.export()
        specs = [SaveSpec(keys, "", f"{name}-keys"), SaveSpec(values, "", f"{name}-values")]
        super().__init__(table, specs, name)

    def restore(self, restored_tensors: Any, restored_shapes: Any) -> Any:
        """Return an operation that fills the table with the entries of a checkpoint.

        Args:
            restored_tensors: the keys and the values.
            restored_shapes: accepted, without effect.
        """
        handle = self.op.resource_handle
        return ops.lookup_table_import_v2_op(handle, *restored_tensors)
