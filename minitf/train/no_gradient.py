"""Why no gradient reaches a variable: where each path from it to the loss breaks.

TensorFlow's users saw "No gradients provided for any variable" and nothing else.  Here each
variable gets its reason: the loss does not depend on it, or all paths run through operations that
let no gradient through, the one nearest to the loss being named with the line that made it.

Source: no paper; tensorflow#8625, #1511, #13142.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from minitf import source
from minitf.operation import Operation
from minitf.tensor import Tensor


def why_no_gradients(loss: Any, variables: Iterable[Any]) -> str:
    """Return a line for each variable that says why the loss has no gradient for it."""
    loss = getattr(loss, "values", loss)
    needed = _ancestors(loss.op)
    return "\n".join(f"  {v.op.name}: {_reason(loss, v.op, needed)}" for v in variables)


def _reason(loss: Tensor, variable: Operation, needed: set[Operation]) -> str:
    between = _descendants(variable) & needed
    if loss.op not in between:
        return f"no path leads from it to the loss {loss.name!r}"
    broken = _first_broken(loss.op, variable, between)
    if broken is None:
        return "every path runs through an input that has no gradient (an index, a shape, ...)"
    where = source.describe(broken.site)
    return (
        f"path broken at op '{broken.name}' ({broken.type}), {_cause(broken)}, created at {where}"
    )


def _first_broken(
    loss: Operation, variable: Operation, between: set[Operation]
) -> Operation | None:
    """Return the operation nearest to the loss that lets no gradient through."""
    queue, seen = [loss], {loss}
    while queue:
        operation = queue.pop(0)
        if operation is not variable and _cause(operation):
            return operation
        for tensor in operation.inputs:
            if tensor.op in between and tensor.op not in seen:
                seen.add(tensor.op)
                queue.append(tensor.op)
    return None


def _cause(operation: Operation) -> str:
    """Say why an operation lets no gradient through, "" if it may let one."""
    definition = operation.definition
    if "_gradient_op_type" in operation.attrs:
        return ""
    if operation.type == "StopGradient":
        return "which stops gradients"
    if definition.gradient_rule is None:
        return f"which has no gradient: {definition.gradient_reason or 'none is registered'}"
    if not any(_is_smooth(tensor) for tensor in operation.outputs):
        return f"whose output is {operation.outputs[0].dtype.base_dtype.name}, not real"
    return ""


def _is_smooth(tensor: Tensor) -> bool:
    dtype = tensor.dtype.base_dtype
    return dtype.is_floating or dtype.is_complex or not dtype.is_numpy_compatible


def _ancestors(operation: Operation) -> set[Operation]:
    return _reached(operation, lambda op: [tensor.op for tensor in op.inputs])


def _descendants(operation: Operation) -> set[Operation]:
    return _reached(operation, lambda op: [c for t in op.outputs for c in t.consumers()])


def _reached(start: Operation, following: Any) -> set[Operation]:
    found, stack = {start}, [start]
    while stack:
        for each in following(stack.pop()):
            if each not in found:
                found.add(each)
                stack.append(each)
    return found
