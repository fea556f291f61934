"""Tables that answer with a value for each key.

    table = tf.lookup.StaticHashTable(
        tf.lookup.KeyValueTensorInitializer(["to", "be"], tf.constant([0, 1], tf.int64)), -1)
    numbers = table.lookup(words)
    sess.run(tf.tables_initializer())

Source: TensorFlow 1.15's classes of the same names.
"""

from __future__ import annotations

import uuid
from typing import Any

from minitf import dtypes, ops
from minitf.api.casting import cast
from minitf.api.comparison import not_equal
from minitf.api.framework import name_scope
from minitf.api.gathering import where
from minitf.api.math import add
from minitf.api.string_codes import string_to_hash_bucket_fast
from minitf.api.strings import as_string
from minitf.composite import SparseTensor
from minitf.convert import convert_to_tensor
from minitf.operation import Operation
from minitf.tensor import Tensor
from minitf.trackable.auto import TrackableResource
from minitf.trackable.base import Trackable


class StaticHashTable(TrackableResource):
    """A table that is filled once.

    Args:
        initializer: what fills it.
        default_value: what stands for a key that it has not.
        name: name of its operation.

    Source: TensorFlow 1.15.
    """

    def __init__(self, initializer: Any, default_value: Any, name: str | None = None) -> None:
        super().__init__()
        self._key_dtype = initializer.key_dtype
        self._value_dtype = initializer.value_dtype
        self._default = convert_to_tensor(default_value, self._value_dtype)
        self._name = name or "hash_table"
        self._shared_name = f"hash_table_{uuid.uuid4()}"  # one table in all sessions on a target
        self._resource_handle: Tensor = self._create_resource()
        self._name = self._resource_handle.op.name.rpartition("/")[2]
        self._source = initializer
        if isinstance(initializer, Trackable):
            self._track_trackable(initializer, "_initializer")
        self._initializer: Operation = self._initialize()

    def _create_resource(self) -> Tensor:
        made: Tensor = ops.hash_table_v2_op(
            shared_name=self._shared_name,
            key_dtype=self._key_dtype,
            value_dtype=self._value_dtype,
            name=self._name,
        )
        return made

    def _initialize(self) -> Operation:
        made: Operation = self._source.initialize(self)
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
    def initializer(self) -> Operation:
        """The operation that fills it, which `tf.tables_initializer` runs too."""
        return self._initializer

    @property
    def default_value(self) -> Tensor:
        """What stands for a key that it has not."""
        return self._default

    def lookup(self, keys: Any, name: str | None = None) -> Any:
        """Return the value of each key: a Tensor, or a SparseTensor for one.

        Raises:
            TypeError: if the keys are of another type.
        """
        values = keys.values if isinstance(keys, SparseTensor) else convert_to_tensor(keys)
        if values.dtype.base_dtype is not self._key_dtype:
            raise TypeError(
                f"Signature mismatch. Keys must be dtype {self._key_dtype}, got {values.dtype}."
            )
        taken = self.resource_handle, values, self._default
        with name_scope(name, f"{self._name}_Lookup", taken):
            found: Tensor = ops.lookup_table_find_v2_op(*taken)
        found.set_shape(values.get_shape())
        if isinstance(keys, SparseTensor):
            return SparseTensor(keys.indices, found, keys.dense_shape)
        return found

    def size(self, name: str | None = None) -> Tensor:
        """Return the number of its entries: int64[]."""
        with name_scope(name, f"{self._name}_Size", [self.resource_handle]):
            found: Tensor = ops.lookup_table_size_v2_op(self.resource_handle)
        return found

    def export(self, name: str | None = None) -> tuple[Tensor, Tensor]:
        """Return all keys and their values."""
        with name_scope(name, f"{self._name}_Export", [self.resource_handle]):
            keys, values = ops.lookup_table_export_v2_op(
                self.resource_handle, Tkeys=self._key_dtype, Tvalues=self._value_dtype
            )
        return keys, values


