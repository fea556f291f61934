"""Columns of the ids of sequences, and how many steps a sequence has.

Source: TensorFlow 1.15's SequenceCategoricalColumn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from minitf.api.array import concat, expand_dims, pad, reshape
from minitf.api.casting import cast
from minitf.api.segments import segment_max
from minitf.api.sizes import shape
from minitf.api.sparse import sparse_reshape
from minitf.composite import SparseTensor
from minitf.dtypes import int64
from minitf.feature_column.columns import CategoricalColumn, Features, IdWeightPair
from minitf.tensor import Tensor


@dataclass(frozen=True)
class SequenceCategoricalColumn(CategoricalColumn):
    """A column of one id or more for each step of sequences.

    Source: TensorFlow 1.15.
    """

    categorical_column: CategoricalColumn

    @property
    def name(self) -> str:
        """That of the ids."""
        return self.categorical_column.name

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        """The features of the ids."""
        return self.categorical_column.parse_example_spec

    def transform_feature(self, features: Features, state_manager: Any = None) -> Any:
        """Return the ids."""
        return features.get(self.categorical_column)

    @property
    def num_buckets(self) -> int:
        """The number that ids are below."""
        return self.categorical_column.num_buckets

    def get_sparse_tensors(self, features: Features, state_manager: Any = None) -> IdWeightPair:
        """Return the ids, of rank 3: example, step, and which id of the step."""
        ids, weights = self.categorical_column.get_sparse_tensors(features)
        if isinstance(ids.get_shape().ndims, int) and ids.get_shape().ndims == 3:
            return IdWeightPair(ids, weights)
        target = concat([shape(ids, out_type=int64)[:2], [-1]], axis=0)
        ids = sparse_reshape(ids, target)
        return IdWeightPair(ids, None if weights is None else sparse_reshape(weights, target))


def refuse_sequence(made_by: str, column: Any, categorical: Any) -> None:
    """Raise ValueError if ids that are to become a matrix are those of sequences."""
    if isinstance(categorical, SequenceCategoricalColumn):
        raise ValueError(
            f"In {made_by}: {column.name}. categorical_column must not be of type "
            f"SequenceCategoricalColumn. Suggested fix A: If you wish to use input_layer, use a "
            f"non-sequence categorical_column_with_*. Given (type {type(categorical)}): "
            f"{categorical}"
        )


def require_sequence(made_by: str, column: Any, categorical: Any) -> None:
    """Raise ValueError unless ids that are to become sequences are those of sequences."""
    if not isinstance(categorical, SequenceCategoricalColumn):
        raise ValueError(
            f"In {made_by}: {column.name}. categorical_column must be of type "
            "SequenceCategoricalColumn to use sequence_input_layer. Suggested fix: Use one of "
            f"sequence_categorical_column_with_*. Given (type {type(categorical)}): {categorical}"
        )


def steps_of(sequences: SparseTensor, per_step: int = 1) -> Tensor:
    """Return how many steps each sequence has: the last that has a value, and those before it.

    Args:
        sequences: SparseTensor of [batch, steps, ...].
        per_step: how many columns of it make one step.
    """
    rows, columns = sequences.indices[:, 0], sequences.indices[:, 1]
    lengths = segment_max(columns // per_step + 1, rows)
    batch = sequences.dense_shape[0]
    missing = expand_dims(batch - shape(lengths, out_type=int64)[0], 0)  # sequences without values
    padding = reshape(concat([cast([0], int64), missing], 0), [1, 2])
    return pad(cast(lengths, int64), padding)
