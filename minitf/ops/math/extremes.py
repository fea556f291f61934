"""Where the greatest and the smallest elements are.

Source: TensorFlow's ops of these names.
"""

from typing import Any

import numpy as np

from minitf.dtypes import INDICES, QUANTIZED, REAL_NUMBERS, DType, types
from minitf.errors import invalid
from minitf.op_def import op
from minitf.shapes import SCALAR, Shape
from minitf.symbols import T, Tidx, int32, int64, output_type

Array = np.ndarray[Any, Any]
_ORDERED = REAL_NUMBERS | QUANTIZED | types("bool")
WHY = "an index does not change with small changes of the input"


def _index_of(choose: Any, x: Array, dimension: Any, output_type: DType) -> Array:
    axis, rank = int(dimension), x.ndim
    if not -rank <= axis < rank:
        raise invalid(f"Expected dimension in the range [{-rank}, {rank}), but got {axis}")
    if not x.shape[axis]:
        raise invalid(f"Reduction axis {axis % rank} is empty in shape {list(x.shape)}")
    return np.asarray(choose(x, axis), output_type.numpy)


def _shape_without(input: Shape, dimension: int | None, *, output_type: DType) -> Shape:
    rank = input.rank
    if rank is None:
        return input
    if rank <= 1:
        return SCALAR
    if dimension is None:
        return Shape.unknown(rank - 1)
    if not -rank <= dimension < rank:
        raise invalid(
            f"Dimension ({dimension}) must be in the range [{-rank}, {rank}), "
            f"where {rank} is the number of dimensions in the input."
        )
    return input.without(dimension)


# --- ArgMax ------------------------------------------------------------------------------------


@op(
    "ArgMax",
    T=_ORDERED,
    Tidx=(INDICES | types("int16")).default(int32),
    output_type=INDICES | types("int16", "uint16"),
)
def arg_max_op(input: T, dimension: Tidx[()], *, output_type: DType = int64) -> output_type:
    """Find the index of the greatest element along one axis: of equal ones the first.

    Args:
        input: number[...].
        dimension: scalar in [-rank, rank).
        output_type: type of the indices.

    Returns:
        output_type, shaped as `input` without the axis.

    Raises:
        InvalidArgumentError: if the axis is out of range, or of size 0.

    Source: TensorFlow's op.
    """
    return _index_of(np.argmax, input, dimension, output_type)


arg_max_op.shape(values_of=("dimension",))(_shape_without)
arg_max_op.no_gradient(WHY)


# --- ArgMin ------------------------------------------------------------------------------------


@op("ArgMin", T=_ORDERED, Tidx=INDICES.default(int32), output_type=INDICES)
def arg_min_op(input: T, dimension: Tidx[()], *, output_type: DType = int64) -> output_type:
    """Find the index of the smallest element along one axis: of equal ones the first.

    Args:
        input: number[...].
        dimension: scalar in [-rank, rank).
        output_type: type of the indices.

    Returns:
        output_type, shaped as `input` without the axis.

    Raises:
        InvalidArgumentError: if the axis is out of range, or of size 0.

    Source: TensorFlow's op.
    """
    return _index_of(np.argmin, input, dimension, output_type)


arg_min_op.shape(values_of=("dimension",))(_shape_without)
arg_min_op.no_gradient(WHY)
