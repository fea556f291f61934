"""`tensorflow.python.ops.inplace_ops`: rows of a tensor replaced or changed.

The result is another tensor, so the functions that would write into their argument, called
`alias_...`, are the same as those that copy it first.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf.api.array import expand_dims, reshape
from minitf.api.framework import convert_to_tensor
from minitf.dtypes import int32
from minitf.namespaces import raw_ops
from minitf.tensor import Tensor


def inplace_update(x: Any, i: Any, v: Any) -> Tensor:
    """Return a tensor with other rows.

    Args:
        x: the tensor.
        i: the number of a row, a vector of such, or None for all of the tensor.
        v: the row, the rows, or a tensor like x.
    """
    return _changed(raw_ops.InplaceUpdate, x, i, v)


def inplace_add(x: Any, i: Any, v: Any) -> Tensor:
    """Return a tensor with something added to rows; arguments as of `inplace_update`."""
    return _changed(raw_ops.InplaceAdd, x, i, v)


def inplace_sub(x: Any, i: Any, v: Any) -> Tensor:
    """Return a tensor with something subtracted from rows; arguments as of `inplace_update`."""
    return _changed(raw_ops.InplaceSub, x, i, v)


alias_inplace_update, alias_inplace_add, alias_inplace_sub = (
    inplace_update,
    inplace_add,
    inplace_sub,
)


def empty(shape: Any, dtype: Any, init: bool = False, name: str | None = None) -> Tensor:
    """Make a tensor whose elements are to be set."""
    made: Tensor = raw_ops.Empty(shape=shape, dtype=dtype, init=init, name=name)
    return made


def empty_like(x: Any, init: bool | None = None) -> Tensor:
    """Make a tensor like another one whose elements are to be set."""
    x = convert_to_tensor(x)
    return empty(_shape_of(x), x.dtype.base_dtype, bool(init))


def _changed(change: Callable[..., Any], x: Any, i: Any, v: Any) -> Tensor:
    x = convert_to_tensor(x)
    v = convert_to_tensor(v, x.dtype)
    made: Tensor
    if i is None:  # the tensor is the only row
        made = change(x=reshape(x, [1, -1]), i=[0], v=reshape(v, [1, -1]))
        made = reshape(made, _shape_of(x))
        made.set_shape(x.shape)
        return made
    i = convert_to_tensor(i, int32)
    if i.shape.ndims == 0:
        return change(x=x, i=reshape(i, [1]), v=expand_dims(v, 0))  # type: ignore[no-any-return]
    return change(x=x, i=i, v=v)  # type: ignore[no-any-return]


def _shape_of(x: Tensor) -> Any:
    return raw_ops.Shape(input=x)
