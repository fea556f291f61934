"""IdTableWithHashBuckets: the numbers of a table's words, and those of buckets for other words.

Source: TensorFlow 1.15's class of the same name.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from minitf import dtypes
from minitf.api.string_codes import (
    string_to_hash_bucket,
    string_to_hash_bucket_fast,
    string_to_hash_bucket_strong,
)
from minitf.lookup.index_tables import FastHashSpec, HasherSpec
from minitf.lookup.tables import StaticVocabularyTable
from minitf.tensor import Tensor

_KEYS = (dtypes.int64, dtypes.string)


class IdTableWithHashBuckets(StaticVocabularyTable):
    """A table of numbers of words, in which other words get the numbers of buckets after them.

    Args:
        table: a table of text or int64 to int64; None for buckets alone.
        num_oov_buckets: how many buckets there are; with 0 it answers as the table does.
        hasher_spec: how words are hashed.
        name: name of the table and of its lookups.
        key_dtype: type of the keys that it is asked for; that of `table` by default, or text.

    Raises:
        TypeError: if types do not fit, or `hasher_spec` is none.
        ValueError: if there is neither a table nor a bucket.

    Source: TensorFlow 1.15.
    """

    def __init__(
        self,
        table: Any,
        num_oov_buckets: int,
        hasher_spec: HasherSpec = FastHashSpec,
        name: str | None = None,
        key_dtype: Any = None,
    ) -> None:
        wanted = key_dtype or (table.key_dtype if table else dtypes.string)
        self._key_dtype = dtypes.as_dtype(wanted)
        if self._key_dtype not in (*_KEYS, dtypes.int32):
            raise TypeError(
                f"Invalid key_dtype, expected integer or string, but got {self._key_dtype}."
            )
        if table:
            self._check_table(table)
        elif num_oov_buckets <= 0:
            raise ValueError("oov_buckets must be > 0 if no table is supplied.")
        if not isinstance(hasher_spec, HasherSpec):
            raise TypeError(f"hasher_spec must be of type HasherSpec, got {type(hasher_spec)}")
        self._hasher_spec = hasher_spec
        self._table = table or None
        self.num_oov_buckets = num_oov_buckets
        self._name = name or (table.name.split("/")[-1] if table else "hash_bucket")

    def _check_table(self, table: Any) -> None:
        if table.key_dtype not in _KEYS:
            raise TypeError(
                f"Invalid key dtype, expected one of {list(_KEYS)}, but got {table.key_dtype}."
            )
        if table.key_dtype.is_integer != self._key_dtype.is_integer:
            kind = "integer" if self._key_dtype.is_integer else "non-integer"
            raise TypeError(f"Invalid key dtype, expected {kind} but got {table.key_dtype}.")
        if table.value_dtype is not dtypes.int64:
            raise TypeError(
                f"Invalid value dtype, expected {dtypes.int64} but got {table.value_dtype}."
            )

    def lookup(self, keys: Any, name: str | None = None) -> Any:
        """Return the number of each key: a Tensor, or a SparseTensor for one.

        Raises:
            TypeError: if the keys are of another type.
            ValueError: if the hasher is unknown.
        """
        if not self.num_oov_buckets and self._table is not None:
            return self._table.lookup(keys, name=name)
        return super().lookup(keys, name)

    def bucket(self, text: Tensor) -> Tensor:
        """Return the number of each text's bucket."""
        hasher = _hasher(self._hasher_spec)
        return hasher(text, self.num_oov_buckets, name="hash_bucket")


def _hasher(spec: HasherSpec) -> Callable[..., Tensor]:
    known: dict[str, Callable[..., Tensor]] = {
        "fasthash": string_to_hash_bucket_fast,
        "legacy": string_to_hash_bucket,
        "stronghash": partial(string_to_hash_bucket_strong, key=spec.key and list(spec.key)),
    }
    if spec.hasher not in known:
        raise ValueError(f"Unknown hasher {spec.hasher}")
    return known[spec.hasher]
