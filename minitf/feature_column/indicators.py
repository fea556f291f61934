"""Columns that show how often each id of a categorical column is there.

Source: TensorFlow 1.15's `indicator_column`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from minitf.api.gathering import scatter_nd
from minitf.api.reductions import reduce_sum
from minitf.api.sequences import one_hot
from minitf.api.sparse_dense import sparse_merge, sparse_tensor_to_dense
from minitf.api.sparse_slicing import sparse_slice
from minitf.feature_column.columns import (
    CategoricalColumn,
    DenseColumn,
    Features,
    SequenceDenseColumn,
)
from minitf.feature_column.sequence_lengths import (
    SequenceCategoricalColumn,
    refuse_sequence,
    require_sequence,
    steps_of,
)
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


@dataclass(frozen=True)
class IndicatorColumn(DenseColumn, SequenceDenseColumn):
    """The column that `indicator_column` makes.

    Source: TensorFlow 1.15.
    """

    categorical_column: CategoricalColumn

    @property
    def name(self) -> str:
        """That of the ids, and "_indicator"."""
        return f"{self.categorical_column.name}_indicator"

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        """The features of the ids."""
        return self.categorical_column.parse_example_spec

    @property
    def variable_shape(self) -> TensorShape:
        """A number for each id."""
        if isinstance(self.categorical_column, SequenceCategoricalColumn):
            return TensorShape([self.categorical_column.num_buckets])
        return TensorShape([1, self.categorical_column.num_buckets])

    def transform_feature(self, features: Features, state_manager: Any = None) -> Tensor:
        """Return how often each id is there, or the sum of its weights."""
        ids, weights = self.categorical_column.get_sparse_tensors(features)
        count = self.categorical_column.num_buckets
        if weights is not None:
            merged = sparse_merge(sp_ids=ids, sp_values=weights, vocab_size=count)
            # what has the id -1 stands outside and is left out
            kept = sparse_slice(merged, [0, 0], merged.dense_shape)
            return scatter_nd(kept.indices, kept.values, kept.dense_shape)
        dense = sparse_tensor_to_dense(ids, default_value=-1)
        found = one_hot(dense, depth=count, on_value=1.0, off_value=0.0)
        return reduce_sum(found, axis=[-2])

    def get_dense_tensor(
        self, features: Features, weight_collections: Any = None, trainable: bool | None = None
    ) -> Tensor:
        """Return how often each id is there.

        Raises:
            ValueError: if the ids are those of sequences.
        """
        refuse_sequence("indicator_column", self, self.categorical_column)
        found: Tensor = features.get(self)
        return found

    def get_sequence_dense_tensor(
        self, features: Features, weight_collections: Any = None, trainable: bool | None = None
    ) -> tuple[Tensor, Tensor]:
        """Return how often each id is there in each step, and how many steps there are.

        Raises:
            ValueError: if the ids are not those of sequences.
        """
        require_sequence("indicator_column", self, self.categorical_column)
        found = features.get(self)
        return found, steps_of(self.categorical_column.get_sparse_tensors(features).id_tensor)


def indicator_column(categorical_column: CategoricalColumn) -> IndicatorColumn:
    """Return a column of numbers that show how often each id is there.

    Args:
        categorical_column: the ids.

    Raises:
        ValueError: if it is no categorical column.
    """
    if not isinstance(categorical_column, CategoricalColumn):
        raise ValueError(
            "Unsupported input type. Input must be a CategoricalColumn. "
            f"Given: {categorical_column}"
        )
    return IndicatorColumn(categorical_column)
