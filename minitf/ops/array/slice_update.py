"""Replacing a part of an array that NumPy's indexing picks, in a copy.

Source: TensorFlow's op of the same name.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import ANY, INDICES
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.array.broadcasting import reduced_to_shape_of
from minitf.ops.array.slicing import index_of, masks_of
from minitf.shapes import Shape
from minitf.symbols import Index, T, n
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]


@op("TensorStridedSliceUpdate", T=ANY, Index=INDICES)
def tensor_strided_slice_update_op(
    input: T,
    begin: Index[n],
    end: Index[n],
    strides: Index[n],
    value: T,
    *,
    begin_mask: int = 0,
    end_mask: int = 0,
    ellipsis_mask: int = 0,
    new_axis_mask: int = 0,
    shrink_axis_mask: int = 0,
) -> T:
    """Replace what StridedSlice would give; the rest stays.

    Args:
        input: T[...].
        begin: as StridedSlice's.
        end: as StridedSlice's.
        strides: as StridedSlice's.
        value: T of the shape of the slice, or one that broadcasts to it.
        begin_mask: as StridedSlice's.
        end_mask: as StridedSlice's.
        ellipsis_mask: as StridedSlice's.
        new_axis_mask: as StridedSlice's.
        shrink_axis_mask: as StridedSlice's.

    Returns:
        T[...] of the input's shape.

    Raises:
        InvalidArgumentError: if the index does not fit the input, or the value not the slice.

    Source: TensorFlow's op of the same name.
    """
    masks = (begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask)
    out = np.array(input)
    part = out[index_of(out.shape, begin, end, strides, masks)]
    try:
        part[...] = value
    except ValueError:
        raise invalid(
            f"The value of shape {list(value.shape)} does not fit the slice of shape "
            f"{list(part.shape)}"
        ) from None
    return out


@tensor_strided_slice_update_op.shape
def tensor_strided_slice_update_shape(
    input: Shape, begin: Shape, end: Shape, strides: Shape, value: Shape, **_: int
) -> Shape:
    return input


@tensor_strided_slice_update_op.gradient
def tensor_strided_slice_update_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    _, *index, value = op.inputs
    kept = ops.tensor_strided_slice_update_op(
        grad, *index, ops.zeros_like_op(value), **masks_of(op)
    )
    part = ops.strided_slice_op(grad, *index, **masks_of(op))
    return [kept, None, None, None, reduced_to_shape_of(part, value)]
