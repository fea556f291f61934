"""Columns of ids that are numbers of words: of a list's, or a file's.

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from minitf import dtypes
from minitf.api.casting import cast
from minitf.api.features import VarLenFeature
from minitf.composite import SparseTensor
from minitf.feature_column.categorical import check_kind
from minitf.feature_column.columns import (
    CategoricalColumn,
    Features,
    IdWeightPair,
    check_key,
    check_text_or_integer,
    sparse_of,
)
from minitf.lookup.index_tables import index_table_from_file, index_table_from_tensor

_LOG = logging.getLogger("tensorflow")


class _VocabularyColumn(CategoricalColumn):
    """What both kinds of column do."""

    key: str
    dtype: Any
    num_oov_buckets: int

    @property
    def name(self) -> str:
        """Its key."""
        return self.key

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        """Its feature, of any length."""
        return {self.key: VarLenFeature(self.dtype)}

    def transform_feature(self, features: Features, state_manager: Any = None) -> Any:
        """Return the numbers of the words.

        Raises:
            ValueError: if the feature is of another kind than the words.
        """
        given = sparse_of(features.get(self.key))
        check_kind(self.key, given, self.dtype)
        key_dtype = self.dtype
        if given.dtype.is_integer:  # tables have keys of one kind of whole number
            key_dtype = dtypes.int64
            values = cast(given.values, dtypes.int64)
            given = SparseTensor(given.indices, values, given.dense_shape)
        return self._table(key_dtype).lookup(given)

    def _table(self, key_dtype: Any) -> Any:
        """Return a table of the numbers of the words."""
        raise NotImplementedError

    def get_sparse_tensors(self, features: Features, state_manager: Any = None) -> IdWeightPair:
        """Return the numbers of the words."""
        return IdWeightPair(features.get(self), None)


@dataclass(frozen=True)
class VocabularyListCategoricalColumn(_VocabularyColumn):
    """The column that `categorical_column_with_vocabulary_list` makes.

    Source: TensorFlow 1.15.
    """

    key: str
    vocabulary_list: tuple[Any, ...]
    dtype: Any
    default_value: int
    num_oov_buckets: int

    @property
    def num_buckets(self) -> int:
        """How many words there are, and buckets for others."""
        return len(self.vocabulary_list) + self.num_oov_buckets

    def _table(self, key_dtype: Any) -> Any:
        return index_table_from_tensor(
            vocabulary_list=self.vocabulary_list,
            default_value=self.default_value,
            num_oov_buckets=self.num_oov_buckets,
            dtype=key_dtype,
            name=f"{self.key}_lookup",
        )


@dataclass(frozen=True)
class VocabularyFileCategoricalColumn(_VocabularyColumn):
    """The column that `categorical_column_with_vocabulary_file` makes.

    Source: TensorFlow 1.15.
    """

    key: str
    vocabulary_file: str
    vocabulary_size: int
    num_oov_buckets: int
    dtype: Any
    default_value: int

    @property
    def num_buckets(self) -> int:
        """How many words there are, and buckets for others."""
        return self.vocabulary_size + self.num_oov_buckets

    def _table(self, key_dtype: Any) -> Any:
        return index_table_from_file(
            vocabulary_file=self.vocabulary_file,
            num_oov_buckets=self.num_oov_buckets,
            vocab_size=self.vocabulary_size,
            default_value=self.default_value,
            key_dtype=key_dtype,
            name=f"{self.key}_lookup",
        )


def categorical_column_with_vocabulary_list(
    key: str,
    vocabulary_list: Sequence[Any],
    dtype: Any = None,
    default_value: int = -1,
    num_oov_buckets: int = 0,
) -> VocabularyListCategoricalColumn:
    """Return a column of ids that are numbers of a list's words.

    Args:
        key: the feature's key and the column's name.
        vocabulary_list: the words, or whole numbers.
        dtype: the type of the feature; by default that of the list.
        default_value: the id of other words; those of -1 are left out.
        num_oov_buckets: how many buckets other words are hashed into instead.

    Raises:
        ValueError: if the list is empty, has a word twice or is of another kind than `dtype`, or if
            both a default and buckets are given.
    """
    if vocabulary_list is None or len(vocabulary_list) < 1:
        raise ValueError(f"vocabulary_list {vocabulary_list} must be non-empty, column_name: {key}")
    if len(set(vocabulary_list)) != len(vocabulary_list):
        raise ValueError(f"Duplicate keys in vocabulary_list {vocabulary_list}, column_name: {key}")
    words = np.array(list(vocabulary_list))
    found = dtypes.string if words.dtype.kind in "SUO" else dtypes.as_dtype(words.dtype)
    _check_buckets(num_oov_buckets, default_value != -1, default_value, key)
    check_text_or_integer(found, f"column_name: {key} vocabulary")
    dtype = found if dtype is None else dtypes.as_dtype(dtype)
    if dtype.is_integer != found.is_integer:
        raise ValueError(
            f"dtype {dtype} and vocabulary dtype {found} do not match, column_name: {key}"
        )
    check_text_or_integer(dtype, f"column_name: {key}")
    return VocabularyListCategoricalColumn(
        check_key(key), tuple(vocabulary_list), dtype, default_value, num_oov_buckets
    )


def categorical_column_with_vocabulary_file(
    key: str,
    vocabulary_file: str,
    vocabulary_size: int | None = None,
    num_oov_buckets: int = 0,
    default_value: int | None = None,
    dtype: Any = dtypes.string,
) -> VocabularyFileCategoricalColumn:
    """Return a column of ids that are numbers of a file's lines.

    Args:
        key: the feature's key and the column's name.
        vocabulary_file: the path of a file of a word per line.
        vocabulary_size: how many lines to use; all that the file has when this is called if None.
        num_oov_buckets: how many buckets other words are hashed into.
        default_value: the id of other words if there are no buckets; -1, the default, leaves them
            out.
        dtype: the type of the feature.

    Raises:
        ValueError: if there is no file, or a number or the type does not fit.
    """
    if not vocabulary_file:
        raise ValueError(f"Missing vocabulary_file in {key}.")
    if vocabulary_size is None:
        if not Path(vocabulary_file).is_file():
            raise ValueError(f"vocabulary_file in {key} does not exist: {vocabulary_file}")
        with Path(vocabulary_file).open("rb") as file:
            vocabulary_size = sum(1 for _ in file)
        _LOG.info(
            "vocabulary_size = %d in %s is inferred from the number of elements in the "
            "vocabulary_file %s.",
            *(vocabulary_size, key, vocabulary_file),
        )
    if vocabulary_size < 1:
        raise ValueError(f"Invalid vocabulary_size in {key}.")
    _check_buckets(num_oov_buckets, default_value is not None, default_value, key)
    dtype = dtypes.as_dtype(dtype)
    check_text_or_integer(dtype, f"column_name: {check_key(key)}")
    default = -1 if default_value is None else default_value
    return VocabularyFileCategoricalColumn(
        key, vocabulary_file, vocabulary_size, num_oov_buckets, dtype, default
    )


def _check_buckets(count: int, has_default: bool, default: Any, key: str) -> None:
    """Raise ValueError unless other words have either buckets or a default."""
    if not count:
        return
    if has_default:
        raise ValueError(
            f"Can't specify both num_oov_buckets and default_value in {key}. "
            f"default_value: {default}"
        )
    if count < 0:
        raise ValueError(f"Invalid num_oov_buckets {count} in {key}.")
