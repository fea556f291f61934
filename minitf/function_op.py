"""FunctionOp: the op that calls a function of the graph; its registry name is the function's.

A call is one Operation.  Its body is an ordinary one that asks its Context for the function: a run
of its own, by the thread that runs the call.

    f = trace(lambda x: [x * x], [(tf.float32, Shape([]))], outer=graph, name="square")
    f.definition(3.0).op.type                                    # 'square'

**State**: constant, but for the gradient: attached as to any op, where there is one.

Source: 2015 §10 (subgraphs as reusable components); TensorFlow 1.15's function library.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from minitf import ops
from minitf.errors import NotFoundError
from minitf.grammar import Arg, Function
from minitf.op_def import OpDef
from minitf.operation import Operation
from minitf.resources import Context
from minitf.shapes import Shape

if TYPE_CHECKING:
    from minitf.function_graph import FunctionGraph
    from minitf.graph import Graph


class FunctionOp(OpDef):
    """A kind of operation that is a call.

    Attributes:
        function: what is called.

    Args:
        function: traced, or read from a message.
        input_names, output_names: of its arguments and results, as its FunctionDef has them.

    Source: 2015 §10.
    """

    def __init__(
        self, function: FunctionGraph, input_names: list[str], output_names: list[str]
    ) -> None:
        self.function = function
        types = [each.dtype.base_dtype for each in function.inputs]
        results = [each.dtype.base_dtype for each in function.outputs]
        super().__init__(
            function.name,
            _body(function.name),
            tuple(Arg(*each) for each in zip(input_names, types, strict=True)),
            tuple(Arg(*each) for each in zip(output_names, results, strict=True)),
            {},
            takes_context=True,
            is_stateful=any(op.definition.is_stateful for op in function.get_operations()),
            shape_rule=self._shapes,
        )

    def _shapes(self, *_: Shape) -> list[Shape]:
        return [result.static_shape for result in self.function.outputs]

    def structured(self, operation: Operation) -> Any:
        """Return the result of a call, a list of several, the Operation if there is none."""
        outputs = operation.outputs
        return outputs[0] if len(outputs) == 1 else list(outputs) or operation


def _body(name: str) -> Callable[..., Any]:
    def call(*inputs: Any, context: Context) -> Any:
        """Call the function."""
        assert context.function is not None, "the executor gives every context functions"
        found = context.function(Function(name))(*inputs)
        return found[0] if len(found) == 1 else found

    return call


def find_definition(graph: Graph, name: str) -> OpDef:
    """Return the op of a registry name, or the one that calls the function of that name.

    Raises:
        NotFoundError: if the graph has no such function either.
    """
    try:
        return ops.find_op(name)
    except NotFoundError:
        if not graph.has_function(name):
            raise
    return graph.find_function(name).definition
