"""Lists of tensors: making them, and reading and writing one element.

The gradient of what puts an element into a list takes it out of the gradient's list, and the other
way round.

Source: TensorFlow 1.15's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import ANY, INDICES, DType
from minitf.errors import invalid
from minitf.op_def import op
from minitf.operation import Operation
from minitf.ops.lists.tensor_list import TensorList, list_of, shape_from, static_shape_from
from minitf.shapes import SCALAR, Shape
from minitf.symbols import Tshape, element_dtype, int32, shape_type, variant
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]

# --- EmptyTensorList, TensorListReserve -----------------------------------------------------------


@op("EmptyTensorList", shape_type=INDICES, outputs=("handle",))
def empty_tensor_list_op(
    element_shape: shape_type, max_num_elements: int32, *, element_dtype: DType
) -> variant:
    """Make a list without elements.

    Args:
        element_shape: what is known of the elements' shape; -1 for nothing.
        max_num_elements: how many there may be; -1 for any number.
        element_dtype: their type.

    Returns:
        The list.

    Source: TensorFlow's op of the same name.
    """
    if np.ndim(max_num_elements):
        raise invalid(
            "max_num_elements expected to be a scalar ",
            shape=list(np.shape(max_num_elements)),
        )
    most = int(max_num_elements)
    return TensorList(element_dtype, shape_from(element_shape), most=None if most == -1 else most)


@op("TensorListReserve", shape_type=INDICES, outputs=("handle",))
def tensor_list_reserve_op(
    element_shape: shape_type, num_elements: int32, *, element_dtype: DType
) -> variant:
    """Make a list of elements that are to be set; they read as zeros before.

    Args:
        element_shape: what is known of the elements' shape; -1 for nothing.
        num_elements: how many there are.
        element_dtype: their type.

    Returns:
        The list.

    Raises:
        InvalidArgumentError: if the number is negative.

    Source: TensorFlow's op of the same name.
    """
    count = int(num_elements)
    if count < 0:
        raise invalid(f"The num_elements to reserve must be a non negative number, but got {count}")
    return TensorList(element_dtype, shape_from(element_shape), [None] * count)


# --- TensorListPushBack, TensorListPopBack --------------------------------------------------------


@op("TensorListPushBack", element_dtype=ANY, outputs=("output_handle",))
def tensor_list_push_back_op(input_handle: variant, tensor: element_dtype) -> variant:
    """Put an element behind the others.

    Args:
        input_handle: the list.
        tensor: the element.

    Returns:
        The longer list.

    Raises:
        InvalidArgumentError: if its shape does not fit, or the list is full.

    Source: TensorFlow's op of the same name.
    """
    held = list_of(input_handle)
    held.check_value(tensor, "append")
    if held.most is not None and held.length >= held.most:
        raise invalid(
            f"Tried to push item into a full list list size: {held.length} "
            f"max_num_elements: {held.most}"
        )
    return held.pushed(tensor)


@tensor_list_push_back_op.gradient
def tensor_list_push_back_gradient(op: Operation, grad: Tensor | None) -> list[Tensor | None]:
    if grad is None:
        return [None, None]
    tensor = op.inputs[1]
    shape = _shape_input(tensor)
    found = ops.tensor_list_pop_back_op(grad, shape, element_dtype=tensor.dtype.base_dtype)
    return [found.output_handle, found.tensor]


@op("TensorListPopBack", outputs=("output_handle", "tensor"))
def tensor_list_pop_back_op(
    input_handle: variant, element_shape: int32, *, element_dtype: DType
) -> tuple[variant, element_dtype]:
    """Take the last element away.

    Args:
        input_handle: the list.
        element_shape: what is known of the element's shape; -1 for nothing.
        element_dtype: its type.

    Returns:
        output_handle: the shorter list.
        tensor: the element.

    Raises:
        InvalidArgumentError: if there is none, or it has another type.

    Source: TensorFlow's op of the same name.
    """
    held = list_of(input_handle)
    held.check_type(element_dtype, "pop")
    if not held.length:
        raise invalid("Trying to pop from an empty list.")
    return held.popped(), held.item(held.length - 1, element_shape)


@tensor_list_pop_back_op.shape(values_of=("element_shape",))
def tensor_list_pop_back_shape(
    input_handle: Shape, element_shape: Any, *, element_dtype: DType
) -> list[Shape]:
    return [SCALAR, static_shape_from(element_shape)]


@tensor_list_pop_back_op.gradient
def tensor_list_pop_back_gradient(
    op: Operation, of_list: Tensor | None, of_element: Tensor | None
) -> list[Tensor | None]:
    element = op.outputs[1]
    if of_list is None:
        shape = ops.tensor_list_element_shape_op(op.outputs[0], shape_type=int32)
        of_list = ops.tensor_list_reserve_op(
            shape,
            ops.tensor_list_length_op(op.outputs[0]),
            element_dtype=element.dtype.base_dtype,
        )
    if of_element is None:
        of_element = ops.zeros_like_op(element)
    return [ops.tensor_list_push_back_op(of_list, of_element), None]


def _shape_input(tensor: Tensor) -> Any:
    """Return what an `element_shape` input says of a tensor's shape."""
    sizes = tensor.static_shape.as_list()
    if sizes is None:
        return np.array(-1, np.int32)
    return np.array([-1 if size is None else size for size in sizes], np.int32)


# --- TensorListGetItem, TensorListSetItem ---------------------------------------------------------


