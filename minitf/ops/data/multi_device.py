"""Iterators for several devices: each gets its share of the elements of one dataset.

    shard 0: elements 0, n, 2 n, ...        shard 1: elements 1, n + 1, ...

A shard that asks before the others takes their elements too and keeps them until they ask.

**State** of a `MultiDeviceIterator`: the iteration under way, its number, and for each shard the
elements that wait for it.

**Invariant**: elements and the end come to a shard in the order of the dataset, whoever asks first.

Source: TensorFlow 1.15, `MultiDeviceIterator`.
"""

import threading
from collections import deque
from typing import Any

import numpy as np

from minitf import protos
from minitf.dtypes import ANY, DType
from minitf.errors import NotFoundError, OutOfRangeError, invalid
from minitf.op_def import at_least, op
from minitf.ops.data.anonymous import anonymous
from minitf.ops.data.dataset import Dataset, Element
from minitf.ops.data.iteration import check_elements
from minitf.ops.data.sources import SHAPES, TYPES
from minitf.resources import Context, Handle
from minitf.shapes import SCALAR, Shape
from minitf.symbols import List, N, Resource, TypeList, int32, int64, output_types, string, variant

Array = np.ndarray[Any, Any]
Outcome = Element | Exception  # what a step gave: an element, an error, or the end


class MultiDeviceIterator:
    """Where an iteration for several devices stands.

    Args:
        shards: how many devices there are.
        types: of the components of its elements.
        shapes: what is known of their shapes.
    """

    def __init__(self, shards: int, types: tuple[DType, ...], shapes: tuple[Shape, ...]) -> None:
        self.types = types
        self.shapes = shapes
        self._shards = shards
        self._elements: Any = None
        self._incarnation = -1
        self._waiting: list[deque[Outcome]] = []
        self._next_shard = 0
        self._is_over = False
        self._lock = threading.Lock()

    def restart(self, dataset: Dataset) -> int:
        """Begin an iteration over a dataset; return its number."""
        check_elements(self.types, self.shapes, dataset.types, dataset.shapes)
        with self._lock:
            self._elements = dataset.begin()
            self._waiting = [deque() for _ in range(self._shards)]
            self._next_shard, self._is_over = 0, False
            self._incarnation += 1
            return self._incarnation

    def next(self, shard: int, incarnation: int) -> Element:
        """Return the next element of a shard.

        Raises:
            InvalidArgumentError: if there is no such shard, or the iteration is not the last one.
            OutOfRangeError: at the end.
        """
        with self._lock:
            if not 0 <= shard < self._shards:
                raise invalid(f"There is no shard {shard} of {self._shards}")
            if incarnation != self._incarnation:
                raise invalid(
                    f"Invalid incarnation id. Provided: {incarnation}; Expected: "
                    f"{self._incarnation}"
                )
            while not self._waiting[shard] and not self._is_over:
                self._step()
            if not self._waiting[shard]:
                raise OutOfRangeError(None, None, "End of sequence")
            found = self._waiting[shard].popleft()
        if isinstance(found, Exception):
            raise found
        return found

    def _step(self) -> None:
        """Take the next element, for the shard whose turn it is."""
        found: Outcome
        try:
            found = next(self._elements)
        except StopIteration:
            self._is_over = True
            return
        except Exception as error:  # noqa: BLE001 the shard whose turn it is is told
            found = error
        self._waiting[self._next_shard].append(found)
        self._next_shard = (self._next_shard + 1) % self._shards


def _iterator(handle: Any) -> MultiDeviceIterator:
    found = handle.resource if isinstance(handle, Handle) else None
    if not isinstance(found, MultiDeviceIterator):
        raise invalid(f"Trying to access resource of the wrong type: {handle} is no iterator")
    return found


# --- MultiDeviceIterator, AnonymousMultiDeviceIterator, DeleteMultiDeviceIterator ----------------


@op(
    "MultiDeviceIterator",
    "stateful",
    devices=at_least(1),
    output_types=TYPES,
    output_shapes=SHAPES,
    outputs=("handle",),
)
def multi_device_iterator_op(
    *,
    devices: tuple[str, ...],
    shared_name: str,
    container: str,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
    context: Context,
) -> Resource:
    """Give the handle of an iterator for several devices.

    Args:
        devices: the devices.
        shared_name: its name; "" is the operation's name.
        container: where it is kept; "" is the default container.
        output_types, output_shapes: of an element.

    Returns:
        The handle.

    Source: TensorFlow's op of the same name.
    """
    name = shared_name or context.node_name
    found = context.resources.find_or_create(
        container,
        name,
        lambda: MultiDeviceIterator(len(devices), output_types, output_shapes),
        MultiDeviceIterator,
    )
    return Handle(found, container, name)


@op(
    "AnonymousMultiDeviceIterator",
    "stateful",
    devices=at_least(1),
    output_types=TYPES,
    output_shapes=SHAPES,
    outputs=("handle", "deleter"),
)
def anonymous_multi_device_iterator_op(
    *,
    devices: tuple[str, ...],
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
) -> tuple[Resource, variant]:
    """Make an iterator for several devices that only the handle names, and what deletes it.

    Args:
        devices: the devices.
        output_types, output_shapes: of an element.

    Returns:
        The handle, and the deleter.

    Source: TensorFlow's op of the same name.
    """
    made = MultiDeviceIterator(len(devices), output_types, output_shapes)
    handle = anonymous(made, "AnonymousMultiDeviceIterator")
    return handle, handle


