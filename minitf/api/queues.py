"""Queues: tensors on their way from steps that make them to steps that use them.

    q = tf.FIFOQueue(capacity=100, dtypes=[tf.float32], shapes=[[28, 28]])
    put = q.enqueue([image])          # waits while there are 100
    batch = q.dequeue_many(32)        # waits until there are 32

Source: 2015 §4.6; OSDI §3.1; TensorFlow 1.15's classes of the same names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

from minitf import ops
from minitf.api.array import stack
from minitf.api.framework import name_scope
from minitf.api.gathering import gather
from minitf.convert import convert_to_tensor
from minitf.dtypes import DType, as_dtype
from minitf.operation import Operation
from minitf.static_value import constant_value
from minitf.tensor import Tensor
from minitf.tensor_shape import Dimension, TensorShape


class QueueBase:
    """What all kinds of queue have in common.

    An *element* is a tuple of tensors; several components are given and returned as a list, a
    single one by itself, and with `names` all as a dict.

    Args:
        dtypes: the type of each component.
        shapes: the shape of each component, or None.
        names: the name of each component, or None.
        queue_ref: the handle.

    Raises:
        ValueError: if the lists differ in length.

    Source: 2015 §4.6.
    """

    def __init__(self, dtypes: Any, shapes: Any, names: Any, queue_ref: Tensor) -> None:
        for what, given in (("shapes", shapes), ("names", names)):
            if given is not None and len(given) != len(dtypes):
                raise ValueError(
                    f"Queue {what} must have the same length as dtypes, received "
                    f"len({what})={len(given)}, len(dtypes)={len(dtypes)}"
                )
        self._dtypes: list[DType] = list(map(as_dtype, dtypes))
        unknown = [None] * len(self._dtypes)
        self._shapes = [TensorShape(shape) for shape in (unknown if shapes is None else shapes)]
        self._names: list[str] | None = names
        self._queue_ref = queue_ref
        self._name = queue_ref.op.name.rpartition("/")[-1]

    @staticmethod
    def from_list(index: Any, queues: Any) -> QueueBase:
        """Return one of several queues, which one is decided when the graph runs.

        Args:
            index: an int Tensor, the place in the list.
            queues: queues of equal types and names.

        Raises:
            TypeError: if it is no list of queues, or they differ.
        """
        if not (queues and isinstance(queues, list)) or not all(
            isinstance(each, QueueBase) for each in queues
        ):
            raise TypeError("A list of queues expected")
        first = queues[0]
        if any(each.dtypes != first.dtypes for each in queues):
            raise TypeError("Queues do not have matching component dtypes.")
        if any(each.names != first.names for each in queues):
            raise TypeError("Queues do not have matching component names.")
        shapes = [
            reduce(TensorShape.most_specific_compatible_shape, of_component)
            for of_component in zip(*[each.shapes for each in queues], strict=True)
        ]
        chosen = gather(stack([each.queue_ref for each in queues]), index)
        return QueueBase(first.dtypes, shapes, first.names, chosen)

    @property
    def queue_ref(self) -> Tensor:
        """The handle."""
        return self._queue_ref

    @property
    def name(self) -> str:
        """The name of the operation that makes it."""
        return self._queue_ref.op.name

    @property
    def dtypes(self) -> list[DType]:
        """The type of each component."""
        return self._dtypes

    @property
    def shapes(self) -> list[TensorShape]:
        """The shape of each component."""
        return self._shapes

    @property
    def names(self) -> list[str] | None:
        """The name of each component, None if they have none."""
        return self._names

    # --- putting ----------------------------------------------------------------------------------

    def enqueue(self, vals: Any, name: str | None = None) -> Operation:
        """Return an operation that adds one element; it waits while the queue is full.

        Args:
            vals: the element.
            name: name of the operation.

        Raises:
            ValueError: if shapes or names do not fit.

        A run raises CancelledError if the queue is closed.
        """
        with name_scope(name, f"{self._name}_enqueue", _listed(vals)) as scope:
            components = self._components(vals)
            for component, shape in zip(components, self._shapes, strict=False):
                component.shape.assert_is_compatible_with(shape)
            return self._op("queue_enqueue")(self._queue_ref, components, name=scope)

    def enqueue_many(self, vals: Any, name: str | None = None) -> Operation:
        """Return an operation that adds the slices of its components along the first axis.

        Args:
            vals: the elements, stacked.
            name: name of the operation.

        Raises:
            ValueError: if shapes or names do not fit.

        A run raises CancelledError if the queue is closed.
        """
        with name_scope(name, f"{self._name}_EnqueueMany", _listed(vals)) as scope:
            components = self._components(vals)
            rows = Dimension(None)
            for component, shape in zip(components, self._shapes, strict=False):
                rows = rows.merge_with(component.shape.with_rank_at_least(1)[0])
                component.shape[1:].assert_is_compatible_with(shape)
            return self._op("queue_enqueue_many")(self._queue_ref, components, name=scope)

    # --- taking -----------------------------------------------------------------------------------

    def dequeue(self, name: str | None = None) -> Any:
        """Return an element, taken out of the queue; a run waits while it is empty.

        A run raises OutOfRangeError if the queue is closed and empty.
        """
        op = self._op("queue_dequeue")
        name = name or f"{self._name}_Dequeue"
        return self._element(op(self._queue_ref, component_types=self._dtypes, name=name), [])

    def dequeue_many(self, n: Any, name: str | None = None) -> Any:
        """Return n elements as one batch; a run waits until there are so many.

        Args:
            n: how many, an int scalar.
            name: name of the operation.

        A run raises OutOfRangeError if the queue is closed and holds fewer.
        """
        op = self._op("queue_dequeue_many")
        name = name or f"{self._name}_DequeueMany"
        parts = op(self._queue_ref, n, component_types=self._dtypes, name=name)
        rows = constant_value(parts[0].op.inputs[1])
        return self._element(parts, [None if rows is None else int(rows)])

    def dequeue_up_to(self, n: Any, name: str | None = None) -> Any:
        """Return n elements as one batch, fewer if the queue is closed and does not hold n.

        Args:
            n: how many, an int scalar.
            name: name of the operation.

        A run raises OutOfRangeError if the queue is closed and empty.
        """
        op = self._op("queue_dequeue_up_to")
        name = name or f"{self._name}_DequeueUpTo"
        parts = op(self._queue_ref, n, component_types=self._dtypes, name=name)
        return self._element(parts, [None])

    # --- the rest ---------------------------------------------------------------------------------

    def close(self, cancel_pending_enqueues: bool = False, name: str | None = None) -> Operation:
        """Return an operation that closes the queue to further elements.

        Args:
            cancel_pending_enqueues: whether operations that wait to put elements are cancelled;
                otherwise their elements go in before it closes.
            name: name of the operation.
        """
        op = self._op("queue_close")
        name = name or f"{self._name}_Close"
        return op(self._queue_ref, cancel_pending_enqueues=cancel_pending_enqueues, name=name)

    def is_closed(self, name: str | None = None) -> Tensor:
        """Return whether the queue is closed: a bool scalar."""
        return self._op("queue_is_closed")(self._queue_ref, name=name or f"{self._name}_Is_Closed")

    def size(self, name: str | None = None) -> Tensor:
        """Return how many elements the queue holds: an int32 scalar."""
        return self._op("queue_size")(self._queue_ref, name=name or f"{self._name}_Size")

    def _op(self, verb: str) -> Any:
        """Return the op that takes this kind of handle."""
        return getattr(ops, f"{verb}_op" if self._queue_ref.dtype.is_ref else f"{verb}_v2_op")

    def _components(self, vals: Any) -> list[Tensor]:
        """Return the components of an element, in order, as Tensors."""
        if isinstance(vals, Mapping):
            if not self._names:
                raise ValueError("Queue must have names to enqueue a dictionary")
            if sorted(self._names, key=str) != sorted(vals, key=str):
                raise ValueError(
                    "Keys in dictionary to enqueue do not match names of Queue.  "
                    f"Dictionary: {sorted(vals)}, Queue: {sorted(self._names)}"
                )
            vals = [vals[each] for each in self._names]
        elif self._names:
            raise ValueError("You must enqueue a dictionary in a Queue with names")
        return [
            convert_to_tensor(value, dtype, f"component_{i}")
            for i, (value, dtype) in enumerate(zip(_listed(vals), self._dtypes, strict=False))
        ]

    def _element(self, parts: list[Tensor], batch: Sequence[int | None]) -> Any:
        """Return what was dequeued in the form that the user wants, with its static shapes."""
        for part, shape in zip(parts, self._shapes, strict=True):
            part.set_shape(TensorShape(batch).concatenate(shape))
        if self._names:
            return dict(zip(self._names, parts, strict=True))
        return parts[0] if len(parts) == 1 else parts


def _listed(vals: Any) -> list[Any]:
    if isinstance(vals, Mapping):
        return list(vals.values())
    return list(vals) if isinstance(vals, (list, tuple)) else [vals]
