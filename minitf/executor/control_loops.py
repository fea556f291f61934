"""Loops over several devices: how a device that does not decide knows that a round begins.

One device has the LoopCond of a loop, and no other sees when a round begins or that there is none.
So each device that takes part gets a loop of its own that computes nothing but goes round with it:

    Const -> Enter -> Merge -> Switch(LoopCond) -> [true] NextIteration
                        ^                                  |
                        +----------------------------------+

Its Switch gets the predicate in each round: one message, the only one that the loop costs.  Each
Recv in the loop waits for that Merge, so it fires once in each round and carries the right tag.  In
nested loops the Merge outside feeds the Enter inside.

**Invariants**
1. A value goes round, and out of a loop, on one device: Switch is where its data are, Exit where
   its Switch is, Enter and NextIteration are where the Merge is that they lead to.
2. A loop of which all is on one device gets none of this.

Worked example: the body of `while x < 9: x = x * 2` on CPU:1, the rest on CPU:0.

    CPU:0   Enter -> Merge -> Less -> LoopCond -> Switch;  Send(x), Send(LoopCond); Recv(x * 2)
    CPU:1   control loop;  Recv(LoopCond) -> its Switch;  Recv(x) -> Mul -> Send(x * 2)

**Departure from TensorFlow**: a device that only sends out of a loop has a control loop too, so
that a loop need not have an edge that makes it wait.

Source: 2015 §4.4 (a distributed loop's state machine, a message per iteration); OSDI §3.4.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from minitf.devices import Device
from minitf.dtypes import int32, resource
from minitf.errors import InvalidArgumentError
from minitf.executor.inserted import Inserted
from minitf.executor.loops import ENTERS, EXITS, MERGES, NEXTS, Loop, Loops
from minitf.executor.prune import Subgraph
from minitf.executor.variable_reads import VariableReads
from minitf.operation import Operation
from minitf.tensor import Tensor


def settle(subgraph: Subgraph, placement: dict[Operation, Device]) -> None:
    """Move operations that compute nothing to where they must be, whatever they ask for.

    Those of control flow go where invariant 1 wants them.  An Identity that reads a variable goes
    where the variable is, so that it reads when it fires there, after what it waits for.  A handle,
    and what stands for a variable, stays where it is.

    Args:
        subgraph: whose operations are placed.
        placement: their devices; changed.
    """
    variables = VariableReads(subgraph)
    readers: dict[Operation, list[Operation]] = {}
    for operation in subgraph.operations:
        for tensor in operation.inputs:
            readers.setdefault(subgraph.source(tensor).op, []).append(operation)

    def stays(operation: Operation) -> bool:
        tensor = operation.inputs[0]
        return tensor.dtype is resource or variables.is_variable(tensor)

    for operation in reversed(subgraph.operations):
        if operation.type in ENTERS | NEXTS and operation in readers and not stays(operation):
            found = readers[operation]
            first = next((each for each in found if each.type in MERGES), found[0])
            placement[operation] = placement[first]
    for operation in subgraph.operations:
        is_read = operation.type == "Identity" and variables.is_variable(operation.inputs[0])
        follows = operation.type in EXITS | {"Switch", "RefSwitch"} and not stays(operation)
        if is_read or follows:
            maker = subgraph.source(operation.inputs[0])
            if maker.op in placement and maker not in subgraph.request.feeds:
                placement[operation] = placement[maker.op]


class ControlLoops:
    """The control loops of one step.

    Args:
        operations: of the step, placed.
        loops: which loop each is in.
        placement: their devices.
        inserted: makes the operations.

    Attributes:
        made: the operations of the control loops.

    Source: 2015 §4.4.
    """

    def __init__(
        self,
        operations: Iterable[Operation],
        loops: Loops,
        placement: dict[Operation, Device],
        inserted: Inserted,
    ) -> None:
        self.made: list[Operation] = []
        self._placement = placement
        self._inserted = inserted
        self._merges: dict[tuple[Loop, str], Operation] = {}
        self._conditions: dict[Loop, Operation] = {}
        for operation in operations:
            loop = loops.of(operation)
            if operation.type == "LoopCond" and loop is not None:
                if loop in self._conditions:
                    raise InvalidArgumentError(
                        None,
                        operation,
                        f"Loop {loop.name} has more than one LoopCond node: {operation.name} and "
                        f"{self._conditions[loop].name}",
                    )
                self._conditions[loop] = operation

    def owner(self, loop: Loop, user: Operation) -> Device:
        """Return the device that decides about a loop.

        Args:
            loop: the loop.
            user: an operation in it, for messages.

        Raises:
            InvalidArgumentError: if none does.
        """
        return self._placement[self._condition(loop, user)]

    def merge(self, loop: Loop, device: Device, user: Operation) -> Operation:
        """Return what fires on a device when a round of a loop begins, made the first time.

        Args:
            loop: the loop.
            device: where to fire.
            user: an operation in the loop, for messages.

        Raises:
            InvalidArgumentError: if nothing decides about the loop.
        """
        found = self._merges.get((loop, device.name))
        if found is None:
            found = self._merges[loop, device.name] = self._add(loop, device, user)
        return found

    def _add(self, loop: Loop, device: Device, user: Operation) -> Operation:
        condition = self._condition(loop, user)

        def add(kind: str, *inputs: Tensor, **attrs: Any) -> Operation:
            made = self._inserted.add(kind, condition, device, inputs, attrs)
            self.made.append(made)
            return made

        begin = (
            add("Const", dtype=int32, value=np.zeros((), np.int32))
            if loop.parent is None
            else self.merge(loop.parent, device, user)
        )
        frame = {"frame_name": loop.name, "parallel_iterations": loop.parallel_iterations}
        enter = add("Enter", begin.outputs[0], T=int32, is_constant=False, **frame)
        merge = add("Merge", *enter.outputs * 2, T=int32, N=2)
        switch = add("Switch", merge.outputs[0], condition.outputs[0], T=int32)
        following = add("NextIteration", switch.outputs[1], T=int32)
        merge.inputs = enter.outputs[0], following.outputs[0]
        return merge

    def _condition(self, loop: Loop, user: Operation) -> Operation:
        found = self._conditions.get(loop)
        if found is None:
            raise InvalidArgumentError(
                None,
                user,
                f"A cross-device loop must have a pivot predicate: {loop.name}\n"
                "  hint: a loop over several devices needs a LoopCond, as tf.while_loop makes it",
            )
        return found
