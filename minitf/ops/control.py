"""Operations that carry values or order and compute nothing.

Source: 2015 §2 "control dependencies"; OSDI §4.1 (a gradient stopped by the user).
"""

from typing import Any

import numpy as np

from minitf.dtypes import ANY
from minitf.errors import AbortedError, invalid
from minitf.op_def import at_least, op
from minitf.operation import Operation
from minitf.ops.summaries import summary
from minitf.shapes import Shape
from minitf.symbols import List, N, Ref, T, TypeList, int32
from minitf.symbols import bool as boolean
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]

# --- NoOp ----------------------------------------------------------------------------------------


@op("NoOp")
def no_op_op() -> None:
    """Do nothing; others wait for it, and it for others.

    Source: 2015 §2 "control dependencies".
    """


no_op_op.no_gradient("it has no outputs")

# --- ControlTrigger ------------------------------------------------------------------------------


@op("ControlTrigger")
def control_trigger_op() -> None:
    """Do nothing, even where some of what it waits for is dead.

    Source: 2015 §4.4 (dead tokens).
    """


control_trigger_op.no_gradient("it has no outputs")

# --- Identity ------------------------------------------------------------------------------------


@op("Identity", T=ANY)
def identity_op(input: T) -> T:
    """Give the input back; of a variable's handle, the value that it has at this moment.

    Args:
        input: T[...].

    Returns:
        T[...] of the same shape.

    Source: OSDI §3.1 (Read).
    """
    return input


@identity_op.shape
def identity_shape(input: Shape) -> Shape:
    return input


@identity_op.gradient
def identity_gradient(op: Operation, grad: Tensor) -> list[Tensor]:
    return [grad]


identity_op.value_by_body()

# --- RefIdentity ---------------------------------------------------------------------------------


@op("RefIdentity", "allows_uninitialized_input", T=ANY)
def ref_identity_op(input: Ref[T]) -> Ref[T]:
    """Give a variable's handle back.

    Source: OSDI §3.1.
    """
    return input


@ref_identity_op.shape
def ref_identity_shape(input: Shape) -> Shape:
    return input


@ref_identity_op.gradient
def ref_identity_gradient(op: Operation, grad: Tensor) -> list[Tensor]:
    return [grad]


# --- RefSelect -----------------------------------------------------------------------------------


@op("RefSelect", N=at_least(1), T=ANY)
def ref_select_op(index: int32[()], inputs: List[Ref[T], N]) -> Ref[T]:
    """Give one of several variables' handles back.

    Args:
        index: which, counted from 0.
        inputs: handles of variables of one type.

    Returns:
        inputs[index].

    Raises:
        InvalidArgumentError: if there is no such handle.

    Source: TensorFlow's op of the same name.
    """
    if not 0 <= index < len(inputs):
        raise invalid(f"Index must be in the range [0, {len(inputs)}) but got {int(index)}")
    return inputs[int(index)]


@ref_select_op.shape
def ref_select_shape(index: Shape, inputs: list[Shape]) -> Shape:
    first, *others = inputs
    return first if all(first.is_full and each == first for each in others) else Shape.unknown()


ref_select_op.no_gradient("TensorFlow defines none", refuse=True)

# --- IdentityN -----------------------------------------------------------------------------------


@op("IdentityN", T=ANY.at_least(1))
def identity_n_op(input: TypeList[T]) -> TypeList[T]:
    """Give several inputs back, all at once.

    Args:
        input: tensors of any types and shapes.

    Returns:
        The same.

    Source: 2015 Table 1.
    """
    return list(input)


@identity_n_op.shape
def identity_n_shape(input: list[Shape]) -> list[Shape]:
    return input


@identity_n_op.gradient
def identity_n_gradient(op: Operation, *grads: Tensor) -> list[Tensor]:
    return list(grads)


# --- StopGradient --------------------------------------------------------------------------------


@op("StopGradient", T=ANY)
def stop_gradient_op(input: T) -> T:
    """Give the input back, and let no gradient through.

    Args:
        input: T[...].

    Returns:
        T[...] of the same shape.

    Source: OSDI §4.1.
    """
    return input


stop_gradient_op.shape(identity_shape)
stop_gradient_op.no_gradient("stopping it is its purpose")
stop_gradient_op.value_by_body()

# --- PreventGradient -----------------------------------------------------------------------------


@op("PreventGradient", T=ANY)
def prevent_gradient_op(input: T, *, message: str = "") -> T:
    """Give the input back, and refuse to be differentiated.

    Args:
        input: T[...].
        message: the reason, shown to whoever asks for the gradient.

    Returns:
        T[...] of the same shape.

    Source: OSDI §4.1.
    """
    return input


@prevent_gradient_op.shape
def prevent_gradient_shape(input: Shape, *, message: str) -> Shape:
    return input


@prevent_gradient_op.gradient
def prevent_gradient_gradient(op: Operation, grad: Tensor) -> list[Tensor]:
    raise LookupError(f"Gradient explicitly disabled. Reason: {op.attrs['message']}")


# --- Assert --------------------------------------------------------------------------------------


@op("Assert", "stateful", T=ANY.at_least(1))
def assert_op(condition: boolean, data: TypeList[T], *, summarize: int = 3) -> None:
    """Abort the step unless the condition holds.

    Args:
        condition: a scalar.
        data: what to show if it does not hold.
        summarize: how many elements of each to show; all if negative.

    Raises:
        InvalidArgumentError: if the condition is false.

    Source: 2015 §3.3 (an error aborts the step).
    """
    if not condition:
        raise invalid(
            f"assertion failed: {' '.join(f'[{summary(each, summarize)}]' for each in data)}"
        )


assert_op.no_gradient("it has no outputs")


@assert_op.shape
def assert_shape(condition: Shape, data: list[Shape], *, summarize: int) -> list[Shape]:
    condition.with_rank(0)
    return []


# --- Abort ---------------------------------------------------------------------------------------


@op("Abort")
def abort_op(*, error_msg: str = "", exit_without_error: bool = False) -> None:
    """Abort the step.

    **Departure from TensorFlow**, which ends the process: a program goes on, and hears why.

    Args:
        error_msg: the reason.
        exit_without_error: whether TensorFlow's process ends as if all were well.

    Raises:
        AbortedError: always.

    Source: TensorFlow's op of the same name.
    """
    raise AbortedError(None, None, error_msg or "Abort: the graph asks for the end of the process")


abort_op.no_gradient("it has no outputs")
