"""Columns of ids: numbers themselves, hashes, and ids with weights.

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from minitf import dtypes
from minitf.api.assertions import assert_greater_equal, assert_less
from minitf.api.casting import cast
from minitf.api.comparison import greater_equal, less, logical_or
from minitf.api.constants import fill
from minitf.api.control import identity
from minitf.api.features import VarLenFeature
from minitf.api.framework import control_dependencies
from minitf.api.gathering import where
from minitf.api.sizes import shape
from minitf.api.string_codes import string_to_hash_bucket_fast
from minitf.api.strings import as_string
from minitf.composite import SparseTensor
from minitf.feature_column.columns import (
    CategoricalColumn,
    Features,
    IdWeightPair,
    check_key,
    check_text_or_integer,
    sparse_of,
)


@dataclass(frozen=True)
class HashedCategoricalColumn(CategoricalColumn):
    """The column that `categorical_column_with_hash_bucket` makes.

    Source: TensorFlow 1.15.
    """

    key: str
    hash_bucket_size: int
    dtype: Any

    @property
    def name(self) -> str:
        """Its key."""
        return self.key

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        """Its feature, of any length."""
        return {self.key: VarLenFeature(self.dtype)}

    def transform_feature(self, features: Features, state_manager: Any = None) -> SparseTensor:
        """Return the hashes.

        Raises:
            ValueError: if the feature is of another kind than the column.
        """
        values = sparse_of(features.get(self.key))
        check_kind(self.key, values, self.dtype)
        text = values.values if self.dtype is dtypes.string else as_string(values.values)
        ids = string_to_hash_bucket_fast(text, self.hash_bucket_size, name="lookup")
        return SparseTensor(values.indices, ids, values.dense_shape)

    @property
    def num_buckets(self) -> int:
        """How many buckets there are."""
        return self.hash_bucket_size

    def get_sparse_tensors(self, features: Features, state_manager: Any = None) -> IdWeightPair:
        """Return the hashes."""
        return IdWeightPair(features.get(self), None)


@dataclass(frozen=True)
class IdentityCategoricalColumn(CategoricalColumn):
    """The column that `categorical_column_with_identity` makes.

    Source: TensorFlow 1.15.
    """

    key: str
    number_buckets: int
    default_value: int | None

    @property
    def name(self) -> str:
        """Its key."""
        return self.key

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        """Its feature, of any length."""
        return {self.key: VarLenFeature(dtypes.int64)}

    def transform_feature(self, features: Features, state_manager: Any = None) -> SparseTensor:
        """Return the ids; the default for what is no id; a step fails where there is none.

        Raises:
            ValueError: if the feature is not of whole numbers.
        """
        given = sparse_of(features.get(self.key))
        if not given.dtype.is_integer:
            raise ValueError(f"Invalid input, not integer. key: {self.key} dtype: {given.dtype}")
        ids = cast(given.values, dtypes.int64)
        if self.default_value is None:
            checks = [
                assert_less(
                    ids,
                    cast(self.number_buckets, dtypes.int64),
                    message=f"Bucket index for categorical column {self.name!r} exceeds number of "
                    f"buckets {self.number_buckets}",
                    name="assert_less_than_num_buckets",
                ),
                assert_greater_equal(ids, cast(0, dtypes.int64), name="assert_greater_or_equal_0"),
            ]
            with control_dependencies(checks):
                ids = identity(ids)
        else:
            count = cast(self.number_buckets, dtypes.int64, name="num_buckets")
            is_no_id = logical_or(
                less(ids, cast(0, dtypes.int64, name="zero")),
                greater_equal(ids, count),
                name="out_of_range",
            )
            default = fill(shape(ids), cast(self.default_value, dtypes.int64), "default_values")
            ids = where(is_no_id, default, ids)
        return SparseTensor(given.indices, ids, given.dense_shape)

    @property
    def num_buckets(self) -> int:
        """The number that ids are below."""
        return self.number_buckets

    def get_sparse_tensors(self, features: Features, state_manager: Any = None) -> IdWeightPair:
        """Return the ids."""
        return IdWeightPair(features.get(self), None)


@dataclass(frozen=True)
class WeightedCategoricalColumn(CategoricalColumn):
    """The column that `weighted_categorical_column` makes.

    Source: TensorFlow 1.15.
    """

    categorical_column: CategoricalColumn
    weight_feature_key: str
    dtype: Any

    @property
    def name(self) -> str:
        """That of the ids, "_weighted_by_" and the key of the weights."""
        return f"{self.categorical_column.name}_weighted_by_{self.weight_feature_key}"

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        """The features of the ids, and the weights.

        Raises:
            ValueError: if the weights are one of the ids' features of another kind.
        """
        spec = self.categorical_column.parse_example_spec
        weights = VarLenFeature(self.dtype)
        found = spec.setdefault(self.weight_feature_key, weights)
        if found != weights:
            raise ValueError(
                f"Parse config {found} already exists for key {self.weight_feature_key}."
            )
        return spec

    @property
    def num_buckets(self) -> int:
        """That of the ids."""
        return self.categorical_column.num_buckets

    def transform_feature(
        self, features: Features, state_manager: Any = None
    ) -> tuple[Any, SparseTensor]:
        """Return ids and weights.

        Raises:
            ValueError: if the weights have another type.
        """
        given = features.get(self.weight_feature_key)
        if self.dtype.base_dtype is not given.dtype.base_dtype:
            raise ValueError(f"Bad dtype, expected {self.dtype}, but got {given.dtype}.")
        weights = sparse_of(given, ignore_value=0.0)
        values = cast(weights.values, dtypes.float32)
        return features.get(self.categorical_column), SparseTensor(
            weights.indices, values, weights.dense_shape
        )

    def get_sparse_tensors(self, features: Features, state_manager: Any = None) -> IdWeightPair:
        """Return ids and weights."""
        return IdWeightPair(*features.get(self))


def categorical_column_with_hash_bucket(
    key: str, hash_bucket_size: int, dtype: Any = dtypes.string
) -> HashedCategoricalColumn:
    """Return a column of ids that are hashes of text or whole numbers.

    Args:
        key: the feature's key and the column's name.
        hash_bucket_size: the number that ids are below.
        dtype: the type of the feature.

    Raises:
        ValueError: if the size is below 1, or the type is neither of text nor of whole numbers.
    """
    if hash_bucket_size is None:
        raise ValueError(f"hash_bucket_size must be set. key: {key}")
    if hash_bucket_size < 1:
        raise ValueError(
            f"hash_bucket_size must be at least 1. hash_bucket_size: {hash_bucket_size}, key: {key}"
        )
    dtype = dtypes.as_dtype(dtype)
    check_text_or_integer(dtype, f"column_name: {check_key(key)}")
    return HashedCategoricalColumn(key, hash_bucket_size, dtype)


def categorical_column_with_identity(
    key: str, num_buckets: int, default_value: int | None = None
) -> IdentityCategoricalColumn:
    """Return a column of ids that are the feature itself.

    Args:
        key: the feature's key and the column's name.
        num_buckets: the number that ids are below.
        default_value: the id of what is no id; if None, a step with such fails.

    Raises:
        ValueError: if the number is below 1, or the default is no id.
    """
    if num_buckets < 1:
        raise ValueError(f"num_buckets {num_buckets} < 1, column_name {key}")
    if default_value is not None and not 0 <= default_value < num_buckets:
        raise ValueError(
            f"default_value {default_value} not in range [0, {num_buckets}), column_name {key}"
        )
    return IdentityCategoricalColumn(check_key(key), num_buckets, default_value)


def weighted_categorical_column(
    categorical_column: CategoricalColumn, weight_feature_key: str, dtype: Any = dtypes.float32
) -> WeightedCategoricalColumn:
    """Return a column of ids that have weights.

    Args:
        categorical_column: the ids.
        weight_feature_key: the key of the weights.
        dtype: the type of the weights.

    Raises:
        ValueError: if the type is not of numbers.
    """
    dtype = dtypes.as_dtype(dtype)
    if not dtype.is_integer and not dtype.is_floating:
        raise ValueError(f"dtype {dtype} is not convertible to float.")
    return WeightedCategoricalColumn(categorical_column, weight_feature_key, dtype)


def check_kind(key: str, given: Any, dtype: dtypes.DType) -> None:
    """Raise ValueError unless a feature is text where its column's type is, or whole numbers.

    Args:
        key: its key.
        given: the feature.
        dtype: the column's type.
    """
    found = given.dtype.base_dtype
    if dtype.is_integer != found.is_integer:
        raise ValueError(
            "Column dtype and SparseTensors dtype must be compatible. "
            f"key: {key}, column dtype: {dtype}, tensor dtype: {found}"
        )
    check_text_or_integer(found, f"column_name: {key} input_tensor")
