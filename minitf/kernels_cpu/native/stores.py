"""Stacks and TensorArrays in the text of loops: rows of elements, and what was written of them.

    a stack of arrays [32, 64]           s5[..., 32, 64]; n5: how many of its rows are in use
    a TensorArray of 100 of them         s6[100, 32, 64]; w6: per row NOT_YET, WRITTEN or GONE

The arrays come from outside, which knows how much room a stack took in the last run.

They live as long as the function runs.  What would be an error, such as an element written twice,
makes the function give up: whoever runs the loops otherwise raises it.

Source: OSDI §4.1 (loops record what their gradients need); TensorFlow 1.15's TensorArray.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from minitf.devices import Call
from minitf.kernels_cpu.native.loops import ADD, PUT, TAKE, each, longer
from minitf.kernels_cpu.native.text import NotNativeError, Operand
from minitf.operation import Operation

if TYPE_CHECKING:
    from minitf.kernels_cpu.native.blocks import Blocks

Form = Callable[["Blocks", Operation, Call], None]
STORES: dict[str, Form] = {}
NOT_YET, WRITTEN, GONE = range(3)
_FIRST = 1 << 14  # numbers that a stack has room for at first, in 1 to 8 elements
_MOST = 1 << 17  # numbers in an element: the references of larger ones are handed on in Python


class Store:
    """A stack or a TensorArray.

    Args:
        number: of its handle.
        dtype: of its elements.

    Attributes:
        shape: of an element; None until one is written.
        known: of a stack, what all its elements are, if that is known beforehand.
        size: of a TensorArray, how many elements it has; None of a stack.
        clears, adds: of a TensorArray, whether an element is read once, and is added to.
        of: the TensorArray whose gradients it collects.
        gradients: by source, those of this one.
        around: the loops around the operation that makes it.
        pushed: of a stack, the loops around each push so far.
        popped: of a stack, the numbers of the values that were taken off.
        is_seen: whether an array has been read in its place.
    """

    def __init__(
        self,
        number: int,
        dtype: np.dtype[Any],
        size: int | None = None,
        *,
        clears: bool = False,
        of: Store | None = None,
        around: tuple[Any, ...] = (),
    ) -> None:
        self.name = f"s{number}"
        self.count = f"n{number}"
        self.written = f"w{number}"
        self.dtype = dtype
        self.shape: tuple[int, ...] | None = None
        self.known: Any = None
        self.size = size
        self.clears = clears
        self.adds = of is not None
        self.of = of
        self.gradients: dict[str, Store] = {}
        self.around = around
        self.pushed: list[tuple[Any, ...]] = []
        self.popped: list[int] = []
        self.is_seen = False

    @property
    def element(self) -> tuple[int, ...]:
        """The shape of an element.

        Raises:
            NotNativeError: if none has been written.
        """
        if self.shape is None and self.of is not None:
            self.shape = self.of.shape
        if self.shape is None:
            raise NotNativeError("it is not known what a TensorArray holds")
        return self.shape

    @property
    def length(self) -> int:
        """How many numbers an element has."""
        return math.prod(self.element)

    def takes(self, operand: Operand) -> None:
        """Note the shape of an element that is written.

        Raises:
            NotNativeError: if elements differ.
        """
        if self.shape is None:
            self.shape = operand.shape
        if self.length > _MOST:
            raise NotNativeError("elements are large")
        if (self.shape, self.dtype) != (operand.shape, operand.dtype):
            raise NotNativeError("the elements of a stack or TensorArray differ")

    @property
    def is_array(self) -> bool:
        """Whether there is an array for its elements."""
        return self.shape is not None or self.of is not None

    @property
    def room(self) -> int:
        """How many elements its array must have room for, at first."""
        return max(1, min(8, _FIRST // max(self.length, 1))) if self.size is None else self.size

    def declared(self, body: Blocks) -> list[str]:
        """Return the lines that make it, but for its array, which comes from outside."""
        if self.size is None:
            return [f"{self.count} = 0"]
        kind = body.type(np.dtype(np.int8))
        lines = f"{self.written} = empty(({self.size},), {kind})", f"{self.written}[:] = {NOT_YET}"
        return [*lines]


def store(*kinds: str) -> Callable[[Form], Form]:
    """Register how operations of some types are written."""

    def attach(function: Form) -> Form:
        STORES.update(dict.fromkeys(kinds, function))
        return function

    return attach


def _store_of(body: Blocks, call: Call) -> Store:
    found = body.stores.get(call.inputs[0]) if isinstance(call.inputs[0], int) else None
    if found is None:
        raise NotNativeError("a stack or TensorArray comes from elsewhere")
    return found


def _put(body: Blocks, found: Store, index: str, value: str, loops: tuple[str, str] = PUT) -> None:
    """Write that an element becomes a value, or that this is added to it."""
    if found.element:
        body.call(each(len(found.element), loops), value, found.name, index)
    else:
        sign = "+=" if loops is ADD else "="
        body.lines.append(f"{found.name}[{index}] {sign} {value}")
    body.work += found.length


def _take(body: Blocks, found: Store, index: str, number: int, *, copies: bool) -> None:
    """Write that a value becomes an element."""
    if not found.element:
        body.let(number, found.dtype, f"{found.name}[{index}]")
    elif copies:
        made = body.array(number, found.dtype, found.element)
        body.call(each(len(found.element), TAKE), made.name, found.name, index)
    else:
        body.lines.append(f"t{number} = {found.name}[{index}]")
        body.values[number] = Operand(f"t{number}", found.dtype, found.element)
    body.work += found.length


def _value(body: Blocks, operand: Any) -> str:
    """Return the text of what is to be written."""
    found = body.known(operand)
    return found.name if found.shape else body.scalar(operand)


# --- stacks --------------------------------------------------------------------------------------


@store("StackV2")
def stack(body: Blocks, operation: Operation, call: Call) -> None:
    """Begin an empty stack."""
    most = body.constant(call.inputs[0])
    if most is None or most.item() >= 0:
        raise NotNativeError("a stack may be full")
    number = call.outputs[0]
    made = body.stores[number] = Store(number, operation.attrs["elem_type"].numpy)
    body.lines.append(f"{made.count} = 0")


@store("StackPushV2")
def push(body: Blocks, _: Operation, call: Call) -> None:
    """Put an element on top; arrays that are the same each time are only counted."""
    found, known = _store_of(body, call), body.constant(call.inputs[1])
    if found.is_seen:
        raise NotNativeError("a stack grows while its elements are read")
    is_first = not found.pushed
    found.pushed.append(body.around)
    body.hand_on(call.inputs[1], call.outputs[0])
    if known is not None and (is_first or known is found.known):
        found.known = known
        body.lines.append(f"{found.count} += 1")
        return
    if found.known is not None:
        raise NotNativeError("not all elements of a stack are known beforehand")
    found.takes(body.known(call.inputs[1]))
    value, name = _value(body, call.inputs[1]), found.name
    with body.inside(f"if {found.count} == {name}.shape[0]:"):
        longer_rows = body.callee(longer(1 + len(found.element)), "longer")
        body.lines.append(f"{name} = {longer_rows}({name})")
    _put(body, found, found.count, value)
    body.lines.append(f"{found.count} += 1")


@store("StackPopV2")
def pop(body: Blocks, _: Operation, call: Call) -> None:
    """Take the top element off, in its place unless another may come there."""
    found = _store_of(body, call)
    body.give_up_if(f"{found.count} == 0")
    body.lines.append(f"{found.count} -= 1")
    if found.known is not None:
        body.values[call.outputs[0]] = found.known
        return
    copies = any(set(loops) & set(body.around) for loops in found.pushed)
    found.is_seen = found.is_seen or not copies
    found.popped.append(call.outputs[0])
    _take(body, found, found.count, call.outputs[0], copies=copies)


# --- TensorArrays ---------------------------------------------------------------------------------


@store("TensorArrayV3")
def tensor_array(body: Blocks, operation: Operation, call: Call) -> None:
    """Begin a TensorArray without elements."""
    size = body.constant(call.inputs[0])
    if size is None or size.item() < 0 or operation.attrs["dynamic_size"]:
        raise NotNativeError("the size of a TensorArray is not known")
    dtype, clears = operation.attrs["dtype"].numpy, operation.attrs["clear_after_read"]
    handle, flow = call.outputs
    made = Store(handle, dtype, size.item(), clears=clears, around=body.around)
    body.stores[handle] = made
    static = operation.attrs["element_shape"]
    made.shape = tuple(static.dims) if static.is_full else None
    body.lines.append(f"{made.written}[:] = {NOT_YET}")
    body.values[flow] = np.zeros((), np.float32)


@store("TensorArrayGradV3")
def gradient(body: Blocks, operation: Operation, call: Call) -> None:
    """Give the TensorArray of gradients, the same for each source."""
    found, source = _store_of(body, call), operation.attrs["source"]
    handle, flow = call.outputs
    if source not in found.gradients:
        if found.around:
            raise NotNativeError("a TensorArray of gradients begins anew in each round")
        made = Store(handle, found.dtype, found.size, clears=True, of=found)
        found.gradients[source] = made
    body.stores[handle] = found.gradients[source]
    body.hand_on(call.inputs[1], flow)


def _index(body: Blocks, found: Store, text: str) -> str:
    """Return the name of an index, checked."""
    index = body.unique("at")
    body.lines.append(f"{index} = {text}")
    body.give_up_if(f"{index} < 0 or {index} >= {found.size}")
    return index


def _write(body: Blocks, found: Store, index: str, value: str) -> None:
    """Write that an element is written, or added to."""
    state = f"{found.written}[{index}]"
    if found.adds:
        body.give_up_if(f"{state} == {GONE}")
        with body.inside(f"if {state} == {WRITTEN}:"):
            _put(body, found, index, value, ADD)
        with body.inside("else:"):
            _put(body, found, index, value)
    else:
        body.give_up_if(f"{state} != {NOT_YET}")
        _put(body, found, index, value)
    body.lines.append(f"{state} = {WRITTEN}")


def _read(body: Blocks, found: Store, index: str) -> None:
    """Write that an element is about to be read."""
    state = f"{found.written}[{index}]"
    body.give_up_if(f"{state} != {WRITTEN}")
    if found.clears:
        body.lines.append(f"{state} = {GONE}")


def _typed(body: Blocks, operation: Operation, call: Call) -> Store:
    """Return the TensorArray that is read, if the type that is asked for is its own."""
    found = _store_of(body, call)
    if operation.attrs["dtype"].numpy != found.dtype:
        raise NotNativeError("a TensorArray is read as another type")
    return found


@store("TensorArrayWriteV3")
def write(body: Blocks, _: Operation, call: Call) -> None:
    """Write an element."""
    found = _store_of(body, call)
    found.takes(body.known(call.inputs[2]))
    value = _value(body, call.inputs[2])
    _write(body, found, _index(body, found, body.scalar(call.inputs[1])), value)
    body.hand_on(call.inputs[3], call.outputs[0])


@store("TensorArrayReadV3")
def read(body: Blocks, operation: Operation, call: Call) -> None:
    """Read an element in its place, unless another may come there."""
    found = _typed(body, operation, call)
    index = _index(body, found, body.scalar(call.inputs[1]))
    _read(body, found, index)
    _take(body, found, index, call.outputs[0], copies=bool(found.around))


@store("TensorArrayScatterV3")
def scatter(body: Blocks, _: Operation, call: Call) -> None:
    """Write several elements."""
    found = _store_of(body, call)
    indices, values = body.value(call.inputs[1]), body.value(call.inputs[2])
    if values.shape[:1] != indices.shape:
        raise NotNativeError("there are not as many values as indices")
    found.takes(Operand(values.name, values.dtype, values.shape[1:]))
    i = body.unique("i")
    with body.inside(f"for {i} in range({indices.size}):"):
        index = _index(body, found, f"{indices.name}[{i}]")
        _write(body, found, index, f"{values.name}[{i}]")
    body.work += values.size
    body.hand_on(call.inputs[3], call.outputs[0])


@store("TensorArrayGatherV3")
def gather(body: Blocks, operation: Operation, call: Call) -> None:
    """Read several elements into one array."""
    found, indices = _typed(body, operation, call), body.value(call.inputs[1])
    if not found.length or not indices.size:
        raise NotNativeError("nothing is read")
    made = body.array(call.outputs[0], found.dtype, (indices.size, *found.element))
    i = body.unique("i")
    with body.inside(f"for {i} in range({indices.size}):"):
        index = _index(body, found, f"{indices.name}[{i}]")
        _read(body, found, index)
        if found.element:
            body.call(each(len(found.element), PUT), f"{found.name}[{index}]", made.name, i)
        else:
            body.lines.append(f"{made.name}[{i}] = {found.name}[{index}]")
    body.work += made.size


@store("TensorArraySizeV3")
def size(body: Blocks, _: Operation, call: Call) -> None:
    """Give the number of elements, which is known."""
    body.values[call.outputs[0]] = np.asarray(_store_of(body, call).size, np.int32)
