"""What is done to queues: enqueue, dequeue, close, look.

An operation that must wait returns a Waiting: it ties up no thread.

Source: 2015 §4.6 "Queues", §5.3, Table 1; OSDI §3.1.
"""

from typing import Any

import numpy as np

from minitf.dtypes import ANY, DType
from minitf.errors import invalid
from minitf.op_def import op
from minitf.ops.handles import ref_twin
from minitf.ops.queue.base import Queue
from minitf.ops.queue.elements import type_names
from minitf.ops.queue.sharing import behind
from minitf.shapes import SCALAR, Shape
from minitf.symbols import Ref, Resource, Tcomponents, TypeList, component_types, int32, string
from minitf.symbols import bool as boolean

Array = np.ndarray[Any, Any]

# --- QueueEnqueueV2, QueueEnqueueManyV2 -----------------------------------------------------------


@op("QueueEnqueueV2", "stateful", "asynchronous", Tcomponents=ANY.at_least(1))
def queue_enqueue_v2_op(
    handle: Resource, components: TypeList[Tcomponents], *, timeout_ms: int = -1
) -> None:
    """Add one element to a queue; wait while it is full.

    Args:
        handle: the queue's handle.
        components: the element, an array per component.
        timeout_ms: -1; nothing else is supported.

    Raises:
        CancelledError: if the queue is closed, or its close cancels what waits.
        InvalidArgumentError: if the components do not fit.

    Source: 2015 §4.6.
    """
    _refuse_timeout(timeout_ms)
    return behind(handle, Queue).enqueue(components)


@op("QueueEnqueueManyV2", "stateful", "asynchronous", Tcomponents=ANY.at_least(1))
def queue_enqueue_many_v2_op(
    handle: Resource, components: TypeList[Tcomponents], *, timeout_ms: int = -1
) -> None:
    """Add the slices along the first axis to a queue, one by one; wait while it is full.

    Args:
        handle: the queue's handle.
        components: an array per component, of equal length.
        timeout_ms: -1; nothing else is supported.

    Raises:
        CancelledError: if the queue is closed, or its close cancels what waits.
        InvalidArgumentError: if the components do not fit.

    Source: 2015 §4.6.
    """
    _refuse_timeout(timeout_ms)
    return behind(handle, Queue).enqueue_many(components)


for _op in (queue_enqueue_v2_op, queue_enqueue_many_v2_op):
    _op.no_gradient("it has no outputs")

queue_enqueue_op = ref_twin("QueueEnqueue", queue_enqueue_v2_op)
queue_enqueue_many_op = ref_twin("QueueEnqueueMany", queue_enqueue_many_v2_op)

# --- QueueDequeueV2, QueueDequeueManyV2, QueueDequeueUpToV2 ---------------------------------------


@op(
    "QueueDequeueV2",
    "stateful",
    "asynchronous",
    component_types=ANY.at_least(1),
    outputs=("components",),
)
def queue_dequeue_v2_op(
    handle: Resource, *, component_types: tuple[DType, ...], timeout_ms: int = -1
) -> TypeList[component_types]:
    """Take one element out of a queue; wait while there is none to spare.

    Args:
        handle: the queue's handle.
        component_types: the types of its components.
        timeout_ms: -1; nothing else is supported.

    Returns:
        An array per component.

    Raises:
        OutOfRangeError: if the queue is closed and empty.
        InvalidArgumentError: if its components have other types.

    Source: 2015 §4.6.
    """
    return _queue_of(handle, component_types, timeout_ms).dequeue()


@op(
    "QueueDequeueManyV2",
    "stateful",
    "asynchronous",
    component_types=ANY.at_least(1),
    outputs=("components",),
)
def queue_dequeue_many_v2_op(
    handle: Resource,
    n: int32[()],
    *,
    component_types: tuple[DType, ...],
    timeout_ms: int = -1,
) -> TypeList[component_types]:
    """Take n elements out of a queue as one batch; wait while there are too few to spare.

    Args:
        handle: the queue's handle.
        n: how many.
        component_types: the types of the queue's components.
        timeout_ms: -1; nothing else is supported.

    Returns:
        An array per component, whose first axis has length n.

    Raises:
        OutOfRangeError: if the queue is closed and holds fewer; they stay there.
        InvalidArgumentError: if the queue's shapes are not known, or its types differ.

    Source: 2015 §4.6.
    """
    queue = _queue_of(handle, component_types, timeout_ms)
    return queue.dequeue_many(_count(n, "DequeueManyOp"))


