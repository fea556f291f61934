"""Lists of tensors whose elements differ in length: joined, and cut; lists of lists.

Source: TensorFlow 1.15's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dtypes import ANY, INDICES, DType
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
from minitf.symbols import element_dtype, int64, shape_type, variant
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]

# --- TensorListConcat, TensorListConcatV2 ---------------------------------------------------------


@op("TensorListConcat", outputs=("tensor", "lengths"))
def tensor_list_concat_op(
    input_handle: variant, *, element_dtype: DType, element_shape: Shape = Shape.unknown()
) -> tuple[element_dtype, int64]:
    """Join the elements of a list along their first axis.

    Args:
        input_handle: the list.
        element_dtype: their type.
        element_shape: what is known of their shape.

    Returns:
        tensor: element_dtype[sum of lengths, ...].
        lengths: int64[n]: the first size of each.

    Raises:
        InvalidArgumentError: if they are scalars, or differ in other sizes.

    Source: TensorFlow's op of the same name.
    """
    held = list_of(input_handle)
    return _joined(held, element_dtype, element_shape, np.empty(0, np.int64))


@op("TensorListConcatV2", shape_type=INDICES, outputs=("tensor", "lengths"))
def tensor_list_concat_v2_op(
    input_handle: variant,
    element_shape: shape_type,
    leading_dims: int64,
    *,
    element_dtype: DType,
) -> tuple[element_dtype, int64]:
    """Join the elements of a list along their first axis.

    Args:
        input_handle: the list.
        element_shape: what is known of their shape; -1 for nothing.
        leading_dims: the first size of each element that was not set.
        element_dtype: their type.

    Returns:
        tensor: element_dtype[sum of lengths, ...].
        lengths: int64[n]: the first size of each.

    Raises:
        InvalidArgumentError: if they are scalars, or differ in other sizes.

    Source: TensorFlow's op of the same name.
    """
    held = list_of(input_handle)
    return _joined(held, element_dtype, shape_from(element_shape), leading_dims)


def _joined(
    held: TensorList, dtype: DType, shape: Shape, first_sizes: Array
) -> tuple[Array, Array]:
    held.check_type(dtype, "concat")
    items = held.items
    shape = held.merged(shape)
    rest = Shape.unknown() if shape.dims is None else _without_first(shape)
    for item in items:
        if item is not None:
            rest = TensorList(dtype, rest).merged(_without_first(Shape(np.shape(item))))
    if not rest.is_full:
        what = "an empty tensor list" if not items else "elements that were not set"
        raise invalid(
            f"All except the first dimension must be fully defined when concating {what}. "
            f"element_shape: {shape}"
        )
    for i, item in enumerate(items):
        if item is None:
            if i >= len(first_sizes):
                raise invalid(
                    f"Concatenating uninitialized element {i} requires its leading dimension"
                )
            items[i] = np.zeros((int(first_sizes[i]), *rest), dtype.numpy)
    lengths = np.array([len(item) for item in items], np.int64)
    if not items:
        return np.zeros((0, *rest), dtype.numpy), lengths
    return np.concatenate(items), lengths


def _without_first(shape: Shape) -> Shape:
    if not len(shape):
        raise invalid("Concat requires elements to be at least vectors, found scalars instead.")
    return Shape(shape[1:])


@tensor_list_concat_op.shape
def tensor_list_concat_shape(
    input_handle: Shape, *, element_dtype: DType, element_shape: Shape
) -> list[Shape]:
    return [_joined_shape(element_shape), Shape([UNKNOWN])]


@tensor_list_concat_v2_op.shape(values_of=("element_shape",))
def tensor_list_concat_v2_shape(
    input_handle: Shape, element_shape: Any, leading_dims: Shape, *, element_dtype: DType
) -> list[Shape]:
    return [_joined_shape(static_shape_from(element_shape)), Shape([UNKNOWN])]


def _joined_shape(shape: Shape) -> Shape:
    return shape if shape.dims is None or not len(shape) else Shape([UNKNOWN, *shape[1:]])


@tensor_list_concat_op.gradient
@tensor_list_concat_v2_op.gradient
def tensor_list_concat_gradient(
    op: Operation, grad: Tensor | None, _: Tensor | None
) -> list[Tensor | None]:
    if grad is None:
        return [None] * len(op.inputs)
    shape = ops.tensor_list_element_shape_op(op.inputs[0], shape_type=int64)
    cut = ops.tensor_list_split_op(grad, shape, op.outputs[1])
    return [cut, *[None] * (len(op.inputs) - 1)]


# --- TensorListSplit ------------------------------------------------------------------------------


@op("TensorListSplit", element_dtype=ANY, shape_type=INDICES, outputs=("output_handle",))
def tensor_list_split_op(
    tensor: element_dtype, element_shape: shape_type, lengths: int64
) -> variant:
    """Cut an array into the elements of a list, along its first axis.

    Args:
        tensor: element_dtype[sum of lengths, ...].
        element_shape: what is known of the elements' shape; -1 for nothing.
        lengths: vector: the first size of each.

    Returns:
        The list.

    Raises:
        InvalidArgumentError: if the lengths do not add up to that of the array.

    Source: TensorFlow's op of the same name.
    """
    if np.ndim(lengths) != 1:
        raise invalid(f"Expected lengths to be a vector, received shape: {list(lengths.shape)}")
    if not np.ndim(tensor):
        raise invalid("Tensor must be at least a vector, but saw shape: []")
    shape = shape_from(element_shape)
    items, start = [], 0
    for length in lengths.tolist():
        if length < 0:
            raise invalid(f"Invalid value in lengths: {length}")
        if start + length > len(tensor):
            raise invalid(
                f"Attempting to slice [{start}, {start + length}] from tensor with length "
                f"{len(tensor)}"
            )
        items.append(tensor[start : start + length])
        start += length
    if start != len(tensor):
        raise invalid(
            f"Unused values in tensor. Length of tensor: {len(tensor)} Values used: {start}"
        )
    made = TensorList(type_of(tensor), shape, items)
    for item in items:
        made.check_value(item, "split")
    return made


@tensor_list_split_op.gradient
def tensor_list_split_gradient(op: Operation, grad: Tensor | None) -> list[Tensor | None]:
    if grad is None:
        return [None, None, None]
    tensor, shape, lengths = op.inputs
    dtype = tensor.dtype.base_dtype
    joined = ops.tensor_list_concat_v2_op(grad, shape, lengths, element_dtype=dtype)
    return [joined.tensor, None, None]


# --- TensorListConcatLists ------------------------------------------------------------------------


@op("TensorListConcatLists")
def tensor_list_concat_lists_op(
    input_a: variant, input_b: variant, *, element_dtype: DType
) -> variant:
    """Put the elements of one list behind those of another.

    Args:
        input_a, input_b: the lists, or arrays of lists, joined pair by pair.
        element_dtype: type of their elements.

    Returns:
        The list, or an array of lists.

    Raises:
        InvalidArgumentError: if the lists hold other types or shapes.

    Source: TensorFlow's op of the same name.
    """
    if np.shape(input_a) != np.shape(input_b):
        raise invalid("Incompatible input TensorList tensor shapes")
    if np.ndim(input_a):
        pairs = zip(np.ravel(input_a), np.ravel(input_b), strict=True)
        return _array_of([_chained(a, b, element_dtype) for a, b in pairs], np.shape(input_a))
    return _chained(input_a, input_b, element_dtype)


def _chained(a: Any, b: Any, dtype: DType) -> TensorList:
    first, second = list_of(a), list_of(b)
    for each in (first, second):
        each.check_type(dtype, "concat lists")
    shape = first.merged(second.element_shape)
    return TensorList(dtype, shape, first.items + second.items)


def _array_of(lists: list[TensorList], shape: tuple[int, ...]) -> Array:
    made = np.empty(len(lists), object)
    for i, each in enumerate(lists):
        made[i] = each
    return made.reshape(shape)


# --- TensorListPushBackBatch ----------------------------------------------------------------------


@op("TensorListPushBackBatch", element_dtype=ANY, outputs=("output_handles",))
def tensor_list_push_back_batch_op(input_handles: variant, tensor: element_dtype) -> variant:
    """Put each row of an array behind the elements of a list of its own.

    Args:
        input_handles: vector of n lists.
        tensor: element_dtype[n, ...].

    Returns:
        The n longer lists.

    Raises:
        InvalidArgumentError: if there is another number of rows, or a shape does not fit.

    Source: TensorFlow's op of the same name.
    """
    if not np.ndim(tensor) or np.shape(tensor)[: np.ndim(input_handles)] != np.shape(input_handles):
        raise invalid(
            "Batch dimension of tensor and of input_handles differ",
            input_handles=list(np.shape(input_handles)),
            tensor=list(np.shape(tensor)),
        )
    longer = []
    for handle, row in zip(np.ravel(input_handles), tensor, strict=True):
        held = list_of(handle)
        held.check_value(row, "append")
        longer.append(held.pushed(np.asarray(row)))
    return _array_of(longer, np.shape(input_handles))


@tensor_list_concat_lists_op.shape
def tensor_list_concat_lists_shape(
    input_a: Shape, input_b: Shape, *, element_dtype: DType
) -> Shape:
    return input_a


@tensor_list_push_back_batch_op.shape
def tensor_list_push_back_batch_shape(input_handles: Shape, tensor: Shape) -> Shape:
    return input_handles


@tensor_list_split_op.shape
def tensor_list_split_shape(tensor: Shape, element_shape: Shape, lengths: Shape) -> Shape:
    return SCALAR


tensor_list_concat_lists_op.no_gradient("TensorFlow defines none", refuse=True)
tensor_list_push_back_batch_op.no_gradient("TensorFlow defines none", refuse=True)