@op("TensorListGetItem", Tshape=INDICES.default(int32), outputs=("item",))
def tensor_list_get_item_op(
    input_handle: variant, index: int32, element_shape: Tshape, *, element_dtype: DType
) -> element_dtype:
    """Read an element; one that was not set is zeros.

    Args:
        input_handle: the list.
        index: its number.
        element_shape: what is known of its shape; -1 for nothing.
        element_dtype: its type.

    Returns:
        The element.

    Raises:
        InvalidArgumentError: if there is none of that number, or it was not set and its shape is
            not known.

    Source: TensorFlow's op of the same name.
    """
    held, number = list_of(input_handle), int(index)
    held.check_type(element_dtype, "get")
    if not 0 <= number < held.length:
        raise invalid(f"Trying to access element {number} in a list with {held.length} elements.")
    return held.item(number, element_shape)


@tensor_list_get_item_op.shape(values_of=("element_shape",))
def tensor_list_get_item_shape(
    input_handle: Shape, index: Shape, element_shape: Any, *, element_dtype: DType
) -> Shape:
    return static_shape_from(element_shape)


@tensor_list_get_item_op.gradient
def tensor_list_get_item_gradient(op: Operation, grad: Tensor) -> list[Tensor | None]:
    """Put the gradient into a list that is zeros elsewhere."""
    handle, index, _ = op.inputs
    zeros = ops.tensor_list_reserve_op(
        ops.shape_op(grad), ops.tensor_list_length_op(handle), element_dtype=grad.dtype.base_dtype
    )
    return [ops.tensor_list_set_item_op(zeros, index, grad), None, None]


@op("TensorListSetItem", element_dtype=ANY, outputs=("output_handle",))
def tensor_list_set_item_op(
    input_handle: variant,
    index: int32,
    item: element_dtype,
    *,
    resize_if_index_out_of_bounds: bool = False,
) -> variant:
    """Replace an element.

    Args:
        input_handle: the list.
        index: its number.
        item: what it becomes.
        resize_if_index_out_of_bounds: make the list longer where there is none of that number.

    Returns:
        The other list.

    Raises:
        InvalidArgumentError: if there is none of that number, or the shape does not fit.

    Source: TensorFlow's op of the same name.
    """
    held, number = list_of(input_handle), int(index)
    items = held.items
    if resize_if_index_out_of_bounds and number >= held.length:
        items += [None] * (number + 1 - held.length)
    if not 0 <= number < len(items):
        raise invalid(f"Trying to modify element {number} in a list with {held.length} elements.")
    held.check_value(item, "set")
    items[number] = item
    return held.with_items(items)


@tensor_list_set_item_op.gradient
def tensor_list_set_item_gradient(op: Operation, grad: Tensor | None) -> list[Tensor | None]:
    if grad is None:
        return [None, None, None]
    handle, index, item = op.inputs
    of_list = ops.tensor_list_set_item_op(grad, index, ops.zeros_like_op(item))
    of_list = ops.tensor_list_resize_op(of_list, ops.tensor_list_length_op(handle))
    shape = ops.shape_op(item)
    of_item = ops.tensor_list_get_item_op(grad, index, shape, element_dtype=item.dtype.base_dtype)
    return [of_list, None, of_item]


# --- TensorListLength, TensorListElementShape, TensorListResize -----------------------------------


@op("TensorListLength", outputs=("length",))
def tensor_list_length_op(input_handle: variant) -> int32:
    """Count the elements of a list.

    Args:
        input_handle: the list.

    Returns:
        int32 scalar.

    Source: TensorFlow's op of the same name.
    """
    return np.array(list_of(input_handle).length, np.int32)


@op("TensorListElementShape", shape_type=INDICES, outputs=("element_shape",))
def tensor_list_element_shape_op(input_handle: variant, *, shape_type: DType) -> shape_type:
    """Tell what is known of the shape of the elements of a list.

    Args:
        input_handle: the list.
        shape_type: the type of the sizes.

    Returns:
        The sizes, -1 where one is unknown; the scalar -1 if nothing is known.

    Source: TensorFlow's op of the same name.
    """
    sizes = list_of(input_handle).element_shape.as_list()
    known = -1 if sizes is None else [-1 if size is None else size for size in sizes]
    return np.array(known, shape_type.numpy)


@tensor_list_element_shape_op.shape
def tensor_list_element_shape_shape(input_handle: Shape, *, shape_type: DType) -> Shape:
    return Shape.unknown()


@op("TensorListResize", outputs=("output_handle",))
def tensor_list_resize_op(input_handle: variant, size: int32) -> variant:
    """Make a list longer, by elements that are to be set, or shorter.

    Args:
        input_handle: the list.
        size: how many elements it is to have.

    Returns:
        The other list.

    Raises:
        InvalidArgumentError: if the number is negative.

    Source: TensorFlow's op of the same name.
    """
    held, count = list_of(input_handle), int(size)
    if count < 0:
        raise invalid(f"TensorListSlice expects size to be non-negative. Got: {count}")
    items = held.items[:count]
    return held.with_items(items + [None] * (count - len(items)))


@tensor_list_resize_op.gradient
def tensor_list_resize_gradient(op: Operation, grad: Tensor | None) -> list[Tensor | None]:
    if grad is None:
        return [None, None]
    return [ops.tensor_list_resize_op(grad, ops.tensor_list_length_op(op.inputs[0])), None]


# --- rules ----------------------------------------------------------------------------------------


@empty_tensor_list_op.shape
@tensor_list_reserve_op.shape
@tensor_list_push_back_op.shape
@tensor_list_set_item_op.shape
@tensor_list_length_op.shape
@tensor_list_resize_op.shape
def scalar_shape(*_: Any, **__: Any) -> Shape:
    return SCALAR


for _op in (empty_tensor_list_op, tensor_list_reserve_op):
    _op.no_gradient("an empty list is a constant")
for _op in (tensor_list_length_op, tensor_list_element_shape_op):
    _op.no_gradient("sizes are integers")
