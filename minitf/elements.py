"""Finding the Tensor or Operation that a user means by an object or a name.

Source: 2015 §4.2 (`node:port` names of feeds and fetches).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from minitf import source
from minitf.operation import Operation
from minitf.tensor import Tensor

if TYPE_CHECKING:
    from minitf.graph import Graph

Element = Tensor | Operation


def find_element(graph: Graph, obj: Any, *, allow_tensor: bool, allow_operation: bool) -> Element:
    """Return the element of `graph` that `obj` is, converts to, or names.

    Raises:
        TypeError: if it cannot be an element of the kinds allowed.
        ValueError: if it belongs to another graph, or the name is malformed or of the wrong kind.
        KeyError: if the graph has no such operation or output.
    """
    if not isinstance(obj, (Tensor, Operation)) and hasattr(obj, "_as_graph_element"):
        obj = obj._as_graph_element()
    wanted = " or a ".join(
        kind for kind, ok in (("Tensor", allow_tensor), ("Operation", allow_operation)) if ok
    )
    if isinstance(obj, bytes):
        obj = obj.decode()
    if isinstance(obj, str):
        return _by_name(graph, obj, allow_tensor=allow_tensor, allow_operation=allow_operation)
    if (isinstance(obj, Tensor) and allow_tensor) or (
        isinstance(obj, Operation) and allow_operation
    ):
        if obj.graph is not graph:
            kind = "Tensor" if isinstance(obj, Tensor) else "Operation"
            raise ValueError(f"{kind} {obj!r} is not an element of this graph.{_why(graph, obj)}")
        return obj
    raise TypeError(f"Can not convert a {type(obj).__name__} into a {wanted}.")


def _by_name(graph: Graph, name: str, *, allow_tensor: bool, allow_operation: bool) -> Element:
    if ":" in name and allow_tensor:
        operation_name, _, port = name.partition(":")
        if not operation_name or not port.isdigit():
            raise ValueError(
                f"The name {name!r} looks a like a Tensor name, but is not a valid one. Tensor "
                'names must be of the form "<op_name>:<output_index>".'
            )
        operation = graph.find_operation(operation_name)
        if operation is None:
            raise KeyError(
                f"The name {name!r} refers to a Tensor which does not exist. The operation, "
                f"{operation_name!r}, does not exist in the graph."
            )
        if int(port) >= len(operation.outputs):
            raise KeyError(
                f"The name {name!r} refers to a Tensor which does not exist. The operation, "
                f"{operation_name!r}, exists but only has {len(operation.outputs)} outputs."
            )
        return operation.outputs[int(port)]
    if ":" in name:
        hint = (
            " appears to refer to a Tensor, not a Operation."
            if graph.find_operation(name.partition(":")[0])
            else " looks like an (invalid) Tensor name, not an Operation."
        )
        raise ValueError(f"The name {name!r}{hint}")
    operation = graph.find_operation(name)
    if operation is not None and allow_operation:
        return operation
    if operation is not None:
        raise ValueError(
            f"The name {name!r} refers to an Operation, not a Tensor. Tensor names must be of the "
            'form "<op_name>:<output_index>".'
        )
    if not allow_operation:
        raise ValueError(
            f"The name {name!r} looks like an (invalid) Operation name, not a Tensor. Tensor names "
            'must be of the form "<op_name>:<output_index>".'
        )
    raise KeyError(f"The name {name!r} refers to an Operation not in the graph.")


def _why(graph: Graph, element: Element) -> str:
    operation = element.op if isinstance(element, Tensor) else element
    other = operation.graph
    return (
        f"\n  it was created at {source.describe(operation.site)}"
        f"\n  in graph {other.serial}, made at {source.describe(other.site)}"
        f"\n  this is graph {graph.serial}, made at {source.describe(graph.site)}"
    )
