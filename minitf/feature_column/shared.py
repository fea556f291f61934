"""Columns that read rows of one table.

Source: TensorFlow 1.15's `shared_embedding_columns`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from minitf.api.framework import add_to_collection, get_collection, name_scope
from minitf.feature_column.categorical import WeightedCategoricalColumn
from minitf.feature_column.columns import CategoricalColumn, Features
from minitf.feature_column.embeddings import TableColumn, check_table
from minitf.feature_column.sequence_lengths import SequenceCategoricalColumn
from minitf.tensor import Tensor


@dataclass(frozen=True)
class SharedEmbeddingColumn(TableColumn):
    """One of the columns that `shared_embedding_columns` makes.

    Source: TensorFlow 1.15.
    """

    categorical_column: CategoricalColumn
    dimension: int
    combiner: str
    initializer: Callable[..., Any]
    shared_embedding_collection_name: str
    ckpt_to_load_from: str | None
    tensor_name_in_ckpt: str | None
    max_norm: float | None
    trainable: bool
    _made_by = "shared_embedding_columns"

    @property
    def name(self) -> str:
        """That of the ids, and "_shared_embedding"."""
        return f"{self.categorical_column.name}_shared_embedding"

    @property
    def variable_scope_name(self) -> str:
        """The name of the table."""
        return self.shared_embedding_collection_name

    def _rows(self, features: Features, collections: Any, trainable: bool | None) -> Tensor:
        with name_scope(None, default_name=self.name):
            return super()._rows(features, collections, trainable)

    def table(self, collections: Any, trainable: bool | None) -> Any:
        """Return the table, which stands in the collection of its name once it is made.

        Raises:
            ValueError: if something else stands there.
        """
        found = get_collection(self.shared_embedding_collection_name)
        if not found:
            made = super().table(collections, trainable)
            add_to_collection(self.shared_embedding_collection_name, made)
            return made
        (made, *others) = found
        shape = [self.categorical_column.num_buckets, self.dimension]
        if others or made.get_shape().as_list() != shape:
            raise ValueError(
                f"Shared embedding collection {found} contains a variable of unexpected shape "
                f"{made.get_shape()}, or several. Expected shape is {shape}. Suggested fix: change "
                "shared_embedding_collection_name."
            )
        return made


def shared_embedding_columns(
    categorical_columns: Sequence[Any],
    dimension: int,
    combiner: str = "mean",
    initializer: Callable[..., Any] | None = None,
    shared_embedding_collection_name: str | None = None,
    ckpt_to_load_from: str | None = None,
    tensor_name_in_ckpt: str | None = None,
    max_norm: float | None = None,
    trainable: bool = True,
) -> list[SharedEmbeddingColumn]:
    """Return columns of rows of one table, one for each column of ids.

    Args:
        categorical_columns: the ids: columns of one kind with the same number of buckets.
        dimension: the length of a row.
        combiner: "mean", "sqrtn" or "sum".
        initializer: of the table; by default normal, of a deviation of 1 / sqrt(dimension).
        shared_embedding_collection_name: the collection that has the table, and its name; by
            default the names of the columns, and "_shared_embedding".
        ckpt_to_load_from: a checkpoint that has the table.
        tensor_name_in_ckpt: its name there.
        max_norm: rows of a greater norm are scaled down to it.
        trainable: whether the table is trained.

    Raises:
        ValueError: if the columns of ids do not fit together, or as of `embedding_column`.
    """
    start = check_table(dimension, initializer, ckpt_to_load_from, tensor_name_in_ckpt)
    by_name = sorted(categorical_columns, key=lambda column: column.name)
    _check_alike(by_name)
    name = shared_embedding_collection_name or "{}_shared_embedding".format(
        "_".join(column.name for column in by_name)
    )
    return [
        SharedEmbeddingColumn(
            *(column, dimension, combiner, start, name),
            *(ckpt_to_load_from, tensor_name_in_ckpt, max_norm, trainable),
        )
        for column in categorical_columns
    ]


def _check_alike(columns: list[Any]) -> None:
    """Raise ValueError unless columns of ids are of one kind and number of buckets."""
    for column in columns:
        if not isinstance(column, CategoricalColumn):
            raise ValueError(
                "All categorical_columns must be subclasses of _CategoricalColumn. "
                f"Given: {column}, of type: {type(column)}"
            )
    first, *others = map(_innermost, columns)
    for other in others:
        if type(other) is not type(first):
            raise ValueError(
                "To use shared_embedding_column, all categorical_columns must have the same type, "
                "or be weighted_categorical_column or sequence column of the same type. Given "
                f"column: {first} of type: {type(first)} does not match given column: {other} of "
                f"type: {type(other)}"
            )
        if other.num_buckets != first.num_buckets:
            raise ValueError(
                "To use shared_embedding_column, all categorical_columns must have the same number "
                f"of buckets. Given column: {first} with buckets: {first.num_buckets} does not "
                f"match column: {other} with buckets: {other.num_buckets}"
            )


def _innermost(column: Any) -> Any:
    while isinstance(column, (WeightedCategoricalColumn, SequenceCategoricalColumn)):
        column = column.categorical_column
    return column
