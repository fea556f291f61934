"""What `lists` makes statements of: operations on TensorArrays, tensors and Python's lists.

Source: TensorFlow 1.15's `tf.autograph`.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.api.gathering import tensor_scatter_update
from minitf.convert import convert_to_tensor
from minitf.dtypes import variant
from minitf.tensor import Tensor
from minitf.tensor_array import TensorArray


def list_append(items: Any, value: Any) -> Any:
    """Return a list with one more element: a TensorArray, a `variant` list, or Python's own."""
    if isinstance(items, TensorArray):
        return items.write(items.size(), value)
    if isinstance(items, Tensor):
        if items.dtype is not variant:
            raise ValueError(
                "tensor lists are expected to be Tensors with dtype=tf.variant, instead found "
                f"{items}"
            )
        return ops.tensor_list_push_back_op(items, convert_to_tensor(value))
    items.append(value)
    return items


def list_pop(items: Any, *where: Any) -> tuple[Any, Any]:
    """Return a list without an element, by default the last, and the element."""
    if isinstance(items, (Tensor, TensorArray)):
        raise NotImplementedError("pop of a list of tensors is not supported")
    value = items.pop(*where)
    return items, value


def set_item(items: Any, where: Any, value: Any) -> Any:
    """Return a list or tensor with another element."""
    if isinstance(items, TensorArray):
        return items.write(where, value)
    if isinstance(items, Tensor):
        if items.dtype is variant:
            return ops.tensor_list_set_item_op(items, where, convert_to_tensor(value))
        return tensor_scatter_update(items, [[where]], [value])
    items[where] = value
    return items
