"""RandomShuffleQueue: any element may be the next to leave.

**State**, beside that of `base`: a Philox stream and numbers drawn ahead from it.

**Invariants**
1. Until it is closed, `min_after_dequeue` elements stay, so that there is something to choose from.
2. The element taken is number `draw % size`; the last one takes its place.  With the same seeds and
   the same puts and takes the order is TensorFlow's.

Source: 2015 §4.6 (a shuffling queue: a large buffer, random removal); OSDI §3.1.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from minitf.dtypes import ANY, DType
from minitf.errors import invalid
from minitf.op_def import at_least, op
from minitf.ops.handles import ref_twin
from minitf.ops.queue.base import Queue, queue_handle
from minitf.ops.queue.elements import Element, Spec
from minitf.ops.random.philox import seeded
from minitf.resources import Context
from minitf.shapes import SCALAR, Shape
from minitf.symbols import Resource

_BLOCKS = 64  # drawn at a time, four numbers each


class RandomShuffleQueue(Queue):
    """A queue that gives its elements in random order.

    Source: 2015 §4.6.
    """

    def __init__(self, name: str, spec: Spec) -> None:
        super().__init__(name, spec)
        least = spec.min_after_dequeue
        if least < 0:
            raise invalid(f"min_after_dequeue {least} must be >= 0")
        if least >= self.capacity:
            raise invalid(f"min_after_dequeue {least} must be < capacity {spec.capacity}")
        self._elements: list[Element] = []
        self._stream = seeded(*spec.seeds)
        self._drawn: list[int] = []  # the next to use stands last

    def __len__(self) -> int:
        """Return how many elements it holds."""
        return len(self._elements)

    def spare(self) -> int:
        """Return how many may be taken: those above the minimum, all once it is closed."""
        size = len(self._elements)
        return size if self.is_closed else size - self.spec.min_after_dequeue

    def put(self, element: Element) -> None:
        """Add an element."""
        self._elements.append(element)

    def take(self) -> Element:
        """Remove and return a random element."""
        if not self._drawn:
            self._draw()
        elements = self._elements
        chosen = self._drawn.pop() % len(elements)
        elements[chosen], elements[-1] = elements[-1], elements[chosen]
        return elements.pop()

    def put_many(self, elements: Iterable[Element]) -> None:
        """Add elements."""
        self._elements.extend(elements)

    def put_back(self, elements: Sequence[Element]) -> None:
        """Add these again."""
        self._elements += reversed(elements)

    def _draw(self) -> None:
        stream = self._stream
        self._drawn = stream.blocks(_BLOCKS).ravel()[::-1].tolist()
        self._stream = stream._replace(position=(stream.position + _BLOCKS) % 2**128)


# --- RandomShuffleQueueV2, RandomShuffleQueue -----------------------------------------------------


@op(
    "RandomShuffleQueueV2",
    "stateful",
    component_types=ANY.at_least(1),
    shapes=at_least(0),
    outputs=("handle",),
)
def random_shuffle_queue_v2_op(
    *,
    component_types: tuple[DType, ...],
    shapes: tuple[Shape, ...] = (),
    capacity: int = -1,
    min_after_dequeue: int = 0,
    seed: int = 0,
    seed2: int = 0,
    container: str = "",
    shared_name: str = "",
    context: Context,
) -> Resource:
    """Give the handle of a queue whose elements leave in random order.

    Args:
        component_types: the types of an element's components.
        shapes: their shapes; none if they may differ from element to element.
        capacity: how many elements it may hold; negative for any number.
        min_after_dequeue: how many stay until it is closed, at least.
        seed: the first seed.
        seed2: the second; both 0 for an order that nobody can repeat.
        container: where it is kept; "" is the default container.
        shared_name: its name there; "" for a queue of this session and operation alone.

    Returns:
        The handle.

    Raises:
        InvalidArgumentError: if a shared queue of that name differs, or more are to stay than there
            is room for.

    Source: 2015 §4.6; OSDI §3.1.
    """
    seeds = seed, seed2
    spec = Spec(RandomShuffleQueue, component_types, shapes, capacity, min_after_dequeue, seeds)
    return queue_handle(context, container, shared_name, spec)


@random_shuffle_queue_v2_op.shape
def random_shuffle_queue_v2_shape(**attrs: Any) -> Shape:
    return SCALAR


random_shuffle_queue_v2_op.no_gradient("it has no inputs")
random_shuffle_queue_op = ref_twin("RandomShuffleQueue", random_shuffle_queue_v2_op)
