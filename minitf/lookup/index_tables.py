"""Tables of the numbers of words: `tf.contrib.lookup`'s functions.

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from numbers import Integral
from typing import Any, NamedTuple, Self

from minitf import dtypes
from minitf.api.casting import cast
from minitf.api.framework import name_scope
from minitf.api.sequences import range as range_
from minitf.api.sizes import size
from minitf.api.string_codes import string_to_hash_bucket_strong
from minitf.convert import convert_to_tensor
from minitf.lookup.sources import (
    KeyValueTensorInitializer,
    TextFileIndex,
    TextFileInitializer,
    TextFileStringTableInitializer,
)
from minitf.lookup.tables import StaticHashTable, StaticVocabularyTable
from minitf.tensor import Tensor


class HasherSpec(NamedTuple):
    """How words without a number are hashed.

    Args:
        hasher: "fasthash" or "stronghash".
        key: two numbers for "stronghash".

    Source: TensorFlow 1.15.
    """

    hasher: str
    key: Any


class StrongHashSpec(HasherSpec):
    """A hash that nobody foresees without its key.

    Args:
        key: two numbers.

    Raises:
        ValueError: if they are not two.
        TypeError: if they are no whole numbers.

    Source: TensorFlow 1.15.
    """

    __slots__ = ()

    def __new__(cls, key: Any) -> Self:
        """Check the key."""
        if len(key) != 2:
            raise ValueError(f"key must have size 2, received {len(key)}")
        if not all(isinstance(each, Integral) for each in key):
            raise TypeError(f"Invalid key {key}. Must be unsigned integer values.")
        return super().__new__(cls, "stronghash", key)


FastHashSpec = HasherSpec("fasthash", None)


class _StrongVocabularyTable(StaticVocabularyTable):
    """A table whose buckets nobody foresees without its key."""

    key: list[int]

    def bucket(self, text: Tensor) -> Tensor:
        """Return the number of each text's bucket."""
        return string_to_hash_bucket_strong(
            text, self.num_oov_buckets, self.key, name="hash_bucket"
        )


def index_table_from_tensor(
    vocabulary_list: Any,
    num_oov_buckets: int = 0,
    default_value: int = -1,
    hasher_spec: HasherSpec = FastHashSpec,
    dtype: Any = dtypes.string,
    name: str | None = None,
) -> Any:
    """Return a table of the numbers of a list's words.

    Args:
        vocabulary_list: the words, or whole numbers.
        num_oov_buckets: how many buckets other words are hashed into.
        default_value: the number of other words if there are no buckets.
        hasher_spec: how they are hashed.
        dtype: the type of the words.
        name: name scope of the table.

    Raises:
        ValueError: if there is no list, or the number of buckets is below 0.
        TypeError: if words are neither text nor whole numbers.
    """
    if vocabulary_list is None:
        raise ValueError("vocabulary_list must be specified.")
    _check_buckets(num_oov_buckets)
    dtype = dtypes.as_dtype(dtype)
    if not dtype.is_integer and dtype is not dtypes.string:
        raise TypeError("Only integer and string keys are supported.")
    with name_scope(name, "string_to_index"):
        keys = convert_to_tensor(vocabulary_list)
        if keys.dtype.is_integer is not dtype.is_integer:
            raise ValueError(
                f"Expected {'integer' if dtype.is_integer else 'non-integer'}, got {keys.dtype}."
            )
        values = cast(range_(size(keys)), dtypes.int64)
        keys = cast(keys, dtypes.int64) if dtype.is_integer else keys
        filling = KeyValueTensorInitializer(keys, values, name="table_init")
        return _table(filling, num_oov_buckets, default_value, hasher_spec, dtype)


