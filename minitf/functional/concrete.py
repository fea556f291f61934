"""ConcreteFunction: one graph of a function, for arguments of certain types and shapes.

Source: TensorFlow 1.15, `eager/function.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf import nest
from minitf.autodiff.functional import call
from minitf.control_flow.func_graph import FuncGraph, known
from minitf.convert import convert_to_tensor
from minitf.default_graph import default_graph
from minitf.function_library import unique_function_name
from minitf.functional.tracing import flat_tensors, func_graph_from_py_func, is_spec
from minitf.graph import Graph
from minitf.tensor import Tensor


class ConcreteFunction:
    """A function that is one graph.

    Args:
        func_graph: its graph, which is finalized here.
        attrs: accepted.
        signature: accepted.

    Source: TensorFlow 1.15.
    """

    def __init__(self, func_graph: FuncGraph, attrs: Any = None, signature: Any = None) -> None:
        self._graph = func_graph
        self._outer: Graph = func_graph.outer
        self._keywords: list[str] | None = None
        known(func_graph)

    # --- what it is ------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """Its name in the library of the graph."""
        return self._graph.name

    @property
    def graph(self) -> FuncGraph:
        """Its graph."""
        return self._graph

    @property
    def inputs(self) -> list[Tensor]:
        """The arguments, in its graph, what it captured behind the others."""
        return self._graph.inputs

    @property
    def outputs(self) -> list[Tensor]:
        """The results, in its graph, flat."""
        return self._graph.outputs

    @property
    def keywords(self) -> list[str]:
        """The names of its arguments, flat."""
        if self._keywords is not None:
            return self._keywords
        taken = len(self._graph.inputs) - len(self._graph.captured)
        return [tensor.op.name for tensor in self._graph.inputs[:taken]]

    @keywords.setter
    def keywords(self, names: Sequence[str]) -> None:
        self._keywords = list(names)

    @property
    def captured_inputs(self) -> list[Tensor]:
        """What it captured, in the graph around."""
        return self._graph.external_captures

    @property
    def variables(self) -> tuple[Any, ...]:
        """The variables that it uses."""
        return self._graph.variables

    @property
    def trainable_variables(self) -> tuple[Any, ...]:
        """The variables that it uses and optimizers change."""
        return self._graph.trainable_variables

    @property
    def structured_input_signature(self) -> Any:
        """What it takes: (args, kwargs) of `tf.TensorSpec`s and values."""
        return self._graph.structured_input_signature

    @property
    def structured_outputs(self) -> Any:
        """What it returned, of Tensors of its graph."""
        return self._graph.structured_outputs

    @property
    def output_dtypes(self) -> Any:
        """The types of its results, nested as they are."""
        return nest.map_structure(
            lambda each: None if each is None else each.dtype, self._graph.structured_outputs
        )

    @property
    def output_shapes(self) -> Any:
        """What is known of the shapes of its results, nested as they are."""
        return nest.map_structure(
            lambda each: None if each is None else each.shape, self._graph.structured_outputs
        )

    @property
    def function_def(self) -> Any:
        """Its FunctionDef message."""
        from minitf.function_def import function_def

        return function_def(self._graph)

    def add_to_graph(
        self, g: Graph | None = None, register_gradient_functions: bool = True
    ) -> None:
        """Let a graph know it; by default the present one."""
        graph = default_graph() if g is None else g
        if not graph.has_function(self.name):
            graph.add_function(self._graph)

    # --- calling ---------------------------------------------------------------------------------

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Add a call to the graph.

        Args:
            *args: a value for each argument, as they were when it was traced or tensors only.
            **kwargs: values of arguments by name.

        Raises:
            TypeError: if there is another number of tensors.
        """
        names = self.keywords
        taken = len(names)
        by_position = flat_tensors(args, {})
        tensors: list[Any] = [*by_position]
        if kwargs:
            rest = dict(kwargs)
            wanted = names[len(by_position) :]
            tensors += [rest.pop(name) for name in wanted if name in rest]
            rest = {key: value for key, value in rest.items() if not _is_fixed(value)}
            if rest:
                raise TypeError(f"Got unexpected keyword arguments: {', '.join(sorted(rest))}.")
        if not by_position and not kwargs and args:
            tensors = list(args)
        if len(tensors) < taken and len(args) == taken:
            tensors = list(args)
        if len(tensors) != taken:
            raise TypeError(
                f"Expected argument names {names} but got values for {len(tensors)} of them."
            )
        return self.call_flat(tensors)

    def call_flat(self, tensors: Sequence[Any]) -> Any:
        """Add a call to the graph, with a tensor for each argument but what it captured.

        Raises:
            ValueError: if a type does not fit.
        """
        graph = self._graph
        inputs = []
        for given, inside in zip(tensors, graph.inputs, strict=False):
            tensor = convert_to_tensor(given, inside.dtype.base_dtype)
            if not inside.shape.is_compatible_with(tensor.shape):
                raise ValueError(
                    f"Tensor's shape {tensor.shape} is not compatible with expected shape "
                    f"{inside.shape} of argument {inside.op.name!r}"
                )
            inputs.append(tensor)
        self.add_to_graph()
        made = iter(call(graph, [*inputs, *graph.captured]))
        structure = graph.structured_outputs
        leaves = nest.flatten(structure, expand_composites=True)
        values = [None if each is None else next(made) for each in leaves]
        return nest.pack_sequence_as(structure, values, expand_composites=True)


def _is_fixed(value: Any) -> bool:
    """Tell whether a value is no tensor: it was fixed when the function was traced."""
    return not isinstance(value, Tensor) and not is_spec(value)


class WrappedFunction(ConcreteFunction):
    """What `tf.compat.v1.wrap_function` makes: a function, parts of which may be called too."""

    def prune(
        self,
        feeds: Any,
        fetches: Any,
        name: str | None = None,
        input_signature: Any = None,
    ) -> WrappedFunction:
        """Return the part of it that computes some tensors of its graph from others.

        Args:
            feeds: tensors of its graph, nested: the arguments.
            fetches: tensors or operations of its graph, or their names, nested: the results.
            name: of the part.
            input_signature: accepted.

        Raises:
            ValueError: if something is not of its graph.
        """
        graph = self._graph
        root = graph.root
        given: list[Any] = [root.as_graph_element(each) for each in nest.flatten(feeds)]
        structure: Any = nest.map_structure(root.as_graph_element, fetches)
        wanted = [each for each in nest.flatten(structure) if isinstance(each, Tensor)]
        captured = [inside for inside in graph.internal_captures if inside not in given]
        held = {inside: outer for outer, inside in graph.captures}
        made: Any = graph.view(unique_function_name(name or "pruned"), [*given, *captured], wanted)
        made.captured = [held[inside] for inside in captured]
        made.is_part = True
        made.structured_outputs = nest.map_structure(
            lambda each: each if isinstance(each, Tensor) else None, structure
        )
        made.structured_input_signature = (tuple(given), {})
        return WrappedFunction(made)


def wrap_function(fn: Any, signature: Any, name: str | None = None) -> WrappedFunction:
    """Make a function of a Python function that builds a graph as TensorFlow 1.x programs do.

    Args:
        fn: called once, with a Placeholder for each description in the signature.
        signature: descriptions (`tf.TensorSpec`, or placeholders) of its arguments.
        name: of the function.
    """
    graph = func_graph_from_py_func(
        unique_function_name(name or getattr(fn, "__name__", "wrapped").strip("<>")),
        fn,
        None,
        None,
        signature=list(signature),
        add_control_dependencies=False,
    )
    return WrappedFunction(graph)
