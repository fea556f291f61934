"""The primitives of control flow: branches, and loops as frames of iterations.

A body says what becomes of a token inside one iteration: a branch gives DEAD on the side that is
not taken, all others hand their input on.  What moves a token to another frame or iteration, and
that Merge does not wait for all of its inputs, is the executor's work
(`minitf/executor/frames.py`).

    per loop variable:  Enter -> Merge -> Switch(LoopCond) -> [false] Exit
                                   ^         [true] body -> NextIteration
                                   +---------------------------+

Source: 2015 §4.4; OSDI §3.4.
"""

from typing import Any

import numpy as np

from minitf import ops
from minitf.dead import DEAD
from minitf.dtypes import ANY, resource
from minitf.errors import invalid
from minitf.op_def import at_least, op
from minitf.operation import Operation
from minitf.shapes import SCALAR, UNKNOWN, Shape, known
from minitf.static_value import constant_value, static_value
from minitf.symbols import List, N, Ref, T, int32
from minitf.symbols import bool as boolean

Array = np.ndarray[Any, Any]


def handle_handed_on(operation: Operation) -> Any:
    """Return what is known of a resource handle; a value may differ from round to round."""
    data = operation.inputs[0]
    return static_value(data) if data.dtype is resource else None


_COMPARISONS = {"Greater", "GreaterEqual", "Less", "LessEqual"}  # which have no rule of a value

# --- Switch, RefSwitch ----------------------------------------------------------------------------


@op("Switch", T=ANY, outputs=("output_false", "output_true"))
def switch_op(data: T, pred: boolean) -> tuple[T, T]:
    """Send the data one way and DEAD the other.

    Args:
        data: T[...].
        pred: a scalar.

    Returns:
        output_false: the data if `pred` is false, else DEAD.
        output_true: the data if `pred` is true, else DEAD.

    Raises:
        InvalidArgumentError: if `pred` is no scalar.

    Source: 2015 §4.4; OSDI §3.4.
    """
    if np.ndim(pred):
        raise invalid(f"The second input must be a scalar, but it has shape {np.shape(pred)}")
    return (DEAD, data) if pred else (data, DEAD)


@op("RefSwitch", "allows_uninitialized_input", T=ANY, outputs=("output_false", "output_true"))
def ref_switch_op(data: Ref[T], pred: boolean) -> tuple[Ref[T], Ref[T]]:
    """Send a variable's handle one way and DEAD the other.

    Source: 2015 §4.4; OSDI §3.4.
    """
    return switch_op.body(data, pred)


@switch_op.shape
@ref_switch_op.shape
def switch_shape(data: Shape, pred: Shape) -> list[Shape]:
    pred.with_rank(0)
    return [data, data]


@switch_op.gradient
@ref_switch_op.gradient
def switch_gradient(op: Operation, *grads: Any) -> list[Any]:
    """Merge the two sides: of each, the gradient is alive where the forward value was."""
    if op.context is not None:
        return [op.context.gradient_of_switch(op, grads), None]
    pred = op.inputs[1]
    taken = [ops.switch_op(grad, pred)[side] for side, grad in enumerate(grads)]
    return [ops.merge_op(taken).output, None]


@switch_op.value
def switch_value(operation: Operation) -> list[Any]:
    """Return what is known of whole numbers where they are known to go, else only of a handle."""
    data, pred = operation.inputs
    if not data.dtype.is_integer:
        return [handle_handed_on(operation)] * 2
    while pred.op.type == "Identity":
        pred = pred.op.inputs[0]
    way = static_value(pred)
    if way is None and pred.op.type in _COMPARISONS:
        sides = [constant_value(each) for each in pred.op.inputs if each.dtype.is_integer]
        if len(sides) == 2 and all(each is not None for each in sides):
            way = pred.op.definition.body(*sides)
    return [static_value(data) if way is not None and way == side else None for side in (0, 1)]


# --- Merge, RefMerge ------------------------------------------------------------------------------


@op("Merge", T=ANY, N=at_least(1), outputs=("output", "value_index"))
def merge_op(inputs: List[T, N]) -> tuple[T, int32]:
    """Hand on the input that has come, and tell which it is.

    Args:
        inputs: N >= 1 of T[...]; those that have not come, or are dead, are None or DEAD.

    Returns:
        output: the first that has come.
        value_index: its position, a scalar.

    Source: 2015 §4.4; OSDI §3.4.
    """
    for position, value in enumerate(inputs):
        if value is not None and value is not DEAD:
            return value, np.int32(position)
    return DEAD, DEAD


@op("RefMerge", T=ANY, N=at_least(1), outputs=("output", "value_index"))
def ref_merge_op(inputs: List[Ref[T], N]) -> tuple[Ref[T], int32]:
    """Hand on the variable's handle that has come, and tell which it is.

    Source: 2015 §4.4; OSDI §3.4.
    """
    return merge_op.body(inputs)


@merge_op.shape
@ref_merge_op.shape
def merge_shape(inputs: list[Shape]) -> list[Shape]:
    return [_in_common(inputs), SCALAR]


