"""The input of a network: what dense columns give, side by side.

Source: TensorFlow 1.15's `input_layer`; `tf.contrib.feature_column.sequence_input_layer`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from minitf.api.array import concat, reshape
from minitf.api.assertions import assert_equal
from minitf.api.control import identity
from minitf.api.framework import control_dependencies, get_collection, name_scope
from minitf.api.sizes import shape
from minitf.feature_column.columns import (
    DenseColumn,
    Features,
    SequenceDenseColumn,
    as_columns,
    check_batch_sizes,
)
from minitf.graph_keys import GraphKeys
from minitf.tensor import Tensor
from minitf.variables.sharing import get_variable_scope, variable_scope


def input_layer(
    features: Mapping[str, Any],
    feature_columns: Any,
    weight_collections: Iterable[str] | None = None,
    trainable: bool = True,
    cols_to_vars: dict[Any, Any] | None = None,
    cols_to_output_tensors: dict[Any, Any] | None = None,
) -> Tensor:
    """Return what dense columns give, side by side in the order of their names.

    Args:
        features: feature by key.
        feature_columns: dense columns.
        weight_collections: collections that variables join, besides GLOBAL_VARIABLES and
            MODEL_VARIABLES.
        trainable: whether variables are trained.
        cols_to_vars: filled with the variables of each column.
        cols_to_output_tensors: filled with what each column gives.

    Returns:
        float32[batch, n].

    Raises:
        ValueError: if an item is no dense column, or as the columns say.
    """
    columns = as_columns(feature_columns)
    for column in columns:
        if not isinstance(column, DenseColumn):
            raise ValueError(
                "Items of feature_columns must be a _DenseColumn. You can wrap a categorical "
                "column with an embedding_column or indicator_column. "
                f"Given: {column}"
            )
    with variable_scope(None, default_name="input_layer"):
        return columns_side_by_side(
            features, columns, weight_collections, trainable, cols_to_vars, cols_to_output_tensors
        )


def columns_side_by_side(
    features: Mapping[str, Any],
    columns: Any,
    weight_collections: Iterable[str] | None = None,
    trainable: bool = True,
    cols_to_vars: dict[Any, Any] | None = None,
    cols_to_output_tensors: dict[Any, Any] | None = None,
) -> Tensor:
    """Return what `input_layer` does, in the scope that is open."""
    collections = joined_collections(weight_collections)
    found = Features(features)
    outputs = []
    in_order: Any = sorted(columns, key=lambda column: column.name)
    for column in in_order:
        with variable_scope(None, default_name=column.variable_scope_name):
            dense = column.get_dense_tensor(found, collections, trainable)
            count = column.variable_shape.num_elements()
            output = reshape(dense, (shape(dense)[0], count))
            outputs.append(output)
            if cols_to_output_tensors is not None:
                cols_to_output_tensors[column] = output
            if cols_to_vars is not None:
                cols_to_vars[column] = get_collection(
                    GraphKeys.GLOBAL_VARIABLES, scope=get_variable_scope().name
                )
    check_batch_sizes(outputs, in_order)
    return concat(outputs, 1)


def sequence_input_layer(
    features: Mapping[str, Any],
    feature_columns: Any,
    weight_collections: Iterable[str] | None = None,
    trainable: bool = True,
) -> tuple[Tensor, Tensor]:
    """Return what columns of sequences give, side by side in the order of their names.

    Args:
        features: feature by key.
        feature_columns: columns of sequences.
        weight_collections: as of `input_layer`.
        trainable: whether variables are trained.

    Returns:
        float32[batch, steps, n], and int64[batch]: the steps of each sequence.

    Raises:
        ValueError: if an item is no such column.
    """
    columns = as_columns(feature_columns)
    for column in columns:
        if not isinstance(column, SequenceDenseColumn):
            raise ValueError(
                "All feature_columns must be of type _SequenceDenseColumn. You can wrap a "
                "sequence_categorical_column with an embedding_column or indicator_column. "
                f"Given (type {type(column)}): {column}"
            )
    with variable_scope(None, default_name="sequence_input_layer"):
        return sequences_side_by_side(features, columns, weight_collections, trainable)


def sequences_side_by_side(
    features: Mapping[str, Any],
    columns: Any,
    weight_collections: Iterable[str] | None = None,
    trainable: bool = True,
) -> tuple[Tensor, Tensor]:
    """Return what `sequence_input_layer` does, in the scope that is open."""
    collections = joined_collections(weight_collections)
    found = Features(features)
    outputs, lengths = [], []
    in_order: Any = sorted(columns, key=lambda column: column.name)
    for column in in_order:
        with variable_scope(None, default_name=column.variable_scope_name):
            dense, steps = column.get_sequence_dense_tensor(found, collections, trainable)
            count = column.variable_shape.num_elements()
            outputs.append(reshape(dense, concat([shape(dense)[:2], [count]], 0)))
            lengths.append(steps)
    check_batch_sizes(outputs, in_order)
    return concat(outputs, -1), _all_equal(lengths)


def _all_equal(lengths: list[Tensor]) -> Tensor:
    """Return lengths that must be equal."""
    first, *others = lengths
    with (
        name_scope(None, "assert_all_equal", lengths),
        control_dependencies([assert_equal(first, other) for other in others]),
    ):
        equal: Tensor = identity(first) if others else first
        return equal


def joined_collections(weight_collections: Iterable[str] | None) -> list[Any]:
    """Return the collections that variables of columns join."""
    joined = list(weight_collections or ())
    always = (GraphKeys.GLOBAL_VARIABLES, GraphKeys.MODEL_VARIABLES)
    return [*joined, *(key for key in always if key not in joined)]
