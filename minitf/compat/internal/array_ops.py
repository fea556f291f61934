"""Functions of `tensorflow.python.ops.array_ops` that are not public: sizes, folded or not.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from typing import Any

from minitf.api.sizes import rank, shape, size
from minitf.dtypes import int32
from minitf.namespaces import raw_ops
from minitf.tensor import Tensor


def shape_internal(
    input: Any,
    name: str | None = None,
    optimize: bool = True,
    out_type: Any = int32,
) -> Tensor:
    """Return the shape of a tensor.

    Args:
        input: the tensor.
        name: name of the operation.
        optimize: whether what is known is a constant.
        out_type: int32 or int64.
    """
    if optimize:
        return shape(input, name, out_type)
    made: Tensor = raw_ops.Shape(input=input, out_type=out_type, name=name)
    return made


def size_internal(
    input: Any,
    name: str | None = None,
    optimize: bool = True,
    out_type: Any = int32,
) -> Tensor:
    """Return how many elements a tensor has; arguments as of `shape_internal`."""
    if optimize:
        return size(input, name, out_type)
    made: Tensor = raw_ops.Size(input=input, out_type=out_type, name=name)
    return made


def rank_internal(
    input: Any,
    name: str | None = None,
    optimize: bool = True,
) -> Tensor:
    """Return how many axes a tensor has; arguments as of `shape_internal`."""
    if optimize:
        return rank(input, name)
    made: Tensor = raw_ops.Rank(input=input, name=name)
    return made
