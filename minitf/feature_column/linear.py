"""A linear model: a weight for each number and each id of columns, and a bias.

Source: OSDI §6; TensorFlow 1.15's `linear_model`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from minitf import dtypes
from minitf.api.array import reshape
from minitf.api.framework import get_collection
from minitf.api.math import add_n
from minitf.api.matmul import matmul
from minitf.api.nn_embedding_sparse import safe_embedding_lookup_sparse
from minitf.api.nn_layers import bias_add
from minitf.api.sizes import shape
from minitf.api.sparse import sparse_reshape
from minitf.feature_column.columns import (
    CategoricalColumn,
    DenseColumn,
    Features,
    as_columns,
    check_batch_sizes,
)
from minitf.feature_column.input_layers import joined_collections
from minitf.graph_keys import GraphKeys
from minitf.tensor import Tensor
from minitf.variables.initializers import Zeros
from minitf.variables.sharing import get_variable, get_variable_scope, variable_scope


def linear_model(
    features: Mapping[str, Any],
    feature_columns: Any,
    units: int = 1,
    sparse_combiner: str = "sum",
    weight_collections: Iterable[str] | None = None,
    trainable: bool = True,
    cols_to_vars: dict[Any, Any] | None = None,
) -> Tensor:
    """Return the weighted sum of what columns give, and a bias.

    Args:
        features: feature by key.
        feature_columns: dense or categorical columns; a categorical one has a weight for each id.
        units: how many sums there are.
        sparse_combiner: how the weights of the ids of an example are combined: "sum", "mean" or
            "sqrtn".
        weight_collections: collections that variables join, besides GLOBAL_VARIABLES and
            MODEL_VARIABLES.
        trainable: whether variables are trained.
        cols_to_vars: filled with the variables of each column, and of "bias".

    Returns:
        float32[batch, units].

    Raises:
        ValueError: if an item is no such column, or as the columns say.
    """
    columns = as_columns(feature_columns)
    for column in columns:
        if not isinstance(column, (DenseColumn, CategoricalColumn)):
            raise ValueError(
                "Items of feature_columns must be either a _DenseColumn or _CategoricalColumn. "
                f"Given: {column}"
            )
    collections = joined_collections(weight_collections)
    found = Features(features)
    sums = []
    variables: dict[Any, Any] = {}
    in_order: Any = sorted(columns, key=lambda column: column.name)
    with variable_scope(None, default_name="linear_model"):
        for column in in_order:
            with variable_scope(None, default_name=column.variable_scope_name):
                weigh = _of_ids if isinstance(column, CategoricalColumn) else _of_numbers
                sums.append(weigh(column, found, units, sparse_combiner, collections, trainable))
                variables[column] = get_collection(
                    GraphKeys.GLOBAL_VARIABLES, scope=get_variable_scope().name
                )
        check_batch_sizes(sums, in_order)
        bias = _weights("bias_weights", [units], collections, trainable)
        scope = get_variable_scope().name
        variables["bias"] = get_collection(
            GraphKeys.GLOBAL_VARIABLES, scope=f"{scope}/bias_weights"
        )
        if cols_to_vars is not None:
            cols_to_vars.update(variables)
        return bias_add(add_n(sums, name="weighted_sum_no_bias"), bias, name="weighted_sum")


def _weights(name: str, sizes: Any, collections: Any, trainable: bool) -> Any:
    return get_variable(
        name,
        shape=sizes,
        dtype=dtypes.float32,
        initializer=Zeros(),
        trainable=trainable,
        collections=collections,
    )


def _of_numbers(
    column: Any, features: Features, units: int, combiner: str, collections: Any, trainable: bool
) -> Tensor:
    """Return the weighted sums of the numbers of a dense column."""
    count = column.variable_shape.num_elements()
    weights = _weights("weights", [count, units], collections, trainable)
    dense = column.get_dense_tensor(features, collections, trainable)
    return matmul(reshape(dense, (shape(dense)[0], count)), weights, name="weighted_sum")


def _of_ids(
    column: Any, features: Features, units: int, combiner: str, collections: Any, trainable: bool
) -> Tensor:
    """Return the combined weights of the ids of a categorical column."""
    weights = _weights("weights", [column.num_buckets, units], collections, trainable)
    ids, of_ids = column.get_sparse_tensors(features)
    ids = sparse_reshape(ids, [shape(ids)[0], -1])
    if of_ids is not None:
        of_ids = sparse_reshape(of_ids, [shape(of_ids)[0], -1])
    return safe_embedding_lookup_sparse(
        weights, ids, of_ids, combiner=combiner, name="weighted_sum"
    )
