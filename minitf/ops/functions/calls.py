"""Calls of functions that an attribute names: here, on another device, or for their gradient.

A function is called as a run of its own, by the thread that runs the call.  A call may get more
results when it is differentiated: those that the gradient needs of the body
(`minitf.autodiff.functional`).

Source: 2015 §10 (functions as reusable components); TensorFlow 1.15's ops of the same names.
"""

from collections.abc import Callable
from typing import Any

from minitf.dtypes import ANY, DType
from minitf.grammar import Function
from minitf.op_def import op
from minitf.resources import Context
from minitf.shapes import Shape
from minitf.symbols import Tin, Tout, TypeList, string

DIFFERENTIATED = "minitf.autodiff.functional differentiates what it calls"


def caller(context: Context, function: Function) -> Callable[..., list[Any]]:
    """Return what calls a function of the graph."""
    assert context.function is not None, "the executor gives every context functions"
    return context.function(function)


# --- PartitionedCall, StatefulPartitionedCall -----------------------------------------------------


@op("PartitionedCall", Tin=ANY.at_least(0), Tout=ANY.at_least(0))
def partitioned_call_op(
    args: TypeList[Tin],
    *,
    Tout: tuple[DType, ...],
    f: Function,
    config: str = "",
    config_proto: str = "",
    executor_type: str = "",
    context: Context,
) -> TypeList[Tout]:
    """Call a function without effects.

    Args:
        args: what it is called with.
        Tout: the types of its results.
        f: the function.
        config, config_proto, executor_type: accepted for compatibility.

    Returns:
        Its results.

    Source: TensorFlow's op of the same name.
    """
    return caller(context, f)(*args)


@op("StatefulPartitionedCall", "stateful", Tin=ANY.at_least(0), Tout=ANY.at_least(0))
def stateful_partitioned_call_op(
    args: TypeList[Tin],
    *,
    Tout: tuple[DType, ...],
    f: Function,
    config: str = "",
    config_proto: str = "",
    executor_type: str = "",
    context: Context,
) -> TypeList[Tout]:
    """Call a function that may have effects: each call runs.

    Args:
        args: what it is called with.
        Tout: the types of its results.
        f: the function.
        config, config_proto, executor_type: accepted for compatibility.

    Returns:
        Its results.

    Source: TensorFlow's op of the same name.
    """
    return caller(context, f)(*args)


# --- RemoteCall -----------------------------------------------------------------------------------


@op("RemoteCall", "stateful", Tin=ANY.at_least(1), Tout=ANY.at_least(1))
def remote_call_op(
    target: string,
    args: TypeList[Tin],
    *,
    Tout: tuple[DType, ...],
    f: Function,
    context: Context,
) -> TypeList[Tout]:
    """Call a function on a device that is known when the graph runs.

    Where the function runs is no matter of meaning: it runs in the process of the call, on the
    devices that its operations ask for.

    Args:
        target: the device's name.
        args: what the function is called with.
        Tout: the types of its results.
        f: the function.

    Returns:
        Its results.

    Source: TensorFlow's op of the same name.
    """
    return caller(context, f)(*args)


# --- SymbolicGradient -----------------------------------------------------------------------------


@op("SymbolicGradient", Tin=ANY.at_least(1), Tout=ANY.at_least(1))
def symbolic_gradient_op(
    input: TypeList[Tin], *, Tout: tuple[DType, ...], f: Function, context: Context
) -> TypeList[Tout]:
    """Compute the gradient of a function.

    Args:
        input: its arguments, then a gradient of each of its results.
        Tout: the types of its arguments.
        f: the function, or another one whose arguments are these, if it was made the gradient.

    Returns:
        A gradient of each argument.

    Raises:
        NotFoundError: if the function's gradient was not built; `tf.gradients` builds it.

    Source: TensorFlow's op of the same name.
    """
    return caller(context, Function(gradient_name(f.name)))(*input)


def gradient_name(name: str) -> str:
    """Return the name of the function that is the gradient of another."""
    return f"__symbolic_gradient_{name}"


# --- rules ----------------------------------------------------------------------------------------


@partitioned_call_op.shape
@stateful_partitioned_call_op.shape
@remote_call_op.shape
@symbolic_gradient_op.shape
def call_shape(*_: Any, Tout: tuple[DType, ...], **__: Any) -> list[Shape]:
    return [Shape.unknown()] * len(Tout)


partitioned_call_op.no_gradient(DIFFERENTIATED)
stateful_partitioned_call_op.no_gradient(DIFFERENTIATED)
remote_call_op.no_gradient("TensorFlow defines none", refuse=True)
symbolic_gradient_op.no_gradient("TensorFlow defines none", refuse=True)