@op("DeleteMultiDeviceIterator", "stateful", N=at_least(0))
def delete_multi_device_iterator_op(
    multi_device_iterator: Resource, iterators: List[Resource, N], deleter: variant
) -> None:
    """Delete an iterator for several devices that only a handle names.

    Args:
        multi_device_iterator: the handle.
        iterators: those of its shards.
        deleter: what deletes it.

    Source: TensorFlow's op of the same name.
    """


# --- MultiDeviceIteratorInit, MultiDeviceIteratorGetNextFromShard --------------------------------


@op("MultiDeviceIteratorInit", "stateful", outputs=("incarnation_id",))
def multi_device_iterator_init_op(
    dataset: variant, multi_device_iterator: Resource, max_buffer_size: int64
) -> int64:
    """Let an iterator for several devices begin an iteration over a dataset.

    Args:
        dataset: the dataset.
        multi_device_iterator: the iterator.
        max_buffer_size: accepted for compatibility.

    Returns:
        int64 scalar, the iteration's number.

    Raises:
        InvalidArgumentError: if the elements are of other types or shapes than the iterator's.

    Source: TensorFlow's op of the same name.
    """
    return np.array(_iterator(multi_device_iterator).restart(dataset), np.int64)


@op(
    "MultiDeviceIteratorGetNextFromShard",
    "stateful",
    output_types=TYPES,
    output_shapes=SHAPES,
    outputs=("components",),
)
def multi_device_iterator_get_next_from_shard_op(
    multi_device_iterator: Resource,
    shard_num: int32,
    incarnation_id: int64,
    *,
    output_types: tuple[DType, ...],
    output_shapes: tuple[Shape, ...],
) -> TypeList[output_types]:
    """Take the next element of a share.

    Args:
        multi_device_iterator: the iterator.
        shard_num: which share.
        incarnation_id: the iteration's number.
        output_types, output_shapes: of an element.

    Returns:
        The components of the element.

    Raises:
        OutOfRangeError: at the end.
        InvalidArgumentError: if there is no such share or iteration.

    Source: TensorFlow's op of the same name.
    """
    found = _iterator(multi_device_iterator)
    return list(found.next(int(shard_num), int(incarnation_id)))


@multi_device_iterator_get_next_from_shard_op.shape
def multi_device_iterator_get_next_from_shard_shape(
    *_: Shape, output_types: tuple[DType, ...], output_shapes: tuple[Shape, ...]
) -> list[Shape]:
    return list(output_shapes)


# --- MultiDeviceIteratorToStringHandle, MultiDeviceIteratorFromStringHandle ----------------------


@op("MultiDeviceIteratorToStringHandle", "stateful", outputs=("string_handle",))
def multi_device_iterator_to_string_handle_op(multi_device_iterator: Resource) -> string:
    """Give a string that stands for an iterator for several devices, to be fed.

    Args:
        multi_device_iterator: the iterator.

    Returns:
        string scalar.

    Source: TensorFlow's op of the same name.
    """
    _iterator(multi_device_iterator)
    handle = protos.ResourceHandleProto(
        container=multi_device_iterator.container, name=multi_device_iterator.name
    )
    return np.array(handle.SerializeToString(), object)


@op(
    "MultiDeviceIteratorFromStringHandle",
    "stateful",
    output_types=ANY.at_least(0),
    output_shapes=at_least(0),
    outputs=("multi_device_iterator",),
)
def multi_device_iterator_from_string_handle_op(
    string_handle: string,
    *,
    output_types: tuple[DType, ...] = (),
    output_shapes: tuple[Shape, ...] = (),
    context: Context,
) -> Resource:
    """Give the iterator for several devices that a string stands for.

    Args:
        string_handle: what MultiDeviceIteratorToStringHandle gave in this session.
        output_types, output_shapes: of its elements; empty if nothing is known.

    Returns:
        The handle.

    Raises:
        InvalidArgumentError: if the string is none, or elements are of other types or shapes.
        NotFoundError: if there is no such iterator.

    Source: TensorFlow's op of the same name.
    """
    from google.protobuf.message import DecodeError

    try:
        named = protos.ResourceHandleProto.FromString(string_handle.item())
    except DecodeError:
        raise invalid("Could not parse string_handle into a valid ResourceHandle") from None
    found = context.resources.find(named.container, named.name, MultiDeviceIterator)
    if found is None:
        raise NotFoundError(None, None, f"Resource {named.container}/{named.name} does not exist.")
    if output_types:
        shapes = output_shapes or (Shape.unknown(),) * len(output_types)
        check_elements(output_types, shapes, found.types, found.shapes)
    return Handle(found, named.container, named.name)


anonymous_multi_device_iterator_op.shape(lambda **_: (SCALAR, SCALAR))
for _op in (
    multi_device_iterator_op,
    multi_device_iterator_init_op,
    multi_device_iterator_to_string_handle_op,
    multi_device_iterator_from_string_handle_op,
):
    _op.shape(lambda *_, **__: SCALAR)
for _op in (
    multi_device_iterator_op,
    anonymous_multi_device_iterator_op,
    delete_multi_device_iterator_op,
    multi_device_iterator_init_op,
    multi_device_iterator_get_next_from_shard_op,
    multi_device_iterator_to_string_handle_op,
    multi_device_iterator_from_string_handle_op,
):
    _op.no_gradient("what is read is no function of a handle")
