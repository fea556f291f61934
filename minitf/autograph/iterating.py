"""`for`: Python's loop over what Python iterates, a graph's loop over tensors, ranges and datasets.

    for x in tensor             over its first axis, which a TensorArray holds
    for i in tf.range(n)        the numbers are counted, never made
    for x in dataset            the dataset says how: `graph_loop`
    for x in anything else      Python's own loop

A class whose objects a graph can walk (`tf.data.Dataset`) has a method `graph_loop(body, going_on,
state)`; see `walk`.

Source: TensorFlow 1.15's `tf.autograph`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from minitf.api.comparison import logical_and, logical_or
from minitf.api.sizes import shape
from minitf.autograph.loops import Loop, Options, graph_loop
from minitf.autograph.state import (
    UNDEFINED,
    Get,
    Put,
    State,
    is_tensor,
    no_effect,
    no_values,
    shown,
)
from minitf.convert import convert_to_tensor
from minitf.static_value import constant_value
from minitf.tensor import Tensor
from minitf.tensor_array import TensorArray

Element = Callable[[Any], None]
GoesOn = Callable[[], Any] | None

_TENSOR_CONDITION = (
    "break and return statements which depend on a TF condition are not supported in Python for "
    "loops. Did you intend to make it a TF loop?"
)


def for_stmt(
    iterated: Any,
    goes_on: GoesOn,
    body: Element,
    options: Options,
    get_state: Get = no_values,
    set_state: Put = no_effect,
    names: Sequence[str] = (),
    behind: Sequence[str] = (),
) -> None:
    """Run a body for each element of something.

    Args:
        iterated: whatever Python iterates, a Tensor of at least one axis, or a dataset.
        goes_on: gives whether the loop goes on behind an iteration; None for always.
        body: function of an element.
        options: of `tf.while_loop`.
        get_state: gives the values of the variables that the body binds.
        set_state: sets them.
        names: of these variables.
        behind: names of those that are needed behind the loop.

    Raises:
        NotImplementedError: if it is no tensor, and a break or return depends on one.
        ValueError: if it is a scalar; or as of `while_stmt`.
        TypeError: as of `while_stmt`.
    """
    loop = options, get_state, set_state, names, behind
    if is_tensor(iterated):
        tensor = convert_to_tensor(iterated)
        if tensor.op.type == "Range":
            _count(tensor.op.inputs, goes_on, body, loop)
        else:
            _each_row(tensor, goes_on, body, loop)
    elif hasattr(type(iterated), "graph_loop"):
        walk(iterated, goes_on, body, loop)
    else:
        _each(iterated, goes_on, body)


def _each(iterated: Any, goes_on: GoesOn, body: Element) -> None:
    for element in iterated:
        body(element)
        if goes_on is not None:
            still = goes_on()
            if is_tensor(still):
                raise NotImplementedError(_TENSOR_CONDITION)
            if not still:
                break


def _and_still(condition: Tensor, goes_on: GoesOn) -> Tensor:
    if goes_on is None:
        return condition
    made: Tensor = logical_and(condition, goes_on())
    return made


def _each_row(tensor: Tensor, goes_on: GoesOn, body: Element, loop: Loop) -> None:
    if tensor.static_shape.rank == 0:
        raise ValueError(f"len requires a non-scalar tensor, got {tensor}: it cannot be iterated")
    count = rows(tensor)
    sizes = tensor.static_shape.as_list()
    element_shape = None if sizes is None else sizes[1:]
    array = TensorArray(tensor.dtype.base_dtype, count, element_shape=element_shape).unstack(tensor)

    def iteration(i: Tensor) -> tuple[Tensor]:
        body(array.read(i))
        return (i + 1,)

    start = convert_to_tensor(0)
    graph_loop(lambda i: _and_still(i < count, goes_on), iteration, (start,), loop)


def rows(tensor: Tensor) -> Any:
    """Return the length of the first axis: a number if it is known, else a tensor."""
    sizes = tensor.static_shape.as_list()
    known = sizes[0] if sizes else None
    return shape(tensor)[0] if known is None else known


def _count(limits: Sequence[Tensor], goes_on: GoesOn, body: Element, loop: Loop) -> None:
    start, limit, delta = limits
    step = constant_value(delta)

    def is_inside(i: Tensor) -> Tensor:
        if step is not None:
            return _and_still(i < limit if step > 0 else i > limit, goes_on)
        up = logical_and(delta > 0, i < limit)
        down = logical_and(delta < 0, i > limit)
        return _and_still(logical_or(up, down), goes_on)

    def iteration(i: Tensor) -> tuple[Tensor]:
        body(i)
        return (i + delta,)

    graph_loop(is_inside, iteration, (start,), loop)


def walk(dataset: Any, goes_on: GoesOn, body: Element, loop: Loop) -> None:
    """Run a body for each element of a dataset.

    The dataset's `graph_loop(step, going_on, state)` gets `step`, function of the state, a tuple of
    tensors, and an element, which returns the next state; `going_on`, function of a state that
    tells whether the loop goes on behind it, or None; and the first state.  It returns the last.

    Raises:
        ValueError: if a variable has no value before the loop.
    """
    _, get_state, set_state, names, _ = loop
    start = get_state()
    for name, value in zip(names, start, strict=True):
        if value is UNDEFINED:
            raise ValueError(f"{shown(name)} must be defined before the loop.")
    state = State(names, start)

    def step(held: Sequence[Any], element: Any) -> list[Any]:
        set_state(state.with_tensors(held))
        body(element)
        return State(names, get_state()).tensors

    def going_on(held: Sequence[Any]) -> Any:
        assert goes_on is not None, "the dataset is not given it then"
        set_state(state.with_tensors(held))
        return convert_to_tensor(goes_on())

    results = dataset.graph_loop(step, None if goes_on is None else going_on, state.tensors)
    set_state(state.with_tensors(results))
