"""Values that stay with the session between runs, under handles that programs hold.

Source: TensorFlow's ops of the same names; 2015 §2 "Sessions" (what outlives a run).
"""

import itertools
from typing import Any

import numpy as np

from minitf.dtypes import ANY, DType
from minitf.errors import invalid
from minitf.op_def import op
from minitf.resources import Context, Handle
from minitf.shapes import SCALAR, Shape
from minitf.symbols import Resource, T, dtype, string

Array = np.ndarray[Any, Any]
_DEVICE = "/job:localhost/replica:0/task:0/device:CPU:0"  # where all of them are
_NUMBERS = itertools.count()


def place_of(handle: str) -> tuple[str, str]:
    """Return the key under which a session keeps a value."""
    return handle.partition(";")[0], handle


def _place_of_kept(context: Context, handle: Array) -> tuple[str, str]:
    place = place_of(handle.item().decode(errors="replace"))
    if place not in context.local:
        raise invalid(f"The tensor with handle '{place[1]}' is not in the session store.")
    return place


@op("GetSessionHandle", "stateful", T=ANY, outputs=("handle",))
def get_session_handle_op(value: T, *, context: Context) -> string:
    """Keep a value in the session; give its handle.

    Args:
        value: T[...].

    Returns:
        string scalar: the operation's name, a number and the device.

    Source: TensorFlow's op of the same name.
    """
    handle = f"{context.node_name};{next(_NUMBERS)};{_DEVICE}"
    kept = np.array(value)
    kept.flags.writeable = False  # whoever fetches it gets a copy
    with context.lock:
        context.local[place_of(handle)] = kept
    return np.array(handle.encode(), object)


@op("GetSessionHandleV2", "stateful", T=ANY, outputs=("handle",))
def get_session_handle_v2_op(value: T, *, context: Context) -> Resource:
    """Keep a value in the session; give a resource handle.

    Args:
        value: T[...].

    Returns:
        A handle of the same name as GetSessionHandle gives.

    Source: TensorFlow's op of the same name.
    """
    name = get_session_handle_op.body(value, context=context).item().decode()
    return Handle(context.local[place_of(name)], "_tensor_handles", name)


@op("GetSessionTensor", "stateful", outputs=("value",))
def get_session_tensor_op(handle: string[()], *, dtype: DType, context: Context) -> dtype:
    """Give the value that the session keeps under a handle.

    Args:
        handle: string scalar.
        dtype: the type of the value.

    Returns:
        dtype[...].

    Raises:
        InvalidArgumentError: if there is no such value, or it is of another type.

    Source: TensorFlow's op of the same name.
    """
    with context.lock:
        found: Array = context.local[_place_of_kept(context, handle)]
    if found.dtype != dtype.numpy:
        raise invalid(f"The tensor with handle '{handle.item().decode()}' is no {dtype.name}")
    return found


@op("DeleteSessionTensor", "stateful")
def delete_session_tensor_op(handle: string[()], *, context: Context) -> None:
    """Drop the value that the session keeps under a handle.

    Args:
        handle: string scalar.

    Raises:
        InvalidArgumentError: if there is no such value.

    Source: TensorFlow's op of the same name.
    """
    with context.lock:
        del context.local[_place_of_kept(context, handle)]


get_session_handle_op.shape(lambda value: SCALAR)
get_session_handle_v2_op.shape(lambda value: SCALAR)
get_session_tensor_op.shape(lambda handle, dtype: Shape.unknown())
delete_session_tensor_op.shape(lambda handle: [])
for _op in (
    get_session_handle_op,
    get_session_handle_v2_op,
    get_session_tensor_op,
    delete_session_tensor_op,
):
    _op.no_gradient("a handle is a name, and what it names may come of any run")
