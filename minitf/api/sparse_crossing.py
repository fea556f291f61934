"""Crossed features: combinations of one value per column.

Source: TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from typing import Any

from minitf import dtypes, ops
from minitf.api.casting import cast
from minitf.composite import SparseTensor
from minitf.tensor import Tensor

_HASH_KEY = 0xDECAFCAFFE


def sparse_cross(inputs: Any, name: str | None = None) -> SparseTensor:
    """Return every combination of the columns' values, row by row, as text joined by "_X_".

    Args:
        inputs: columns: SparseTensors and Tensors of text or whole numbers, of rank 2.
        name: name of the operation.

    Raises:
        TypeError: if it is not a list of such.
    """
    return _crossed(inputs, dtypes.string, 0, _HASH_KEY, name)


def sparse_cross_hashed(
    inputs: Any, num_buckets: int = 0, hash_key: int | None = None, name: str | None = None
) -> SparseTensor:
    """Return a hash of every combination of the columns' values, row by row.

    Args:
        inputs: columns: SparseTensors and Tensors of text or whole numbers, of rank 2.
        num_buckets: hashes are taken mod this, if it is not 0.
        hash_key: where hashes start.
        name: name of the operation.

    Raises:
        TypeError: if it is not a list of such.
    """
    return _crossed(inputs, dtypes.int64, num_buckets, hash_key or _HASH_KEY, name)


def _crossed(
    inputs: Any, out_type: Any, num_buckets: int, hash_key: int, name: str | None
) -> SparseTensor:
    if not isinstance(inputs, list):
        raise TypeError("Inputs must be a list")
    if not all(isinstance(each, (SparseTensor, Tensor)) for each in inputs):
        raise TypeError("All inputs must be SparseTensors")
    sparse = [each for each in inputs if isinstance(each, SparseTensor)]
    values = [_text_or_number(each.values) for each in sparse]
    dense = [_text_or_number(each) for each in inputs if not isinstance(each, SparseTensor)]
    is_text = all(each.dtype.base_dtype is dtypes.string for each in (*values, *dense))
    indices, crossed, shape = ops.sparse_cross_op(
        [each.indices for each in sparse],
        values,
        [each.dense_shape for each in sparse],
        dense,
        hashed_output=out_type is dtypes.int64,
        num_buckets=num_buckets,
        hash_key=hash_key,
        out_type=out_type,
        internal_type=dtypes.string if is_text else dtypes.int64,
        name=name,
    )
    return SparseTensor(indices, crossed, shape)


def _text_or_number(column: Tensor) -> Any:
    return column if column.dtype.base_dtype is dtypes.string else cast(column, dtypes.int64)
