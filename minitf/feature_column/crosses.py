"""Columns of ids that are hashes of combinations of features.

Source: TensorFlow 1.15's `crossed_column`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from minitf.api.features import VarLenFeature
from minitf.api.sparse_crossing import sparse_cross_hashed
from minitf.dtypes import string
from minitf.feature_column.categorical import HashedCategoricalColumn
from minitf.feature_column.columns import CategoricalColumn, FeatureColumn, Features, IdWeightPair


@dataclass(frozen=True)
class CrossedColumn(CategoricalColumn):
    """The column that `crossed_column` makes.

    Source: TensorFlow 1.15.
    """

    keys: tuple[Any, ...]
    hash_bucket_size: int
    hash_key: int | None

    @property
    def name(self) -> str:
        """The names of what it crosses, in order, with "_X_" between them."""
        return "_X_".join(
            sorted(key.name if isinstance(key, FeatureColumn) else key for key in self.leaves())
        )

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        """The features of what it crosses."""
        spec: dict[str, Any] = {}
        for key in self.keys:
            if isinstance(key, FeatureColumn):
                spec.update(key.parse_example_spec)
            else:
                spec[key] = VarLenFeature(string)
        return spec

    def leaves(self) -> Iterator[Any]:
        """Yield what it crosses; what crosses in it cross, in their places."""
        for key in self.keys:
            if isinstance(key, CrossedColumn):
                yield from key.leaves()
            else:
                yield key

    def transform_feature(self, features: Features, state_manager: Any = None) -> Any:
        """Return the hashes.

        Raises:
            ValueError: if a column that it crosses has weights.
        """
        columns = []
        for key in self.leaves():
            if not isinstance(key, CategoricalColumn):
                columns.append(features.get(key))
                continue
            pair = key.get_sparse_tensors(features)
            if pair.weight_tensor is not None:
                raise ValueError(
                    "crossed_column does not support weight_tensor, but the given column "
                    f"populates weight_tensor. Given column: {key.name}"
                )
            columns.append(pair.id_tensor)
        return sparse_cross_hashed(columns, self.hash_bucket_size, self.hash_key)

    @property
    def num_buckets(self) -> int:
        """How many buckets there are."""
        return self.hash_bucket_size

    def get_sparse_tensors(self, features: Features, state_manager: Any = None) -> IdWeightPair:
        """Return the hashes."""
        return IdWeightPair(features.get(self), None)


def crossed_column(
    keys: Sequence[Any], hash_bucket_size: int, hash_key: int | None = None
) -> CrossedColumn:
    """Return a column of hashes of every combination of some features' values.

    Args:
        keys: two or more keys of features of text, or categorical columns, but no hashes.
        hash_bucket_size: the number that ids are below.
        hash_key: where hashes start.

    Raises:
        ValueError: if there are fewer than two, one does not fit, or the size is below 1.
    """
    if not hash_bucket_size or hash_bucket_size < 1:
        raise ValueError(f"hash_bucket_size must be > 1. hash_bucket_size: {hash_bucket_size}")
    if not keys or len(keys) < 2:
        raise ValueError(f"keys must be a list with length > 1. Given: {keys}")
    for key in keys:
        if not isinstance(key, (str, CategoricalColumn)):
            raise ValueError(
                "Unsupported key type. All keys must be either string, or categorical column "
                f"except _HashedCategoricalColumn. Given: {key}"
            )
        if isinstance(key, HashedCategoricalColumn):
            raise ValueError(
                "categorical_column_with_hash_bucket is not supported for crossing. Hashing before "
                "crossing will increase probability of collision. Instead, use the feature name as "
                f"a string. Given: {key}"
            )
    return CrossedColumn(tuple(keys), hash_bucket_size, hash_key)
