"""Functions of `tensorflow.python.framework.function` besides Defun.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

from typing import Any

from minitf.default_graph import default_graph
from minitf.function_graph import FunctionGraph
from minitf.function_op import FunctionOp
from minitf.graph_def import merged_library
from minitf.tensor import Tensor


def from_library(lib: Any) -> list[FunctionOp]:
    """Let the default graph know the functions of a FunctionDefLibrary; returns what calls them."""
    graph = default_graph()
    graph.library = merged_library(graph, lib)
    return [graph.find_function(each.signature.name).definition for each in lib.function]


def get_extra_inputs() -> list[Tensor]:
    """Return what the function that is being traced has captured so far."""
    graph = default_graph()
    return list(graph.captured) if isinstance(graph, FunctionGraph) else []


def get_extra_args() -> list[Tensor]:
    """Return what stands for that in the function."""
    graph = default_graph()
    if not isinstance(graph, FunctionGraph):
        return []
    return graph.inputs[len(graph.inputs) - len(graph.captured) :]


def get_extra_vars() -> list[Any]:
    """Return the variables that the function has made inside: none, they are made outside."""
    return []