class HashTable(StaticHashTable):
    """`tf.contrib.lookup.HashTable`: a StaticHashTable whose operation that fills it is `init` too.

    Args:
        initializer: what fills it.
        default_value: what stands for a key that it has not.
        shared_name: accepted for compatibility: a table is found by its handle.
        name: name of its operation.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        initializer: Any,
        default_value: Any,
        shared_name: str | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(initializer, default_value, name)

    @property
    def init(self) -> Operation:
        """The operation that fills it."""
        return self.initializer


class StaticVocabularyTable(Trackable):
    """A table of numbers of words, in which other words get the numbers of buckets after them.

    Args:
        initializer: what fills it, of text or whole numbers to int64; None for buckets alone.
        num_oov_buckets: how many buckets there are.
        lookup_key_dtype: type of the keys that it is asked for; that of `initializer` by default.
        name: name of the table and of its lookups.

    Attributes:
        num_oov_buckets: how many buckets there are.

    Raises:
        TypeError: if the keys are neither text nor whole numbers, or the values are not int64.
        ValueError: if there are no buckets.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        initializer: Any,
        num_oov_buckets: int,
        lookup_key_dtype: Any = None,
        name: str | None = None,
    ) -> None:
        if num_oov_buckets <= 0:
            raise ValueError("num_oov_buckets must be > 0.")
        self.num_oov_buckets = num_oov_buckets
        self._table: Any = None
        if initializer is not None:
            if initializer.value_dtype is not dtypes.int64:
                raise TypeError(
                    f"Invalid value dtype, expected {dtypes.int64} but got "
                    f"{initializer.value_dtype}."
                )
            self._table = StaticHashTable(initializer, -1, name)
            self._track_trackable(self._table, "_table")
        wanted = lookup_key_dtype or (initializer and initializer.key_dtype) or dtypes.string
        self._key_dtype = dtypes.as_dtype(wanted)
        if self._key_dtype is not dtypes.string and not self._key_dtype.is_integer:
            raise TypeError(
                f"Invalid key_dtype, expected integer or string, but got {self._key_dtype}."
            )
        if self._table and self._table.key_dtype.is_integer != self._key_dtype.is_integer:
            raise TypeError(
                f"Invalid key dtype, expected {self._table.key_dtype} but got {self._key_dtype}."
            )
        self._name = self._table.name if self._table else name or "hash_bucket"

    @property
    def key_dtype(self) -> dtypes.DType:
        """The type of the keys that it is asked for."""
        return self._key_dtype

    @property
    def value_dtype(self) -> dtypes.DType:
        """The type of the numbers."""
        return dtypes.int64

    @property
    def name(self) -> str:
        """Its name."""
        return self._name

    @property
    def resource_handle(self) -> Tensor | None:
        """The handle of the table of words; None if it has buckets alone."""
        return self._table.resource_handle if self._table else None

    @property
    def initializer(self) -> Operation:
        """The operation that fills it, which `tf.tables_initializer` runs too."""
        if self._table is not None:
            return self._table.initializer
        made: Operation = ops.no_op_op()
        return made

    def size(self, name: str | None = None) -> Tensor:
        """Return the number of words and buckets: int64[]."""
        with name_scope(name, f"{self._name}_Size"):
            if self._table is None:
                return convert_to_tensor(self.num_oov_buckets, dtypes.int64)
            return self._table.size() + self.num_oov_buckets

    def lookup(self, keys: Any, name: str | None = None) -> Any:
        """Return the number of each key: a Tensor, or a SparseTensor for one.

        Raises:
            TypeError: if the keys are of another type.
        """
        values = keys.values if isinstance(keys, SparseTensor) else convert_to_tensor(keys)
        if values.dtype.base_dtype is not self._key_dtype:
            raise TypeError(
                f"Signature mismatch. Keys must be dtype {self._key_dtype}, got {values.dtype}."
            )
        with name_scope(name, f"{self._name}_Lookup"):
            if self._table is not None and self._table.key_dtype is dtypes.int64:
                values = cast(values, dtypes.int64)
            text = values if self._key_dtype is dtypes.string else as_string(values)
            numbers = self.bucket(text)
            if self._table is not None:
                found = self._table.lookup(values)
                after = add(numbers, self._table.size())
                numbers = where(not_equal(found, self._table.default_value), found, after)
        if isinstance(keys, SparseTensor):
            return SparseTensor(keys.indices, numbers, keys.dense_shape)
        return numbers

    def bucket(self, text: Tensor) -> Tensor:
        """Return the number of each text's bucket."""
        return string_to_hash_bucket_fast(text, self.num_oov_buckets, name="hash_bucket")
