"""SubGraphView: a part of a graph as a function from some tensors to others.

    view = sgv("^layer1/", graph=graph)
    view.inputs, view.ops, view.outputs        what goes in, what is done, what comes out

A tensor that was given without an operation beside it goes in and comes out as it is.  Which inputs
and outputs a view has, and in what order, can be changed; the graph is not.

Source: TensorFlow 1.15's tf.contrib.graph_editor.subgraph.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any, Self

from minitf.contrib.graph_editor.select import (
    compute_boundary_ts,
    get_name_scope_ops,
    select_ops_and_ts,
)
from minitf.contrib.graph_editor.util import (
    concatenate_unique,
    get_unique_graph,
    make_list_of_op,
    make_list_of_t,
)
from minitf.contrib.graph_editor.walks import get_walks_union_ops
from minitf.graph import Graph
from minitf.operation import Operation
from minitf.tensor import Tensor


class SubGraphView:
    """A part of a graph.

    Args:
        inside_ops: its operations.
        passthrough_ts: tensors that go in and come out; those that its operations take or make are
            left out.

    Raises:
        TypeError: if an argument is something else.
        ValueError: if they have different graphs.
    """

    def __init__(self, inside_ops: Any = (), passthrough_ts: Any = ()) -> None:
        ops, tensors = make_list_of_op(inside_ops), make_list_of_t(passthrough_ts)
        self._graph: Graph | None = get_unique_graph([*ops, *tensors], none_if_empty=True)
        self._ops = list(ops)
        inputs, outputs, inside = compute_boundary_ts(ops)
        known = {*inputs, *outputs, *inside}
        self._passthrough_ts = [each for each in tensors if each not in known]
        self._input_ts = [*inputs, *self._passthrough_ts]
        self._output_ts = [*outputs, *self._passthrough_ts]

    def __copy__(self) -> Self:
        """Return a view of the same part."""
        made = type(self)()
        made._assign_from(self)
        return made

    def copy(self) -> Self:
        """Return a view of the same part."""
        return copy.copy(self)

    def _assign_from(self, other: SubGraphView) -> None:
        """Become a view of the same part as another."""
        if not isinstance(other, SubGraphView):
            raise TypeError(f"Expected SubGraphView, got: {type(other)}")
        self._graph = other._graph
        self._ops = list(other._ops)
        self._passthrough_ts = list(other._passthrough_ts)
        self._input_ts = list(other._input_ts)
        self._output_ts = list(other._output_ts)

    # --- other inputs and outputs ----------------------------------------------------------------

    def remap_default(
        self, remove_input_map: bool = True, remove_output_map: bool = True
    ) -> SubGraphView:
        """Return a view with the inputs, or outputs, that it has by itself."""
        made = self.copy()
        inputs, outputs, _ = compute_boundary_ts(self._ops)
        if remove_input_map:
            made._input_ts = [*inputs, *self._passthrough_ts]
        if remove_output_map:
            made._output_ts = [*outputs, *self._passthrough_ts]
        return made

    def remap(
        self,
        new_input_indices: Sequence[int] | None = None,
        new_output_indices: Sequence[int] | None = None,
    ) -> SubGraphView:
        """Return a view with some of the inputs and outputs, in another order.

        Args:
            new_input_indices: numbers of inputs, each at most once; None for all.
            new_output_indices: numbers of outputs; None for all.

        Raises:
            ValueError: if there is no such number, or an input comes twice.
        """
        made = self.copy()
        if new_input_indices is not None:
            made._input_ts = _chosen(self._input_ts, new_input_indices, repetition=False)
        if new_output_indices is not None:
            made._output_ts = _chosen(self._output_ts, new_output_indices, repetition=True)
        return made

    def remap_inputs(self, new_input_indices: Sequence[int]) -> SubGraphView:
        """Return a view with some of the inputs, in another order; see `remap`."""
        return self.remap(new_input_indices)

    def remap_outputs(self, new_output_indices: Sequence[int]) -> SubGraphView:
        """Return a view with some of the outputs, in another order; see `remap`."""
        return self.remap(None, new_output_indices)

    def remap_outputs_make_unique(self) -> SubGraphView:
        """Return a view with each output once."""
        made = self.copy()
        made._output_ts = list(dict.fromkeys(self._output_ts))
        return made

    def remap_outputs_to_consumers(self) -> SubGraphView:
        """Return a view with each output as often as it has consumers."""
        made = self.remap_outputs_make_unique()
        made._output_ts = [each for each in made._output_ts for _ in each.consumers()]
        return made

    def remove_unused_ops(self, control_inputs: bool = True) -> SubGraphView:
        """Return a view without the operations that neither depend on inputs nor lead to outputs.

        Args:
            control_inputs: whether control dependencies count.
        """
        made = self.copy()
        used = get_walks_union_ops(
            self.connected_inputs,
            self.connected_outputs,
            within_ops=self._ops,
            control_inputs=control_inputs,
        )
        made._ops = [op for op in self._ops if op in used]
        return made

    # --- what there is ---------------------------------------------------------------------------

    @property
    def graph(self) -> Any:
        """The graph; None for a view of nothing."""
        return self._graph

    @property
    def ops(self) -> list[Operation]:
        """The operations."""
        return self._ops

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        """The tensors that go in."""
        return tuple(self._input_ts)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        """The tensors that come out."""
        return tuple(self._output_ts)

    @property
    def passthroughs(self) -> tuple[Tensor, ...]:
        """The tensors that go in and come out as they are."""
        return tuple(self._passthrough_ts)

    @property
    def connected_inputs(self) -> list[Tensor]:
        """The inputs that operations take."""
        return [each for each in self._input_ts if each not in self._passthrough_ts]

    @property
    def connected_outputs(self) -> list[Tensor]:
        """The outputs that operations make."""
        return [each for each in self._output_ts if each not in self._passthrough_ts]

    def op(self, op_id: int) -> Operation:
        """Return an operation by its number."""
        return self._ops[op_id]

    def find_op_by_name(self, op_name: str) -> Operation:
        """Return an operation by its name.

        Raises:
            ValueError: if there is none.
        """
        for op in self._ops:
            if op.name == op_name:
                return op
        raise ValueError(f"{op_name} not in subgraph.")

    def is_passthrough(self, t: Tensor) -> bool:
        """Tell whether a tensor goes in and comes out as it is."""
        return t in self._passthrough_ts

    def input_index(self, t: Tensor) -> int:
        """Return the number of an input.

        Raises:
            ValueError: if it is none.
        """
        return _index(self._input_ts, t, "inputs")

    def output_index(self, t: Tensor) -> int:
        """Return the number of an output.

        Raises:
            ValueError: if it is none.
        """
        return _index(self._output_ts, t, "outputs")

    def consumers(self) -> list[Operation]:
        """Return the operations that take outputs."""
        found: list[Operation] = []
        for each in self._output_ts:
            concatenate_unique(found, each.consumers())
        return found

    def __bool__(self) -> bool:
        """Tell whether it is a view of something."""
        return self._graph is not None

    def __enter__(self) -> Self:
        """Return itself: a view is best short-lived, since graphs change."""
        return self

    def __exit__(self, *error: object) -> None:
        """Do nothing."""

    def __str__(self) -> str:
        """List operations, inputs and outputs; a star marks tensors that go through."""
        if not self:
            return "SubGraphView: empty"
        lines = [f"SubGraphView (graphid={id(self._graph)}):"]
        for name, each in (("ops", self._ops), ("inputs", self._input_ts)):
            lines += _lines(name, each, self._passthrough_ts)
        return "\n".join([*lines, *_lines("outputs", self._output_ts, self._passthrough_ts), ""])


def _chosen(tensors: list[Tensor], numbers: Sequence[int], *, repetition: bool) -> list[Tensor]:
    for i in numbers:
        if not 0 <= i < len(tensors):
            raise ValueError(f"Out of [0, {len(tensors)}[ range: {i}")
    if not repetition and len(set(numbers)) != len(numbers):
        raise ValueError(f"Found repetition in mapping: {numbers}")
    return [tensors[i] for i in numbers]


def _index(tensors: list[Tensor], tensor: Tensor, what: str) -> int:
    if tensor not in tensors:
        raise ValueError(f"Can't find {tensor.name} in {what} of subgraph.")
    return tensors.index(tensor)


def _lines(name: str, each: Sequence[Any], passing: list[Tensor]) -> list[str]:
    if not each:
        return [f"** {name}: empty"]
    return [f"** {name}[{len(each)}]:", *(f"{x.name}{' *' if x in passing else ''}" for x in each)]


def make_view(*args: Any, **kwargs: Any) -> SubGraphView:
    """Return a view of operations and tensors.

    Args:
        *args: a view; or regular expressions, operations, tensors, lists of them; see
            `select_ops_and_ts`.
        **kwargs: `graph` and `positive_filter`; see there.

    Raises:
        TypeError: if an argument is something else.
        ValueError: if there is another keyword, or another graph.
    """
    if len(args) == 1 and isinstance(args[0], SubGraphView):
        view = args[0]
    else:
        view = SubGraphView(*select_ops_and_ts(*args, **kwargs))
    graph = kwargs.get("graph")
    if graph is not None and view.graph is not None:
        if not isinstance(graph, Graph):
            raise TypeError(f"Expected a tf.Graph, got: {type(graph)}")
        if view.graph is not graph:
            raise ValueError("Graph mismatch.")
    return view


def make_view_from_scope(scope: str, graph: Graph) -> SubGraphView:
    """Return a view of the operations inside a name scope."""
    return SubGraphView(get_name_scope_ops(graph, scope))
