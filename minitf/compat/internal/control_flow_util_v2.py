"""`tensorflow.python.ops.control_flow_util_v2`: what functional branches and loops share.

Source: TensorFlow 1.15's module of the same name.
"""

from __future__ import annotations

import contextlib
from typing import Any

from minitf.control_flow.func_graph import FuncGraph
from minitf.default_graph import default_graph
from minitf.function_graph import FunctionGraph
from minitf.function_library import unique_function_name


def in_defun() -> bool:
    """Tell whether the default graph is the body of a function."""
    return isinstance(default_graph(), FuncGraph)


def create_new_tf_function(func_graph: FunctionGraph) -> str:
    """Let the default graph know a function; returns its name."""
    if not func_graph.finalized:
        func_graph.finalize()
    default_graph().add_function(func_graph)
    return func_graph.name


def unique_fn_name(scope: str, name: str) -> str:
    """Return a name for a function that is made in a scope."""
    return unique_function_name(f"{scope}{name}").replace("/", "_")


def unique_grad_fn_name(forward_name: str) -> str:
    """Return a name for the gradient of a function."""
    return unique_function_name(f"{forward_name}_grad")


def maybe_set_lowering_attr(op: Any) -> None:
    """Do nothing: the executor chooses how it runs a function."""


def maybe_propagate_compile_time_consts_in_xla(op: Any) -> None:
    """Do nothing: no compiler takes the graph over."""


def clear_control_inputs() -> contextlib.AbstractContextManager[None]:
    """Forget the control dependencies around a block."""
    return default_graph().control_dependencies(None)


def output_all_intermediates() -> bool:
    """Tell that functions give what gradients need of them only when these are built."""
    return False
