"""Stop a run at the first operation that makes a NaN or an infinity, and say how it came to it.

    with tf.debug.check_numerics(session):
        session.run(train_op, feeds)

    InvalidArgumentError: gradients/Log_grad/RealDiv : Tensor had Inf values
      values: 0 NaN, 1 infinite, of 3, the first at [2]
      x was from 1 to 1
      y was from 0 to 4
      in the gradient of 'Log' (Log), created at train.py:7: entropy = -p * tf.log(p)
      hint: the derivative of log at 0 is infinite ...
      in op 'gradients/Log_grad/RealDiv' (RealDiv), created at train.py:9: ...

Every operation is looked at as it runs: forward, backward, in loops and branches, and where an
optimizer writes its variables.  What is to blame is where something bad is *born*:

1. an infinity or NaN comes out, and all that went in was finite;
2. a NaN comes out, and none went in (infinity - infinity);
3. a NaN goes in and out, and nothing that ran had made it: it was fed, or stood in a variable or a
   constant, where nothing computes it.

What only passes infinities on is left alone: masks are made of them.

The session runs the bodies of the ops one by one meanwhile, nothing merged, folded or compiled; its
variables and the state of its random numbers are the same, so a run draws what it would have drawn.

Source: 2015 §6 ("guard against numerical errors").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

import numpy as np

from minitf import source
from minitf.devices import Device
from minitf.errors import InvalidArgumentError
from minitf.executor.binding import Kernel, unpacker
from minitf.executor.step import Steps
from minitf.operation import Operation
from minitf.resources import Handle, Variable
from minitf.session.session import BaseSession, get_default_session

Array = np.ndarray[Any, Any]

_GRADIENT = re.compile(r"(?:.*/)?gradients(?:_\d+)?/(?P<forward>.+?)_grad(?:_\d+)?/")
_SOURCES = frozenset(("Const", "VariableV2", "Variable", "VarHandleOp", "Placeholder"))

_HINTS = {
    "Acos": "acos is defined from -1 to 1",
    "Asin": "asin is defined from -1 to 1",
    "Div": "a division by 0: tf.div_no_nan gives 0 there",
    "Exp": "exp exceeds float32 beyond 88.7: subtract the largest exponent first",
    "Log": "the logarithm of 0 is infinite, of a negative number NaN: the cross entropies of tf.nn "
    "that take logits, or tf.log(tf.maximum(x, 1e-12)), have none",
    "Pow": "a power of a negative number, or a negative power of 0",
    "RealDiv": "a division by 0: tf.div_no_nan gives 0 there",
    "Reciprocal": "a division by 0: tf.div_no_nan gives 0 there",
    "Rsqrt": "1 / sqrt(x) is infinite at 0 and NaN below: add an epsilon",
    "Sqrt": "the root of a negative number is NaN",
}
_GRADIENT_HINTS = {
    "Log": "the derivative of log at 0 is infinite",
    "Pow": "the derivative of a power below 1 at 0 is infinite, and NaN below 0",
    "RealDiv": "the derivative of a division by 0 is infinite",
    "Rsqrt": "the derivative of 1 / sqrt(x) at 0 is infinite",
    "Sqrt": "the derivative of sqrt at 0 is infinite",
}
_UNSELECTED = """\
        Where tf.where leaves that branch out, its gradient is 0 * infinity = NaN all the same.
        Make its input harmless first: tf.where(ok, f(tf.where(ok, x, tf.ones_like(x))), other)"""


@contextmanager
def check_numerics(session: Any = None) -> Iterator[None]:
    """Let runs of a session stop at the first NaN or infinity, while the context is open.

    Args:
        session: the session, or a monitored one; the default session if None.

    Raises:
        InvalidArgumentError: from `run`, with the operation, the user's line, the range of its
            inputs, how many values are bad and where the first is.
        ValueError: if there is no session.

    Source: 2015 §6.
    """
    found = session if session is not None else get_default_session()
    while found is not None and not isinstance(found, BaseSession):
        found = found.raw_session() if hasattr(found, "raw_session") else found._sess  # noqa: SLF001 the session that a wrapper wraps
    if found is None:
        raise ValueError("check_numerics needs a session: none is given, and none is the default")
    plain = {"merge_equal": False, "fold_constants": False, "elide": False, "jit": "off"}
    with found.stepped_by(_CheckedSteps, **plain):
        yield


class _CheckedSteps(Steps):
    """Steps whose operations look at what they are given and what they give."""

    def _kernels(
        self, placement: dict[Operation, Device], *, compiled: bool
    ) -> Callable[[Operation], Kernel]:
        kernel_of = super()._kernels(placement, compiled=compiled)
        return lambda operation: _checked(operation, kernel_of(operation))


def _checked(operation: Operation, kernel: Kernel) -> Kernel:
    """Return the kernel with a look at its inputs and outputs."""
    if operation.type in _SOURCES:
        return kernel
    unpack = unpacker(operation.definition)

    def run(*inputs: Any) -> Any:
        before = [_array(value) for value in inputs]
        bad = [_badness(array) for array in before]
        worst = max(bad, default=0)
        result = kernel(*inputs)
        if isinstance(result, Future):
            return result  # a queue's element: whoever takes it looks at it
        outputs = (result,) if unpack is None else unpack(result)
        written = [value for value in inputs if isinstance(value, Variable | Handle)]
        for value in (*outputs, *written):
            array = _array(value)
            if array is not None and (_badness(array) > worst or _badness(array) == worst == 2):
                message = _message(operation, value, array, before, bad)
                raise InvalidArgumentError(None, None, message)
        return result

    return run


def _array(value: Any) -> Array | None:
    """Return a value, or a variable's present one, as an array of floats; None for others."""
    if isinstance(value, Handle):
        value = value.resource
    if isinstance(value, Variable):
        value = value.read() if value.is_initialized else None
    is_float = isinstance(value, np.ndarray | np.generic) and value.dtype.kind in "fcV"
    if not is_float:
        return None
    array = np.asarray(value)
    return array if array.dtype.kind != "V" else array.astype(np.float32)


