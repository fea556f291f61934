"""`tensorflow.python.framework.func_graph` and the graphs of functional branches and loops.

Source: TensorFlow 1.15's modules of the same names.
"""

from __future__ import annotations

from typing import Any

from minitf import nest
from minitf.control_flow.func_graph import FuncGraph
from minitf.default_graph import default_graph
from minitf.functional.tracing import UnknownArgument, described, func_graph_from_py_func
from minitf.tensor import Tensor

__all__ = [
    "CondBranchFuncGraph",
    "FuncGraph",
    "UnknownArgument",
    "WhileBodyFuncGraph",
    "WhileCondFuncGraph",
    "check_mutation",
    "convert_structure_to_signature",
    "device_stack_has_callable",
    "dismantle_func_graph",
    "flatten",
    "func_graph_from_py_func",
    "maybe_captured",
    "pack_sequence_as",
]


class CondBranchFuncGraph(FuncGraph):
    """The graph of a branch."""


class WhileCondFuncGraph(FuncGraph):
    """The graph of a loop's condition."""


class WhileBodyFuncGraph(FuncGraph):
    """The graph of a loop's body."""


def convert_structure_to_signature(structure: Any, arg_names: Any = None) -> Any:
    """Return a structure with `tf.TensorSpec`s in place of Tensors."""
    return described(structure)


def maybe_captured(tensor: Tensor) -> Tensor:
    """Return the tensor of the graph around that an argument of a function stands for."""
    graph = tensor.graph
    if isinstance(graph, FuncGraph):
        for outer, inside in graph.captures:
            if inside is tensor:
                return maybe_captured(outer)
    return tensor


def device_stack_has_callable(device_stack: Any) -> bool:
    """Tell whether a stack of requests for devices has a function in it."""
    return any(callable(getattr(each, "_device_name_or_function", each)) for each in device_stack)


def check_mutation(n1: Any, n2: Any) -> None:
    """Check that a function has left its arguments as they were.

    Raises:
        ValueError: if it has not.
    """
    message = "Function to be traced should not modify structure of input arguments."
    try:
        nest.assert_same_structure(n1, n2, expand_composites=True)
    except (TypeError, ValueError):
        raise ValueError(message) from None
    for one, other in zip(nest.flatten(n1), nest.flatten(n2), strict=True):
        if one is not other:
            raise ValueError(message)


def flatten(sequence: Any) -> list[Any]:
    """Return the leaves of a structure, composite ones taken apart."""
    return nest.flatten(sequence, expand_composites=True)


def pack_sequence_as(structure: Any, flat_sequence: Any) -> Any:
    """Return a structure with other leaves."""
    return nest.pack_sequence_as(structure, list(flat_sequence), expand_composites=True)


def dismantle_func_graph(func_graph: Any) -> None:
    """Do nothing: Python frees a graph that nobody holds."""


def current_func_graph() -> FuncGraph | None:
    """Return the function that is being traced, None outside of all."""
    graph = default_graph()
    return graph if isinstance(graph, FuncGraph) else None
