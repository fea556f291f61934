"""TensorArrays: reading and writing many elements as one array.

Source: TensorFlow 1.15's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.convert import convert_to_tensor
from minitf.dtypes import ANY, DType
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.tensor_arrays.elements import elements_of, size_zero
from minitf.ops.tensor_arrays.single import gradient_array, written_first
from minitf.shapes import SCALAR, UNKNOWN, Shape
from minitf.symbols import Resource, T, dtype, float32, int32, int64
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]

# --- TensorArrayGatherV3 --------------------------------------------------------------------------


@op("TensorArrayGatherV3", "stateful", outputs=("value",))
def tensor_array_gather_v3_op(
    handle: Resource,
    indices: int32,
    flow_in: float32,
    *,
    dtype: DType,
    element_shape: Shape = Shape.unknown(),
) -> dtype:
    """Stack some elements along a new first axis.

    Args:
        handle: of the TensorArray.
        indices: a vector.
        flow_in: the flow behind what has to be written before.
        dtype: of the elements.
        element_shape: their shape, needed in full where there are none.

    Returns:
        dtype[n, ...], element `indices[i]` in row i.

    Raises:
        InvalidArgumentError: if an element cannot be read, or shapes differ.
        UnimplementedError: if there are no elements and their shape is not known.

    Source: TensorFlow's op.
    """
    elements = elements_of(handle)
    elements.check_dtype(dtype)
    if not np.size(indices):
        shape = element_shape if element_shape.is_full else elements.shape
        if not shape.is_full:
            raise size_zero("element shape", shape, "packing")
        return np.zeros((0, *shape), dtype.numpy)
    values = elements.read_many([int(index) for index in indices])
    for i, value in enumerate(values):
        if value.shape != values[0].shape:
            raise invalid(
                f"TensorArray has inconsistent shapes.  Index 0 has shape: {list(values[0].shape)} "
                f"but index {i} has shape: {list(value.shape)}"
            )
    return np.stack(values)


@tensor_array_gather_v3_op.shape
def tensor_array_gather_v3_shape(
    handle: Shape, indices: Shape, flow_in: Shape, *, dtype: DType, element_shape: Shape
) -> Shape:
    (count,) = indices.with_rank(1)
    return Shape.unknown() if element_shape.dims is None else Shape([count, *element_shape])


@tensor_array_gather_v3_op.gradient
def tensor_array_gather_v3_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    """Add each row to the gradient of its element."""
    handle, indices, flow = op.inputs
    array, inner = gradient_array(handle, flow, grad)
    with op.graph.name_scope("TensorArrayScatter"):
        value = convert_to_tensor(grad, name="value")
        return [None, None, ops.tensor_array_scatter_v3_op(array, indices, value, inner)]


# --- TensorArrayScatterV3 -------------------------------------------------------------------------


@op("TensorArrayScatterV3", "stateful", T=ANY, outputs=("flow_out",))
def tensor_array_scatter_v3_op(
    handle: Resource, indices: int32, value: T, flow_in: float32
) -> float32:
    """Write the rows of an array to some elements.

    Args:
        handle: of the TensorArray.
        indices: a vector: which element each row goes to.
        value: T[n, ...].
        flow_in: the flow.

    Returns:
        The flow behind the writes.

    Raises:
        InvalidArgumentError: if there are not as many rows as indices, or an element cannot be
            written.

    Source: TensorFlow's op.
    """
    elements = elements_of(handle)
    elements.check_value(value)
    if not np.ndim(value):
        raise invalid("Input value for unpack must be at least a vector but received shape: []")
    if len(indices) != len(value):
        raise invalid(
            f"Expected len(indices) == values.shape[0], but saw: {len(indices)} vs. {len(value)}"
        )
    elements.write_many([int(index) for index in indices], rows(value))
    return flow_in


@tensor_array_scatter_v3_op.shape
def tensor_array_scatter_v3_shape(
    handle: Shape, indices: Shape, value: Shape, flow_in: Shape
) -> Shape:
    indices.with_rank(1)
    return SCALAR


@tensor_array_scatter_v3_op.gradient
def tensor_array_scatter_v3_gradient(op: Operation, flow: Tensor) -> list[Tensor | None]:
    """Stack what was added to the gradients of the elements."""
    handle, indices, value, _ = op.inputs
    flow = written_first(op, flow)
    array, inner = gradient_array(handle, flow, flow)
    grad = ops.tensor_array_gather_v3_op(array, indices, inner, dtype=value.dtype.base_dtype)
    return [None, None, grad, flow]


# --- TensorArrayConcatV3 --------------------------------------------------------------------------


@op("TensorArrayConcatV3", "stateful", outputs=("value", "lengths"))
def tensor_array_concat_v3_op(
    handle: Resource,
    flow_in: float32,
    *,
    dtype: DType,
    element_shape_except0: Shape = Shape.unknown(),
) -> tuple[dtype, int64]:
    """Join all elements along their first axis.

    Args:
        handle: of the TensorArray.
        flow_in: the flow behind what has to be written before.
        dtype: of the elements.
        element_shape_except0: their shape without the first size, needed in full where there are
            none.

    Returns:
        value: dtype[n0 + n1 + ..., ...].
        lengths: int64[...], the first size of each.

    Raises:
        InvalidArgumentError: if an element cannot be read, is a scalar, or shapes differ.
        UnimplementedError: if there are no elements and their shape is not known.

    Source: TensorFlow's op.
    """
    elements = elements_of(handle)
    elements.check_dtype(dtype)
    values = elements.read_many(range(len(elements)))
    if not values:
        if not element_shape_except0.is_full:
            raise size_zero("element_shape_except0", element_shape_except0, "concatenating")
        return np.zeros((0, *element_shape_except0), dtype.numpy), np.zeros(0, np.int64)
    for i, value in enumerate(values):
        if not value.ndim:
            raise invalid(
                f"Concat saw a scalar shape at index {i} but requires at least vectors.  Did you "
                "mean to call pack?"
            )
        if value.shape[1:] != values[0].shape[1:]:
            raise invalid(
                "TensorArray has inconsistent shapes.  Index 0 has (excepting dimension 0) shape: "
                f"{list(values[0].shape[1:])} but index {i} has (excepting dimension 0) shape: "
                f"{list(value.shape[1:])}"
            )
    return np.concatenate(values), np.array([len(value) for value in values], np.int64)


@tensor_array_concat_v3_op.shape
def tensor_array_concat_v3_shape(
    handle: Shape, flow_in: Shape, *, dtype: DType, element_shape_except0: Shape
) -> list[Shape]:
    rest = element_shape_except0
    value = Shape.unknown() if rest.dims is None else Shape([UNKNOWN, *rest])
    return [value, Shape.unknown(1)]


@tensor_array_concat_v3_op.gradient
def tensor_array_concat_v3_gradient(op: Operation, grad: Tensor, _: Any) -> list[Tensor | None]:
    """Add each piece to the gradient of its element."""
    handle, flow = op.inputs
    array, inner = gradient_array(handle, flow, grad)
    with op.graph.name_scope("TensorArraySplit"):
        value = convert_to_tensor(grad, name="value")
        return [None, ops.tensor_array_split_v3_op(array, value, op.outputs[1], inner)]


# --- TensorArraySplitV3 ---------------------------------------------------------------------------


@op("TensorArraySplitV3", "stateful", T=ANY, outputs=("flow_out",))
def tensor_array_split_v3_op(
    handle: Resource, value: T, lengths: int64, flow_in: float32
) -> float32:
    """Cut an array along its first axis and write the pieces.

    Args:
        handle: of the TensorArray.
        value: T[n, ...].
        lengths: a vector of sum n: how long the piece for each element is.
        flow_in: the flow.

    Returns:
        The flow behind the writes.

    Raises:
        InvalidArgumentError: if the lengths do not add up to n, or there are not as many as
            elements.

    Source: TensorFlow's op.
    """
    elements = elements_of(handle)
    elements.check_value(value)
    if not np.ndim(value):
        raise invalid("Expected value to be at least a vector, but received shape: []")
    if sum(lengths) != len(value):
        raise invalid(
            "Expected sum of lengths to be equal to values.shape[0], but sum of lengths is "
            f"{sum(lengths)} and value's shape is: {list(value.shape)}"
        )
    elements.fit(len(lengths))
    pieces = np.split(value, np.cumsum(lengths)[:-1]) if len(lengths) else []
    elements.write_many(range(len(pieces)), pieces)
    return flow_in


@tensor_array_split_v3_op.shape
def tensor_array_split_v3_shape(
    handle: Shape, value: Shape, lengths: Shape, flow_in: Shape
) -> Shape:
    lengths.with_rank(1)
    return SCALAR


@tensor_array_split_v3_op.gradient
def tensor_array_split_v3_gradient(op: Operation, flow: Tensor) -> list[Tensor | None]:
    """Join what was added to the gradients of the elements."""
    handle, value, _, _ = op.inputs
    flow = written_first(op, flow)
    array, inner = gradient_array(handle, flow, flow)
    grad, _ = ops.tensor_array_concat_v3_op(array, inner, dtype=value.dtype.base_dtype)
    return [None, grad, None, flow]


def rows(value: Array) -> list[Array]:
    """Return the rows of an array as arrays, those of a vector too."""
    return [value[i, ...] for i in range(len(value))]
