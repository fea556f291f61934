"""Python functions of nested arguments as graphs: `func_graph_from_py_func`.

Source: TensorFlow 1.15, `framework/func_graph.py`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from minitf import nest
from minitf.autograph.convert import converted_for_trace
from minitf.autograph.features import features_of
from minitf.autograph.status import Options
from minitf.control_flow.func_graph import FuncGraph, returned
from minitf.convert import convert_to_tensor
from minitf.default_graph import entered
from minitf.dtypes import as_dtype
from minitf.functional.control_dependencies import AutomaticControlDependencies
from minitf.shapes import as_shape
from minitf.tensor import Tensor
from minitf.tensor_spec import TensorSpec
from minitf.variables.base import Variable


class UnknownArgument:
    """Stands for an argument of which nothing is known."""


def func_graph_from_py_func(
    name: str,
    python_func: Callable[..., Any],
    args: Any,
    kwargs: Any,
    signature: Any = None,
    func_graph: FuncGraph | None = None,
    autograph: bool = False,
    autograph_options: Any = None,
    add_control_dependencies: bool = True,
    arg_names: Sequence[str] | None = None,
    op_return_value: Any = None,
    collections: dict[Any, list[Any]] | None = None,
    capture_by_value: bool | None = None,
    override_flat_arg_shapes: Sequence[Any] | None = None,
) -> FuncGraph:
    """Return the graph of a Python function.

    Args:
        name: of the function.
        python_func: takes the arguments with Tensors in place of Tensors and of their descriptions;
            returns a nested structure of Tensors.
        args, kwargs: the arguments.
        signature: descriptions (`tf.TensorSpec`) of the arguments by position, instead of `args`.
        func_graph: an empty graph to use.
        autograph: whether Python's control flow becomes operations where it depends on tensors.
        autograph_options: features that it shall have, see `tf.autograph.experimental.Feature`.
        add_control_dependencies: whether what the function does happens in order.
        arg_names: names of the arguments.
        op_return_value: returned in place of an Operation that the function returns.
        collections: collections to begin with; None for those of the graph around.
        capture_by_value: whether what is captured is copied.
        override_flat_arg_shapes: shapes of the arguments, flat, None for their own.

    Raises:
        TypeError: if the function returns anything but tensors.
    """
    graph = func_graph or FuncGraph(name, collections, capture_by_value)
    if signature is not None:
        args, kwargs = signature, {}
    args = () if args is None else tuple(args)
    kwargs = {} if kwargs is None else dict(kwargs)
    names = list(arg_names or _parameters(python_func))
    if autograph:
        options = Options(features=features_of(autograph_options))
        python_func = converted_for_trace(python_func, options)
    with entered(graph):
        shapes = iter(override_flat_arg_shapes or ())
        inside_args = tuple(
            [
                _inside(graph, each, names[i] if i < len(names) else f"arg{i}", shapes)
                for i, each in enumerate(args)
            ]
        )
        inside_kwargs = {key: _inside(graph, kwargs[key], key, shapes) for key in sorted(kwargs)}
        graph.structured_input_signature = described(args), described(kwargs)
        deps = AutomaticControlDependencies()
        if not add_control_dependencies:
            found = python_func(*inside_args, **inside_kwargs)
            graph.structured_outputs = returned(graph, found, name)
        else:
            with deps:
                found = python_func(*inside_args, **inside_kwargs)
                found = returned(graph, found, name)
                graph.structured_outputs = nest.map_structure(
                    lambda leaf: None if leaf is None else deps.mark_as_return(leaf), found
                )
        graph.control_outputs = deps.must_run
        graph.outputs = [
            each
            for each in nest.flatten(graph.structured_outputs, expand_composites=True)
            if each is not None
        ]
    return graph


def _parameters(function: Callable[..., Any]) -> list[str]:
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # a builtin has no signature
        return []
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return [each.name for each in parameters if each.kind in kinds]


def is_tensor_like(value: Any) -> bool:
    """Tell whether a function gets a value as a Placeholder: tensors, arrays, descriptions."""
    if isinstance(value, Variable):
        return False
    return isinstance(value, (Tensor, np.ndarray, np.generic)) or is_spec(value)


def is_spec(value: Any) -> bool:
    """Tell whether a value describes a tensor: a `tf.TensorSpec`, or what looks like one."""
    return (
        not isinstance(value, (Tensor, np.ndarray, np.generic, Variable, type))
        and hasattr(value, "dtype")
        and hasattr(value, "shape")
        and hasattr(value, "name")
    )


def _inside(graph: FuncGraph, argument: Any, name: str, shapes: Any) -> Any:
    """Return an argument as the function gets it."""

    def of(leaf: Any) -> Any:
        if not is_tensor_like(leaf):
            return leaf
        if isinstance(leaf, (np.ndarray, np.generic)):
            leaf = np.asarray(leaf)
            dtype = convert_to_tensor(leaf).dtype if leaf.dtype == object else as_dtype(leaf.dtype)
        else:
            dtype = as_dtype(leaf.dtype)
        own = getattr(leaf, "name", None) if is_spec(leaf) else None
        shape = next(shapes, None)
        known = as_shape(leaf.shape if shape is None else shape)
        return graph.add_input(dtype.base_dtype, known, own or name)

    return nest.map_structure(of, argument, expand_composites=True)


def described(structure: Any) -> Any:
    """Return a structure with `tf.TensorSpec`s in place of Tensors."""

    def of(leaf: Any) -> Any:
        if is_spec(leaf) or not is_tensor_like(leaf):
            return leaf
        return TensorSpec(leaf.shape, as_dtype(leaf.dtype))

    return nest.map_structure(of, structure, expand_composites=True)


def flat_tensors(args: Any, kwargs: Any) -> list[Any]:
    """Return the tensors among arguments, in the order in which a function takes them."""
    by_key = [kwargs[key] for key in sorted(kwargs)]
    leaves = nest.flatten([list(args), by_key], expand_composites=True)
    return [leaf for leaf in leaves if is_tensor_like(leaf)]
