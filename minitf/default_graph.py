"""The default graph: where new operations of a thread go.

State, per thread: the stack of `with graph.as_default()` blocks, and the graph beneath them, made
when first needed.

Source: TensorFlow's default-graph stack; the white paper's programs build in an implied graph.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from minitf import source
from minitf.operation import Operation
from minitf.tensor import Tensor

if TYPE_CHECKING:
    from minitf.graph import Graph


class _DefaultGraphs(threading.local):
    """The stack of `as_default` blocks of one thread, and the graph beneath them."""

    def __init__(self) -> None:
        self.stack: list[Graph] = []
        self.bottom: Graph | None = None
        self.reset_site: source.Site = ()

    def get(self) -> Graph:
        if self.stack:
            return self.stack[-1]
        if self.bottom is None:
            from minitf.graph import Graph

            self.bottom = Graph()
        return self.bottom


_DEFAULT = _DefaultGraphs()


@contextlib.contextmanager
def entered(graph: Graph) -> Iterator[Graph]:
    """Make `graph` the default graph of this thread for the block."""
    stack = _DEFAULT.stack
    stack.append(graph)
    try:
        yield graph
    finally:
        if stack:  # a test case empties it in its `setUp`, which may be called within the block
            in_order = stack[-1] is graph
            del stack[len(stack) - 1 - stack[::-1].index(graph)]
            if not in_order:
                raise AssertionError("Nesting violated for default stack of Graph objects")


def default_graphs() -> list[Graph]:
    """Return the stack of this thread's `as_default` blocks, the innermost last."""
    return _DEFAULT.stack


def default_graph() -> Graph:
    """Return the graph that new operations of this thread go to."""
    return _DEFAULT.get()


def reset_default_graph() -> None:
    """Start a new default graph in this thread.

    Raises:
        AssertionError: inside a `with graph.as_default():` block, as in TensorFlow.
    """
    if _DEFAULT.stack:
        raise AssertionError(
            "Do not use tf.reset_default_graph() to clear nested graphs. If you need a cleared "
            "graph, exit the nesting and create a new graph."
        )
    _DEFAULT.bottom = None
    _DEFAULT.reset_site = source.creation_site()


def graph_of(inputs: Iterable[Any]) -> Graph:
    """Return the graph of the Tensors and Operations among `inputs`, else the default graph.

    While a function is traced that is its graph: what is of graphs around it will be captured.

    Raises:
        ValueError: if two of them are of different graphs.
    """
    default = _DEFAULT.get()
    if default.building_function:
        return default
    first = None
    for each in inputs:
        if isinstance(each, (Tensor, Operation)):
            if first is None:
                first = each
            elif each.graph is not first.graph:
                raise ValueError(_other_graph(first, each))
    return default if first is None else first.graph


def _other_graph(first: Any, second: Any) -> str:
    def where(each: Any) -> str:
        op = each.op if isinstance(each, Tensor) else each
        return (
            f"  {each}\n    created at {source.describe(op.site)}\n"
            f"    in graph {op.graph.serial}, made at {source.describe(op.graph.site)}"
        )

    message = f"Tensor {second!s} must be from the same graph as {first!s}."
    if _DEFAULT.reset_site:
        message += (
            f"\n  hint: reset_default_graph() ran at {source.describe(_DEFAULT.reset_site)}: what "
            "was made before it belongs to the old graph"
        )
    return f"{message}\n{where(first)}\n{where(second)}"
