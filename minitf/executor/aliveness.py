"""Which operations live and die together: what a conditional or a loop decides for each of them.

An operation fires only if none of its inputs is dead, and a cluster of operations is one operation:
it may only join those that are dead in exactly the same cases.  Nor may what has to wait for other
steps, behind a dequeue, hold up what need not.

**State**: per operation its *conditions*, a set: an operation lives where all of them hold.  A
condition is one output of a Switch by its predicate, a round of a loop's frame, the output of a
Merge of which nothing simpler is known, or the end of an operation that may wait.

**Invariant**: equal sets live and die together; nothing is said about different ones.

Worked example: `c` and `d` have the same set, and may be one; `a` and `c` may not.

    a = neg(x)                        ()
    f, t = switch(a, p)               () ; outputs: (p is false), (p is true)
    c = square(t);  d = c + a         (p is true)
    m = merge(f, d)                   (), since either p holds or it does not

Source: 2015 §4.4; OSDI §3.4 (dead tokens).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from minitf.executor.prune import Subgraph
from minitf.operation import Operation
from minitf.tensor import Tensor

Conditions = frozenset[Hashable]
ALWAYS: Conditions = frozenset()
_FRAME = "frame"
_SWITCHES = ("Switch", "RefSwitch", "_SwitchN")


class Aliveness:
    """The conditions of a subgraph's operations and tensors.

    Args:
        subgraph: the operations.
        order: all of them, each after its inputs but for a loop's NextIteration.

    Source: 2015 §4.4.
    """

    def __init__(self, subgraph: Subgraph, order: Iterable[Operation]) -> None:
        self._subgraph = subgraph
        self._fed = set(subgraph.request.feeds)
        self._of: dict[Operation, Conditions] = {}
        self._around: dict[str, Conditions] = {}  # frame name -> conditions outside it
        for operation in order:
            self._of[operation] = self._found(operation)

    def of(self, operation: Operation) -> Conditions:
        """Return the conditions under which an operation fires."""
        return self._of[operation]

    def of_tensor(self, tensor: Tensor) -> Conditions:
        """Return the conditions under which a tensor has a value."""
        if tensor in self._fed or tensor in self._subgraph.constants:
            return ALWAYS
        found = self._of.get(tensor.op, ALWAYS)  # absent: a later NextIteration
        if tensor.op.type in _SWITCHES:
            predicate = self._subgraph.source(tensor.op.inputs[1])
            found |= {(predicate, tensor.value_index)}
        return found

    def _found(self, operation: Operation) -> Conditions:
        """Find the conditions of an operation, those of what it needs being known."""
        tensors = [self._subgraph.source(tensor) for tensor in operation.inputs]
        kind = operation.type.removeprefix("Ref")
        if kind == "Enter":
            frame = operation.attrs["frame_name"]
            self._around[frame] = self.of_tensor(tensors[0])
            return frozenset({(_FRAME, frame)})
        if kind == "Exit":
            return self._outside(operation, self.of_tensor(tensors[0]))
        if kind == "Merge":
            return self._merged(operation, tensors)
        if kind == "ControlTrigger":  # it fires though dead
            return frozenset({operation})
        waits = [self._of.get(op, ALWAYS) for op in self._subgraph.control_sources(operation)]
        conditions = ALWAYS.union(*map(self.of_tensor, tensors), *waits)
        return conditions | {operation} if operation.definition.is_asynchronous else conditions

    def _outside(self, operation: Operation, inside: Conditions) -> Conditions:
        """Return the conditions around a loop's frame, of which an Exit lets a value out."""
        frames = [each[1] for each in inside if isinstance(each, tuple) and each[0] is _FRAME]
        if len(frames) != 1:
            return frozenset({operation})
        return self._around.get(frames[0], frozenset({operation}))

    def _merged(self, operation: Operation, tensors: list[Tensor]) -> Conditions:
        """Return the conditions of a Merge: of a loop's rounds, or of two opposite branches."""
        for tensor in tensors:
            if tensor.op.type.removeprefix("Ref") == "Enter":
                return frozenset({(_FRAME, tensor.op.attrs["frame_name"])})
        branches = [self.of_tensor(tensor) for tensor in tensors]
        if len(branches) == 2:
            one, other = branches[0] - branches[1], branches[1] - branches[0]
            if len(one) == len(other) == 1:
                (first,), (second,) = one, other
                if _are_opposite(first, second):
                    return branches[0] & branches[1]
        return frozenset({operation})


def _are_opposite(one: Hashable, other: Hashable) -> bool:
    """Tell whether two conditions are the two outputs of a Switch on one predicate."""
    if not (isinstance(one, tuple) and isinstance(other, tuple)):
        return False
    return one[0] is other[0] and {one[1], other[1]} == {0, 1}
