"""How large a tensor is: shape, size, rank, and shapes that broadcast.

What is known while the graph is built becomes a constant.

Source: 2015 Table 1; TensorFlow 1.15's functions of the same names.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from minitf import dtypes, ops
from minitf.api.framework import name_scope
from minitf.composite import SparseTensor, SparseTensorValue
from minitf.convert import convert_to_tensor
from minitf.dispatch import dispatchable
from minitf.dtypes import as_dtype
from minitf.errors import InvalidArgumentError
from minitf.ops.array.constants import constant
from minitf.shapes import broadcast, known
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape

_SPARSE = (SparseTensor, SparseTensorValue)


def shape(input: Any, name: str | None = None, out_type: Any = dtypes.int32) -> Tensor:
    """Return the sizes of a tensor.

    Args:
        input: a Tensor or SparseTensor.
        out_type: int32 or int64.

    Returns:
        out_type[rank]: a constant if the shape is known while the graph is built.
    """
    out = as_dtype(out_type)
    with name_scope(name, "Shape", [input]) as scope:
        if isinstance(input, _SPARSE):
            return ops.cast_op(input.dense_shape, DstT=out)
        input = convert_to_tensor(input)
        if input.static_shape.is_full:
            return constant(np.array(tuple(input.static_shape), out.numpy), out, scope)
        return ops.shape_op(input, out_type=out, name=scope)


def shape_n(input: Any, out_type: Any = dtypes.int32, name: str | None = None) -> list[Tensor]:
    """Return the sizes of each of several tensors."""
    return ops.shape_n_op(input, out_type=as_dtype(out_type), name=name)


@dispatchable
def size(input: Any, name: str | None = None, out_type: Any = dtypes.int32) -> Tensor:
    """Return how many elements a tensor has, as int32 or int64 (`out_type`)."""
    out = as_dtype(out_type)
    with name_scope(name, "Size", [input]) as scope:
        if isinstance(input, _SPARSE):
            return ops.prod_op(ops.cast_op(input.dense_shape, DstT=out), 0, name=scope)
        input = convert_to_tensor(input)
        count = input.static_shape.size
        if known(count):
            return constant(np.array(count, out.numpy), out, scope)
        return ops.size_op(input, out_type=out, name=scope)


@dispatchable
def rank(input: Any, name: str | None = None) -> Tensor:
    """Return how many dimensions a tensor has, as int32."""
    with name_scope(name, "Rank", [input]) as scope:
        if isinstance(input, _SPARSE):
            return ops.size_op(input.dense_shape, name=scope)
        input = convert_to_tensor(input)
        if input.static_shape.rank is not None:
            return constant(np.array(input.static_shape.rank, np.int32), dtypes.int32, scope)
        return ops.rank_op(input, name=scope)


def ensure_shape(x: Any, shape: Any, name: str | None = None) -> Tensor:
    """Pass a tensor on, checking its shape when it runs.

    Args:
        x: the tensor.
        shape: what its shape must be; None for a size that is not checked.
        name: name of the operation.
    """
    return ops.ensure_shape_op(x, shape=TensorShape(shape).static_shape, name=name)


def broadcast_dynamic_shape(shape_x: Any, shape_y: Any) -> Tensor:
    """Return the shape of an elementwise result from its operands' shapes, given as Tensors."""
    return ops.broadcast_args_op(shape_x, shape_y)


def broadcast_static_shape(shape_x: TensorShape, shape_y: TensorShape) -> TensorShape:
    """Return the shape of an elementwise result from its operands' shapes.

    Raises:
        ValueError: if they do not broadcast.
    """
    try:
        return TensorShape(broadcast(shape_x.static_shape, shape_y.static_shape))
    except InvalidArgumentError:
        raise ValueError(f"Incompatible shapes for broadcasting: {shape_x} and {shape_y}") from None


def broadcast_to(input: Any, shape: Any, name: str | None = None) -> Tensor:
    """Repeat a tensor along dimensions of size 1 and new leading ones, up to `shape`."""
    return ops.broadcast_to_op(input, shape, name=name)
