"""A function as a graph: traced by calling a Python function with symbolic arguments.

Whatever the function uses of the graph around it is *captured*: it becomes a further input, which
whoever calls the function passes along.

**State**
- of a Graph: the operations of the body.
- `inputs`: the arguments, then a Placeholder for each captured tensor.
- `captured`: the tensors of the graph around it that those stand for, in the same order.
- `outputs`: what the function returns.
- `definition`: the op that calls it, made when first asked for.

**Invariants**
1. An operation of the body has inputs of the body only.
2. Once traced, the graph is finalized: a tensor that leaks out cannot be used.

Worked example:

    y = tf.placeholder(tf.float32, [])
    f = trace(lambda x: x * y, [(tf.float32, Shape([]))], outer=y.graph, name="times_y")
    [t.op.type for t in f.inputs], f.captured       # ['Placeholder', 'Placeholder'], [y]
    f.definition(2.0, y)                            # Tensor "times_y:0"

Source: TensorFlow 1.15, `FuncGraph`; OSDI §3.1.
"""

from __future__ import annotations

import contextlib
import copy
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

from minitf import ops
from minitf.build import add_operation
from minitf.convert import convert_to_tensor
from minitf.default_graph import entered
from minitf.dtypes import DType
from minitf.function_op import FunctionOp
from minitf.graph import Graph
from minitf.operation import Operation
from minitf.shapes import Shape
from minitf.static_value import static_value
from minitf.tensor import Tensor


