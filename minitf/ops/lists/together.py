"""Lists of tensors as one tensor: stacked, gathered, scattered, concatenated, split.

Source: TensorFlow 1.15's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import ANY, INDICES, DType, string
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.lists.tensor_list import (
    TensorList,
    list_of,
    shape_from,
    static_shape_from,
    type_of,
)
from minitf.shapes import SCALAR, UNKNOWN, Shape
from minitf.symbols import element_dtype, int32, shape_type, variant
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]


def _stacked(held: TensorList, items: list[Any], shape: Shape, what: str) -> Array:
    """Stack elements; zeros for those that were not set."""
    shape = held.merged(shape)
    for item in items:
        if item is not None:
            shape = TensorList(held.dtype, shape).merged(Shape(np.shape(item)))
    if not shape.is_full:
        if not items:
            raise invalid(
                f"Tried to {what} elements of an empty list with non-fully-defined "
                f"element_shape: {shape}"
            )
        start = (
            "Tried to stack list which only contains uninitialized tensors and has a"
            if what == "stack"
            else "Tried to gather uninitialized tensors from a list with"
        )
        raise invalid(f"{start} non-fully-defined element_shape: {shape}")
    made: Array = np.zeros((len(items), *shape), held.dtype.numpy)
    if held.dtype is string:
        made[...] = b""
    for i, item in enumerate(items):
        if item is not None:
            made[i] = item
    return made


def _rows(tensor: Array, shape: Shape) -> list[Any]:
    """Return the rows of an array that are to be elements.

    Raises:
        InvalidArgumentError: if it is a scalar, or its rows have another shape.
    """
    if not np.ndim(tensor):
        raise invalid("Tensor must be at least a vector, but saw shape: []")
    if not shape.accepts(tensor.shape[1:]):
        raise invalid(
            f"Specified a list with shape {shape} from a tensor with shape {list(tensor.shape[1:])}"
        )
    return list(tensor) if tensor.ndim > 1 else [np.asarray(each) for each in tensor]


# --- TensorListStack, TensorListFromTensor --------------------------------------------------------


@op("TensorListStack", outputs=("tensor",))
def tensor_list_stack_op(
    input_handle: variant, element_shape: int32, *, element_dtype: DType, num_elements: int = -1
) -> element_dtype:
    """Stack the elements of a list along a new first axis.

    Args:
        input_handle: the list.
        element_shape: what is known of the elements' shape; -1 for nothing.
        element_dtype: their type.
        num_elements: how many there must be; -1 for any number.

    Returns:
        element_dtype[length, ...].

    Raises:
        InvalidArgumentError: if there is another number, their shapes differ, or there are none
            and their shape is not known.

    Source: TensorFlow's op of the same name.
    """
    held = list_of(input_handle)
    held.check_type(element_dtype, "stack")
    if num_elements not in (-1, held.length):
        raise invalid(
            f"Operation expected a list with {num_elements} elements but got a list with "
            f"{held.length} elements."
        )
    return _stacked(held, held.items, shape_from(element_shape), "stack")


@tensor_list_stack_op.shape(values_of=("element_shape",))
def tensor_list_stack_shape(
    input_handle: Shape, element_shape: Any, *, element_dtype: DType, num_elements: int
) -> Shape:
    shape = static_shape_from(element_shape)
    if shape.dims is None:
        return shape
    return Shape([UNKNOWN if num_elements < 0 else num_elements, *shape])


@tensor_list_stack_op.gradient
def tensor_list_stack_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    return [ops.tensor_list_from_tensor_op(grad, op.inputs[1]), None]


@op("TensorListFromTensor", element_dtype=ANY, shape_type=INDICES, outputs=("output_handle",))
def tensor_list_from_tensor_op(tensor: element_dtype, element_shape: shape_type) -> variant:
    """Make a list of the rows of an array.

    Args:
        tensor: element_dtype[length, ...].
        element_shape: what is known of the elements' shape; -1 for nothing.

    Returns:
        The list.

    Raises:
        InvalidArgumentError: if it is a scalar, or its rows have another shape.

    Source: TensorFlow's op of the same name.
    """
    shape = shape_from(element_shape)
    return TensorList(type_of(tensor), shape, _rows(tensor, shape))


@tensor_list_from_tensor_op.gradient
def tensor_list_from_tensor_gradient(op: Operation, grad: Tensor | None) -> list[Tensor | None]:
    if grad is None:
        return [None, None]
    tensor = op.inputs[0]
    rest = ops.shape_op(tensor)[1:]
    count = tensor.static_shape[0] if tensor.static_shape.dims is not None else UNKNOWN
    return [
        ops.tensor_list_stack_op(
            grad,
            rest,
            element_dtype=tensor.dtype.base_dtype,
            num_elements=-1 if count is UNKNOWN else count,
        ),
        None,
    ]


# --- TensorListGather, TensorListScatter, -V2, -IntoExistingList ----------------------------------


@op("TensorListGather", outputs=("values",))
def tensor_list_gather_op(
    input_handle: variant, indices: int32, element_shape: int32, *, element_dtype: DType
) -> element_dtype:
    """Stack some elements of a list.

    Args:
        input_handle: the list.
        indices: vector of their numbers.
        element_shape: what is known of the elements' shape; -1 for nothing.
        element_dtype: their type.

    Returns:
        element_dtype[len(indices), ...].

    Raises:
        InvalidArgumentError: if there is none of a number, or shapes differ.

    Source: TensorFlow's op of the same name.
    """
    held = list_of(input_handle)
    held.check_type(element_dtype, "gather")
    items = held.items
    for index in indices:
        if not 0 <= index < len(items):
            raise invalid(f"Index {index} out o range; list only has {len(items)} elements.")
    chosen = [items[index] for index in indices]
    return _stacked(held, chosen, shape_from(element_shape), "gather")


@tensor_list_gather_op.shape(values_of=("element_shape",))
def tensor_list_gather_shape(
    input_handle: Shape, indices: Shape, element_shape: Any, *, element_dtype: DType
) -> Shape:
    shape = static_shape_from(element_shape)
    return shape if shape.dims is None else Shape([indices.with_rank(1)[0], *shape])


@tensor_list_gather_op.gradient
def tensor_list_gather_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    handle, indices, shape = op.inputs
    count = ops.tensor_list_length_op(handle)
    return [ops.tensor_list_scatter_v2_op(grad, indices, shape, count), None, None]


@op("TensorListScatter", element_dtype=ANY, shape_type=INDICES, outputs=("output_handle",))
def tensor_list_scatter_op(
    tensor: element_dtype, indices: int32, element_shape: shape_type
) -> variant:
    """Make a list of the rows of an array, each at a place of its own.

    Args:
        tensor: element_dtype[n, ...].
        indices: vector of n places.
        element_shape: what is known of the elements' shape; -1 for nothing.

    Returns:
        The list; elements at other places are to be set.

    Raises:
        InvalidArgumentError: if a place is negative, or shapes do not fit.

    Source: TensorFlow's op of the same name.
    """
    return _scattered(tensor, indices, shape_from(element_shape), -1)


@op("TensorListScatterV2", element_dtype=ANY, shape_type=INDICES, outputs=("output_handle",))
def tensor_list_scatter_v2_op(
    tensor: element_dtype, indices: int32, element_shape: shape_type, num_elements: int32
) -> variant:
    """Make a list of a given length of the rows of an array, each at a place of its own.

    Args:
        tensor: element_dtype[n, ...].
        indices: vector of n places.
        element_shape: what is known of the elements' shape; -1 for nothing.
        num_elements: the length; -1 for as much as the places need.

    Returns:
        The list; elements at other places are to be set.

    Raises:
        InvalidArgumentError: if a place is negative or behind the end, or shapes do not fit.

    Source: TensorFlow's op of the same name.
    """
    return _scattered(tensor, indices, shape_from(element_shape), int(num_elements))


def _scattered(tensor: Array, indices: Array, shape: Shape, count: int) -> TensorList:
    rows = _rows(tensor, shape)
    _check_places(indices, rows)
    if count < -1:
        raise invalid(
            f"TensorListScatter expects num_elements >= -1, found: {count}",
        )
    size = max((int(index) + 1 for index in indices), default=0)
    if count >= 0 and size > count:
        raise invalid(
            f"TensorListScatter: Trying to scatter at index {size - 1} in list with size {count}"
        )
    items: list[Any] = [None] * max(size, count)
    for index, row in zip(indices, rows, strict=True):
        items[index] = row
    return TensorList(type_of(tensor), shape, items)


def _check_places(indices: Array, rows: list[Any]) -> None:
    if len(indices) != len(rows):
        raise invalid(
            f"Invalid number of rows in input tensor. Expected: {len(indices)} Actual: {len(rows)}"
        )
    if any(index < 0 for index in indices):
        raise invalid("Indices in TensorListScatter must all be non-negative.")


@tensor_list_scatter_op.gradient
@tensor_list_scatter_v2_op.gradient
def tensor_list_scatter_gradient(op: Operation, grad: Tensor | None) -> list[Tensor | None]:
    if grad is None:
        return [None] * len(op.inputs)
    tensor, indices = op.inputs[:2]
    of_rows = ops.tensor_list_gather_op(
        grad, indices, ops.shape_op(tensor)[1:], element_dtype=tensor.dtype.base_dtype
    )
    return [of_rows, *[None] * (len(op.inputs) - 1)]


@op("TensorListScatterIntoExistingList", element_dtype=ANY, outputs=("output_handle",))
def tensor_list_scatter_into_existing_list_op(
    input_handle: variant, tensor: element_dtype, indices: int32
) -> variant:
    """Replace elements of a list by the rows of an array; the list grows where it must.

    Args:
        input_handle: the list.
        tensor: element_dtype[n, ...].
        indices: vector of n places.

    Returns:
        The other list.

    Raises:
        InvalidArgumentError: if a place is negative, or shapes do not fit.

    Source: TensorFlow's op of the same name.
    """
    held = list_of(input_handle)
    rows = _rows(tensor, held.element_shape)
    _check_places(indices, rows)
    items = held.items
    items += [None] * (max((int(i) + 1 for i in indices), default=0) - len(items))
    for index, row in zip(indices, rows, strict=True):
        items[index] = row
    return held.with_items(items)


@tensor_list_scatter_into_existing_list_op.gradient
def tensor_list_scatter_into_existing_list_gradient(
    op: Operation, grad: Tensor | None
) -> list[Tensor | None]:
    if grad is None:
        return [None, None, None]
    handle, tensor, indices = op.inputs
    of_list = ops.tensor_list_scatter_into_existing_list_op(
        grad, ops.zeros_like_op(tensor), indices
    )
    of_list = ops.tensor_list_resize_op(of_list, ops.tensor_list_length_op(handle))
    of_rows = ops.tensor_list_gather_op(
        grad, indices, ops.shape_op(tensor)[1:], element_dtype=tensor.dtype.base_dtype
    )
    return [of_list, of_rows, None]


@tensor_list_from_tensor_op.shape
@tensor_list_scatter_op.shape
@tensor_list_scatter_v2_op.shape
@tensor_list_scatter_into_existing_list_op.shape
def list_shape(*_: Any) -> Shape:
    return SCALAR
