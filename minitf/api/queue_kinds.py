"""The four kinds of queue: in order of arrival, shuffled, padded, by priority.

    shuffled = tf.RandomShuffleQueue(1000, min_after_dequeue=500, dtypes=[tf.int64], shapes=[[]])

Source: 2015 §4.6; OSDI §3.1; TensorFlow 1.15's classes of the same names.
"""

from __future__ import annotations

import hashlib
from typing import Any

from minitf import ops
from minitf.api.framework import control_dependencies, device
from minitf.api.queues import QueueBase
from minitf.api.random import get_seed
from minitf.dtypes import DType, as_dtype, int64
from minitf.tensor_shape import TensorShape


class FIFOQueue(QueueBase):
    """A queue whose elements leave in the order in which they came.

    Args:
        capacity: how many elements it may hold.
        dtypes: the type of each component.
        shapes: the shape of each component; `dequeue_many` needs it.
        names: names of the components: elements are dicts then.
        shared_name: sessions of one target share the queue of this name.
        name: name of the operation.

    Source: 2015 §4.6.
    """

    def __init__(
        self,
        capacity: int,
        dtypes: Any,
        shapes: Any = None,
        names: Any = None,
        shared_name: str | None = None,
        name: str | None = "fifo_queue",
    ) -> None:
        types, given, names = _types(dtypes), _full_shapes(shapes), _names(names, dtypes)
        with control_dependencies(None), device("/device:CPU:*"):
            handle = ops.fifo_queue_v2_op(
                component_types=types,
                shapes=given or (),
                capacity=capacity,
                shared_name=shared_name or "",
                name=name,
            )
        super().__init__(types, given, names, handle)


class RandomShuffleQueue(QueueBase):
    """A queue that gives its elements in random order.

    Args:
        capacity: how many elements it may hold.
        min_after_dequeue: how many stay until it is closed, so that there is a choice.
        dtypes: the type of each component.
        shapes: the shape of each component; `dequeue_many` needs it.
        names: names of the components: elements are dicts then.
        seed: fixes the order.
        shared_name: sessions of one target share the queue of this name.
        name: name of the operation.

    Source: 2015 §4.6 (a shuffling queue).
    """

    def __init__(
        self,
        capacity: int,
        min_after_dequeue: int,
        dtypes: Any,
        shapes: Any = None,
        names: Any = None,
        seed: int | None = None,
        shared_name: str | None = None,
        name: str | None = "random_shuffle_queue",
    ) -> None:
        types, given, names = _types(dtypes), _full_shapes(shapes), _names(names, dtypes)
        first, second = get_seed(seed)
        if first is not None and seed is None and shared_name is not None:
            # all who share it must ask for the same seeds, wherever they stand in their graphs
            text = f"{first}{shared_name}".encode()
            second = int(hashlib.md5(text, usedforsecurity=False).hexdigest()[:8], 16) & 0x7FFFFFFF
        handle = ops.random_shuffle_queue_v2_op(
            component_types=types,
            shapes=given or (),
            capacity=capacity,
            min_after_dequeue=min_after_dequeue,
            seed=first or 0,
            seed2=second or 0,
            shared_name=shared_name or "",
            name=name,
        )
        super().__init__(types, given, names, handle)


class PaddingFIFOQueue(QueueBase):
    """A queue of elements that may differ in size; `dequeue_many` fills them up with zeros.

    Args:
        capacity: how many elements it may hold.
        dtypes: the type of each component.
        shapes: the shape of each component; None for a size that may differ.
        names: names of the components: elements are dicts then.
        shared_name: sessions of one target share the queue of this name.
        name: name of the operation.

    Raises:
        ValueError: if there is no list of shapes, or one of unknown rank.

    Source: 2015 §4.6.
    """

    def __init__(
        self,
        capacity: int,
        dtypes: Any,
        shapes: Any,
        names: Any = None,
        shared_name: str | None = None,
        name: str | None = "padding_fifo_queue",
    ) -> None:
        types, given, names = _types(dtypes), _partial_shapes(shapes), _names(names, dtypes)
        if len(types) != len(given):
            raise ValueError(
                f"Shapes must be provided for all components, but received {len(types)} dtypes and "
                f"{len(given)} shapes."
            )
        handle = ops.padding_fifo_queue_v2_op(
            component_types=types,
            shapes=given,
            capacity=capacity,
            shared_name=shared_name or "",
            name=name,
        )
        super().__init__(types, given, names, handle)


class PriorityQueue(QueueBase):
    """A queue that gives the element of the smallest priority first.

    Elements have one component more than `types`: before the others their priority, an int64.

    Args:
        capacity: how many elements it may hold.
        types: the type of each component after the priority.
        shapes: the shape of each of them; `dequeue_many` needs it.
        names: names of all components, the priority too: elements are dicts then.
        shared_name: sessions of one target share the queue of this name.
        name: name of the operation.

    Source: OSDI §3.1.
    """

    def __init__(
        self,
        capacity: int,
        types: Any,
        shapes: Any = None,
        names: Any = None,
        shared_name: str | None = None,
        name: str | None = "priority_queue",
    ) -> None:
        dtypes, given = _types(types), _full_shapes(shapes)
        handle = ops.priority_queue_v2_op(
            component_types=dtypes,
            shapes=given or (),
            capacity=capacity,
            shared_name=shared_name or "",
            name=name,
        )
        all_shapes = None if given is None else [TensorShape([]), *given]
        super().__init__([int64, *dtypes], all_shapes, names, handle)


# --- arguments ------------------------------------------------------------------------------------


def _types(dtypes: Any) -> list[DType]:
    return [as_dtype(each) for each in (dtypes if isinstance(dtypes, (list, tuple)) else [dtypes])]


def _names(names: Any, dtypes: Any) -> list[str] | None:
    if names is None:
        return None
    names = list(names) if isinstance(names, (list, tuple)) else [names]
    types = _types(dtypes)
    if len(names) != len(types):
        raise ValueError(
            "List of names must have the same length as the list of dtypes, received "
            f"len(names)={len(names)},len(dtypes)={len(types)}"
        )
    return names


def _full_shapes(shapes: Any) -> list[TensorShape] | None:
    """Return the shapes that the user gave, one by itself or a list."""
    if shapes is None:
        return None
    if not isinstance(shapes, (TensorShape, list, tuple)):
        raise TypeError(
            "Shapes must be a TensorShape or a list or tuple of TensorShapes, got "
            f"{type(shapes)} instead."
        )
    given = [shapes] if isinstance(shapes, TensorShape) or _is_shape(shapes) else shapes
    found = list(map(TensorShape, given))
    if not all(shape.is_fully_defined() for shape in found):
        raise ValueError(f"All shapes must be fully defined: {found}")
    return found


def _partial_shapes(shapes: Any) -> list[TensorShape]:
    if not isinstance(shapes, (list, tuple)) or not shapes or _is_shape(shapes, some=True):
        raise ValueError("When providing partial shapes, a list of shapes must be provided.")
    found = list(map(TensorShape, shapes))
    if any(shape.rank is None for shape in found):
        raise ValueError(f"All shapes must have a defined rank: {found}")
    return found


def _is_shape(shapes: Any, *, some: bool = False) -> bool:
    """Tell whether a list is one shape, and no list of shapes; with `some`, whether it may be."""
    return (any if some else all)(each is None or isinstance(each, int) for each in shapes)