@merge_op.gradient
@ref_merge_op.gradient
def merge_gradient(op: Operation, grad: Any, _: Any) -> list[Any]:
    """Send the gradient to the input that came: by the predicate, or as the forward Merge tells."""
    first = op.inputs[0].op
    context = None if first.context is None else first.context.behind(first)
    if context is not None:
        return context.gradient_of_merge(op, grad)
    came = [ops.equal_op(op.outputs[1], i) for i in range(len(op.inputs))]
    return [ops.switch_op(grad, each).output_true for each in came]


def _in_common(shapes: list[Shape]) -> Shape:
    """Return what is true of each of several shapes."""
    ranks = {shape.rank for shape in shapes}
    if len(ranks) > 1 or None in ranks:
        return Shape.unknown()
    return Shape(
        dims[0] if known(*dims) and len(set(dims)) == 1 else UNKNOWN
        for dims in zip(*shapes, strict=True)
    )


# --- Enter, RefEnter ------------------------------------------------------------------------------


@op("Enter", T=ANY)
def enter_op(
    data: T, *, frame_name: str, is_constant: bool = False, parallel_iterations: int = 10
) -> T:
    """Hand the input on to the child frame of that name, which the first of its Enters makes.

    Args:
        data: T[...].
        frame_name: tells the loops of one frame apart.
        is_constant: whether every iteration gets the value; else only the first.
        parallel_iterations: how many iterations of the frame may be under way at once.

    Returns:
        T[...], in the child frame.

    Source: 2015 §4.4; OSDI §3.4.
    """
    return data


@op("RefEnter", T=ANY)
def ref_enter_op(
    data: Ref[T], *, frame_name: str, is_constant: bool = False, parallel_iterations: int = 10
) -> Ref[T]:
    """Hand a variable's handle on to a child frame.

    Source: 2015 §4.4; OSDI §3.4.
    """
    return data


@enter_op.shape
@ref_enter_op.shape
def enter_shape(
    data: Shape, *, frame_name: str, is_constant: bool, parallel_iterations: int
) -> Shape:
    return data if is_constant else Shape.unknown()  # the loop may change it


@enter_op.gradient
@ref_enter_op.gradient
def enter_gradient(op: Operation, grad: Any) -> list[Any]:
    """Let the gradient out of the loop that runs backwards, added up if the value is constant."""
    backward = _loop_backwards(op)
    return [grad if backward is None else backward.of_enter(op, grad)]


def _loop_backwards(op: Operation) -> Any:
    """Return the loop that gradients are being built in (`minitf.autodiff.loops`), if any."""
    context = op.graph.scopes.context
    loop = None if context is None else context.loop
    return None if loop is None else loop.backward_of


@enter_op.value
def enter_value(op: Operation) -> Any:
    """Return what is known of a value that every iteration gets, else only of a handle."""
    return static_value(op.inputs[0]) if op.attrs["is_constant"] else handle_handed_on(op)


# --- Exit, RefExit --------------------------------------------------------------------------------


@op("Exit", T=ANY)
def exit_op(data: T) -> T:
    """Hand the input on to the parent frame; the paper calls it Leave.

    Args:
        data: T[...].

    Returns:
        T[...], in the parent frame.

    Source: 2015 §4.4; OSDI §3.4.
    """
    return data


@op("RefExit", T=ANY)
def ref_exit_op(data: Ref[T]) -> Ref[T]:
    """Hand a variable's handle on to the parent frame.

    Source: 2015 §4.4; OSDI §3.4.
    """
    return data


# --- NextIteration, RefNextIteration --------------------------------------------------------------


@op("NextIteration", T=ANY)
def next_iteration_op(data: T) -> T:
    """Hand the input on to the next iteration of its frame.

    Args:
        data: T[...].

    Returns:
        T[...], in the next iteration.

    Source: 2015 §4.4; OSDI §3.4.
    """
    return data


@op("RefNextIteration", T=ANY)
def ref_next_iteration_op(data: Ref[T]) -> Ref[T]:
    """Hand a variable's handle on to the next iteration of its frame.

    Source: 2015 §4.4; OSDI §3.4.
    """
    return data


@exit_op.shape
@ref_exit_op.shape
@next_iteration_op.shape
@ref_next_iteration_op.shape
def unchanged_shape(data: Shape) -> Shape:
    return data


@exit_op.gradient
@ref_exit_op.gradient
def exit_gradient(op: Operation, grad: Any) -> list[Any]:
    """Let the gradient into the loop that runs backwards."""
    backward = _loop_backwards(op)
    return [grad if backward is None else backward.of_exit(op, grad)]


@next_iteration_op.gradient
@ref_next_iteration_op.gradient
def next_iteration_gradient(op: Operation, grad: Any) -> list[Any]:
    """Give the gradient back: what goes round backwards begins at Switch."""
    return [grad]


exit_op.value(handle_handed_on)
next_iteration_op.value(handle_handed_on)

# --- LoopCond -------------------------------------------------------------------------------------


@op("LoopCond")
def loop_cond_op(input: boolean) -> boolean:
    """Hand on whether a loop goes on; marks the predicate of its frame.

    Args:
        input: a scalar.

    Returns:
        The same.

    Source: 2015 §4.4 (the predicate that is sent to each device of a loop).
    """
    return input


@loop_cond_op.shape
def loop_cond_shape(input: Shape) -> Shape:
    return input.with_rank(0)


loop_cond_op.no_gradient("a truth value")
