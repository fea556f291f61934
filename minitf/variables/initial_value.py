"""Initial values that depend on other variables.

    v = tf.Variable(tf.random_normal([3]))
    w = tf.Variable(v * 2)

One run of both initializers, in whatever order, must give `w` twice the value of `v`.  So `w` gets
a copy of the expression, in which each read of `v` waits for the initializer of `v`.

**Departure**: TensorFlow initialises `v` only where it has no value.  Here a run of the initializer
of `w` always runs that of `v`, too.

Source: TensorFlow's `initialized_value`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from minitf.build import add_operation
from minitf.convert import convert_to_tensor
from minitf.default_graph import default_graph
from minitf.graph import Operation
from minitf.graph_keys import GraphKeys
from minitf.tensor import Tensor

if TYPE_CHECKING:
    from minitf.variables.base import Variable


@contextlib.contextmanager
def own_device(scope: str) -> Iterator[None]:
    """Place operations with the variable of that name, which is not there yet."""
    graph = default_graph()
    with graph.scopes.changed(attributes={"_class": (f"loc:@{scope.rstrip('/')}",)}):
        yield


def made_initial_value(make: Callable[[], Any], dtype: Any) -> Tensor:
    """Return the value that a function makes, in the variable's scope `Initializer`."""
    graph = default_graph()
    with graph.name_scope("Initializer"), graph.device(None):
        return convert_to_tensor(make(), dtype, "initial_value")


def initialized_value(variable: Variable) -> Tensor:
    """Return a read of a variable that waits for its initializer."""
    with variable.graph.control_dependencies([variable.initializer]):
        return variable.read_value()


def guarded(value: Tensor, name: str) -> Tensor:
    """Return an initial value in which every variable is initialised before it is read.

    Args:
        value: the initial value of the variable `name`.
        name: it ends the names of the copied operations.
    """
    path = _ancestors(value.op)
    if not any(_handle_read_by(operation) for operation in path):
        return value
    graph = value.graph
    variables = {
        variable.op: variable
        for key in (GraphKeys.GLOBAL_VARIABLES, GraphKeys.LOCAL_VARIABLES)
        for variable in graph.get_collection(key)
    }
    copies: dict[Operation, Operation] = {}
    for operation in path:
        inputs = [copies[t.op].outputs[t.value_index] for t in operation.inputs]
        variable = variables.get(_handle_read_by(operation))
        if variable is None and inputs == list(operation.inputs):
            copies[operation] = operation
            continue
        with (
            graph.name_scope(None),
            graph.control_dependencies([] if variable is None else [variable.initializer]),
        ):
            copy = graph.unique_name(f"{operation.name}_{name}")
            attrs = dict(operation.attrs)
            copies[operation] = add_operation(graph, operation.definition, copy, inputs, attrs)
    return copies[value.op].outputs[value.value_index]


def _handle_read_by(operation: Operation) -> Operation | None:
    """Return the operation that gives the handle which a read of a variable reads."""
    if operation.type not in ("Identity", "ReadVariableOp"):
        return None
    source = operation.inputs[0].op
    return source if source.type in ("VariableV2", "Variable", "VarHandleOp") else None


def _ancestors(operation: Operation) -> list[Operation]:
    """Return an operation and all that it depends on by data, sources first."""
    found: dict[Operation, None] = {}
    stack = [(operation, False)]
    while stack:
        each, is_done = stack.pop()
        if is_done:
            found[each] = None
        elif each not in found:
            stack.append((each, True))
            stack += [(tensor.op, False) for tensor in each.inputs]
    return list(found)
