"""FunctionDefs as graphs and graphs as FunctionDefs, by the names of TensorFlow's modules.

Source: TensorFlow 1.15, `function_def_to_graph`, `graph_to_function_def`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf.default_graph import default_graph
from minitf.function_def import function_def, function_graph
from minitf.function_graph import FunctionGraph
from minitf.graph import Graph


def function_def_to_graph(
    fdef: Any, input_shapes: Sequence[Any] | None = None, copy_functions: bool = True
) -> FunctionGraph:
    """Return a FunctionDef as the graph of its body.

    Args:
        fdef: the message.
        input_shapes: what is known of the shapes of its arguments.
        copy_functions: accepted: functions of the present graph are found anyway.
    """
    made = function_graph(default_graph(), fdef)
    for tensor, shape in zip(made.inputs, input_shapes or (), strict=False):
        if shape is not None:
            tensor.set_shape(shape)
    return made


def is_function(fname: str) -> bool:
    """Tell whether the present graph has a function of that name."""
    return default_graph().has_function(fname)


def function_def_to_graph_def(
    fdef: Any, input_shapes: Sequence[Any] | None = None, copy_functions: bool = True
) -> tuple[Any, dict[str, str]]:
    """Return a FunctionDef as a GraphDef, and how the names of its tensors changed."""
    graph = function_def_to_graph(fdef, input_shapes, copy_functions)
    names = {}
    for operation in graph.get_operations():
        at = 0
        for arg in operation.definition.outputs:
            count = operation.definition.length(arg, operation.attrs) if arg.is_list else 1
            for i in range(count):
                names[f"{operation.name}:{arg.name}:{i}"] = f"{operation.name}:{at}"
                at += 1
    names.update({tensor.op.name: tensor.name for tensor in graph.inputs})
    return graph.as_graph_def(), names


def graph_to_function_def(
    graph: Graph, operations: Any, inputs: Any, outputs: Any, out_names: Any = None
) -> Any:
    """Return a part of a graph as a FunctionDef.

    Args:
        graph: the graph.
        operations: of its body.
        inputs: its arguments.
        outputs: its results.
        out_names: names of the results.
    """
    made = FunctionGraph("", graph)
    made.__dict__.update(_operations={each.name: each for each in operations})
    made.inputs, made.outputs = list(inputs), list(outputs)
    made.output_names = list(out_names) if out_names else None
    return function_def(made)
