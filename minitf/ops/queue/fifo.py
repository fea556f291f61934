"""FIFOQueue: elements leave in the order in which they came.

Source: 2015 §4.6 "Queues"; OSDI §3.1.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any

from minitf.dtypes import ANY, DType
from minitf.op_def import at_least, op
from minitf.ops.handles import ref_twin
from minitf.ops.queue.base import Queue, queue_handle
from minitf.ops.queue.elements import Element, Spec
from minitf.resources import Context
from minitf.shapes import SCALAR, Shape
from minitf.symbols import Resource


class FIFOQueue(Queue):
    """A queue whose elements leave in the order in which they came.

    Source: 2015 §4.6.
    """

    def __init__(self, name: str, spec: Spec) -> None:
        super().__init__(name, spec)
        self._elements: deque[Element] = deque()

    def __len__(self) -> int:
        """Return how many elements it holds."""
        return len(self._elements)

    def put(self, element: Element) -> None:
        """Add an element at the end."""
        self._elements.append(element)

    def take(self) -> Element:
        """Remove and return the first element."""
        return self._elements.popleft()

    def put_many(self, elements: Iterable[Element]) -> None:
        """Add elements at the end."""
        self._elements.extend(elements)

    def take_many(self, count: int, taken: list[Element]) -> None:
        """Move the first elements to the end of a list."""
        take, add = self._elements.popleft, taken.append
        for _ in range(count):
            add(take())

    def put_back(self, elements: Sequence[Element]) -> None:
        """Make these the next ones to leave."""
        self._elements.extendleft(reversed(elements))


# --- FIFOQueueV2, FIFOQueue -----------------------------------------------------------------------


@op(
    "FIFOQueueV2",
    "stateful",
    component_types=ANY.at_least(1),
    shapes=at_least(0),
    outputs=("handle",),
)
def fifo_queue_v2_op(
    *,
    component_types: tuple[DType, ...],
    shapes: tuple[Shape, ...] = (),
    capacity: int = -1,
    container: str = "",
    shared_name: str = "",
    context: Context,
) -> Resource:
    """Give the handle of a queue whose elements leave in the order in which they came.

    Args:
        component_types: the types of an element's components.
        shapes: their shapes; none if they may differ from element to element.
        capacity: how many elements it may hold; negative for any number.
        container: where it is kept; "" is the default container.
        shared_name: its name there; "" for a queue of this session and operation alone.

    Returns:
        The handle.

    Raises:
        InvalidArgumentError: if a shared queue of that name is of another kind, type or shape.

    Source: 2015 §4.6, Table 1; OSDI §3.1.
    """
    spec = Spec(FIFOQueue, component_types, shapes, capacity)
    return queue_handle(context, container, shared_name, spec)


@fifo_queue_v2_op.shape
def fifo_queue_v2_shape(**attrs: Any) -> Shape:
    return SCALAR


fifo_queue_v2_op.no_gradient("it has no inputs")
fifo_queue_op = ref_twin("FIFOQueue", fifo_queue_v2_op)