class FunctionGraph(Graph):
    """The body of a function.

    Attributes:
        output_names: what a program calls its results; None to name them after their tensors.
        gradient_name: the function whose calls are gradients of its calls; "" if it has none.
        root: the graph whose operations it shows: itself, unless it is a view of another.
        views: other functions of its operations.
        is_part: whether a call runs only what its results need.

    Args:
        name: of the function.
        outer: the graph around it.
        by_value: whether to copy what is captured, with all that it is computed from.
    """

    functional_control_flow = False  # whether branches and loops of the body are functions too

    def __init__(self, name: str, outer: Any, *, by_value: bool = False) -> None:
        super().__init__()
        self.name = name
        self.outer = outer
        self.inputs: list[Tensor] = []
        self.captured: list[Tensor] = []
        self.outputs: list[Tensor] = []
        self.output_names: list[str] | None = None
        self.gradient_name = ""
        self.root = self
        self.views: list[FunctionGraph] = []
        self.is_part = False
        self._by_value = by_value
        self._inside: dict[Tensor, Tensor] = {}  # what stands in the body for a tensor outside
        self._copies: dict[Operation, Operation] = {}
        self._seed = getattr(outer, "seed", None)

    @property
    def building_function(self) -> bool:
        """Whether it is the body of a function: it is."""
        return True

    def find_function(self, name: str) -> FunctionGraph:
        """Return a function of this graph or of one around it."""
        if super().has_function(name):
            return super().find_function(name)
        found: FunctionGraph = self.outer.find_function(name)
        return found

    def has_function(self, name: str) -> bool:
        """Tell whether this graph or one around it has a function of that name."""
        return super().has_function(name) or self.outer.has_function(name)

    @cached_property
    def definition(self) -> FunctionOp:
        """The op that calls it."""
        names = self.output_names or argument_names(self.outputs)
        return FunctionOp(self, argument_names(self.inputs), names)

    def rename(self, name: str) -> None:
        """Give it another name, as long as no graph knows it."""
        self.name = name
        self.__dict__.pop("definition", None)

    # --- other functions of the same body --------------------------------------------------------

    def view(self, name: str, inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> FunctionGraph:
        """Return a function of the same operations with other arguments and results.

        Args:
            name: its name.
            inputs: Placeholders of the body.
            outputs: tensors of the body.
        """
        made = copy.copy(self)
        made.__dict__.pop("definition", None)
        made.name, made.inputs, made.outputs = name, list(inputs), list(outputs)
        made.output_names = None
        self.root.views.append(made)
        return made

    @contextlib.contextmanager
    def growing(self) -> Iterator[None]:
        """Allow operations of the block to be added to the body although it was traced."""
        root = self.root
        root._finalized = False
        try:
            with entered(root), root.name_scope(None), root.control_dependencies(None):
                yield
        finally:
            root.finalize()

    def structure_changed(self) -> None:
        """Note that an operation was changed, in all views of the body."""
        super().structure_changed()
        for view in self.views if self.root is self else ():
            view.structure_changed()

    @property
    def effects(self) -> list[Operation]:
        """The operations that a call must run although no output needs them."""
        if self.is_part:
            return []
        return [each for each in self.get_operations() if each.definition.is_stateful]

    def add_input(self, dtype: DType, shape: Shape, name: str) -> Tensor:
        """Add an input."""
        made: Tensor = ops.placeholder_op(dtype=dtype.base_dtype, shape=shape, name=name)
        self.inputs.append(made)
        return made

    def colocate_with(
        self, op: Any, ignore_existing: bool = False
    ) -> contextlib.AbstractContextManager[None]:
        """Place operations made inside with `op`, if it is of the body: where else is not known."""
        operation = getattr(op, "op", op)
        if isinstance(operation, Operation) and operation.graph is not self.root:
            return contextlib.nullcontext()
        return super().colocate_with(op, ignore_existing)

    # --- capturing -------------------------------------------------------------------------------

    def inside(self, tensors: Iterable[Tensor]) -> list[Tensor]:
        """Return tensors of the body: captured ones for those of the graphs around it."""
        root = self.root
        return [each if each.graph is root else self._capture(each) for each in tensors]

    def stand_in(self, tensor: Tensor) -> Tensor | None:
        """Return what stands in the body for a tensor of a graph around it, if anything does."""
        if tensor.graph is self.root:
            return tensor
        if tensor.graph is not self.outer and isinstance(self.outer, FunctionGraph):
            found = self.outer.stand_in(tensor)
            return None if found is None else self._inside.get(found)
        return self._inside.get(tensor)

    def _capture(self, tensor: Tensor) -> Tensor:
        if tensor.graph is not self.outer:
            if not getattr(self.outer, "building_function", False):
                raise ValueError(
                    f"Tensor {tensor} is of neither the function's graph nor a graph around it"
                )
            (tensor,) = self.outer.inside([tensor])
        found = self._inside.get(tensor)
        if found is None:
            if self._by_value:
                found = self._copied(tensor.op).outputs[tensor.value_index]
            else:
                found = self.input_for(tensor)
                self.captured.append(tensor)
            self._inside[tensor] = found
        return found

    def input_for(self, tensor: Tensor) -> Tensor:
        """Add an input for a tensor of the graph around, of which as much is known."""
        if tensor.dtype.is_ref:
            raise ValueError(
                f"A function cannot take {tensor.name} by reference: pass its value as an "
                "argument, or use a variable with use_resource=True"
            )
        with entered(self), self.name_scope(None), self.control_dependencies(None):
            name = tensor.op.name.rpartition("/")[2]
            made = self.add_input(tensor.dtype, tensor.static_shape, name)
        made.op.static_values = {0: static_value(tensor)}
        return made

    def let_stand_for(self, outside: Tensor, inside: Tensor) -> None:
        """Take a tensor of the body wherever it uses this one of the graph around it."""
        self._inside[outside] = inside

    def _copied(self, operation: Operation) -> Operation:
        """Copy an operation of the graph around it, with what it is computed from."""
        found = self._copies.get(operation)
        if found is not None:
            return found
        definition = operation.definition
        if definition.name == "Placeholder":
            raise ValueError(
                f"Cannot capture a placeholder (name:{operation.name}, type:Placeholder) by value."
            )
        is_dataset = definition.__module__.startswith("minitf.ops.data")
        if definition.is_stateful and not is_dataset:
            raise ValueError(
                f"Cannot capture a stateful node (name:{operation.name}, type:{operation.type}) "
                "by value."
            )
        inputs = [
            self._copied(tensor.op).outputs[tensor.value_index] for tensor in operation.inputs
        ]
        with entered(self), self.name_scope(None), self.control_dependencies(None):
            name = self.unique_name(operation.name)
            found = add_operation(self, definition, name, inputs, dict(operation.attrs))
        found.site = operation.site
        self._copies[operation] = found
        return found


def trace(
    function: Callable[..., Any],
    arguments: Sequence[tuple[DType, Shape]],
    outer: Any,
    name: str,
    *,
    by_value: bool = False,
) -> FunctionGraph:
    """Call a Python function with symbolic arguments and keep what it builds.

    Args:
        function: takes Tensors and returns a list of Tensors.
        arguments: type and shape of each.
        outer: the graph in which the function will be called.
        name: of the function.
        by_value: whether to copy what is captured.

    Returns:
        The function, which `outer` knows.
    """
    graph = FunctionGraph(name, outer, by_value=by_value)
    with entered(graph):
        given = [
            graph.add_input(dtype, shape, f"arg_{i}") for i, (dtype, shape) in enumerate(arguments)
        ]
        returned = function(*given)
        graph.outputs = graph.inside([convert_to_tensor(each) for each in returned])
    graph.finalize()
    outer.add_function(graph)
    return graph


def argument_names(tensors: list[Tensor]) -> list[str]:
    """Return a name for each tensor, as signatures allow them: a, a_1, ..."""
    found: list[str] = []
    for tensor in tensors:
        name = re.sub(r"[^a-z0-9_]", "_", tensor.op.name.lower()).lstrip("_0123456789") or "arg"
        count, unique = 0, name
        while unique in found:
            count += 1
            unique = f"{name}_{count}"
        found.append(unique)
    return found
