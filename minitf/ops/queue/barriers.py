"""What is done to barriers: insert components, take complete elements, close, look.

Source: TensorFlow's ops of the same names.
"""

from typing import Any

import numpy as np

from minitf.dtypes import ANY, DType
from minitf.errors import invalid
from minitf.op_def import at_least, op
from minitf.ops.queue.barrier import Barrier
from minitf.ops.queue.elements import shape_texts, type_names
from minitf.ops.queue.sharing import behind, find_handle
from minitf.resources import Context
from minitf.shapes import SCALAR, UNKNOWN, Shape, must_equal
from minitf.symbols import Ref, T, TypeList, component_types, int32, int64, n, string

Array = np.ndarray[Any, Any]

# --- Barrier --------------------------------------------------------------------------------------


@op("Barrier", "stateful", component_types=ANY.at_least(1), shapes=at_least(0), outputs=("handle",))
def barrier_op(
    *,
    component_types: tuple[DType, ...],
    shapes: tuple[Shape, ...] = (),
    capacity: int = -1,
    container: str = "",
    shared_name: str = "",
    context: Context,
) -> Ref[string]:
    """Give the handle of a barrier, where components come one by one under a key.

    Args:
        component_types: the types of an element's components.
        shapes: their shapes, all known.
        capacity: -1: any number of elements.
        container: where it is kept; "" is the default container.
        shared_name: its name there; "" for one of this session and operation alone.

    Returns:
        The handle.

    Raises:
        InvalidArgumentError: if shapes are not known, or a shared one of that name differs.

    Source: TensorFlow's op.
    """
    if capacity != -1:
        raise invalid(
            "Barrier only accepts capacity=-1.  Feed the inputs to your Barrier through a queue to "
            "enforce a limited capacity."
        )
    handle = find_handle(
        context,
        container,
        shared_name,
        Barrier,
        lambda name: Barrier(name, component_types, shapes),
    )
    have = handle.resource
    for what, old, new in (
        ("component types", type_names(have.types), type_names(component_types)),
        ("component shapes", shape_texts(have.shapes), shape_texts(shapes)),
    ):
        if old != new:
            raise invalid(
                f"Shared barrier '{shared_name}' has {what} {old} but requested {what} were {new}"
            )
    return handle


@barrier_op.shape
def barrier_shape(**attrs: Any) -> Shape:
    return Shape((2,))


barrier_op.no_gradient("it has no inputs")

# --- BarrierInsertMany ----------------------------------------------------------------------------


@op("BarrierInsertMany", T=ANY)
def barrier_insert_many_op(
    handle: Ref[string], keys: string[n], values: T, *, component_index: int
) -> None:
    """Give some keys one of their components.

    Args:
        handle: the barrier's handle.
        keys: string[n].
        values: T[n, ...], a value for each.
        component_index: which component, counted from 0.

    Raises:
        InvalidArgumentError: if a value does not fit, or a key has that component already; then
            none is inserted.
        CancelledError: if the barrier is closed and the keys are new.

    Source: TensorFlow's op.
    """
    behind(handle, Barrier).insert(keys, component_index, values)


@barrier_insert_many_op.shape
def barrier_insert_many_shape(
    handle: Shape, keys: Shape, values: Shape, *, component_index: int
) -> tuple[()]:
    if values.dims:
        must_equal(keys[0], values[0])
    return ()


barrier_insert_many_op.no_gradient("it has no outputs")

# --- BarrierTakeMany ------------------------------------------------------------------------------


@op(
    "BarrierTakeMany",
    "asynchronous",
    component_types=ANY.at_least(1),
    outputs=("indices", "keys", "values"),
)
def barrier_take_many_op(
    handle: Ref[string],
    num_elements: int32[()],
    *,
    component_types: tuple[DType, ...],
    allow_small_batch: bool = False,
    wait_for_incomplete: bool = False,
    timeout_ms: int = -1,
) -> tuple[int64, string, TypeList[component_types]]:
    """Take complete elements; wait as long as too few are complete and more can be.

    Args:
        handle: the barrier's handle.
        num_elements: how many.
        component_types: the types of the components.
        allow_small_batch: whether fewer will do once the barrier is closed, but at least one.
        wait_for_incomplete: accepted for compatibility: TensorFlow does not look at it.
        timeout_ms: -1; nothing else is supported.

    Returns:
        indices: int64[n], the number of the insertion in which each key came first; keys:
        string[n]; values: a batch per component.

    Raises:
        OutOfRangeError: if the barrier is closed and there can never be enough.
        InvalidArgumentError: if the components have other types.

    Source: TensorFlow's op.
    """
    barrier = behind(handle, Barrier)
    if timeout_ms != -1:
        raise invalid("Timeout not supported yet.")
    if barrier.types != component_types:
        raise invalid(
            f"Type mismatch: expected {type_names(barrier.types)}, "
            f"got {type_names(component_types)}"
        )
    if num_elements < 0:
        raise invalid(f"num_elements must not be negative, but is {num_elements}")
    return barrier.take(int(num_elements), at_most=allow_small_batch)


@barrier_take_many_op.shape
def barrier_take_many_shape(
    handle: Shape, num_elements: Shape, *, component_types: tuple[DType, ...], **attrs: Any
) -> list[Any]:
    return [Shape([UNKNOWN]), Shape([UNKNOWN]), [Shape.unknown()] * len(component_types)]


barrier_take_many_op.no_gradient("what a barrier holds is no function of its handle")

# --- BarrierClose ---------------------------------------------------------------------------------


@op("BarrierClose")
def barrier_close_op(handle: Ref[string], *, cancel_pending_enqueues: bool = False) -> None:
    """Close a barrier to new keys.

    Args:
        handle: its handle.
        cancel_pending_enqueues: whether keys that are incomplete are dropped.

    Raises:
        CancelledError: if it is closed already, and nothing more is to be cancelled.

    Source: TensorFlow's op.
    """
    behind(handle, Barrier).close(cancel=cancel_pending_enqueues)


barrier_close_op.no_gradient("it has no outputs")

# --- BarrierReadySize, BarrierIncompleteSize ------------------------------------------------------


@op("BarrierReadySize", outputs=("size",))
def barrier_ready_size_op(handle: Ref[string]) -> int32:
    """Count the complete elements of a barrier.

    Args:
        handle: its handle.

    Returns:
        int32[].

    Source: TensorFlow's op.
    """
    return np.array(len(behind(handle, Barrier).ready), np.int32)


@op("BarrierIncompleteSize", outputs=("size",))
def barrier_incomplete_size_op(handle: Ref[string]) -> int32:
    """Count the keys of a barrier that lack components.

    Args:
        handle: its handle.

    Returns:
        int32[].

    Source: TensorFlow's op.
    """
    return np.array(len(behind(handle, Barrier).incomplete), np.int32)


@barrier_ready_size_op.shape
@barrier_incomplete_size_op.shape
def barrier_ready_size_shape(handle: Shape) -> Shape:
    return SCALAR


for _op in (barrier_ready_size_op, barrier_incomplete_size_op):
    _op.no_gradient("a count has no slope")
