"""PaddingFIFOQueue: elements of different sizes, filled up where several become one batch.

Worked example: sequences of any length, `shapes=[[None]]`.

    put [1], [2, 3]    dequeue_many(2) -> [[1, 0], [2, 3]]

Source: 2015 §4.6 (inputs of similar length go through one queue); TensorFlow's PaddingFIFOQueue.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from minitf.dtypes import ANY, DType
from minitf.op_def import at_least, op
from minitf.ops.handles import ref_twin
from minitf.ops.queue.base import queue_handle
from minitf.ops.queue.elements import Element, Spec
from minitf.ops.queue.fifo import FIFOQueue
from minitf.resources import Context
from minitf.shapes import SCALAR, Shape
from minitf.symbols import Resource

Array = np.ndarray[Any, Any]


class PaddingFIFOQueue(FIFOQueue):
    """A queue in order of arrival that fills elements up to the largest of their batch.

    Source: 2015 §4.6.
    """

    partial_shapes = True

    def stacked(self, elements: Sequence[Element]) -> list[Array]:
        """Return several elements as one array per component, filled up where sizes differ."""
        return self.form.padded(elements)


# --- PaddingFIFOQueueV2, PaddingFIFOQueue ---------------------------------------------------------


@op(
    "PaddingFIFOQueueV2",
    "stateful",
    component_types=ANY.at_least(1),
    shapes=at_least(0),
    outputs=("handle",),
)
def padding_fifo_queue_v2_op(
    *,
    component_types: tuple[DType, ...],
    shapes: tuple[Shape, ...] = (),
    capacity: int = -1,
    container: str = "",
    shared_name: str = "",
    context: Context,
) -> Resource:
    """Give the handle of a queue whose elements may differ in size and are filled up in batches.

    Args:
        component_types: the types of an element's components.
        shapes: their shapes, of which sizes may be unknown.
        capacity: how many elements it may hold; negative for any number.
        container: where it is kept; "" is the default container.
        shared_name: its name there; "" for a queue of this session and operation alone.

    Returns:
        The handle.

    Raises:
        InvalidArgumentError: if a shared queue of that name is of another kind, type or shape.

    Source: 2015 §4.6.
    """
    spec = Spec(PaddingFIFOQueue, component_types, shapes, capacity)
    return queue_handle(context, container, shared_name, spec)


@padding_fifo_queue_v2_op.shape
def padding_fifo_queue_v2_shape(**attrs: Any) -> Shape:
    return SCALAR


padding_fifo_queue_v2_op.no_gradient("it has no inputs")
padding_fifo_queue_op = ref_twin("PaddingFIFOQueue", padding_fifo_queue_v2_op)
