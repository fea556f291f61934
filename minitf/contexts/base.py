"""Context: a branch or a loop that is being built, and what it has let in from outside.

The context that stands in the scopes of a graph sees each operation when it is added, and puts in
front of its inputs what lets them in: Switch into a branch, a constant Enter into a loop.

**State**
- `outer`, the context around, None if there is none; `inner`, those inside.
- `seen`: tensors that operations inside may take as they are.
- `stand_ins`: tensor outside -> what stands for it inside.

**Invariants**
1. A tensor from outside is let in once; all who take it share its stand-in.
2. What is let in goes through every context on the way, the outermost first.
3. Operations inside are not fetched: they have no value in most runs, or many in one.

Source: 2015 §4.4; OSDI §3.4.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from minitf import source
from minitf.graph import Graph
from minitf.operation import Operation
from minitf.tensor import Tensor

if TYPE_CHECKING:
    from minitf.contexts.loop import LoopContext

ENTERS = frozenset(("Enter", "RefEnter"))
EXITS = frozenset(("Exit", "RefExit"))
SWITCHES = frozenset(("Switch", "RefSwitch"))
MERGES = frozenset(("Merge", "RefMerge"))


class Context:
    """What branches and loops have in common.

    Attributes:
        graph: the graph that it is in.
        name: unique in the graph.
        outer: the context around it.
        inner: the contexts directly inside.
        seen: tensors that operations inside may take.
        stand_ins: what stands inside for a tensor outside.

    Source: 2015 §4.4.
    """

    def __init__(self, graph: Graph, name: str) -> None:
        self.graph = graph
        self.name = name
        self.outer: Context | None = graph.scopes.context
        self.inner: list[Context] = []
        self.seen: set[Tensor] = set()
        self.stand_ins: dict[Tensor, Tensor] = {}
        if self.outer is not None:
            self.outer.inner.append(self)

    @contextlib.contextmanager
    def entered(self) -> Iterator[None]:
        """Make operations belong to it that are made in the block."""
        scopes = self.graph.scopes
        before, scopes.context = scopes.context, self
        try:
            yield
        finally:
            scopes.context = before

    @property
    def loop(self) -> LoopContext | None:
        """The innermost loop that it is in, or is."""
        return None if self.outer is None else self.outer.loop

    def IsWhileContext(self) -> bool:  # noqa: N802 TensorFlow's
        """Tell whether it is a loop."""
        return self.loop is self

    def IsCondContext(self) -> bool:  # noqa: N802 TensorFlow's
        """Tell whether it is a branch."""
        return not self.IsWhileContext()

    def GetWhileContext(self) -> LoopContext | None:  # noqa: N802 TensorFlow's
        """Return the innermost loop that it is in, or is."""
        return self.loop

    @property
    def outer_context(self) -> Context | None:
        """The context around it, by TensorFlow's name."""
        return self.outer

    @property
    def pivot(self) -> Tensor | None:
        """A tensor that is alive exactly when it runs; None before there is one."""
        raise NotImplementedError

    def to_proto(self, export_scope: str | None = None) -> Any:
        """Return a CondContextDef or WhileContextDef.

        Args:
            export_scope: a scope to leave out of names.
        """
        from minitf.contexts.context_defs import to_proto

        return to_proto(self, export_scope)

    def add(self, operation: Operation) -> None:
        """Take a new operation in: let its inputs in and mend its control inputs."""
        self.take_in(operation)

    def take_in(self, operation: Operation) -> None:
        """Take in an operation that is made for this context."""
        raise NotImplementedError

    def let_in(self, tensor: Tensor) -> Tensor:
        """Return what operations inside may take for a tensor."""
        raise NotImplementedError

    def gradient_of_switch(self, op: Operation, grads: Sequence[Any]) -> Any:
        """Return the gradient of what a Switch of this context takes."""
        raise NotImplementedError

    def gradient_of_merge(self, op: Operation, grad: Any) -> list[Any]:
        """Return the gradients of what a Merge takes from this context."""
        raise NotImplementedError

    def behind(self, operation: Operation) -> Context | None:
        """Return the context that the outputs of an operation inside are in."""
        return context_behind(operation)

    def results_go_out(self, results: Iterable[Tensor]) -> None:
        """Let operations of the context around take the results as they are."""
        if self.outer is not None:
            self.outer.seen.update(results)

    def let_inputs_in(self, operation: Operation) -> None:
        """Replace each input of an operation by what stands for it inside."""
        for index, tensor in enumerate(operation.inputs):
            if tensor.op.index < 0:
                continue  # it comes round a loop that is imported, and is not there yet
            inside = self.let_in(tensor)
            if inside is not tensor:
                operation._connect(index, inside)

    def drop_outside_controls(self, operation: Operation) -> list[Operation]:
        """Take control inputs from outside the loop off an operation; returns them."""
        loop = self.loop
        if loop is None:
            return []
        outside = [each for each in operation.control_inputs if loop_behind(each) is not loop]
        operation.control_inputs = [
            each for each in operation.control_inputs if each not in outside
        ]
        return outside

    def check_use(self, maker: Operation, operation: Operation) -> None:
        """Check that an operation may take an output of one inside.

        Raises:
            ValueError: if that is in a loop that the operation is not in.
        """
        there = loop_behind(maker)
        here = None if operation.context is None else operation.context.loop
        if there is None or here is there or operation.type in ENTERS | SWITCHES:
            return
        if there.backward_of is not None or (here is not None and here.backward_of is not None):
            return  # gradients bring values from loop to loop
        outer = here
        while outer is not None and outer is not there:
            outer = None if outer.outer is None else outer.outer.loop
        if outer is None:
            raise ValueError(
                f"Cannot use '{maker.name}' as input to '{operation.name}' because "
                + (f"'{maker.name}' is in a while loop." if here is None else _IN_DIFFERENT_LOOPS)
                + f"\n  loop: '{there.name}'"
                f"\n  '{maker.name}' created at {source.describe(maker.site)}"
                "\n  hint: what a loop gives are the values of its loop variables after it"
            )


_IN_DIFFERENT_LOOPS = "they are in different while loops."


def context_behind(operation: Operation) -> Context | None:
    """Return the context that an operation's outputs are in."""
    context: Context | None = operation.context
    return context.outer if context is not None and operation.type in EXITS else context


def loop_behind(operation: Operation) -> LoopContext | None:
    """Return the loop that an operation's outputs are in."""
    context = context_behind(operation)
    return None if context is None else context.loop


def is_inside(operation: Operation, context: Context) -> bool:
    """Tell whether an operation belongs to a context, or to one inside it."""
    found: Context | None = operation.context
    while found is not None and found is not context:
        found = found.outer
    return found is context


def is_constant_enter(operation: Operation) -> bool:
    """Tell whether an operation lets a value from outside into every iteration of a loop."""
    return operation.type in ENTERS and bool(operation.attrs["is_constant"])