def index_table_from_file(
    vocabulary_file: Any = None,
    num_oov_buckets: int = 0,
    vocab_size: int | None = None,
    default_value: int = -1,
    hasher_spec: HasherSpec = FastHashSpec,
    key_dtype: Any = dtypes.string,
    name: str | None = None,
    key_column_index: int = TextFileIndex.WHOLE_LINE,
    value_column_index: int = TextFileIndex.LINE_NUMBER,
    delimiter: str = "\t",
) -> Any:
    r"""Return a table of the numbers of a file's lines.

    Args:
        vocabulary_file: its path.
        num_oov_buckets: how many buckets other words are hashed into.
        vocab_size: how many lines to read; all by default.
        default_value: the number of other words if there are no buckets.
        hasher_spec: how they are hashed.
        key_dtype: the type of the words.
        name: name scope of the table.
        key_column_index: the column of the words, or a TextFileIndex.
        value_column_index: the column of their numbers, or a TextFileIndex.
        delimiter: what stands between columns.

    Raises:
        ValueError: if there is no file, or a number does not fit.
        TypeError: if words are neither text nor whole numbers.
    """
    if vocabulary_file is None or (
        isinstance(vocabulary_file, (str, bytes)) and not vocabulary_file
    ):
        raise ValueError("vocabulary_file must be specified and must not be empty.")
    _check_buckets(num_oov_buckets)
    if vocab_size is not None and vocab_size < 1:
        raise ValueError(f"vocab_size must be greater than 0, got {vocab_size}.")
    key_dtype = dtypes.as_dtype(key_dtype)
    if not key_dtype.is_integer and key_dtype is not dtypes.string:
        raise TypeError("Only integer and string keys are supported.")
    with name_scope(name, "string_to_index"):
        filling = TextFileInitializer(
            vocabulary_file,
            dtypes.int64 if key_dtype.is_integer else key_dtype,
            key_column_index,
            dtypes.int64,
            value_column_index,
            vocab_size,
            delimiter,
            "table_init",
        )
        return _table(filling, num_oov_buckets, default_value, hasher_spec, key_dtype)


def index_to_string_table_from_tensor(
    vocabulary_list: Any, default_value: str = "UNK", name: str | None = None
) -> StaticHashTable:
    """Return a table of the words of a list by their numbers.

    Args:
        vocabulary_list: the words.
        default_value: what stands for other numbers.
        name: name scope of the table.

    Raises:
        ValueError: if there is no list.
    """
    if vocabulary_list is None:
        raise ValueError("vocabulary_list must be specified.")
    with name_scope(name, "index_to_string"):
        words = convert_to_tensor(vocabulary_list, dtypes.string)
        numbers = cast(range_(size(words)), dtypes.int64)
        filling = KeyValueTensorInitializer(numbers, words, name="table_init")
        return StaticHashTable(filling, default_value)


def index_to_string_table_from_file(
    vocabulary_file: Any,
    vocab_size: int | None = None,
    default_value: str = "UNK",
    name: str | None = None,
    key_column_index: int = TextFileIndex.LINE_NUMBER,
    value_column_index: int = TextFileIndex.WHOLE_LINE,
    delimiter: str = "\t",
) -> StaticHashTable:
    r"""Return a table of a file's lines by their numbers.

    Args:
        vocabulary_file: its path.
        vocab_size: how many lines to read; all by default.
        default_value: what stands for other numbers.
        name: name scope of the table.
        key_column_index: the column of the numbers, or a TextFileIndex.
        value_column_index: the column of the words, or a TextFileIndex.
        delimiter: what stands between columns.

    Raises:
        ValueError: if there is no file, or a number does not fit.
    """
    if isinstance(vocabulary_file, (str, bytes)) and not vocabulary_file:
        raise ValueError("vocabulary_file must be specified and must not be empty.")
    if vocab_size is not None and vocab_size < 1:
        raise ValueError(f"vocab_size must be greater than 0, got {vocab_size}.")
    with name_scope(name, "index_to_string"):
        filling = TextFileStringTableInitializer(
            *(vocabulary_file, key_column_index, value_column_index, vocab_size, delimiter),
            "table_init",
        )
        return StaticHashTable(filling, default_value)


def _check_buckets(count: int) -> None:
    if count < 0:
        raise ValueError(
            f"num_oov_buckets must be greater or equal than 0, got {count}.",
        )


def _table(filling: Any, buckets: int, default: int, hasher: HasherSpec, dtype: Any) -> Any:
    """Return a table with buckets if there are some."""
    with name_scope("hash_table"):
        if not buckets:
            return StaticHashTable(filling, default)
        if hasher.key is None:
            return StaticVocabularyTable(filling, buckets, dtype)
        table = _StrongVocabularyTable(filling, buckets, dtype)
        table.key = list(hasher.key)
        return table
