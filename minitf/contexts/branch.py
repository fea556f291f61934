"""BranchContext: one branch of a `cond`.

What an operation inside takes from outside comes through a Switch on the predicate, so it is dead
where the branch is not taken; one without inputs waits for the branch's pivot.

    cond(p, lambda: x + 1, ...)       Switch(x, p) -[true]-> Add;   Const 1 after switch_t

Source: 2015 §4.4; OSDI §3.4.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minitf.contexts.base import EXITS, Context, is_inside
from minitf.contexts.primitives import merge, switch_beside
from minitf.dtypes import resource
from minitf.graph import Graph
from minitf.operation import Operation
from minitf.tensor import Tensor


class BranchContext(Context):
    """One branch of a `cond`.

    Args:
        graph: the graph that it is in.
        pred: the predicate.
        pivot: alive exactly when the branch is taken.
        branch: 1 for the one that a true predicate takes, else 0.

    Source: 2015 §4.4.
    """

    @staticmethod
    def from_proto(context_def: Any, import_scope: str | None = None) -> BranchContext:
        """Make one of a CondContextDef, in the default graph.

        Args:
            context_def: the CondContextDef.
            import_scope: the scope that its operations were put in.
        """
        from minitf.contexts.context_defs import branch_from_proto

        return branch_from_proto(context_def, import_scope)

    def __init__(self, graph: Graph, pred: Tensor, pivot: Tensor, branch: int, name: str) -> None:
        super().__init__(graph, name)
        self.pred = pred
        self.branch = branch
        self._pivot = pivot
        self.seen |= {pred, pivot}
        self.stand_ins[pred] = pred
        pivot.op.context = self

    @property
    def pivot(self) -> Tensor:
        """A tensor that is alive exactly when the branch is taken."""
        return self._pivot

    def let_in(self, tensor: Tensor) -> Tensor:
        """Return a tensor behind a Switch, one for all who take it."""
        if tensor in self.seen:
            return self.stand_ins.get(tensor, tensor)
        around = self._through_outer(tensor)
        with self.graph.control_dependencies(None):
            switched: Tensor = switch_beside(around, self.pred)[self.branch]
        self.graph.prevent_fetching(switched.op)
        switched.op.context = self
        self._seen_from_here_out([switched])
        self.stand_ins[tensor] = switched
        return switched

    def _through_outer(self, tensor: Tensor) -> Tensor:
        self.seen.add(tensor)
        if self.outer is not None:
            tensor = self.outer.let_in(tensor)
            self.seen.add(tensor)
            self.stand_ins[tensor] = tensor
        return tensor

    def _seen_from_here_out(self, tensors: list[Tensor]) -> None:
        context: Context | None = self
        while context is not None:
            context.seen.update(tensors)
            context = context.outer

    def let_result_out(self, tensor: Tensor) -> Tensor:
        """Return what the branch gives for a result: a tensor from outside goes through a Switch.

        Called inside the context.
        """
        if tensor in self.seen:
            return self.stand_ins.get(tensor, tensor)
        around = self._through_outer(tensor)
        switched: Tensor = switch_beside(around, self.pred)[self.branch]
        self.stand_ins[tensor] = switched
        return switched

    def take_in(self, operation: Operation) -> None:
        """Take an operation in that is made for this branch."""
        if operation.inputs:
            self.let_inputs_in(operation)
            self.drop_outside_controls(operation)
        else:
            self.drop_outside_controls(operation)
            if not any(is_inside(each, self) for each in operation.control_inputs):
                operation.control_inputs.append(self._pivot.op)
        self._seen_from_here_out(operation.outputs)
        if self.outer is not None or operation.type not in EXITS:
            self.graph.prevent_fetching(operation)

    def gradient_of_switch(self, op: Operation, grads: Sequence[Any]) -> Any:
        """Return the gradient of what a Switch takes: that of the side that was taken.

        Args:
            op: the Switch.
            grads: of both sides; zeros of the side that this is not.
        """
        if grads[1 - self.branch] is not None:
            return merge(grads, "cond_grad")[0]
        if op.inputs[0].dtype is resource:  # nobody knows how large zeros would be
            return merge([grads[self.branch]] * 2, "cond_resource_grad")[0]
        return None

    def gradient_of_merge(self, op: Operation, grad: Any) -> list[Any]:
        """Return the gradients of what a Merge takes: the branch that was not taken gets none."""
        context = self.graph.scopes.context
        loop = None if context is None else context.loop
        pred = self.pred
        if loop is not None and loop.backward_of is not None:
            pred = loop.backward_of.recorded_predicate(pred)
        return list(switch_beside(grad, pred, "cond_grad"))
