"""What is done to staging areas: put, get, peek, count, clear.

All operations of one `shared_name` use one area; the first to run makes it.

Source: 2015 §4.6 (prefetching); TensorFlow's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf.dtypes import ANY, DType
from minitf.op_def import at_least, op
from minitf.ops.queue.area import Area
from minitf.resources import Context
from minitf.shapes import SCALAR, Shape
from minitf.symbols import TypeList, dtypes, int32

Array = np.ndarray[Any, Any]


def _area(
    context: Context, container: str, shared_name: str, capacity: int, memory_limit: int
) -> Area:
    name = shared_name or context.node_name
    return context.resources.find_or_create(
        container, name, lambda: Area(name, capacity, memory_limit), Area
    )


# --- Stage ----------------------------------------------------------------------------------------


@op(
    "Stage",
    "stateful",
    "asynchronous",
    capacity=at_least(0),
    memory_limit=at_least(0),
    dtypes=ANY.at_least(1),
)
def stage_op(
    values: TypeList[dtypes],
    *,
    capacity: int = 0,
    memory_limit: int = 0,
    container: str = "",
    shared_name: str = "",
    context: Context,
) -> None:
    """Put arrays into a staging area; wait while there is no room.

    Args:
        values: the element.
        capacity: how many elements the area may hold; 0 for any number.
        memory_limit: how many bytes; 0 for any number.
        container: where the area is kept; "" is the default container.
        shared_name: its name there; "" is the operation's name.

    Raises:
        ResourceExhaustedError: if the element is larger than the limit.

    Source: TensorFlow's op.
    """
    return _area(context, container, shared_name, capacity, memory_limit).put(values)


stage_op.no_gradient("it has no outputs")

# --- Unstage, StagePeek ---------------------------------------------------------------------------


@op(
    "Unstage",
    "stateful",
    "asynchronous",
    capacity=at_least(0),
    memory_limit=at_least(0),
    dtypes=ANY.at_least(1),
    outputs=("values",),
)
def unstage_op(
    *,
    capacity: int = 0,
    memory_limit: int = 0,
    dtypes: tuple[DType, ...],
    container: str = "",
    shared_name: str = "",
    context: Context,
) -> TypeList[dtypes]:
    """Take the first element out of a staging area; wait for one.

    Args:
        capacity: how many elements the area may hold; 0 for any number.
        memory_limit: how many bytes; 0 for any number.
        dtypes: the types of the element's arrays.
        container: where the area is kept; "" is the default container.
        shared_name: its name there; "" is the operation's name.

    Returns:
        The arrays.

    Raises:
        InvalidArgumentError: if arrays of other types were staged.

    Source: TensorFlow's op.
    """
    return _area(context, container, shared_name, capacity, memory_limit).get(dtypes)


@op(
    "StagePeek",
    "stateful",
    "asynchronous",
    capacity=at_least(0),
    memory_limit=at_least(0),
    dtypes=ANY.at_least(1),
    outputs=("values",),
)
def stage_peek_op(
    index: int32[()],
    *,
    capacity: int = 0,
    memory_limit: int = 0,
    dtypes: tuple[DType, ...],
    container: str = "",
    shared_name: str = "",
    context: Context,
) -> TypeList[dtypes]:
    """Look at an element of a staging area, which stays there; wait for it.

    Args:
        index: which one, counted from 0.
        capacity: how many elements the area may hold; 0 for any number.
        memory_limit: how many bytes; 0 for any number.
        dtypes: the types of the element's arrays.
        container: where the area is kept; "" is the default container.
        shared_name: its name there; "" is the operation's name.

    Returns:
        Copies of the arrays.

    Raises:
        InvalidArgumentError: if arrays of other types were staged.

    Source: TensorFlow's op.
    """
    area = _area(context, container, shared_name, capacity, memory_limit)
    return area.peek(int(index), dtypes)


@unstage_op.shape
@stage_peek_op.shape
def unstage_shape(*inputs: Shape, dtypes: tuple[DType, ...], **attrs: Any) -> list[Shape]:
    return [Shape.unknown()] * len(dtypes)


for _op in (unstage_op, stage_peek_op):
    _op.no_gradient("what was staged is no function of inputs")

# --- StageSize, StageClear ------------------------------------------------------------------------


@op(
    "StageSize",
    "stateful",
    capacity=at_least(0),
    memory_limit=at_least(0),
    outputs=("size",),
)
def stage_size_op(
    *,
    capacity: int = 0,
    memory_limit: int = 0,
    dtypes: tuple[DType, ...],
    container: str = "",
    shared_name: str = "",
    context: Context,
) -> int32:
    """Count the elements of a staging area.

    Args:
        capacity: how many elements the area may hold; 0 for any number.
        memory_limit: how many bytes; 0 for any number.
        dtypes: the types of the element's arrays.
        container: where the area is kept; "" is the default container.
        shared_name: its name there; "" is the operation's name.

    Returns:
        int32[].

    Source: TensorFlow's op.
    """
    area = _area(context, container, shared_name, capacity, memory_limit)
    return np.array(len(area.elements), np.int32)


@stage_size_op.shape
def stage_size_shape(**attrs: Any) -> Shape:
    return SCALAR


@op("StageClear", "stateful", capacity=at_least(0), memory_limit=at_least(0))
def stage_clear_op(
    *,
    capacity: int = 0,
    memory_limit: int = 0,
    dtypes: tuple[DType, ...],
    container: str = "",
    shared_name: str = "",
    context: Context,
) -> None:
    """Drop all elements of a staging area.

    Args:
        capacity: how many elements the area may hold; 0 for any number.
        memory_limit: how many bytes; 0 for any number.
        dtypes: the types of the element's arrays.
        container: where the area is kept; "" is the default container.
        shared_name: its name there; "" is the operation's name.

    Source: TensorFlow's op.
    """
    _area(context, container, shared_name, capacity, memory_limit).clear()


for _op in (stage_size_op, stage_clear_op):
    _op.no_gradient("it has no inputs")
