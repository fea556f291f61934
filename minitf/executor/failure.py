"""A kernel's exception becomes one error of TensorFlow's type that says where and with what.

    InvalidArgumentError: Incompatible shapes: [2] vs. [3]
      in op 'while/add' (AddV2), created at train.py:12: h = x + b
      in iteration while/while_context:4
      input x: float32[2] of 'x:0', created at train.py:10: x = tf.placeholder(tf.float32)
      input y: float32[3] of 'b/read:0', created at train.py:11: b = tf.Variable(tf.zeros(3))

The kernel's own exception is kept as the cause only where MINITF_FULL_TRACEBACK=1 asks for it.

Source: 2015 §3.3 (an error aborts the step).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from minitf import dtypes, errors, source
from minitf.operation import Operation
from minitf.resources import Variable

_MOST_INPUTS_SHOWN = 8

# First match wins.  What a kernel raises about its inputs is the caller's mistake; the rest is not.
_TYPES: tuple[tuple[type[Exception], type[errors.OpError]], ...] = (
    (MemoryError, errors.ResourceExhaustedError),
    (FileNotFoundError, errors.NotFoundError),
    (PermissionError, errors.PermissionDeniedError),
    (NotImplementedError, errors.UnimplementedError),
    (AssertionError, errors.InternalError),
    (ArithmeticError, errors.InvalidArgumentError),
    (LookupError, errors.InvalidArgumentError),
    (TypeError, errors.InvalidArgumentError),
    (ValueError, errors.InvalidArgumentError),  # numpy.linalg.LinAlgError among them
    (Exception, errors.UnknownError),
)


def failure_of(
    error: Exception, operation: Operation | None, inputs: Sequence[Any], tag: str = ""
) -> errors.OpError:
    """Return the error to raise for a kernel's exception.

    Args:
        error: what the kernel raised.
        operation: what it was to compute; None if that is no operation of the graph.
        inputs: the values that came in; empty if they are gone.
        tag: in which iteration of which loops.

    Source: 2015 §3.3.
    """
    operation = operation and (operation.origin or operation)
    if isinstance(error, errors.OpError):
        made, message = type(error), error.message
    else:
        made = next(ours for theirs, ours in _TYPES if isinstance(error, theirs))
        message = str(error) or type(error).__name__
    if operation is None:
        return made(None, None, message)
    lines = [message, f"  in op '{operation.name}' ({operation.type}), {_created(operation)}"]
    if tag:
        lines.append(f"  in iteration {tag}")
    lines += _described(operation, inputs)
    return made(None, operation, "\n".join(lines))


def shown(error: Exception) -> Exception | None:
    """Return the exception to show as the cause: none, unless full tracebacks are asked for."""
    return error if full_tracebacks() else None


def forget_frames(error: BaseException) -> None:
    """Let go of the frames that an exception has left: they hold the arrays of the failed run.

    The frames of a cause, which is the user's own exception, are kept.
    """
    each: BaseException | None = error
    while each is not None:
        each.__traceback__ = None
        each = each.__context__ if each.__cause__ is None else None


def full_tracebacks() -> bool:
    """Tell whether the user wants to see the executor's frames and each exception's cause."""
    return os.environ.get("MINITF_FULL_TRACEBACK", "0") not in ("", "0")


def _described(operation: Operation, inputs: Sequence[Any]) -> Iterator[str]:
    names = [
        name
        for name, tensors in operation.arguments.items()
        for _ in (tensors if isinstance(tensors, list) else (tensors,))
    ]
    rows = list(zip(names, operation.inputs, inputs, strict=False))
    for name, tensor, value in rows[:_MOST_INPUTS_SHOWN]:
        yield f"  input {name}: {_kind(value)} of '{tensor.name}', {_created(tensor.op)}"
    if len(rows) > _MOST_INPUTS_SHOWN:
        yield f"  and {len(rows) - _MOST_INPUTS_SHOWN} more inputs"


def _created(operation: Operation) -> str:
    return f"created at {source.describe(operation.site)}"


def _kind(value: Any) -> str:
    """Return a value's type and shape: `float32[2, 3]`."""
    if isinstance(value, Variable):
        return f"variable {value.dtype.name}{value.present_shape}"
    if isinstance(value, (np.ndarray, np.generic)):
        return f"{dtypes.by_numpy(value.dtype).name}{list(value.shape)}"
    return type(value).__name__
