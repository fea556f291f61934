"""What is done once, before step 1: merge equal operations, compute what is constant.

Merging follows Click: walk the operations in order, number each by its op, attributes and the
numbers of its inputs, and let the first of each number stand for the others.  Folding runs bodies
of operations whose inputs are all constant.

**Invariants**
1. Operations with state, with a context, or that touch a variable's handle are left alone.
2. So are those one of whose outputs is fed, and those that may give DEAD.
3. Folding leaves alone what waits for others: it may be on a branch that is not taken.
4. Both are idempotent, and results are the same with and without them.

Worked example:

    x = Placeholder;  two = 1 + 1;  a = x * two;  b = x * two;  c = a + b
    merge_equal: b is a, so c = a + a;  fold_constants: two is the array 2

**Departure from the paper**: none; inputs of commutative ops are sorted, as it allows.

Source: 2015 §5.1 (common subexpressions, after Click); OSDI §5 (constant folding).
"""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

import numpy as np

from minitf.dead import DEAD
from minitf.dtypes import variant
from minitf.executor.binding import bound, unpacker
from minitf.executor.loops import CONTROL_FLOW
from minitf.executor.prune import Subgraph
from minitf.op_def import OpDef
from minitf.operation import Operation

MOST_FOLDED_BYTES = 10 << 20  # TensorFlow's limit
_MOST_COMPARED_BYTES = 4096  # larger constants count as different from all others


def merge_equal(subgraph: Subgraph) -> None:
    """Let one operation stand for all that have the same op, attributes and inputs.

    Source: 2015 §5.1.
    """
    fed = _fed_operations(subgraph)
    first: dict[Any, Operation] = {}
    kept = []
    for operation in subgraph.operations:
        number = None
        if operation not in fed and is_pure(operation.definition):
            number = _value_number(subgraph, operation)
        found = None if number is None else first.setdefault(number, operation)
        if found is None or found is operation:
            kept.append(operation)
        else:
            subgraph.same[operation] = found
    subgraph.operations = kept


def fold_constants(subgraph: Subgraph, most_bytes: int = MOST_FOLDED_BYTES) -> None:
    """Compute, by their bodies, operations of which all inputs are constant.

    Args:
        subgraph: to be changed.
        most_bytes: how large an operation's outputs may be; larger ones are computed in each run.

    Source: OSDI §5.
    """
    fed = _fed_operations(subgraph)
    constants = subgraph.constants
    kept = []
    for operation in subgraph.operations:
        sources = [subgraph.source(tensor) for tensor in operation.inputs]
        constant = (
            (operation.type == "Const" or bool(sources))
            and not operation.control_inputs
            and all(tensor in constants for tensor in sources)
            and operation not in fed
            and is_pure(operation.definition)
            and not any(tensor.dtype is variant for tensor in operation.outputs)  # no arrays
        )
        values = _computed(operation, [constants[t] for t in sources]) if constant else None
        if values is None or _size(operation, values) > most_bytes:
            kept.append(operation)
        else:
            constants.update(zip(operation.outputs, values, strict=True))
    subgraph.operations = kept


def _fed_operations(subgraph: Subgraph) -> set[Operation]:
    return {tensor.op for tensor in subgraph.request.feeds}


def is_pure(definition: OpDef) -> bool:
    """Tell whether equal inputs give equal outputs and nothing else happens."""
    return not (
        definition.is_stateful
        or definition.takes_context
        or definition.name in CONTROL_FLOW
        or any(arg.is_ref for arg in definition.inputs)
        or any(arg.is_ref for arg in definition.outputs)
    )


# --- merging -------------------------------------------------------------------------------------


def _value_number(subgraph: Subgraph, operation: Operation) -> Any:
    """Return what equal operations have in common, None for one that is equal to no other."""
    if not operation.inputs and operation.outputs and operation.type != "Const":
        return None  # a Placeholder stands for a value of its own
    sources = [subgraph.source(tensor) for tensor in operation.inputs]
    if any(tensor.dtype.is_ref for tensor in sources):
        return None  # two reads of a variable are two events
    if operation.definition.is_commutative:
        sources.sort(key=lambda tensor: (tensor.op.index, tensor.value_index))
    attrs = tuple([(name, _comparable(value)) for name, value in operation.attrs.items()])
    controls = frozenset(subgraph.control_sources(operation))
    number = (operation.type, operation.device, attrs, tuple(sources), controls)
    try:
        hash(number)
    except TypeError:  # an attribute that cannot be compared
        return None
    return number


def _comparable(value: Any) -> Any:
    """Return something hashable that is equal for equal attributes."""
    if not isinstance(value, np.ndarray):
        return value
    if value.nbytes > _MOST_COMPARED_BYTES:
        return id(value)
    content = tuple(value.flat) if value.dtype.kind == "O" else value.tobytes()
    return value.dtype.str, value.shape, content


# --- folding -------------------------------------------------------------------------------------


def _computed(operation: Operation, values: list[Any]) -> list[Any] | None:
    """Return an operation's outputs as read-only arrays, or None to leave it to the run."""
    body = bound(operation.definition.body, operation)
    unpack = unpacker(operation.definition)
    try:
        with np.errstate(all="ignore"):  # as in the run
            result = body(*values)
        result = [result] if unpack is None else unpack(result)
    except Exception:  # noqa: BLE001 it fails again in the run, where all can be told about it
        return None
    if any(isinstance(each, Future) or each is DEAD for each in result):
        return None
    if any(
        tensor.dtype is variant and not isinstance(each, np.ndarray)
        for tensor, each in zip(operation.outputs, result, strict=True)
    ):
        return None  # it is no array
    return [read_only(np.asarray(each)) for each in result]


def _size(operation: Operation, values: list[Any]) -> int:
    """Return the bytes that folding adds; a Const is there anyway."""
    return 0 if operation.type == "Const" else sum(array.nbytes for array in values)


def read_only(array: Any) -> Any:
    """Return an array that cannot be written to, the same one if it cannot."""
    if not array.flags.writeable:
        return array
    view = array.view()
    view.flags.writeable = False
    return view
