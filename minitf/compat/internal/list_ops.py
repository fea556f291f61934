"""`tensorflow.python.ops.list_ops`: lists of tensors, with shapes as programs write them.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.convert import convert_to_tensor
from minitf.dtypes import int32, int64
from minitf.tensor import Tensor
from minitf.tensor_shape import TensorShape


def _sizes(shape: Any) -> Any:
    """Return a shape as ops take it: -1 for what is unknown."""
    if isinstance(shape, Tensor):
        return shape
    known = TensorShape(shape)
    if known.dims is None:
        return convert_to_tensor(-1, int32)
    return convert_to_tensor([-1 if n is None else n for n in known.as_list()], int32)


def empty_tensor_list(
    element_shape: Any, element_dtype: Any, max_num_elements: Any = None, name: str | None = None
) -> Tensor:
    """Make a list without elements."""
    most = -1 if max_num_elements is None else max_num_elements
    made: Tensor = ops.empty_tensor_list_op(
        _sizes(element_shape), most, element_dtype=element_dtype, name=name
    )
    return made


def tensor_list_reserve(
    element_shape: Any, num_elements: Any, element_dtype: Any, name: str | None = None
) -> Tensor:
    """Make a list of elements that are to be set."""
    made: Tensor = ops.tensor_list_reserve_op(
        _sizes(element_shape), num_elements, element_dtype=element_dtype, name=name
    )
    return made


def tensor_list_from_tensor(tensor: Any, element_shape: Any, name: str | None = None) -> Tensor:
    """Make a list of the rows of a tensor."""
    made: Tensor = ops.tensor_list_from_tensor_op(tensor, _sizes(element_shape), name=name)
    return made


def tensor_list_get_item(
    input_handle: Any,
    index: Any,
    element_dtype: Any,
    element_shape: Any = None,
    name: str | None = None,
) -> Tensor:
    """Read an element."""
    made: Tensor = ops.tensor_list_get_item_op(
        input_handle, index, _sizes(element_shape), element_dtype=element_dtype, name=name
    )
    return made


def tensor_list_pop_back(input_handle: Any, element_dtype: Any, name: str | None = None) -> Any:
    """Take the last element away: the shorter list, and the element."""
    return ops.tensor_list_pop_back_op(
        input_handle, _sizes(None), element_dtype=element_dtype, name=name
    )


def tensor_list_gather(
    input_handle: Any,
    indices: Any,
    element_dtype: Any,
    element_shape: Any = None,
    name: str | None = None,
) -> Tensor:
    """Stack some elements."""
    made: Tensor = ops.tensor_list_gather_op(
        input_handle, indices, _sizes(element_shape), element_dtype=element_dtype, name=name
    )
    return made


def tensor_list_scatter(
    tensor: Any,
    indices: Any,
    element_shape: Any = None,
    input_handle: Any = None,
    name: str | None = None,
) -> Tensor:
    """Put the rows of a tensor to places of a list, of a new one unless one is given."""
    if input_handle is not None:
        into: Tensor = ops.tensor_list_scatter_into_existing_list_op(
            input_handle, tensor, indices, name=name
        )
        return into
    made: Tensor = ops.tensor_list_scatter_v2_op(
        tensor, indices, _sizes(element_shape), -1, name=name
    )
    return made


def tensor_list_stack(
    input_handle: Any,
    element_dtype: Any,
    num_elements: int = -1,
    element_shape: Any = None,
    name: str | None = None,
) -> Tensor:
    """Stack all elements."""
    made: Tensor = ops.tensor_list_stack_op(
        input_handle,
        _sizes(element_shape),
        element_dtype=element_dtype,
        num_elements=num_elements,
        name=name,
    )
    return made


def tensor_list_concat(
    input_handle: Any, element_dtype: Any, element_shape: Any = None, name: str | None = None
) -> Tensor:
    """Join all elements along their first axis."""
    made: Tensor = ops.tensor_list_concat_v2_op(
        input_handle,
        _sizes(element_shape),
        convert_to_tensor([], int64),
        element_dtype=element_dtype,
        name=name,
    ).tensor
    return made


def tensor_list_split(
    tensor: Any, element_shape: Any, lengths: Any, name: str | None = None
) -> Tensor:
    """Cut a tensor into the elements of a list."""
    made: Tensor = ops.tensor_list_split_op(
        tensor, _sizes(element_shape), convert_to_tensor(lengths, int64), name=name
    )
    return made


def tensor_list_set_item(
    input_handle: Any,
    index: Any,
    item: Any,
    resize_if_index_out_of_bounds: bool = False,
    name: str | None = None,
) -> Tensor:
    """Replace an element."""
    made: Tensor = ops.tensor_list_set_item_op(
        input_handle,
        index,
        item,
        resize_if_index_out_of_bounds=resize_if_index_out_of_bounds,
        name=name,
    )
    return made
