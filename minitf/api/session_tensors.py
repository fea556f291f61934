"""Values that stay with the session: keep, use and drop them by their handles.

    handle = session.run(tf.get_session_handle(product))         # the value does not come along
    holder, again = tf.get_session_tensor(handle.handle, tf.float32)
    session.run(again + 1, {holder: handle.handle})              # nor does it go back

Source: TensorFlow 1.15's module `session_ops`.
"""

from __future__ import annotations

from typing import Any

from minitf import ops
from minitf.dtypes import as_dtype, string
from minitf.operation import Operation
from minitf.tensor import Tensor


def get_session_handle(data: Any, name: str | None = None) -> Tensor:
    """Return the handle of a value that the session keeps; a run gives it as a TensorHandle.

    Args:
        data: a Tensor, or what becomes one.
        name: name of the operation.

    Raises:
        TypeError: if it is no Tensor.
    """
    if not isinstance(data, Tensor):
        raise TypeError("`data` must be of type Tensor.")
    return ops.get_session_handle_op(data, name=name)


def get_session_tensor(handle: Any, dtype: Any, name: str | None = None) -> tuple[Tensor, Tensor]:
    """Return a placeholder for a handle, and the value that the session keeps under it.

    Args:
        handle: the handle of any value, or the TensorHandle.
        dtype: the type of the value.
        name: name of the operation.
    """
    holder = ops.placeholder_op(dtype=string, shape=None)
    return holder, ops.get_session_tensor_op(holder, dtype=as_dtype(dtype), name=name)


def delete_session_tensor(handle: Any, name: str | None = None) -> tuple[Tensor, Operation]:
    """Return a placeholder for a handle, and the operation that drops the value under it.

    Args:
        handle: the handle of any value.
        name: name of the operation.
    """
    holder = ops.placeholder_op(dtype=string, shape=None)
    return holder, ops.delete_session_tensor_op(holder, name=name)
