"""A tensor's value that stays with the session, by its handle.

    handle = session.run(tf.get_session_handle(product))         # the value does not come along
    holder, again = tf.get_session_tensor(handle.handle, tf.float32)
    session.run(again + 1, {holder: handle.handle})              # nor does it go back

Source: TensorFlow 1.15's module `session_ops`.
"""

from __future__ import annotations

import weakref
from typing import Any

import numpy as np

from minitf.api.session_tensors import delete_session_tensor, get_session_tensor
from minitf.dtypes import DType
from minitf.ops.state.session_tensors import place_of


class TensorHandle:
    """What `session.run(tf.get_session_handle(x))` gives; it may be fed in place of the value.

    The value is dropped when its handle is deleted, or nobody holds that any more.

    Args:
        handle: the handle, as the operation gave it.
        dtype: the type of the value.
        session: which keeps the value.

    Source: TensorFlow 1.15.
    """

    def __init__(self, handle: bytes, dtype: DType, session: Any) -> None:
        self._handle = handle.decode()
        self._dtype = dtype
        self._session = session
        self._end = weakref.finalize(self, session.forget, place_of(self._handle))
        self._end.atexit = False

    def __str__(self) -> str:
        return self._handle

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:
        return np.asarray(self.eval(), dtype)

    @property
    def handle(self) -> str:
        """The handle, which is fed to the placeholder of `tf.get_session_tensor`."""
        return self._handle

    def get_raw_handle(self) -> str:
        """Return the handle; the value stays until it is deleted, or the session is gone."""
        self._end.detach()
        return self._handle

    def to_numpy_array(self) -> Any:
        """Return the value."""
        return self.eval()

    def eval(self) -> Any:
        """Return the value.

        Raises:
            InvalidArgumentError: if it was deleted.
        """
        with self._session.graph.as_default():
            holder, value = get_session_tensor(self._handle, self._dtype)
        return self._session.run(value, {holder: self._handle})

    def delete(self) -> None:
        """Drop the value.

        Raises:
            InvalidArgumentError: if it was deleted.
        """
        with self._session.graph.as_default():
            holder, deleted = delete_session_tensor(self._handle)
        self._session.run(deleted, {holder: self._handle})
