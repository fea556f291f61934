"""`tensorflow.python.ops.sparse_ops`: sparse tensors written down, and kept in a table of a run.

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.framework import colocate_with
from minitf.composite import SparseTensor
from minitf.operation import Operation
from minitf.tensor import Tensor

_MAPS = ("AddSparseToTensorsMap", "AddManySparseToTensorsMap")


def deserialize_sparse(
    serialized_sparse: Any, dtype: Any, rank: int | None = None, name: str | None = None
) -> SparseTensor:
    """Return what `serialize_sparse` has written; of several, one with a dimension more.

    Args:
        serialized_sparse: string[..., 3].
        dtype: the type of the values.
        rank: the rank of the result, if it is known.
        name: name of the operation.
    """
    return _with_rank(ops.deserialize_sparse_op(serialized_sparse, dtype=dtype, name=name), rank)


def _with_rank(parts: Any, rank: int | None) -> SparseTensor:
    indices, values, shape = parts
    indices.set_shape([None, rank])
    shape.set_shape([rank])
    return SparseTensor(indices, values, shape)


def _given(sp_input: Any) -> SparseTensor:
    if not isinstance(sp_input, SparseTensor):
        raise TypeError(f"Input must be a SparseTensor: {sp_input}")
    return sp_input


def sparse_dense_cwise_add(sp_t: SparseTensor, dense_t: Any) -> SparseTensor:
    """Add a dense tensor, broadcast to the sparse one, where that has elements."""
    total = ops.sparse_dense_cwise_add_op(sp_t.indices, sp_t.values, sp_t.dense_shape, dense_t)
    return SparseTensor(sp_t.indices, total, sp_t.dense_shape)


def add_sparse_to_tensors_map(
    sp_input: SparseTensor,
    container: str | None = None,
    shared_name: str | None = None,
    name: str | None = None,
) -> Tensor:
    """Keep a sparse tensor in a table, and return its handle: int64[].

    Args:
        sp_input: the SparseTensor.
        container: of the table.
        shared_name: of the table; the operation's by default.
        name: name of the operation.

    Raises:
        TypeError: if it is no SparseTensor.
    """
    made: Tensor = ops.add_sparse_to_tensors_map_op(
        *_parts(sp_input), container=container or "", shared_name=shared_name or "", name=name
    )
    return made


def add_many_sparse_to_tensors_map(
    sp_input: SparseTensor,
    container: str | None = None,
    shared_name: str | None = None,
    name: str | None = None,
) -> Tensor:
    """Keep each part of the first dimension in a table, and return their handles: int64[N].

    Args:
        sp_input: the SparseTensor.
        container: of the table.
        shared_name: of the table; the operation's by default.
        name: name of the operation.

    Raises:
        TypeError: if it is no SparseTensor.
    """
    made: Tensor = ops.add_many_sparse_to_tensors_map_op(
        *_parts(sp_input), container=container or "", shared_name=shared_name or "", name=name
    )
    return made


def _parts(sp_input: Any) -> tuple[Tensor, Tensor, Tensor]:
    given = _given(sp_input)
    return given.indices, given.values, given.dense_shape


def take_many_sparse_from_tensors_map(
    sparse_map_op: Operation,
    sparse_handles: Any,
    rank: int | None = None,
    name: str | None = None,
) -> SparseTensor:
    """Take sparse tensors out of a table, as one with a dimension more.

    Args:
        sparse_map_op: the operation that has kept them.
        sparse_handles: int64[N].
        rank: the rank of the result, if it is known.
        name: name of the operation.

    Raises:
        TypeError: if `sparse_map_op` is no such operation.
    """
    if not isinstance(sparse_map_op, Operation):
        raise TypeError("sparse_map_op be an Operation")
    if sparse_map_op.type not in _MAPS:
        raise TypeError(
            f"sparse_map_op must be one of {' or '.join(_MAPS)}. Instead, found "
            f"`{sparse_map_op.type}`."
        )
    with colocate_with(sparse_map_op):
        parts = ops.take_many_sparse_from_tensors_map_op(
            sparse_handles,
            dtype=sparse_map_op.get_attr("T"),
            container=sparse_map_op.get_attr("container").decode(),
            shared_name=sparse_map_op.get_attr("shared_name").decode() or sparse_map_op.name,
            name=name,
        )
    return _with_rank(parts, rank)
