"""Columns of sequences: ids or numbers for each step.

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from minitf import dtypes
from minitf.api.array import concat, reshape
from minitf.api.features import VarLenFeature
from minitf.api.sizes import shape as shape_of
from minitf.api.sparse_dense import sparse_tensor_to_dense
from minitf.composite import SparseTensor
from minitf.feature_column.categorical import (
    categorical_column_with_hash_bucket,
    categorical_column_with_identity,
)
from minitf.feature_column.columns import Features, SequenceDenseColumn, check_key
from minitf.feature_column.numeric import check_shape
from minitf.feature_column.sequence_lengths import SequenceCategoricalColumn, steps_of
from minitf.feature_column.vocabularies import (
    categorical_column_with_vocabulary_file,
    categorical_column_with_vocabulary_list,
)
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


@dataclass(frozen=True)
class SequenceNumericColumn(SequenceDenseColumn):
    """The column that `sequence_numeric_column` makes.

    Source: TensorFlow 1.15.
    """

    key: str
    shape: tuple[int, ...]
    default_value: float
    dtype: Any
    normalizer_fn: Callable[[Any], Any] | None

    @property
    def name(self) -> str:
        """Its key."""
        return self.key

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        """Its feature, of any length."""
        return {self.key: VarLenFeature(self.dtype)}

    def transform_feature(self, features: Features, state_manager: Any = None) -> SparseTensor:
        """Return the normalized feature."""
        feature: SparseTensor = features.get(self.key)
        return feature if self.normalizer_fn is None else self.normalizer_fn(feature)

    @property
    def variable_shape(self) -> TensorShape:
        """The shape of the numbers of a step."""
        return TensorShape(self.shape)

    def get_sequence_dense_tensor(
        self, features: Features, weight_collections: Any = None, trainable: bool | None = None
    ) -> tuple[Tensor, Tensor]:
        """Return the numbers of each step, and how many steps there are."""
        sparse = features.get(self)
        dense = sparse_tensor_to_dense(sparse, default_value=self.default_value)
        target = concat([shape_of(dense)[:1], [-1], self.shape], axis=0)
        has_steps = sparse.get_shape().ndims != 2  # else the numbers of all steps follow each other
        per_step = 1 if has_steps else self.variable_shape.num_elements() or 1
        return reshape(dense, target), steps_of(sparse, per_step)


def sequence_numeric_column(
    key: str,
    shape: Any = (1,),
    default_value: float = 0.0,
    dtype: Any = dtypes.float32,
    normalizer_fn: Callable[[Any], Any] | None = None,
) -> SequenceNumericColumn:
    """Return a column of numbers for each step of sequences.

    Args:
        key: the feature's key and the column's name.
        shape: the shape of the numbers of one step.
        default_value: what stands for steps that a shorter sequence has not.
        dtype: the type of the feature.
        normalizer_fn: a function of the sparse feature.

    Raises:
        TypeError: if a size is not a whole number, or `normalizer_fn` no function.
        ValueError: if a size is below 1, or the type is not of numbers.
    """
    sizes = check_shape(shape, key)
    dtype = dtypes.as_dtype(dtype)
    if not dtype.is_integer and not dtype.is_floating:
        raise ValueError(f"dtype must be convertible to float. dtype: {dtype}, key: {key}")
    if normalizer_fn is not None and not callable(normalizer_fn):
        raise TypeError(f"normalizer_fn must be a callable. Given: {normalizer_fn}")
    return SequenceNumericColumn(check_key(key), sizes, default_value, dtype, normalizer_fn)


def sequence_categorical_column_with_identity(
    key: str, num_buckets: int, default_value: int | None = None
) -> SequenceCategoricalColumn:
    """Return a column as `categorical_column_with_identity` does, of ids for each step."""
    return SequenceCategoricalColumn(
        categorical_column_with_identity(key, num_buckets, default_value)
    )


def sequence_categorical_column_with_hash_bucket(
    key: str, hash_bucket_size: int, dtype: Any = dtypes.string
) -> SequenceCategoricalColumn:
    """Return a column as `categorical_column_with_hash_bucket` does, of ids for each step."""
    return SequenceCategoricalColumn(
        categorical_column_with_hash_bucket(key, hash_bucket_size, dtype)
    )


def sequence_categorical_column_with_vocabulary_file(
    key: str,
    vocabulary_file: str,
    vocabulary_size: int | None = None,
    num_oov_buckets: int = 0,
    default_value: int | None = None,
    dtype: Any = dtypes.string,
) -> SequenceCategoricalColumn:
    """Return a column as `categorical_column_with_vocabulary_file` does, of ids for each step."""
    return SequenceCategoricalColumn(
        categorical_column_with_vocabulary_file(
            key, vocabulary_file, vocabulary_size, num_oov_buckets, default_value, dtype
        )
    )


def sequence_categorical_column_with_vocabulary_list(
    key: str,
    vocabulary_list: Sequence[Any],
    dtype: Any = None,
    default_value: int = -1,
    num_oov_buckets: int = 0,
) -> SequenceCategoricalColumn:
    """Return a column as `categorical_column_with_vocabulary_list` does, of ids for each step."""
    return SequenceCategoricalColumn(
        categorical_column_with_vocabulary_list(
            key, vocabulary_list, dtype, default_value, num_oov_buckets
        )
    )
