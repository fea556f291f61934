"""The same values at other coordinates: in row-major order, or in another shape.

Source: TensorFlow's ops of the same names.
"""

import math
from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import ANY
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.sparse.coordinates import check_parts, in_memory, known_parts, row_major, text
from minitf.shapes import Shape, must_equal
from minitf.symbols import N, P, R, T, int64
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]
Gradients = list[Tensor | None]

# --- SparseReorder -----------------------------------------------------------------------------


@op("SparseReorder", T=ANY, outputs=("output_indices", "output_values"))
def sparse_reorder_op(
    input_indices: int64[N, R], input_values: T[N], input_shape: int64[R]
) -> tuple[int64, T]:
    """Put the values of a sparse tensor in row-major order; equal coordinates keep their order.

    Args:
        input_indices: int64[N, R].
        input_values: T[N].
        input_shape: int64[R].

    Returns:
        output_indices: int64[N, R]; output_values: T[N].

    Raises:
        InvalidArgumentError: if the parts do not fit together.

    Source: TensorFlow's op of the same name.
    """
    check_parts(input_indices, input_values, input_shape)
    order = row_major(input_indices)
    return input_indices[order], input_values[order]


@sparse_reorder_op.shape
def sparse_reorder_shape(
    input_indices: Shape, input_values: Shape, input_shape: Shape
) -> list[Shape]:
    count, rank = known_parts(input_indices, input_values, input_shape)
    return [Shape([count, rank]), Shape([count])]


@sparse_reorder_op.gradient
def sparse_reorder_gradient(op: Operation, _: Any, grad: Tensor | None) -> Gradients:
    """Put the gradients back in the order of the input."""
    if grad is None:
        return [None] * 3
    indices, _, shape = op.inputs
    count = ops.gather_v2_op(ops.shape_op(indices), 0, 0)
    _, order = ops.sparse_reorder_op(indices, ops.range_op(0, count, 1), shape)
    return [None, ops.gather_v2_op(grad, ops.invert_permutation_op(order), 0), None]


# --- SparseReshape -----------------------------------------------------------------------------


@op("SparseReshape", outputs=("output_indices", "output_shape"))
def sparse_reshape_op(
    input_indices: int64[N, R], input_shape: int64[R], new_shape: int64[P]
) -> tuple[int64, int64]:
    """Give values the coordinates that they have after the dense tensor's reshape.

    Args:
        input_indices: int64[N, R].
        input_shape: int64[R].
        new_shape: int64[P]; one size may be -1: what is left.

    Returns:
        output_indices: int64[N, P]; output_shape: int64[P].

    Raises:
        InvalidArgumentError: if the number of elements would change, or `new_shape` is no shape.

    Source: TensorFlow's op of the same name.
    """
    if input_indices.ndim != 2:
        raise invalid("Input must be a matrix.")
    if input_shape.ndim != 1:
        raise invalid("Input shape must be a vector.")
    if input_indices.shape[1] != len(input_shape):
        raise invalid("Input tensor rank must match input shape length.")
    if new_shape.ndim != 1:
        raise invalid(f"Target shape should be a vector but received shape {text(new_shape.shape)}")
    sizes = _filled_in(new_shape.tolist(), input_shape.tolist())
    output_shape = np.array(sizes, np.int64)
    if np.array_equal(output_shape, input_shape):
        return input_indices, output_shape
    if len(input_indices) and not math.prod(sizes):
        raise invalid(
            f"Input tensor has {len(input_indices)} non zero elements but input shape "
            f"({text(input_shape)}) or output shape ({text(output_shape)}) is empty"
        )
    rest = in_memory(input_indices, input_shape)
    indices = np.empty((len(rest), len(sizes)), np.int64)
    for axis in reversed(range(1, len(sizes))):
        rest, indices[:, axis] = np.divmod(rest, sizes[axis])
    indices[:, :1] = rest[:, None]  # not divided: coordinates out of bounds stay so
    return indices, output_shape


def _filled_in(wanted: list[int], given: list[int]) -> list[int]:
    """Return sizes with -1 replaced by what is left of the shape `given`."""
    for size in given:
        if size < 0:
            raise invalid(f"Expected shape dimensions to be non-negative, got {size}")
    total = math.prod(given)
    open_axes = [axis for axis, size in enumerate(wanted) if size == -1]
    if len(open_axes) > 1:
        raise invalid(
            f"only one output dimension may be -1, not both {open_axes[0]} and {open_axes[1]}"
        )
    for axis, size in enumerate(wanted):
        if size < -1:
            raise invalid(f"size {axis} must be non-negative, not {size}")
    if not open_axes:
        if math.prod(wanted) != total:
            raise invalid(
                f"Input to reshape is a tensor with {total} dense values, but the requested shape "
                f"has {math.prod(wanted)}. input_shape={text(given)} output_shape={text(wanted)}"
            )
        return wanted
    rest = math.prod(size for size in wanted if size != -1)
    if not rest:
        raise invalid(
            "reshape cannot infer the missing input size for an empty tensor unless all specified "
            "input sizes are non-zero"
        )
    if total % rest:
        raise invalid(
            f"Input to reshape is a SparseTensor with {total} dense values, but the requested "
            f"shape requires a multiple of {rest}. input_shape={text(given)} "
            f"output_shape={text(wanted)}"
        )
    return [total // rest if size == -1 else size for size in wanted]


@sparse_reshape_op.shape
def sparse_reshape_shape(input_indices: Shape, input_shape: Shape, new_shape: Shape) -> list[Shape]:
    count, rank = input_indices
    must_equal(rank, input_shape[0])
    return [Shape([count, new_shape[0]]), new_shape]


sparse_reshape_op.no_gradient("coordinates are whole numbers")
