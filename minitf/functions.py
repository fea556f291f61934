"""Function: a subgraph that is called as an op.

Calling it adds one Operation; what it computes stands in a graph of its own, whose placeholders are
the arguments.  A device runs it as a step within the step.

**State**: constant once made: the graph, its placeholders and results.

Worked example: `f(a, b) = a * b + a`

    graph       a = Placeholder, b = Placeholder, Mul(a, b), AddV2(Mul, a)
    placeholders   [a, b]         results   [AddV2]
    f(x, y)     Operation of type "f", inputs x, y

Source: 2015 §10 (subgraphs as reusable components); TensorFlow 1.15's function library.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from minitf.grammar import Arg
from minitf.graph import Graph
from minitf.op_def import OpDef
from minitf.operation import Operation
from minitf.shapes import Shape
from minitf.tensor import Tensor


class Function(OpDef):
    """A kind of operation that is a graph.

    Attributes:
        graph: what it computes.
        placeholders: of that graph, one per input.
        results: tensors of that graph, one per output.

    Args:
        name: registry name, unique in the graphs that use it.
        graph: what it computes.
        placeholders: of the graph.
        results: of the graph.
        result_names: of the outputs.
        doc: what it is for.

    Source: 2015 §10.
    """

    def __init__(
        self,
        name: str,
        graph: Graph,
        placeholders: Sequence[Tensor],
        results: Sequence[Tensor],
        result_names: Sequence[str],
        doc: str | None = None,
    ) -> None:
        self.graph = graph
        self.placeholders = list(placeholders)
        self.results = list(results)
        super().__init__(
            name,
            _body(name, doc),
            tuple(Arg(tensor.op.name, tensor.dtype.base_dtype) for tensor in placeholders),
            tuple(
                Arg(each, tensor.dtype.base_dtype)
                for each, tensor in zip(result_names, results, strict=True)
            ),
            {},
            takes_context=False,
            is_stateful=any(op.definition.is_stateful for op in graph.get_operations()),
            shape_rule=self._shapes,
        )

    def _shapes(self, *_: Shape) -> list[Shape]:
        return [result.static_shape for result in self.results]

    @property
    def effects(self) -> list[Operation]:
        """Operations that run at each call although no result needs them."""
        return [op for op in self.graph.get_operations() if op.definition.is_stateful]


def _body(name: str, doc: str | None) -> Callable[..., Any]:
    def body(*_: Any) -> Any:
        raise NotImplementedError(f"function {name} is a graph: a session runs it")

    body.__doc__ = doc
    body.__name__ = name
    return body
