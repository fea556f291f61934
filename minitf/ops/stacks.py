"""Stacks: what a loop leaves for the loop that runs it backwards.

Source: OSDI §4.1 (loops record what their gradients need); TensorFlow 1.15's ops of these names.
"""

import itertools
import threading
from typing import Any

import numpy as np

from minitf.dtypes import ANY, DType, by_numpy, c_name
from minitf.errors import invalid
from minitf.op_def import op
from minitf.ops.handles import ref_twin
from minitf.resources import Handle
from minitf.shapes import Shape
from minitf.symbols import Ref, Resource, T, elem_type, int32, string

Array = np.ndarray[Any, Any]
_SERIAL = itertools.count()


class Stack:
    """A stack that lives as long as its handle is on its way somewhere.

    Args:
        name: for messages; made unique.
        dtype: of its elements.
        most: how many elements it may have; any number if negative.
    """

    def __init__(self, name: str, dtype: DType, most: int) -> None:
        self.name = f"{name or 'Stack'}_{next(_SERIAL)}"
        self.dtype = dtype
        self._most = most
        self._elements: list[Array] = []
        self._is_closed = False
        self._lock = threading.Lock()

    def push(self, element: Any) -> None:
        """Put an element on top.

        Raises:
            InvalidArgumentError: if it is closed or full.
        """
        with self._lock:
            self._check_open()
            if 0 <= self._most <= len(self._elements):
                raise invalid(f"Stack[{self.name}] overflowed its max_size ({self._most})")
            self._elements.append(element)

    def pop(self) -> Array:
        """Take the top element off.

        Raises:
            InvalidArgumentError: if it is closed or empty.
        """
        with self._lock:
            self._check_open()
            if not self._elements:
                raise invalid(f"Stack[{self.name}] is empty when calling Pop().")
            return self._elements.pop()

    def close(self) -> None:
        """Drop all elements; nothing can be done with it afterwards."""
        with self._lock:
            self._elements.clear()
            self._is_closed = True

    def _check_open(self) -> None:
        if self._is_closed:
            raise invalid(f"Stack[{self.name}] has already been closed.")


def _stack_of(handle: Any) -> Stack:
    found = handle.resource if isinstance(handle, Handle) else None
    if not isinstance(found, Stack):
        raise invalid(f"Trying to access resource of the wrong type: {handle}")
    return found


# --- StackV2 --------------------------------------------------------------------------------------


@op("StackV2", "stateful", outputs=("handle",))
def stack_v2_op(max_size: int32, *, elem_type: DType, stack_name: str = "") -> Resource:
    """Make a stack that lives as long as the step needs it.

    Args:
        max_size: a scalar: how many elements it may have; any number if negative.
        elem_type: type of its elements.
        stack_name: its name in messages.

    Returns:
        Its handle, a scalar.

    Source: TensorFlow's op.
    """
    made = Stack(stack_name, elem_type, int(max_size))
    return Handle(made, "", made.name)


@stack_v2_op.shape
def stack_v2_shape(max_size: Shape, *, elem_type: DType, stack_name: str) -> Shape:
    return Shape([2])  # TensorFlow's handle was a pair of names


stack_v2_op.no_gradient("its size is a whole number")

# --- StackPushV2 ----------------------------------------------------------------------------------


@op("StackPushV2", "stateful", T=ANY, outputs=("output",))
def stack_push_v2_op(handle: Resource, elem: T, *, swap_memory: bool = False) -> T:
    """Put an element on top of a stack.

    Args:
        handle: of the stack.
        elem: T[...].
        swap_memory: whether it may be moved to the host; on a CPU it is there.

    Returns:
        The element.

    Raises:
        InvalidArgumentError: if the stack is full or closed, or has elements of another type.

    Source: TensorFlow's op.
    """
    stack = _stack_of(handle)
    found = np.asarray(elem).dtype
    if found != stack.dtype.numpy:
        raise invalid(f"Must have type {c_name(stack.dtype)} but got {c_name(by_numpy(found))}")
    stack.push(elem)
    return elem


@stack_push_v2_op.shape
def stack_push_v2_shape(handle: Shape, elem: Shape, *, swap_memory: bool) -> Shape:
    return elem


stack_push_v2_op.no_gradient("what is kept for a gradient has none itself")

# --- StackPopV2 -----------------------------------------------------------------------------------


@op("StackPopV2", "stateful", outputs=("elem",))
def stack_pop_v2_op(handle: Resource, *, elem_type: DType) -> elem_type:
    """Take the top element off a stack.

    Args:
        handle: of the stack.
        elem_type: type of the element.

    Returns:
        elem_type[...], the element.

    Raises:
        InvalidArgumentError: if the stack is empty or closed.

    Source: TensorFlow's op.
    """
    return _stack_of(handle).pop()


@stack_pop_v2_op.shape
def stack_pop_v2_shape(handle: Shape, *, elem_type: DType) -> Shape:
    return Shape.unknown()


stack_pop_v2_op.no_gradient("what is kept for a gradient has none itself")

# --- StackCloseV2 ---------------------------------------------------------------------------------


@op("StackCloseV2", "stateful")
def stack_close_v2_op(handle: Resource) -> None:
    """Drop the elements of a stack; nothing can be done with it afterwards.

    Source: TensorFlow's op.
    """
    _stack_of(handle).close()


stack_close_v2_op.no_gradient("it has no outputs")

# --- Stack, StackPush, StackPop, StackClose -------------------------------------------------------


@op("Stack", "stateful", outputs=("handle",))
def stack_op(*, elem_type: DType, stack_name: str = "") -> Ref[string]:
    """Make a stack of any size, with a ref of strings for its handle.

    Args:
        elem_type: type of its elements.
        stack_name: its name in messages.

    Returns:
        Its handle: two strings.

    Source: TensorFlow's op.
    """
    return stack_v2_op.body(np.int32(-1), elem_type=elem_type, stack_name=stack_name)


@stack_op.shape
def stack_shape(*, elem_type: DType, stack_name: str) -> Shape:
    return Shape([2])


stack_op.no_gradient("it has no inputs")
stack_push_op = ref_twin("StackPush", stack_push_v2_op)
stack_pop_op = ref_twin("StackPop", stack_pop_v2_op)
stack_close_op = ref_twin("StackClose", stack_close_v2_op)
