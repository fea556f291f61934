"""Looking up rows of large tables for sparse ids, and combining those of each example.

Row i of the ids lists some rows of the table; row i of the result is their sum, mean, or sum over
the root of how many there are, each row weighted if there are weights.

Source: OSDI §4.2 "Sparse embedding layers"; TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from typing import Any

from minitf import dtypes, ops
from minitf.api.array import concat, expand_dims, reshape, stack, tile
from minitf.api.array import slice as slice_
from minitf.api.casting import cast, to_float
from minitf.api.comparison import greater, greater_equal, logical_and
from minitf.api.constants import fill, ones_like, zeros_like
from minitf.api.elementary import sqrt
from minitf.api.framework import name_scope
from minitf.api.gathering import gather, unique, where
from minitf.api.math import div
from minitf.api.math import pow as power
from minitf.api.nn_embedding import embedding_lookup
from minitf.api.reductions import reduce_prod
from minitf.api.segments import segment_sum
from minitf.api.sizes import rank, shape, size
from minitf.api.sparse import sparse_reshape
from minitf.api.sparse_dense import sparse_fill_empty_rows
from minitf.api.sparse_slicing import sparse_retain
from minitf.composite import SparseTensor
from minitf.convert import convert_to_tensor
from minitf.tensor import Tensor

_COMBINERS = ("mean", "sqrtn", "sum")


def embedding_lookup_sparse(
    params: Any,
    sp_ids: Any,
    sp_weights: Any,
    partition_strategy: str = "mod",
    name: str | None = None,
    combiner: str | None = None,
    max_norm: Any = None,
) -> Tensor:
    """Return for each row of ids the combination of the table's rows that it lists.

    Args:
        params: the table: a tensor, a variable, or a list of its parts.
        sp_ids: SparseTensor of numbers of the table's rows; no row may be empty.
        sp_weights: SparseTensor of a weight for each id; None for weights of 1.
        partition_strategy: how the table's rows are dealt out to parts: "mod" or "div".
        name: name of the operation.
        combiner: "sum", "mean" (weighted; the default) or "sqrtn": the weighted sum over the root
            of the sum of squared weights.
        max_norm: rows of the table of a greater norm are scaled down to it.

    Raises:
        TypeError: if ids or weights are not sparse.
        ValueError: if the combiner is unknown, or ids and weights do not fit together.
    """
    combiner = "mean" if combiner is None else combiner
    if combiner not in _COMBINERS:
        raise ValueError("combiner must be one of 'mean', 'sqrtn' or 'sum'")
    tables = _tables(params)
    if not isinstance(sp_ids, SparseTensor):
        raise TypeError("sp_ids must be SparseTensor")
    if sp_weights is not None:
        if not isinstance(sp_weights, SparseTensor):
            raise TypeError("sp_weights must be either None or SparseTensor")
        for part in ("values", "indices", "dense_shape"):
            of_ids, of_weights = getattr(sp_ids, part), getattr(sp_weights, part)
            of_ids.get_shape().assert_is_compatible_with(of_weights.get_shape())
    with name_scope(name, "embedding_lookup_sparse", [*tables, sp_ids]) as scope:
        segment_ids = cast(sp_ids.indices[:, 0], dtypes.int32)
        ids, places = unique(sp_ids.values)
        rows = embedding_lookup(
            tables, ids, partition_strategy=partition_strategy, max_norm=max_norm
        )
        if rows.dtype.base_dtype in (dtypes.float16, dtypes.bfloat16):
            rows = to_float(rows)
        if sp_weights is None:
            return _unweighted(rows, places, segment_ids, combiner, scope)
        return _weighted(gather(rows, places), sp_weights.values, segment_ids, combiner, scope)


def _tables(params: Any) -> list[Any]:
    if hasattr(params, "as_tensor"):  # a PartitionedVariable
        return list(params)
    return params if isinstance(params, list) else [params]


def _unweighted(rows: Tensor, places: Tensor, segment_ids: Tensor, combiner: str, name: str) -> Any:
    """Combine the rows at some places."""
    combine = {
        "mean": ops.sparse_segment_mean_op,
        "sqrtn": ops.sparse_segment_sqrt_n_op,
        "sum": ops.sparse_segment_sum_op,
    }
    return combine[combiner](rows, places, segment_ids, name=name)


def _weighted(rows: Tensor, weights: Tensor, segment_ids: Tensor, combiner: str, name: str) -> Any:
    """Combine rows, each times its weight."""
    if weights.dtype.base_dtype is not rows.dtype.base_dtype:
        weights = cast(weights, rows.dtype)
    ones = fill(expand_dims(rank(rows) - 1, 0), 1)
    known = weights.get_shape()
    weights = reshape(weights, concat([shape(weights), ones], 0))  # to broadcast over the rows
    if rows.static_shape.rank is not None:
        weights.set_shape(known.concatenate([1] * (rows.static_shape.rank - 1)))
    rows = rows * weights
    if combiner == "sum":
        return segment_sum(rows, segment_ids, name=name)
    sums = segment_sum(rows, segment_ids)
    if combiner == "mean":
        return div(sums, segment_sum(weights, segment_ids), name=name)
    return div(sums, sqrt(segment_sum(power(weights, 2), segment_ids)), name=name)


def safe_embedding_lookup_sparse(
    embedding_weights: Any,
    sparse_ids: SparseTensor,
    sparse_weights: SparseTensor | None = None,
    combiner: str = "mean",
    default_id: int | None = None,
    name: str | None = None,
    partition_strategy: str = "div",
    max_norm: Any = None,
) -> Tensor:
    """Look rows up as `embedding_lookup_sparse`, leaving invalid ids out and filling empty rows.

    Ids below 0 are invalid, and so are those of weights <= 0 unless they are summed.

    Args:
        embedding_weights: the table: a tensor, a variable, or a list of its parts.
        sparse_ids: SparseTensor of rank >= 2; the ids along its last dimension belong together.
        sparse_weights: SparseTensor of a weight for each id; None for weights of 1.
        combiner: "sum", "mean" or "sqrtn".
        default_id: what stands for an empty row; zeros if None.
        name: name of the operation.
        partition_strategy: how the table's rows are dealt out to parts: "div" or "mod".
        max_norm: rows of the table of a greater norm are scaled down to it.

    Raises:
        ValueError: if there is no table.
    """
    if embedding_weights is None:
        raise ValueError(f"Missing embedding_weights {embedding_weights}.")
    tables = _tables(embedding_weights)
    if not tables:
        raise ValueError(f"Missing embedding_weights {embedding_weights}.")
    dtype = None if sparse_weights is None else sparse_weights.dtype
    tables = [
        each if _is_read_by_row(each, dtype) else convert_to_tensor(each, dtype) for each in tables
    ]
    with name_scope(name, "embedding_lookup", [*tables, sparse_ids, sparse_weights]) as scope:
        whole = sparse_ids.dense_shape
        (known_rank,) = whole.get_shape().as_list()
        rank_of_ids = size(whole) if known_rank is None else known_rank
        lead = slice_(whole, [0], [rank_of_ids - 1])
        # ids as a matrix: a row for each set of ids that belong together
        matrix = [reduce_prod(lead), gather(whole, rank_of_ids - 1)]
        ids = sparse_reshape(sparse_ids, matrix)
        weights = sparse_weights
        if weights is not None:
            weights = SparseTensor(ids.indices, weights.values, ids.dense_shape)
        ids, weights = _without_invalid_ids(ids, weights)
        if combiner != "sum":
            ids, weights = _without_invalid_weights(ids, weights)
        ids, is_empty = sparse_fill_empty_rows(ids, default_id or 0)
        if weights is not None:
            weights, _ = sparse_fill_empty_rows(weights, 1.0)
        rows = embedding_lookup_sparse(
            tables,
            ids,
            weights,
            combiner=combiner,
            partition_strategy=partition_strategy,
            name=None if default_id is None else scope,
            max_norm=max_norm,
        )
        if default_id is None:
            is_empty = tile(reshape(is_empty, [-1, 1]), stack([1, shape(rows)[1]]))
            rows = where(is_empty, zeros_like(rows), rows, name=scope)
        lead_sizes = slice_(cast(whole, dtypes.int32), [0], [rank_of_ids - 1])
        result = reshape(rows, concat([lead_sizes, slice_(shape(rows), [1], [-1])], 0))
        if known_rank is not None:
            result.set_shape([*[None] * (known_rank - 1), *rows.get_shape().as_list()[1:]])
        return result


def _is_read_by_row(table: Any, dtype: Any) -> bool:
    """Tell whether a table is a resource variable, of which single rows are read."""
    is_resource = getattr(getattr(table, "handle", None), "dtype", None) is dtypes.resource
    return is_resource and dtype in (None, table.dtype)


def _without_invalid_ids(ids: SparseTensor, weights: SparseTensor | None) -> tuple[Any, Any]:
    is_valid = greater_equal(ids.values, 0)
    if weights is None:
        return sparse_retain(ids, is_valid), None
    is_valid = logical_and(is_valid, ones_like(weights.values, dtype=dtypes.bool_))
    return sparse_retain(ids, is_valid), sparse_retain(weights, is_valid)


def _without_invalid_weights(ids: SparseTensor, weights: SparseTensor | None) -> tuple[Any, Any]:
    if weights is None:
        return ids, None
    is_valid = greater(weights.values, 0)
    return sparse_retain(ids, is_valid), sparse_retain(weights, is_valid)
