"""`Graph.create_op`: an operation of a registry name, from a flat list of inputs.

Source: TensorFlow 1.15's method, which libraries of its time call.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from minitf.attr_value import attribute_value
from minitf.function_op import find_definition
from minitf.graph import Graph
from minitf.op_def import OpDef
from minitf.operation import Operation


def create_operation(
    graph: Graph, op_type: str, inputs: Any, name: str | None, attrs: dict[str, Any] | None
) -> Operation:
    """Add an operation to a graph.

    Args:
        graph: the graph.
        op_type: the op's registry name, or that of a function of the graph.
        inputs: Tensors, flat, in the OpDef's order.
        name: its name; the op's if None.
        attrs: attributes, as AttrValue messages or Python values; those that inputs fix may be
            left out, but not the length of a list.

    Raises:
        NotFoundError: if no such op is registered, and no such function defined.
        TypeError, ValueError: if inputs and attributes do not fit.
    """
    definition = find_definition(graph, op_type)
    given = {key: attribute_value(value) for key, value in (attrs or {}).items()}
    explicit = {key: given[key] for key in definition.explicit_attrs if key in given}
    with graph.as_default():
        before = graph.version
        definition(*_grouped(definition, list(inputs), given), name=name, **explicit)
        return graph.get_operations()[before:][-1]


def _grouped(definition: OpDef, inputs: list[Any], attrs: dict[str, Any]) -> Iterator[Any]:
    """Walk the arguments: a Tensor each, or the Tensors of a list argument."""
    start = 0
    for arg in definition.inputs:
        if not arg.is_list:
            yield inputs[start]
            start += 1
            continue
        others = len(definition.inputs) - 1
        known = (arg.number_attr or arg.type_list_attr) in attrs
        length = definition.length(arg, attrs) if known else len(inputs) - others
        yield inputs[start : start + length]
        start += length