def _badness(array: Array | None) -> int:
    """Return 0 for finite values, 1 if there are infinities, 2 if there is a NaN."""
    if array is None or np.isfinite(array).all():
        return 0
    return 2 if np.isnan(array).any() else 1


def _message(
    operation: Operation,
    value: Any,
    array: Array,
    inputs: Sequence[Array | None],
    bad: Sequence[int],
) -> str:
    nans = int(np.isnan(array).sum())
    infinite = int(np.isinf(array).sum())
    kinds = " and ".join(kind for kind, n in (("Inf", infinite), ("NaN", nans)) if n)
    where = np.isnan(array) if nans else ~np.isfinite(array)
    first = [int(i) for i in np.unravel_index(int(where.argmax()), array.shape)]
    lines = [
        f"{operation.name} : Tensor had {kinds} values",
        f"  values: {nans} NaN, {infinite} infinite, of {array.size}, the first at {first}",
    ]
    if isinstance(value, Variable | Handle):
        lines[1] += f", written to variable '{value.name}'"
    names = _names(operation)
    lines += [
        f"  {name} was {_range(each)}"
        for name, each in zip(names, inputs, strict=False)
        if each is not None
    ]
    came = [i for i, each in enumerate(bad) if each == 2]
    if came:
        tensor = operation.inputs[came[0]]
        lines.append(
            f"  no operation made that NaN: it came in by '{tensor.name}', which was fed, or holds "
            f"what was stored, created at {source.describe(tensor.op.site)}"
        )
        return "\n".join(lines)
    return "\n".join([*lines, *_advice(operation)])


def _advice(operation: Operation) -> Iterator[str]:
    """Yield what an operation is the gradient of, and what usually helps."""
    matched = _GRADIENT.match(operation.name)
    forward = _operation(operation, matched["forward"]) if matched else None
    if forward is None:
        if operation.type in _HINTS:
            yield f"  hint: {_HINTS[operation.type]}"
        return
    line = source.describe(forward.site)
    yield f"  in the gradient of '{forward.name}' ({forward.type}), created at {line}"
    if forward.type in _GRADIENT_HINTS:
        yield f"  hint: {_GRADIENT_HINTS[forward.type]}"
        yield _UNSELECTED


def _operation(operation: Operation, name: str) -> Operation | None:
    try:
        found: Operation = operation.graph.get_operation_by_name(name)
    except KeyError:
        return None
    return found


def _names(operation: Operation) -> list[str]:
    return [
        name
        for name, tensors in operation.arguments.items()
        for _ in (tensors if isinstance(tensors, list) else (tensors,))
    ]


def _range(array: Array) -> str:
    finite = array[np.isfinite(array)]
    others = array.size - finite.size
    shown = f"from {_number(finite.min())} to {_number(finite.max())}" if finite.size else "empty"
    return f"{shown}, {others} not finite" if others else shown


def _number(value: Any) -> str:
    return f"{value:g}" if np.isrealobj(value) else f"{value}"
