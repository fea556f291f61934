"""LoopContext: a while loop.

What an operation inside takes from outside comes through a constant Enter, so that each iteration
gets it.  One that depends on nothing but those, or has no inputs, waits for the loop's pivot: else
it would run once more when the loop ends.

    while_loop(..., lambda i: i + x, [0])
        Enter(0) -> Merge -> Switch -> Identity -> Add(., Enter(x) constant) -> NextIteration

Source: 2015 §4.4; OSDI §3.4.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from minitf import ops
from minitf.contexts.base import (
    EXITS,
    Context,
    context_behind,
    is_constant_enter,
    loop_behind,
)
from minitf.contexts.primitives import enter, exit, merge, switch_beside
from minitf.graph import Graph
from minitf.operation import Operation
from minitf.tensor import Tensor

_OF_SHAPES = frozenset(("Shape", "Size", "Rank"))


class LoopContext(Context):
    """A while loop.

    Attributes:
        maximum_iterations: the tensor that limits its iterations, None if there is none.
        parallel_iterations: how many iterations may be under way at once.
        back_prop: whether it may be differentiated.
        swap_memory: whether values kept for its gradient may be moved to the host.
        enters: of its loop variables.
        exits: of its loop variables.
        condition: the LoopCond, None before there is one.
        pivot_for_pred: alive in each iteration.
        pivot_for_body: alive in each iteration but the last; None before there is one.
        backward_of: what it is the gradient of (`minitf.autodiff.loops`); None for most loops.

    Source: 2015 §4.4.
    """

    @staticmethod
    def from_proto(context_def: Any, import_scope: str | None = None) -> LoopContext:
        """Make one of a WhileContextDef, in the default graph.

        Args:
            context_def: the WhileContextDef.
            import_scope: the scope that its operations were put in.
        """
        from minitf.contexts.context_defs import loop_from_proto

        return loop_from_proto(context_def, import_scope)

    def __init__(
        self,
        graph: Graph,
        name: str,
        *,
        maximum_iterations: Tensor | None = None,
        parallel_iterations: int = 10,
        back_prop: bool = True,
        swap_memory: bool = False,
        backward_of: Any = None,
    ) -> None:
        super().__init__(graph, name)
        self.maximum_iterations = maximum_iterations
        self.parallel_iterations = parallel_iterations
        self.back_prop = back_prop
        self.swap_memory = swap_memory
        self.enters: list[Tensor] = []
        self.exits: list[Tensor] = []
        self.condition: Tensor | None = None
        self.pivot_for_pred: Tensor | None = None
        self.pivot_for_body: Tensor | None = None
        self.backward_of = backward_of

    @property
    def loop(self) -> LoopContext:
        """The loop itself."""
        return self

    @property
    def pivot(self) -> Tensor | None:
        """What constants wait for: in the body, what is dead when the loop ends."""
        return self.pivot_for_pred if self.pivot_for_body is None else self.pivot_for_body

    def enter(
        self, tensor: Tensor, name: str | None = None, *, is_constant: bool = False
    ) -> Tensor:
        """Hand a tensor from around on to the loop."""
        return enter(
            tensor, self.name, self.parallel_iterations, is_constant=is_constant, name=name
        )

    def begin_variable(
        self, start: Tensor, name: str | None = None, merge_name: str = "Merge"
    ) -> Tensor:
        """Make a loop variable of one shape; returns its Merge, whose back edge is open."""
        self.seen.add(start)
        entered = self.enter(start, name)
        entered.set_shape(start.static_shape)
        self.enters.append(entered)
        merged: Tensor = merge([entered, entered], merge_name)[0]
        return merged

    def end_variable(self, value: Tensor, name: str | None = None) -> Tensor:
        """Hand a value on to what is around the loop."""
        result: Tensor = exit(value, name)
        self.exits.append(result)
        self.results_go_out([result])
        return result

    def let_in(self, tensor: Tensor) -> Tensor:
        """Return a tensor behind a constant Enter, one for all who take it.

        While a gradient is being built, a value of the loop that it is of is one that was recorded.
        """
        if tensor in self.seen or tensor.op.context is self:
            return self.stand_ins.get(tensor, tensor)
        self.seen.add(tensor)
        gradient = self._gradient_being_built()
        if gradient is not None and loop_behind(tensor.op) is gradient.forward:
            recorded: Tensor = gradient.recorded(tensor)
            self.stand_ins[tensor] = recorded
            return recorded
        around = tensor if self.outer is None else self.outer.let_in(tensor)
        with self.graph.control_dependencies(None):
            entered = self.enter(around, is_constant=True)
        self.graph.prevent_feeding(entered)
        self.adopt_enters([entered])
        self.seen.add(entered)
        self.stand_ins[tensor] = entered
        return entered

    def adopt_enters(self, enters: Iterable[Tensor]) -> None:
        """Make Enters belong to the loop, and wait for what the scopes around it say."""
        scopes = self.graph.scopes
        for entered in enters:
            operation = entered.op
            operation.context = self
            waited = scopes.control_inputs_for((operation.inputs[0].op,))
            operation.control_inputs += [each for each in waited if self._is_just_around(each)]
            for scope in scopes.control:
                scope.seen.add(operation)

    def _is_just_around(self, operation: Operation) -> bool:
        """Tell whether an operation is around this loop and not outside the next one."""
        there, context = context_behind(operation), self.outer
        loop_around = None if context is None else context.loop
        while context is not there:
            if context is None or context is loop_around:
                return False
            context = context.outer
        return True

    def _gradient_being_built(self) -> Any:
        """Return the gradient of a loop (`minitf.autodiff`) that new operations are for."""
        context = self.graph.scopes.context
        loop = None if context is None else context.loop
        return None if loop is None else loop.backward_of

    def add(self, operation: Operation) -> None:
        """Take a new operation in.

        The shape of a value of the forward loop is computed there: it is less to record than the
        value.
        """
        gradient = self._gradient_being_built()
        if gradient is not None and operation.type in _OF_SHAPES:
            there = operation.inputs[0].op.context
            if there is not None and there.loop is gradient.forward:
                operation.context = there
                there.take_in(operation)
                return
        self.take_in(operation)

    def take_in(self, operation: Operation) -> None:
        """Take an operation in that is made for this loop."""
        if operation.inputs:
            self.let_inputs_in(operation)
            outside = self.drop_outside_controls(operation)
            is_free = all(is_constant_enter(each.op) for each in operation.inputs)
        else:
            outside = self.drop_outside_controls(operation)
            is_free = True
        if is_free and not operation.control_inputs:
            assert self.pivot is not None
            operation.control_inputs.append(self.pivot.op)
        self.seen.update(operation.outputs)
        if outside:
            operation.control_inputs += self._let_controls_in(outside)
        if self.outer is not None or operation.type not in EXITS:
            self.graph.prevent_fetching(operation)
            for tensor in operation.outputs:
                self.graph.prevent_feeding(tensor)

    def gradient_of_switch(self, op: Operation, grads: Sequence[Any]) -> Any:
        """Return the gradient of what a Switch of a loop variable takes."""
        return self._gradient_being_built().of_switch(op, grads)

    def gradient_of_merge(self, op: Operation, grad: Any) -> list[Any]:
        """Return the gradients of what a Merge of a loop variable takes."""
        return list(switch_beside(grad, self._gradient_being_built().backward.condition))

    def _let_controls_in(self, outside: Iterable[Operation]) -> list[Operation]:
        """Return operations inside that wait for what is outside, by way of its first output.

        What has no output cannot be waited for from inside, as in TensorFlow.
        """
        waited = [each.outputs[0] for each in outside if each.outputs]
        with self.graph.control_dependencies(None), self.entered():
            return [ops.identity_op(tensor).op for tensor in waited]
