"""Columns of the rows of a trained table, combined over the ids of each example.

Source: OSDI §4.2 "Sparse embedding layers"; TensorFlow 1.15's `embedding_column`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from minitf import dtypes
from minitf.api.nn_embedding_sparse import safe_embedding_lookup_sparse
from minitf.feature_column.columns import (
    CategoricalColumn,
    DenseColumn,
    Features,
    SequenceDenseColumn,
)
from minitf.feature_column.sequence_lengths import refuse_sequence, require_sequence, steps_of
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape
from minitf.train.checkpoint_values import init_from_checkpoint
from minitf.variables.initializers import TruncatedNormal
from minitf.variables.partitioned import PartitionedVariable
from minitf.variables.sharing import get_variable


class TableColumn(DenseColumn, SequenceDenseColumn):
    """What columns do that read rows of a table.

    Source: TensorFlow 1.15.
    """

    categorical_column: CategoricalColumn
    dimension: int
    combiner: str
    initializer: Callable[..., Any]
    ckpt_to_load_from: str | None
    tensor_name_in_ckpt: str | None
    max_norm: float | None
    trainable: bool
    _made_by = "embedding_column"

    @property
    def parse_example_spec(self) -> dict[str, Any]:
        """The features of the ids."""
        return self.categorical_column.parse_example_spec

    @property
    def variable_shape(self) -> TensorShape:
        """A row of the table."""
        return TensorShape([self.dimension])

    def transform_feature(self, features: Features, state_manager: Any = None) -> Any:
        """Return the ids."""
        return features.get(self.categorical_column)

    def get_dense_tensor(
        self, features: Features, weight_collections: Any = None, trainable: bool | None = None
    ) -> Tensor:
        """Return the combined rows.

        Raises:
            ValueError: if the ids are those of sequences.
        """
        refuse_sequence(self._made_by, self, self.categorical_column)
        return self._rows(features, weight_collections, trainable)

    def get_sequence_dense_tensor(
        self, features: Features, weight_collections: Any = None, trainable: bool | None = None
    ) -> tuple[Tensor, Tensor]:
        """Return the combined rows of each step, and how many steps there are.

        Raises:
            ValueError: if the ids are not those of sequences.
        """
        require_sequence(self._made_by, self, self.categorical_column)
        rows = self._rows(features, weight_collections, trainable)
        return rows, steps_of(self.categorical_column.get_sparse_tensors(features).id_tensor)

    def _rows(self, features: Features, collections: Any, trainable: bool | None) -> Tensor:
        ids, weights = self.categorical_column.get_sparse_tensors(features)
        return safe_embedding_lookup_sparse(
            self.table(collections, trainable),
            ids,
            weights,
            combiner=self.combiner,
            name=f"{self.name}_weights",
            max_norm=self.max_norm,
        )

    def table(self, collections: Any, trainable: bool | None) -> Any:
        """Return the table: a variable, found or made."""
        made = get_variable(
            "embedding_weights",
            shape=(self.categorical_column.num_buckets, self.dimension),
            dtype=dtypes.float32,
            initializer=self.initializer,
            trainable=self.trainable and trainable is not False,
            collections=collections,
        )
        if self.ckpt_to_load_from is not None and self.tensor_name_in_ckpt is not None:
            known: Any = list(made) if isinstance(made, PartitionedVariable) else made
            init_from_checkpoint(self.ckpt_to_load_from, {self.tensor_name_in_ckpt: known})
        return made


@dataclass(frozen=True)
class EmbeddingColumn(TableColumn):
    """The column that `embedding_column` makes.

    Source: TensorFlow 1.15.
    """

    categorical_column: CategoricalColumn
    dimension: int
    combiner: str
    initializer: Callable[..., Any]
    ckpt_to_load_from: str | None
    tensor_name_in_ckpt: str | None
    max_norm: float | None
    trainable: bool

    @property
    def name(self) -> str:
        """That of the ids, and "_embedding"."""
        return f"{self.categorical_column.name}_embedding"


def embedding_column(
    categorical_column: CategoricalColumn,
    dimension: int,
    combiner: str = "mean",
    initializer: Callable[..., Any] | None = None,
    ckpt_to_load_from: str | None = None,
    tensor_name_in_ckpt: str | None = None,
    max_norm: float | None = None,
    trainable: bool = True,
) -> EmbeddingColumn:
    """Return a column of the rows of a trained table, combined over the ids of each example.

    Args:
        categorical_column: the ids.
        dimension: the length of a row.
        combiner: "mean", "sqrtn" or "sum".
        initializer: of the table; by default normal, of a deviation of 1 / sqrt(dimension).
        ckpt_to_load_from: a checkpoint that has the table.
        tensor_name_in_ckpt: its name there.
        max_norm: rows of a greater norm are scaled down to it.
        trainable: whether the table is trained.

    Raises:
        ValueError: if the dimension is below 1, only one of checkpoint and name is given, or the
            initializer is no function.
    """
    start = check_table(dimension, initializer, ckpt_to_load_from, tensor_name_in_ckpt)
    return EmbeddingColumn(
        *(categorical_column, dimension, combiner, start),
        *(ckpt_to_load_from, tensor_name_in_ckpt, max_norm, trainable),
    )


def check_table(
    dimension: int, initializer: Any, checkpoint: str | None, name: str | None
) -> Callable[..., Any]:
    """Return the initializer of a table.

    Raises:
        ValueError: as of `embedding_column`.
    """
    if dimension is None or dimension < 1:
        raise ValueError(f"Invalid dimension {dimension}.")
    if (checkpoint is None) != (name is None):
        raise ValueError(
            "Must specify both `ckpt_to_load_from` and `tensor_name_in_ckpt` or none of them."
        )
    if initializer is None:
        return TruncatedNormal(mean=0.0, stddev=1 / math.sqrt(dimension))
    if not callable(initializer):
        raise ValueError(f"initializer must be callable if specified. Given: {initializer}")
    start: Callable[..., Any] = initializer
    return start
