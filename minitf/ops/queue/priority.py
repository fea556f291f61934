"""PriorityQueue: the element of the smallest number leaves first.

An element's first component is its priority, an int64 scalar.

**Invariant**: elements of equal priority leave in the order in which they came.  (TensorFlow leaves
that open.)

Source: OSDI §3.1 (queues: FIFO, random, priority).
"""

import heapq
from collections.abc import Sequence
from typing import Any

from minitf.dtypes import ANY, DType, int64
from minitf.op_def import at_least, op
from minitf.ops.handles import ref_twin
from minitf.ops.queue.base import Queue, queue_handle
from minitf.ops.queue.elements import Element, Spec
from minitf.resources import Context
from minitf.shapes import SCALAR, Shape
from minitf.symbols import Resource


class PriorityQueue(Queue):
    """A queue that gives the element of the smallest priority first.

    Source: OSDI §3.1.
    """

    def __init__(self, name: str, spec: Spec) -> None:
        super().__init__(name, spec)
        self._heap: list[tuple[int, int, Element]] = []  # priority, turn, element
        self._first = self._next = 0  # the turns in between are taken

    def __len__(self) -> int:
        """Return how many elements it holds."""
        return len(self._heap)

    def put(self, element: Element) -> None:
        """Add an element, behind those of its priority."""
        heapq.heappush(self._heap, (int(element[0]), self._next, element))
        self._next += 1

    def take(self) -> Element:
        """Remove and return the first element of the smallest priority."""
        return heapq.heappop(self._heap)[-1]

    def put_back(self, elements: Sequence[Element]) -> None:
        """Add these again, before those of their priority."""
        for element in reversed(elements):
            self._first -= 1
            heapq.heappush(self._heap, (int(element[0]), self._first, element))


# --- PriorityQueueV2, PriorityQueue ---------------------------------------------------------------


@op(
    "PriorityQueueV2",
    "stateful",
    component_types=ANY.at_least(0),
    shapes=at_least(0),
    outputs=("handle",),
)
def priority_queue_v2_op(
    *,
    component_types: tuple[DType, ...] = (),
    shapes: tuple[Shape, ...],
    capacity: int = -1,
    container: str = "",
    shared_name: str = "",
    context: Context,
) -> Resource:
    """Give the handle of a queue whose elements leave in the order of their priorities.

    Args:
        component_types: the types of an element's components after the priority.
        shapes: their shapes; none if they may differ from element to element.
        capacity: how many elements it may hold; negative for any number.
        container: where it is kept; "" is the default container.
        shared_name: its name there; "" for a queue of this session and operation alone.

    Returns:
        The handle.

    Raises:
        InvalidArgumentError: if a shared queue of that name is of another kind, type or shape.

    Source: OSDI §3.1.
    """
    types, all_shapes = (int64, *component_types), (SCALAR, *shapes)
    spec = Spec(PriorityQueue, types, all_shapes, capacity)
    return queue_handle(context, container, shared_name, spec)


@priority_queue_v2_op.shape
def priority_queue_v2_shape(**attrs: Any) -> Shape:
    return SCALAR


priority_queue_v2_op.no_gradient("it has no inputs")
priority_queue_op = ref_twin("PriorityQueue", priority_queue_v2_op)
