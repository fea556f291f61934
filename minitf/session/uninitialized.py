"""Why variables have no value: all that a failed step needed, where they were made, and the cause.

    FailedPreconditionError: Attempting to use uninitialized value w
      in op 'w/read' (Identity), created at train.py:7: w = tf.Variable(...)
      2 variables that this run needs have no value:
        w, created at train.py:7: w = tf.Variable(...)
          its initializer has not run in this session: run tf.global_variables_initializer()
        late, created at train.py:40: late = tf.Variable(...)
          made after 'init' (train.py:31), which therefore does not initialize it

Source: 2015 §2 "Variables"; TensorFlow named one of them, without a cause.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from minitf import source
from minitf.errors import FailedPreconditionError, OpError
from minitf.executor.prune import Request, prune
from minitf.graph_keys import GraphKeys
from minitf.operation import Operation
from minitf.resources import ResourceStore, Variable

_VARIABLES = ("VariableV2", "Variable", "VarHandleOp")
_WRITES = ("Assign", "AssignVariableOp")
# They do with a variable that has no value.
_NEEDS_NO_VALUE = frozenset((*_WRITES, "VarIsInitializedOp", "DestroyResourceOp"))


def with_causes(
    error: FailedPreconditionError, request: Request, ran: Iterable[Request], store: ResourceStore
) -> OpError:
    """Return the error with all variables that lack a value; itself if that is not the matter.

    Args:
        error: what the step failed with.
        request: what the step was for.
        ran: what the session was asked for so far.
        store: where its variables are.
    """
    operations = prune(request).operations
    missing = [op for op in operations if _lacks_value(op, store) and _is_needed(op, request)]
    if not missing:
        return error
    lines = [error.message, f"  {_counted(len(missing))} no value:"]
    written = {op.inputs[0].op for op in operations if op.type in _WRITES}
    groups = _initializer_groups(ran)
    for op in missing:
        lines.append(f"    {op.name}, created at {source.describe(op.site)}")
        lines.append(f"      {_cause(op, written, groups)}")
    return type(error)(None, error.op, "\n".join(lines))


def _counted(count: int) -> str:
    return (
        "1 variable that this run needs has"
        if count == 1
        else f"{count} variables that this run needs have"
    )


def _lacks_value(op: Operation, store: ResourceStore) -> bool:
    if op.type not in _VARIABLES:
        return False
    name = op.attrs["shared_name"] or op.name
    variable = store.find(op.attrs["container"], name, Variable)
    return variable is None or not variable.is_initialized


def _is_needed(variable: Operation, request: Request) -> bool:
    """Tell whether the request needs the variable's value, not only its handle."""
    operations = set(prune(request).operations)
    handle = variable.outputs[0]
    return handle in request.fetches or any(
        reader in operations
        and reader.type not in _NEEDS_NO_VALUE
        and not reader.definition.allows_uninitialized_input
        for reader in handle.consumers()
    )


def _initializer_groups(ran: Iterable[Request]) -> list[Operation]:
    """Return the operations that the session has run to initialize several variables."""
    return [
        target
        for request in ran
        for target in request.targets
        if any(op.type in _WRITES for op in target.control_inputs)
    ]


def _cause(op: Operation, written: set[Operation], groups: list[Operation]) -> str:
    if op in written:
        return (
            "it is initialized in the same step, and its reader did not wait for that: let the "
            "reader use its initialized_value()"
        )
    if op in _local_variables(op):
        return "it is a local variable: run tf.local_variables_initializer()"
    for group in groups:
        if group.index < op.index:
            where = source.describe(group.site)
            return f"made after {group.name!r} ({where}), which therefore does not initialize it"
    return (
        "its initializer has not run in this session: run tf.global_variables_initializer(), or "
        "restore a checkpoint"
    )


def _local_variables(op: Operation) -> Iterator[Any]:
    for variable in op.graph.get_collection(GraphKeys.LOCAL_VARIABLES):
        yield getattr(variable, "op", None)
