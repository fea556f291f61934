"""FuncGraph: the body of a function that a program writes in Python and sees as a graph.

Beyond a FunctionGraph it shares the variables of the graph around it: they are made outside, and
captured by their handles.

**State**, besides a FunctionGraph's: what the Python function took and returned, nested as it was.

Source: TensorFlow 1.15, `framework/func_graph.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from minitf import nest, ops
from minitf.api.framework import init_scope
from minitf.composite import IndexedSlices, SparseTensor
from minitf.convert import convert_to_tensor
from minitf.default_graph import default_graph, entered
from minitf.dtypes import DType, as_dtype
from minitf.function_graph import FunctionGraph
from minitf.function_library import unique_function_name
from minitf.graph_keys import GraphKeys
from minitf.operation import Operation
from minitf.shapes import Shape, as_shape
from minitf.tensor import Tensor

# Lists of the graph around it that a function adds to; of others it has copies.
_SHARED = (
    GraphKeys.GLOBAL_VARIABLES,
    GraphKeys.LOCAL_VARIABLES,
    GraphKeys.TRAINABLE_VARIABLES,
    ("__variable_store",),
    ("__varscope",),
)


class FuncGraph(FunctionGraph):
    """The body of a function; what it uses of the graph around it becomes an argument.

    Args:
        name: of the function.
        collections: lists by name to begin with; None for those of the graph around.
        capture_by_value: whether what is captured is copied into the body.

    Attributes:
        structured_input_signature: what the Python function takes: (args, kwargs) of
            `tf.TensorSpec`s and values.
        structured_outputs: what it returned, of Tensors of this graph.
        control_outputs: operations that a call runs although no result needs them.

    Source: TensorFlow 1.15.
    """

    functional_control_flow = True
    lifts_variables = True

    def __init__(
        self,
        name: str,
        collections: dict[Any, list[Any]] | None = None,
        capture_by_value: bool | None = None,
    ) -> None:
        outer = default_graph()
        super().__init__(name, outer, by_value=bool(capture_by_value))
        self.structured_input_signature: Any = None
        self.structured_outputs: Any = None
        self.control_outputs: list[Operation] = []
        self._watched: dict[int, Any] = {}
        if collections is not None:
            self._collections.update(collections)
            return
        for key in outer.collections:
            if key not in _SHARED:
                self._collections[key] = outer.get_collection(key)
        for key in _SHARED:
            self._collections[key] = outer.get_collection_ref(key)

    @property
    def outer_graph(self) -> Any:
        """The graph around it."""
        return self.outer

    @property
    def captures(self) -> list[tuple[Tensor, Tensor]]:
        """What it captured, and the arguments that stand for it."""
        start = len(self.inputs) - len(self.captured)
        return list(zip(self.captured, self.inputs[start:], strict=True))

    @property
    def external_captures(self) -> list[Tensor]:
        """What it captured."""
        return list(self.captured)

    @property
    def internal_captures(self) -> list[Tensor]:
        """The arguments that stand for what it captured."""
        return [inside for _, inside in self.captures]

    @property
    def variables(self) -> tuple[Any, ...]:
        """The variables that it uses."""
        held = {id(tensor) for tensor in self.captured}
        known = dict.fromkeys(
            variable
            for key in (GraphKeys.GLOBAL_VARIABLES, GraphKeys.LOCAL_VARIABLES)
            for variable in self.get_collection(key)
        )
        for variable in self._watched.values():
            known.setdefault(variable)
        return tuple([each for each in known if id(getattr(each, "handle", None)) in held])

    @property
    def trainable_variables(self) -> tuple[Any, ...]:
        """The variables that it uses and optimizers change."""
        return tuple([each for each in self.variables if each.trainable])

    def watch_variable(self, variable: Any) -> None:
        """Note a variable that is in no collection."""
        self._watched[id(variable)] = variable

    @property
    def output_dtypes(self) -> tuple[DType, ...]:
        """The types of its results."""
        return tuple([tensor.dtype.base_dtype for tensor in self.outputs])

    @property
    def output_shapes(self) -> tuple[Any, ...]:
        """What is known of the shapes of its results."""
        return tuple([tensor.shape for tensor in self.outputs])

    def capture(self, tensor: Any, name: str | None = None) -> Tensor:
        """Return what stands in the body for a tensor of a graph around it."""
        (found,) = self.inside([convert_to_tensor(tensor, name=name)])
        return found


def traced(
    name: str,
    function: Callable[..., Any],
    arguments: Sequence[Any] = (),
    *,
    graph: FuncGraph | None = None,
) -> FuncGraph:
    """Call a Python function with a Placeholder for each tensor of its arguments.

    The graph is left open and no graph knows it yet: a caller may add to it.

    Args:
        name: what its name begins with.
        function: of tensors, flat; returns a nested structure.
        arguments: Tensors, or whatever has a `dtype` and a `shape`, that tell what it takes.
        graph: an empty one to use.

    Returns:
        The function; `structured_outputs` is what the Python function returned.
    """
    made = FuncGraph(unique_function_name(name)) if graph is None else graph
    with entered(made):
        given = [
            made.add_input(as_dtype(each.dtype), as_shape(each.shape), argument_name(each, i))
            for i, each in enumerate(arguments)
        ]
        made.structured_outputs = returned(made, function(*given), name)
        made.outputs = [
            each
            for each in nest.flatten(made.structured_outputs, expand_composites=True)
            if each is not None
        ]
    return made


def argument_name(given: Any, number: int) -> str:
    """Return a name for an argument: its own, if it has one."""
    name = getattr(given, "name", None)
    return str(name).partition(":")[0].rpartition("/")[2] if name else f"arg_{number}"


def returned(graph: FuncGraph, value: Any, name: str) -> Any:
    """Return what a Python function returned as tensors of its graph.

    Raises:
        TypeError: if it is nothing that becomes tensors.
    """

    def converted(leaf: Any) -> Any:
        if leaf is None:
            return None
        if isinstance(leaf, Operation):
            with graph.control_dependencies([leaf]):
                return ops.identity_op(True)
        if isinstance(leaf, (IndexedSlices, SparseTensor)):
            parts = nest.flatten(leaf, expand_composites=True)
            return nest.pack_sequence_as(leaf, graph.inside(parts), expand_composites=True)
        try:
            (made,) = graph.inside([convert_to_tensor(leaf)])
        except (TypeError, ValueError) as error:
            raise TypeError(
                "To be compatible with tf.contrib.eager.defun, Python functions must return zero "
                f"or more Tensors; in compilation of {name}, found return value of type "
                f"{type(leaf)}, which is not a Tensor.\n  {error}"
            ) from None
        return made

    return nest.map_structure(converted, value)


def known(graph: FunctionGraph) -> FunctionGraph:
    """Finalize a function; the graph around it knows it then."""
    graph.finalize()
    graph.outer.add_function(graph)
    return graph


def take_all(graphs: Iterable[FunctionGraph]) -> list[Tensor]:
    """Let functions that are called with the same arguments take what each other captured.

    Returns:
        What all of them take behind their own arguments.
    """
    graphs = list(graphs)
    every = list(dict.fromkeys(tensor for graph in graphs for tensor in graph.captured))
    for graph in graphs:
        own = len(graph.inputs) - len(graph.captured)
        there = dict(zip(graph.captured, graph.inputs[own:], strict=True))
        behind = [there[each] if each in there else graph.input_for(each) for each in every]
        graph.inputs = [*graph.inputs[:own], *behind]
        graph.captured = every
    return every


def lifted(tensor: Tensor) -> Tensor:
    """Return a tensor of a function computed outside of it: what a variable begins with.

    Raises:
        ValueError: if it depends on arguments of the function.
    """
    graph = tensor.graph
    if not isinstance(graph, FuncGraph):
        return tensor
    from minitf.build import add_operation

    made: dict[Operation, Operation] = {}
    outside = {inside: outer for outer, inside in graph.captures}
    given = {each.op for each in graph.inputs}

    def of(each: Tensor) -> Tensor:
        return outside[each] if each in outside else made[each.op].outputs[each.value_index]

    stack = [tensor.op]
    with init_scope():
        outer = default_graph()
        while stack:
            op = stack[-1]
            if op in made:
                stack.pop()
                continue
            if op in given and not any(each in outside for each in op.outputs):
                raise ValueError(
                    "Tensor-typed variable initializers must either be wrapped in an init_scope or "
                    "callable (e.g., `tf.Variable(lambda : tf.truncated_normal([10, 40]))`) when "
                    f"building functions: {tensor.name} depends on an argument"
                )
            rest = [t.op for t in op.inputs if t not in outside and t.op not in made]
            if rest:
                stack += rest
                continue
            name = outer.unique_name(op.name)
            made[op] = add_operation(
                outer, op.definition, name, [of(each) for each in op.inputs], dict(op.attrs)
            )
            stack.pop()
        return of(tensor)


def shapes_of(tensors: Iterable[Tensor]) -> list[Shape]:
    """Return what is known of the shapes of tensors."""
    return [each.static_shape for each in tensors]