@op(
    "QueueDequeueUpToV2",
    "stateful",
    "asynchronous",
    component_types=ANY.at_least(1),
    outputs=("components",),
)
def queue_dequeue_up_to_v2_op(
    handle: Resource,
    n: int32[()],
    *,
    component_types: tuple[DType, ...],
    timeout_ms: int = -1,
) -> TypeList[component_types]:
    """Take n elements out of a queue as one batch; fewer only when it is closed.

    Args:
        handle: the queue's handle.
        n: how many.
        component_types: the types of the queue's components.
        timeout_ms: -1; nothing else is supported.

    Returns:
        An array per component, whose first axis has length n, or what a closed queue held.

    Raises:
        OutOfRangeError: if the queue is closed and empty.
        InvalidArgumentError: if the queue's shapes are not known, or its types differ.

    Source: 2015 §4.6; TensorFlow's op.
    """
    queue = _queue_of(handle, component_types, timeout_ms)
    return queue.dequeue_many(_count(n, "DequeueUpToOp"), at_most=True)


@queue_dequeue_v2_op.shape
@queue_dequeue_many_v2_op.shape
@queue_dequeue_up_to_v2_op.shape
def queue_dequeue_v2_shape(
    *inputs: Shape, component_types: tuple[DType, ...], timeout_ms: int
) -> list[Shape]:
    return [Shape.unknown()] * len(component_types)


for _op in (queue_dequeue_v2_op, queue_dequeue_many_v2_op, queue_dequeue_up_to_v2_op):
    _op.no_gradient("what a queue holds is no function of its handle")

queue_dequeue_op = ref_twin("QueueDequeue", queue_dequeue_v2_op)
queue_dequeue_many_op = ref_twin("QueueDequeueMany", queue_dequeue_many_v2_op)
queue_dequeue_up_to_op = ref_twin("QueueDequeueUpTo", queue_dequeue_up_to_v2_op)


def _queue_of(handle: Any, component_types: tuple[DType, ...], timeout_ms: int) -> Queue:
    _refuse_timeout(timeout_ms)
    queue = behind(handle, Queue)
    if queue.spec.types != component_types:
        raise invalid(
            f"Type mismatch in tuple: expected {type_names(queue.spec.types)}, "
            f"got {type_names(component_types)}"
        )
    return queue


def _count(n: Array, op_name: str) -> int:
    if n < 0:
        raise invalid(f"{op_name} requested {n} < 0 elements")
    return int(n)


def _refuse_timeout(timeout_ms: int) -> None:
    if timeout_ms != -1:
        raise invalid(
            "Timeout not supported yet.",
            hint="tf.RunOptions(timeout_in_ms=...) limits a whole run",
        )


# --- QueueCloseV2 ---------------------------------------------------------------------------------


@op("QueueCloseV2", "asynchronous", "stateful")
def queue_close_v2_op(handle: Resource, *, cancel_pending_enqueues: bool = False) -> None:
    """Close a queue to further elements; those that wait go in first, or are cancelled.

    Args:
        handle: the queue's handle.
        cancel_pending_enqueues: whether enqueues that wait are cancelled.

    Raises:
        CancelledError: if it is closed already and nothing is to be cancelled.

    Source: 2015 §4.6.
    """
    return behind(handle, Queue).close(cancel_pending_enqueues=cancel_pending_enqueues)


queue_close_v2_op.no_gradient("it has no outputs")
queue_close_op = ref_twin("QueueClose", queue_close_v2_op)

# --- QueueIsClosedV2, QueueSizeV2 -----------------------------------------------------------------


@op("QueueIsClosedV2", "stateful", outputs=("is_closed",))
def queue_is_closed_v2_op(handle: Resource) -> boolean:
    """Tell whether a queue is closed.

    Args:
        handle: its handle.

    Returns:
        bool[].

    Source: TensorFlow's op.
    """
    return np.array(behind(handle, Queue).is_closed)


@op("QueueSizeV2", "stateful", outputs=("size",))
def queue_size_v2_op(handle: Resource) -> int32:
    """Count the elements of a queue.

    Args:
        handle: its handle.

    Returns:
        int32[].

    Source: TensorFlow's op.
    """
    return np.array(behind(handle, Queue).size(), np.int32)


@queue_is_closed_v2_op.shape
@queue_size_v2_op.shape
def queue_size_v2_shape(handle: Shape) -> Shape:
    return SCALAR


for _op in (queue_is_closed_v2_op, queue_size_v2_op):
    _op.no_gradient("its output is not a smooth number")

queue_is_closed_op = ref_twin("QueueIsClosed", queue_is_closed_v2_op)
queue_size_op = ref_twin("QueueSize", queue_size_v2_op)

# --- FakeQueue ------------------------------------------------------------------------------------


@op("FakeQueue", "stateful", outputs=("handle",))
def fake_queue_op(resource: Resource) -> Ref[string]:
    """Give the ref handle of a queue whose resource handle is known.

    Args:
        resource: the resource handle.

    Returns:
        The same queue's ref handle, for readers that want one.

    Source: TensorFlow's op.
    """
    return resource


@fake_queue_op.shape
def fake_queue_shape(resource: Shape) -> Shape:
    return Shape((2,))


fake_queue_op.no_gradient("a handle has no slope")
