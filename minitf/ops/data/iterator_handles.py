"""Iterators by strings, which can be fed: so one step serves several iterators.

Source: TensorFlow 1.15, `tf.data.Iterator.string_handle` and `from_string_handle`.
"""

from typing import Any

import numpy as np

from minitf import protos
from minitf.dtypes import ANY, DType
from minitf.errors import NotFoundError, invalid
from minitf.op_def import at_least, op
from minitf.ops.data.iteration import Iterator, check_elements, iterator_of
from minitf.resources import Context, Handle
from minitf.shapes import SCALAR, Shape
from minitf.symbols import Resource, string

Array = np.ndarray[Any, Any]

# --- IteratorToStringHandle, IteratorFromStringHandle --------------------------------------------


@op("IteratorToStringHandle", "stateful", outputs=("string_handle",))
def iterator_to_string_handle_op(resource_handle: Resource) -> string:
    """Give a string that stands for an iterator, to be fed.

    Args:
        resource_handle: the iterator.

    Returns:
        string scalar.

    Source: TensorFlow's op of the same name.
    """
    iterator_of(resource_handle)
    handle = protos.ResourceHandleProto(
        container=resource_handle.container, name=resource_handle.name
    )
    return np.array(handle.SerializeToString(), object)


@iterator_to_string_handle_op.shape
def iterator_to_string_handle_shape(resource_handle: Shape) -> Shape:
    return SCALAR


def _from_string(
    text: Array, types: tuple[DType, ...], shapes: tuple[Shape, ...], context: Context
) -> Handle:
    from google.protobuf.message import DecodeError

    try:
        named = protos.ResourceHandleProto.FromString(text.item())
    except DecodeError:
        raise invalid("Could not parse string_handle into a valid ResourceHandle") from None
    found = context.resources.find(named.container, named.name, Iterator)
    if found is None:
        raise NotFoundError(
            None, None, f"Resource {named.container}/{named.name}/Iterator does not exist."
        )
    if types:
        check_elements(types, shapes or (Shape.unknown(),) * len(types), found.types, found.shapes)
    return Handle(found, named.container, named.name)


_LIMITS: dict[str, Any] = {
    "output_types": ANY.at_least(0),
    "output_shapes": at_least(0),
    "outputs": ("resource_handle",),
}


@op("IteratorFromStringHandle", "stateful", **_LIMITS)
def iterator_from_string_handle_op(
    string_handle: string,
    *,
    output_types: tuple[DType, ...] = (),
    output_shapes: tuple[Shape, ...] = (),
    context: Context,
) -> Resource:
    """Give the iterator that a string stands for.

    Args:
        string_handle: what IteratorToStringHandle gave in this session.
        output_types, output_shapes: of its elements; empty if nothing is known.

    Returns:
        The handle.

    Raises:
        InvalidArgumentError: if the string is none, or elements are of other types or shapes.
        NotFoundError: if there is no such iterator.

    Source: TensorFlow's op of the same name.
    """
    return _from_string(string_handle, output_types, output_shapes, context)


@op("IteratorFromStringHandleV2", "stateful", **_LIMITS)
def iterator_from_string_handle_v2_op(
    string_handle: string,
    *,
    output_types: tuple[DType, ...] = (),
    output_shapes: tuple[Shape, ...] = (),
    context: Context,
) -> Resource:
    """Give the iterator that a string stands for.

    Args:
        string_handle: what IteratorToStringHandle gave in this session.
        output_types, output_shapes: of its elements; empty if nothing is known.

    Returns:
        The handle.

    Raises:
        InvalidArgumentError: if the string is none, or elements are of other types or shapes.
        NotFoundError: if there is no such iterator.

    Source: TensorFlow's op of the same name.
    """
    return _from_string(string_handle, output_types, output_shapes, context)


for _op in (iterator_from_string_handle_op, iterator_from_string_handle_v2_op):
    _op.shape(lambda *_, **__: SCALAR)
for _op in (
    iterator_to_string_handle_op,
    iterator_from_string_handle_op,
    iterator_from_string_handle_v2_op,
):
    _op.no_gradient("a handle is no number")

# --- IteratorGetDevice ---------------------------------------------------------------------------


@op("IteratorGetDevice", "stateful", outputs=("device",))
def iterator_get_device_op(resource: Resource) -> string:
    """Tell which device an iterator is on.

    Args:
        resource: the iterator.

    Returns:
        string scalar.

    Source: TensorFlow's op of the same name.
    """
    iterator_of(resource)
    return np.array(b"/job:localhost/replica:0/task:0/device:CPU:0", object)


iterator_get_device_op.shape(lambda *_, **__: SCALAR)
iterator_get_device_op.no_gradient("a device is no number")
