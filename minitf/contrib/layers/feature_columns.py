"""Feature columns by their older names: columns of `tf.feature_column`.

**Departure**: how the weights of an example's ids are combined is an argument of linear models, not
of each column: a `combiner` other than "sum" is refused.

Source: TensorFlow 1.15's `tf.contrib.layers`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from minitf import dtypes
from minitf.feature_column.categorical import (
    HashedCategoricalColumn,
    categorical_column_with_hash_bucket,
    categorical_column_with_identity,
    weighted_categorical_column,
)
from minitf.feature_column.columns import CategoricalColumn
from minitf.feature_column.crosses import CrossedColumn
from minitf.feature_column.crosses import crossed_column as crossed
from minitf.feature_column.indicators import IndicatorColumn, indicator_column
from minitf.feature_column.numeric import NumericColumn, numeric_column
from minitf.feature_column.parsing import make_parse_example_spec
from minitf.feature_column.vocabularies import (
    categorical_column_with_vocabulary_file,
    categorical_column_with_vocabulary_list,
)

ALONE = "features"  # the key of features that are one array, which older programs call ""


def real_valued_column(
    column_name: str,
    dimension: int = 1,
    default_value: Any = None,
    dtype: Any = dtypes.float32,
    normalizer: Callable[[Any], Any] | None = None,
) -> NumericColumn:
    """Return a column of numbers; see `tf.feature_column.numeric_column`.

    Args:
        column_name: the feature's key and the column's name; "" for features that are one array.
        dimension: how many numbers an example has.
        default_value: what stands for a feature that an Example lacks.
        dtype: the type of the feature.
        normalizer: a function of the feature.

    Raises:
        ValueError: if the dimension is not known.
    """
    if dimension is None:
        raise ValueError("dimension must be an integer: columns of any length are not there")
    return numeric_column(column_name or ALONE, (dimension,), default_value, dtype, normalizer)


def sparse_column_with_hash_bucket(
    column_name: str, hash_bucket_size: int, combiner: str = "sum", dtype: Any = dtypes.string
) -> HashedCategoricalColumn:
    """Return a column of hashes; see `tf.feature_column.categorical_column_with_hash_bucket`."""
    _check_combiner(combiner)
    return categorical_column_with_hash_bucket(column_name, hash_bucket_size, dtype)


def sparse_column_with_integerized_feature(
    column_name: str, bucket_size: int, combiner: str = "sum", dtype: Any = dtypes.int64
) -> CategoricalColumn:
    """Return a column of ids; see `tf.feature_column.categorical_column_with_identity`."""
    _check_combiner(combiner)
    return categorical_column_with_identity(column_name, bucket_size)


def sparse_column_with_keys(
    column_name: str,
    keys: Sequence[Any],
    default_value: int = -1,
    combiner: str = "sum",
    dtype: Any = dtypes.string,
) -> CategoricalColumn:
    """Return a column of numbers of words.

    See `tf.feature_column.categorical_column_with_vocabulary_list`.
    """
    _check_combiner(combiner)
    return categorical_column_with_vocabulary_list(column_name, keys, dtype, default_value)


def sparse_column_with_vocabulary_file(
    column_name: str,
    vocabulary_file: str,
    num_oov_buckets: int = 0,
    vocab_size: int | None = None,
    default_value: int = -1,
    combiner: str = "sum",
    dtype: Any = dtypes.string,
) -> CategoricalColumn:
    """Return a column of numbers of lines.

    See `tf.feature_column.categorical_column_with_vocabulary_file`.
    """
    _check_combiner(combiner)
    default = None if num_oov_buckets else default_value
    return categorical_column_with_vocabulary_file(
        column_name, vocabulary_file, vocab_size, num_oov_buckets, default, dtype
    )


def weighted_sparse_column(
    sparse_id_column: CategoricalColumn, weight_column_name: str, dtype: Any = dtypes.float32
) -> CategoricalColumn:
    """Return a column of ids with weights; see `tf.feature_column.weighted_categorical_column`."""
    return weighted_categorical_column(sparse_id_column, weight_column_name, dtype)


def one_hot_column(sparse_id_column: CategoricalColumn) -> IndicatorColumn:
    """Return a column that shows ids; see `tf.feature_column.indicator_column`."""
    return indicator_column(sparse_id_column)


def crossed_column(
    columns: Iterable[Any],
    hash_bucket_size: int,
    combiner: str = "sum",
    ckpt_to_load_from: str | None = None,
    tensor_name_in_ckpt: str | None = None,
    hash_key: int | None = None,
) -> CrossedColumn:
    """Return a column of hashes of combinations; see `tf.feature_column.crossed_column`.

    Args:
        columns: categorical columns; of one of hashes the feature is crossed, not its hash.
        hash_bucket_size: the number that ids are below.
        combiner: "sum".
        ckpt_to_load_from: must be None: weights are not loaded for one column.
        tensor_name_in_ckpt: must be None.
        hash_key: where hashes start.

    Raises:
        ValueError: if an argument has a value that it must not have.
    """
    _check_combiner(combiner)
    if ckpt_to_load_from is not None or tensor_name_in_ckpt is not None:
        raise ValueError("Weights of a crossed_column are not loaded from a checkpoint")
    keys = [each.key if isinstance(each, HashedCategoricalColumn) else each for each in columns]
    return crossed(keys, hash_bucket_size, hash_key)


def create_feature_spec_for_parsing(feature_columns: Iterable[Any]) -> dict[str, Any]:
    """Return what `tf.parse_example` needs; see `tf.feature_column.make_parse_example_spec`."""
    return make_parse_example_spec(feature_columns)


def _check_combiner(combiner: str) -> None:
    if combiner != "sum":
        raise ValueError(
            f"combiner must be 'sum', got {combiner!r}: how ids are combined is an argument of "
            "linear models (sparse_combiner)"
        )
