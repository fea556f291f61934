"""Loops on a backward walk: when each is entered, and which context a gradient belongs to.

A loop is differentiated from its Exits inwards.  All of them have to be reached before the first
is: one that nothing depends on gets zeros if another has a gradient, for its variable may be used
in the body.

**State**
- per forward loop its LoopGradient, and its Exits: how many are still to be reached, which were
  reached, which have no gradient.

Source: 2015 §4.1, §4.4; TensorFlow 1.15's gradients of `tf.while_loop`.
"""

from __future__ import annotations

import collections
import contextlib
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from minitf import dtypes, ops, source
from minitf.autodiff.between import carries_gradients
from minitf.autodiff.loop_gradient import LoopGradient
from minitf.autodiff.zeros import constant_of_zeros, shape_of, value_type, zeros, zeros_of
from minitf.contexts.base import EXITS, SWITCHES, Context
from minitf.contexts.loop import LoopContext
from minitf.contexts.primitives import switch_beside
from minitf.graph import Graph
from minitf.operation import Operation
from minitf.tensor import Tensor


@dataclass
class _Exits:
    """The Exits of a forward loop on the walk."""

    missing: int
    reached: list[Tensor] = field(default_factory=list)
    unused: list[Tensor] = field(default_factory=list)


class LoopGradients:
    """The loops between xs and ys in one call of `gradients`.

    Args:
        graph: the graph.
        between: the operations between xs and ys; the other Exits of their loops are added.
        placed_with: places what is made for an operation.

    Source: 2015 §4.4.
    """

    def __init__(
        self,
        graph: Graph,
        between: dict[Operation, Any],
        placed_with: Callable[[Operation], contextlib.AbstractContextManager[None]],
    ) -> None:
        self._graph = graph
        self._outside: Context | None = graph.scopes.context
        self._of: dict[LoopContext, LoopGradient] = {}
        self._exits: dict[LoopContext, _Exits] = {}
        waiting = list(between)
        for op in waiting:  # it grows
            if op.type in EXITS and op.context not in self._of:
                with placed_with(op):
                    loop = self._add(op.context)
                added = [each.op for each in loop.exits if each.op not in between]
                between.update(dict.fromkeys(added))
                waiting += added

    def _add(self, forward: LoopContext) -> LoopGradient:
        loop_around = None if forward.outer is None else forward.outer.loop
        around = None if loop_around is None else self._of.get(loop_around)
        made = self._of[forward] = LoopGradient(forward, around, self._outside)
        self._exits[forward] = _Exits(len(made.exits))
        return made

    # --- where a gradient belongs -----------------------------------------------------------------

    @contextlib.contextmanager
    def entered(self, op: Operation, *, sums: bool = False) -> Iterator[None]:
        """Make operations belong to the backward loop of an operation that are made in a block.

        Args:
            op: the operation that is differentiated.
            sums: whether these are the sums of its outputs' gradients: of an Exit they are around
                the loop.
        """
        loop = self._loop_of(op, behind=sums)
        if loop is None:
            yield
            return
        with loop.backward.entered():
            yield

    def _loop_of(self, op: Operation, *, behind: bool = False) -> LoopGradient | None:
        context: Context | None = op.context
        if behind and context is not None:
            context = context.behind(op)
        forward = None if context is None else context.loop
        return None if forward is None else self._of.get(forward)

    # --- the order of the walk --------------------------------------------------------------------

    def unused_exits(
        self, pending: MutableMapping[Operation, int], ys: set[Operation]
    ) -> Iterator[tuple[Operation, Tensor]]:
        """Walk the Exits that nothing between depends on, of loops of which no other is missing.

        Args:
            pending: how often each operation between has still to be reached.
            ys: the operations that the walk begins with.

        Yields:
            (Exit's operation, zeros for its gradient).
        """
        ready: list[Tensor] = []
        for forward, loop in self._of.items():
            exits = self._exits[forward]
            for each in loop.exits:
                if pending[each.op] == 0:
                    exits.missing -= 1
                    if each.op not in ys:
                        exits.unused.append(each)
                    if exits.missing == 0:
                        ready += exits.unused
            for each in forward.enters:
                pending[each.op] = pending.get(each.op) or 1
        for each in ready:
            if carries_gradients(each.dtype):
                yield each.op, self._zeros_of_exit(each)

    def reached(
        self, tensor: Tensor, left: int, has_gradient: Callable[[Tensor], bool]
    ) -> Iterator[tuple[Operation, Tensor | None]]:
        """Walk what is ready after an input was reached.

        Args:
            tensor: the input.
            left: how often its operation has still to be reached; less than 0 round a loop.
            has_gradient: tells whether a gradient has reached a tensor.

        Yields:
            (operation, zeros to add to its gradient or None).
        """
        op = tensor.op
        if left and not (left > 0 and is_loop_switch(op)):  # that comes from behind the loop first
            return
        if op.type not in EXITS:
            yield op, None
            return
        exits = self._exits[op.context]
        exits.reached.append(tensor)
        exits.missing -= 1
        if exits.missing:
            return
        used = [each for each in exits.reached if has_gradient(each)]
        exits.unused += [each for each in exits.reached if each not in used]
        for each in used:
            yield each.op, None
        for each in exits.unused:
            needs_zeros = used and carries_gradients(each.dtype)
            yield each.op, self._zeros_of_exit(each) if needs_zeros else None

    def finish(self) -> None:
        """Close the loops whose variables do not depend on their values before."""
        for loop in self._of.values():
            loop.finish()

    # --- zeros ------------------------------------------------------------------------------------

    def _zeros_of_exit(self, tensor: Tensor) -> Tensor:
        """Return zeros for the gradient of a result that nothing depends on."""
        around = self._loop_of(tensor.op, behind=True)
        shape = tensor.static_shape
        if around is None:
            if shape.is_full:
                return zeros(shape, tensor.dtype)
            return ops.zeros_like_op(tensor, name="zeros_like")  # type: ignore[no-any-return]
        if shape.is_full:
            with around.backward.entered():
                return zeros(shape, tensor.dtype)
        with around.inside(tensor.op.context.outer):
            sizes = ops.shape_op(tensor)
        stack = around.push(sizes)
        with around.backward.entered():
            return zeros(around.pop(stack, sizes), tensor.dtype)

    def zeros_of(self, op: Operation, index: int) -> Tensor | None:
        """Return zeros for the gradient of an output; None of a loop variable's Switch.

        Called in the backward loop of the operation.
        """
        if is_loop_switch(op):
            return None
        loop = self._loop_of(op)
        if loop is None:
            return zeros_of(op, index)
        output, context = op.outputs[index], op.context
        is_switch = op.type in SWITCHES
        if output.static_shape.is_full:
            if output.dtype is dtypes.resource:
                made = zeros(shape_of(output), value_type(output))
            else:
                made = constant_of_zeros(output.static_shape, output.dtype, "Const")
            if is_switch:
                pred = loop.recorded_predicate(context.pred)
                made = switch_beside(made, pred)[1 - context.branch]
            return made
        if is_switch:  # the output is dead where zeros are wanted
            with loop.inside(context.outer):
                other = switch_beside(op.inputs[0], context.pred)[1 - context.branch]
                sizes = ops.shape_op(other)
            other.op.context = sizes.op.context = context
        else:
            with loop.inside(context):
                sizes = ops.shape_op(output)
        with loop.outside():
            stack = loop.push(sizes, is_dead_side=is_switch)
        return zeros(loop.pop(stack, sizes, is_dead_side=is_switch), output.dtype)


def is_loop_switch(op: Operation) -> bool:
    """Tell whether an operation is the Switch of a loop variable."""
    return op.type in SWITCHES and isinstance(op.context, LoopContext)


def refuse_initial_values(op: Operation, xs: Iterable[Operation]) -> None:
    """Refuse to differentiate, from inside a loop, through the first value of a loop variable.

    Args:
        op: the operation that the walk has come to.
        xs: the operations that make the xs.

    Raises:
        ValueError: if it is the Switch of a loop that is being built.
    """
    if not is_loop_switch(op) or op.context is not op.graph.scopes.context:
        return
    seen, queue, found = set(), collections.deque([op]), op
    wanted = set(xs)
    while queue:
        found = queue.popleft()
        if found in wanted:
            break
        if found not in seen:
            seen.add(found)
            queue.extend(tensor.op for tensor in found.inputs)
    raise ValueError(
        f"Cannot compute gradient inside while loop with respect to op '{found.name}'. We do not "
        "support taking the gradient wrt or through the initial value of a loop variable. "
        "Gradients can be computed through loop invariants or wrt the input parameters to the loop "
        f"body.\n  {found.name} created at {source.describe(found.site)}"
    )
