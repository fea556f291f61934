"""Shapes as values: how large an array is, known while the graph is built as far as it can be.

Source: 2015 Table 1, row "Array operations": Rank, Shape.
"""

from typing import Any

import numpy as np

from minitf.dtypes import ANY, INDICES, DType
from minitf.errors import invalid
from minitf.op_def import at_least, op
from minitf.operation import Operation
from minitf.shapes import Shape, merge
from minitf.symbols import List, N, T, int32, out_type
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]


def value_of_shape(shape: Shape) -> Array | None:
    """Return a Shape as a static value: a vector of ints and UNKNOWN, None for unknown rank."""
    return None if shape.dims is None else np.array(shape.dims, object)


# --- Shape -------------------------------------------------------------------------------------


@op("Shape", T=ANY, out_type=INDICES)
def shape_op(input: T, *, out_type: DType = int32) -> out_type:
    """Give the sizes of an array.

    Args:
        input: T[...].
        out_type: int32 or int64.

    Returns:
        out_type[rank].

    Source: 2015 Table 1.
    """
    return np.array(input.shape, out_type.numpy)


@shape_op.shape
def shape_shape(input: Shape, *, out_type: DType) -> Shape:
    return Shape([input.rank])


@shape_op.value
def shape_value(op: Operation) -> Array | None:
    return value_of_shape(op.inputs[0].static_shape)


shape_op.no_gradient("sizes do not depend on values")

# --- ShapeN ------------------------------------------------------------------------------------


@op("ShapeN", T=ANY, N=at_least(1), out_type=INDICES)
def shape_n_op(input: List[T, N], *, out_type: DType = int32) -> List[out_type, N]:
    """Give the sizes of each of several arrays.

    Args:
        input: N arrays of one type.
        out_type: int32 or int64.

    Returns:
        N vectors: out_type[rank of the array].

    Source: 2015 Table 1.
    """
    return [np.array(each.shape, out_type.numpy) for each in input]


@shape_n_op.shape
def shape_n_shape(input: list[Shape], *, out_type: DType) -> list[Shape]:
    return [Shape([each.rank]) for each in input]


@shape_n_op.value
def shape_n_values(op: Operation) -> list[Array | None]:
    return [value_of_shape(each.static_shape) for each in op.inputs]


shape_n_op.no_gradient("sizes do not depend on values")

# --- Size --------------------------------------------------------------------------------------


@op("Size", T=ANY, out_type=INDICES)
def size_op(input: T, *, out_type: DType = int32) -> out_type:
    """Count the elements of an array.

    Args:
        input: T[...].
        out_type: int32 or int64.

    Returns:
        out_type scalar.

    Source: 2015 Table 1.
    """
    return np.array(input.size, out_type.numpy)


@size_op.shape
def size_shape(input: Shape, *, out_type: DType) -> Shape:
    return Shape(())


@size_op.value
def size_value(op: Operation) -> Array:
    return np.array(op.inputs[0].static_shape.size, object)


size_op.no_gradient("sizes do not depend on values")

# --- Rank --------------------------------------------------------------------------------------


@op("Rank", T=ANY)
def rank_op(input: T) -> int32:
    """Count the dimensions of an array.

    Args:
        input: T[...].

    Returns:
        int32 scalar.

    Source: 2015 Table 1.
    """
    return np.array(input.ndim, np.int32)


@rank_op.shape
def rank_shape(input: Shape) -> Shape:
    return Shape(())


@rank_op.value
def rank_value(op: Operation) -> Array | None:
    rank = op.inputs[0].static_shape.rank
    return None if rank is None else np.array(rank, object)


rank_op.no_gradient("a rank does not depend on values")

# --- EnsureShape -------------------------------------------------------------------------------


@op("EnsureShape", T=ANY)
def ensure_shape_op(input: T, *, shape: Shape) -> T:
    """Pass an array on, checking its shape when it runs.

    Args:
        input: T[...].
        shape: what its shape must be; unknown sizes are not checked.

    Returns:
        `input`.

    Raises:
        InvalidArgumentError: if the shape differs.

    Source: 2015 §2 (shapes are inferred where they can be, else checked).
    """
    if not shape.accepts(input.shape):
        raise invalid(
            f"Shape of tensor {Shape(input.shape)} is not compatible with expected shape {shape}."
        )
    return input


@ensure_shape_op.shape
def ensure_shape_shape(input: Shape, *, shape: Shape) -> Shape:
    return input if shape.dims is None else merge(shape, input.with_rank(len(shape)))


ensure_shape_op.value_by_body()


@ensure_shape_op.gradient
def ensure_shape_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    return [grad]
