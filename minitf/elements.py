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
    if not allow_tensor and not allow_operation:
        raise ValueError("allow_tensor and allow_operation can't both be False.")
    kinds = (("Tensor", allow_tensor), ("Operation", allow_operation))
    wanted = " or ".join(kind for kind, allowed in kinds if allowed)
    if not isinstance(obj, (Tensor, Operation)) and hasattr(obj, "_as_graph_element"):
        obj = obj._as_graph_element()
    if isinstance(obj, bytes):
        obj = obj.decode()
    if isinstance(obj, str):
        if ":" not in obj:
            return _operation(graph, obj, allowed=allow_operation)
        if allow_tensor:
            return _tensor(graph, obj)
        raise ValueError(f"Name {obj!r} appears to refer to a Tensor, not a {wanted}.")
    if isinstance(obj, Tensor) and allow_tensor:
        if obj.graph is not graph:
            raise ValueError(f"Tensor {obj} is not an element of this graph.{_why(graph, obj)}")
        return obj
    if isinstance(obj, Operation) and allow_operation:
        if obj.graph is not graph:
            raise ValueError(
                f"Operation {obj!r} is not an element of this graph.{_why(graph, obj)}"
            )
        return obj
    raise TypeError(f"Can not convert a {type(obj).__name__} into a {wanted}.")


def _tensor(graph: Graph, name: str) -> Tensor:
    operation_name, _, port = name.partition(":")
    try:
        index = int(port)
    except ValueError:
        raise ValueError(
            f"The name {name!r} looks a like a Tensor name, but is not a valid one. {_FORM}"
        ) from None
    operation = graph.find_operation(operation_name)
    if operation is None:
        raise KeyError(
            f"The name {name!r} refers to a Tensor which does not exist. The operation, "
            f"{operation_name!r}, does not exist in the graph."
        )
    try:
        return operation.outputs[index]
    except IndexError:
        raise KeyError(
            f"The name {name!r} refers to a Tensor which does not exist. The operation, "
            f"{operation_name!r}, exists but only has {len(operation.outputs)} outputs."
        ) from None


def _operation(graph: Graph, name: str, *, allowed: bool) -> Operation:
    operation = graph.find_operation(name)
    if not allowed:
        what = (
            "looks like an (invalid) Operation name"
            if operation is None
            else "refers to an Operation"
        )
        raise ValueError(f"The name {name!r} {what}, not a Tensor. {_FORM}")
    if operation is None:
        raise KeyError(f"The name {name!r} refers to an Operation not in the graph.")
    return operation


_FORM = 'Tensor names must be of the form "<op_name>:<output_index>".'


def _why(graph: Graph, element: Element) -> str:
    operation = element.op if isinstance(element, Tensor) else element
    other = operation.graph
    return (
        f"\n  it was created at {source.describe(operation.site)}"
        f"\n  in graph {other.serial}, made at {source.describe(other.site)}"
        f"\n  this is graph {graph.serial}, made at {source.describe(graph.site)}"
    )
