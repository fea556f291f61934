"""LoopGradient: the loop that runs a forward loop backwards.

    forward     n = 0; while p: n += 1; push what the gradient needs; body
    backward    while n >= 1: pop it; gradient of the body; n -= 1

The forward loop gets a counter; the backward loop counts it down.  A value of a forward iteration
is pushed on a stack of its own and popped in the backward one: the last is the first.  What is
constant throughout enters the backward loop as it is.

**State**
- `forward` and `backward`, the two loops; `around`, the LoopGradient of the loop around.
- `known`: forward tensor -> what stands for it in the backward loop.
- `_merges`: Switch of a forward loop variable -> Merge of the backward one.

**Invariants**
1. Pushes on a stack come in the order of iterations: each waits for its iteration's count, and the
   next count for it.  So do pops.
2. A push or pop on a branch happens only if the branch was taken; the pop goes by the recorded
   predicate.

Source: 2015 §4.1, §4.4; OSDI §4.1 (control-flow decisions are recorded and replayed).
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from minitf import dtypes, nest, ops
from minitf.autodiff.accumulators import add_up_rows, add_up_tensor
from minitf.autodiff.zeros import constant_of_zeros, zeros
from minitf.composite import IndexedSlices
from minitf.contexts.base import SWITCHES, Context, context_behind, is_constant_enter
from minitf.contexts.branch import BranchContext
from minitf.contexts.loop import LoopContext
from minitf.contexts.primitives import close_loop, exit, merge, switch, switch_beside
from minitf.operation import Operation
from minitf.static_value import constant_value
from minitf.tensor import Tensor, hooks

_HANDED_ON = SWITCHES | {"Identity", "RefIdentity"}


class LoopGradient:
    """The gradient of one loop in one call of `gradients`.

    Args:
        forward: the loop.
        around: the gradient of the loop around it, None if there is none.
        outside: the context in which `gradients` was called.

    Source: 2015 §4.4; OSDI §4.1.
    """

    def __init__(
        self, forward: LoopContext, around: LoopGradient | None, outside: Context | None
    ) -> None:
        self.graph = forward.graph
        self.forward = forward
        self.around = around
        self.exits = list(forward.exits)  # before that of the counter
        self._outside = outside
        self.known: dict[Tensor, Tensor] = {}
        self._merges: dict[Operation, Any] = {}
        self.forward_count: Operation  # what adds 1 in each iteration
        self._forward_sync: Operation | None = None
        self._backward_sync: Operation | None = None
        self._count()

    # --- counters --------------------------------------------------------------------------------

    def _count(self) -> None:
        around = self.around
        if around is None:
            with self.inside(self.forward.outer):
                total = self._count_up()
                self.backward = self._new_backward()
                self._count_down(total)
            return
        with self.inside(around.forward):
            total = self._count_up()
        around.forward.seen.add(total)
        totals = around.push(total)
        with self.inside(around.backward):
            self.backward = self._new_backward()
            self._count_down(around.pop(totals, total))

    def inside(self, context: Context | None) -> contextlib.AbstractContextManager[None]:
        """Make operations belong to a context that are made in a block; None: stay where it is."""
        present = self.graph.scopes.context
        return self.graph.scopes.changed(context=present if context is None else context)

    def outside(self) -> contextlib.AbstractContextManager[None]:
        """Make operations in a block as if `gradients` were just called."""
        return self.graph.scopes.changed(context=self._outside)

    def _new_backward(self) -> LoopContext:
        forward = self.forward
        return LoopContext(
            self.graph,
            self.graph.unique_name(forward.name),
            maximum_iterations=forward.maximum_iterations,
            parallel_iterations=forward.parallel_iterations,
            back_prop=forward.back_prop,
            swap_memory=forward.swap_memory,
            backward_of=self,
        )

    def _count_up(self) -> Tensor:
        """Count the iterations of the forward loop; returns their number."""
        forward = self.forward
        zero = hooks.constant(np.array(0, np.int32), dtypes.int32, "f_count")
        if self.around is not None:  # the pushes of an inner run come after those of the one before
            _wait(zero.op, self.around.forward_count)
        with forward.entered():
            merged = forward.begin_variable(zero, "f_count")
            off, on = switch(merged, forward.condition)
            self.forward_count = ops.add_op(on, 1).op
            self._forward_next = close_loop(merged, self.forward_count.outputs[0]).op
            return forward.end_variable(off, "f_count")

    def _count_down(self, total: Tensor) -> None:
        """Let the backward loop go round as often as the forward loop did."""
        backward = self.backward
        one = hooks.constant(np.array(1, np.int32), dtypes.int32, "b_count")
        with backward.entered():
            merged = backward.begin_variable(total, "b_count")
            backward.pivot_for_pred = merged
            goes_on = ops.greater_equal_op(merged, one)
            backward.condition = ops.loop_cond_op(goes_on, name="b_count")
            off, on = switch(merged, backward.condition)
            left = ops.sub_op(on, one)
            backward.pivot_for_body = left
            self._backward_next = close_loop(merged, left).op
            end = backward.end_variable(off, "b_count")
        if self.around is not None:  # the pops of an inner run come before those of the next one
            _wait(self.around.backward_sync, end.op)

    @property
    def forward_sync(self) -> Operation:
        """What pushes on branches are waited for by, dead or not, before the next iteration."""
        if self._forward_sync is None:
            self._forward_sync = self._new_sync("f_sync", self.forward)
            _wait(self._forward_next, self._forward_sync)
        return self._forward_sync

    @property
    def backward_sync(self) -> Operation:
        """What pops are waited for by, dead or not, before the next iteration."""
        if self._backward_sync is None:
            self._backward_sync = self._new_sync("b_sync", self.backward)
            _wait(self._backward_next, self._backward_sync)
        return self._backward_sync

    def _new_sync(self, name: str, loop: LoopContext) -> Operation:
        with self.graph.control_dependencies(None):
            made: Operation = ops.control_trigger_op(name=name)
        made.context = loop
        return made

    # --- recording -------------------------------------------------------------------------------

    def recorded(self, tensor: Tensor) -> Tensor:
        """Return what stands in the backward loop for a tensor of the forward one."""
        if tensor not in self.known:
            self.known[tensor] = self._record(tensor)
        return self.known[tensor]

    def _record(self, tensor: Tensor) -> Tensor:
        state: LoopGradient = self
        while (entered := _constant_enter(tensor)) is not None:
            tensor = entered.inputs[0]
            if state.around is None:
                return self.backward.let_in(tensor)
            state = state.around
        if tensor.op.type == "Const":
            copy: Tensor = hooks.constant(constant_value(tensor), tensor.dtype, "Const")
            return copy
        with self.outside():
            stack = state.push(tensor)
        value = state.pop(stack, tensor)
        return value if state is self else self.backward.let_in(value)

    def recorded_predicate(self, pred: Tensor) -> Tensor:
        """Return a branch's predicate as it was in the forward iteration."""
        if pred not in self.known:
            with self.outside():
                stack = self.push(pred)
            self.known[pred] = self.pop(stack, pred)
        return self.known[pred]

    def push(self, tensor: Tensor, *, is_dead_side: bool = False) -> Tensor:
        """Push a tensor in each forward iteration; returns the stack.

        Args:
            tensor: of the forward loop, or of a branch in it.
            is_dead_side: whether it is alive where the branch that it is in is not taken.
        """
        graph = self.graph
        with graph.control_dependencies(None):
            with self.outside(), graph.colocate_with(tensor):
                no_limit = hooks.constant(np.array(-1, np.int32), dtypes.int32, "Const")
                stack = ops.stack_v2_op(no_limit, elem_type=tensor.dtype.base_dtype, name="f_acc")
            entered = self.forward.let_in(stack)
            context = context_behind(tensor.op)
            assert context is not None
            with self.inside(context.outer if is_dead_side else context):
                pushed = ops.stack_push_v2_op(
                    entered, tensor, swap_memory=self.forward.swap_memory
                ).op
        pushed.context = context
        _wait(self._forward_next if context is self.forward else self.forward_sync, pushed)
        _wait(pushed, self.forward_count)
        made: Tensor = stack
        return made

    def pop(self, stack: Tensor, tensor: Tensor, *, is_dead_side: bool = False) -> Tensor:
        """Pop, in each backward iteration, what was pushed of a tensor."""
        branch = _branch_of(tensor, stack)
        with self.graph.control_dependencies(None), self.backward.entered():
            if branch is not None:
                side = branch.branch != is_dead_side
                stack = switch_beside(stack, self._known_predicate(branch))[side]
            value: Tensor = ops.stack_pop_v2_op(stack, elem_type=tensor.dtype.base_dtype)
            value.set_shape(tensor.shape)
        if self.backward.parallel_iterations > 1:
            _wait(self.backward_sync, value.op)
        return value

    def _known_predicate(self, branch: BranchContext) -> Tensor:
        state: LoopGradient | None = self
        while state is not None:
            if branch.pred in state.known:
                return state.known[branch.pred]
            state = state.around
        return branch.pred

    # --- gradients of the primitives --------------------------------------------------------------

    def of_exit(self, op: Operation, grad: Any) -> Any:
        """Let the gradient of a result into the backward loop."""
        backward = self.backward
        if not backward.back_prop:
            return None
        if op.context.backward_of is not None:
            raise TypeError("Second-order gradient for while loops not supported.")
        parts = nest.flatten(grad, expand_composites=True)
        backward.seen.update(parts)
        entered = []
        for part in parts:
            inside = backward.enter(part, "b_exit" if isinstance(grad, Tensor) else None)
            inside.set_shape(part.shape)
            entered.append(inside)
        backward.enters += entered
        return nest.pack_sequence_as(grad, entered, expand_composites=True)

    def of_switch(self, op: Operation, grads: Sequence[Any]) -> Any:
        """Merge the gradient from behind the loop with that from the following iteration.

        The walk comes here twice: from the Exit, when the Merge is made, and from the body, when
        the loop is closed.
        """
        after_loop, after_body = grads
        if op in self._merges:
            if after_body is not None:
                close_loop(self._merges[op], after_body)
            return None
        if after_loop is None:
            return None
        self._merges[op] = merge([after_loop, after_loop], "b_switch")[0]
        return self._merges[op]

    def of_enter(self, op: Operation, grad: Any) -> Any:
        """Let a gradient out of the backward loop; add up that of what every iteration takes."""
        backward = self.backward
        if not backward.back_prop:
            return grad
        if op.attrs["is_constant"]:
            add_up = add_up_rows if isinstance(grad, IndexedSlices) else add_up_tensor
            return add_up(self, op.inputs[0], grad)
        result = exit(grad)
        parts = nest.flatten(result, expand_composites=True)
        backward.exits += parts
        backward.results_go_out(parts)
        return result

    def finish(self) -> None:
        """Close the loop for variables whose next value does not depend on the one before."""
        for merged in self._merges.values():
            for part in nest.flatten(merged, expand_composites=True):
                if part.op.inputs[0] is part.op.inputs[1]:
                    self._close_with_zeros(part)

    def _close_with_zeros(self, merged: Tensor) -> None:
        start = merged.op.inputs[0]
        if start.static_shape.is_full:
            with self.backward.entered():
                close_loop(merged, constant_of_zeros(start.static_shape, start.dtype, "Const"))
            return
        with self.inside(self.backward.outer):
            nothing = zeros(ops.shape_op(start.op.inputs[0]), start.dtype)
        with self.backward.entered():
            close_loop(merged, nothing)


def _wait(operation: Operation, waited: Operation) -> None:
    """Make an operation that is being built wait for another."""
    if waited not in operation.control_inputs:
        operation.control_inputs.append(waited)


def _constant_enter(tensor: Tensor) -> Operation | None:
    """Return the Enter of which a tensor is the value, if that is constant throughout a loop."""
    operation = tensor.op
    while operation.type in _HANDED_ON:
        operation = operation.inputs[0].op
    return operation if is_constant_enter(operation) else None


def _branch_of(tensor: Tensor, stack: Tensor) -> BranchContext | None:
    """Return the innermost branch that a tensor is on and its stack is not."""
    context = tensor.op.context
    while context is not None and context is not stack.op.context:
        if isinstance(context, BranchContext):
            return context
        context = context.outer
    return None
