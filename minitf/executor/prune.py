"""Pruning: which operations a run needs, walking back from what it fetches, stopping at its feeds.

**State** (`Subgraph`): the operations left, in order of construction; what the optimizer finds out
about them.  The graph itself is never changed.

**Invariants**
1. An operation is here if and only if what is asked for cannot be had without it.
2. The producer of a fed tensor is here only if something else needs it.
3. Operations stand in order of construction: whoever breaks a tie by position follows the program.

Worked example (2015 Figure 6): b is fed and f is fetched, so d and e are not needed.

    a   b     c = a + b:0    d = b + 1    e = d * 2    f = c * 3
    prune(Request(fetches=(f,), targets=(), feeds=(b,)))  ->  a, c, f

Source: 2015 §4.2 "Partial execution"; OSDI §3.2.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from minitf.operation import Operation
from minitf.tensor import Tensor

Array = np.ndarray[Any, Any]

_BACK_EDGES = frozenset(("NextIteration", "RefNextIteration"))


@dataclass(frozen=True, slots=True)
class Request:
    """What a run asks for: the key under which its Step is kept.

    Attributes:
        fetches: the Tensors whose values it wants.
        targets: the Operations that it wants to have run.
        feeds: the Tensors whose values it brings.
        effects: Operations that run as often as their inputs come, in loops too.

    Source: 2015 §2 "Sessions" (Run); OSDI §3.2.
    """

    fetches: tuple[Tensor, ...]
    targets: tuple[Operation, ...]
    feeds: tuple[Tensor, ...]
    effects: tuple[Operation, ...] = ()


@dataclass
class Subgraph:
    """The part of a graph that a request needs.

    Attributes:
        request: what is asked for.
        operations: what has to run, in order of construction.
        constants: tensors whose value is known before the first run, with their read-only arrays.
        same: operation merged away -> the equal one that stands for it.
        aliases: output of an operation that changes nothing -> the tensor that it gives back.
        left_out: operation that does not run although others wait for it -> what they wait for
            in its place.
        delays: operation -> those that the runtime makes it wait for.

    Source: 2015 §4.2.
    """

    request: Request
    operations: list[Operation]
    constants: dict[Tensor, Array] = field(default_factory=dict)
    same: dict[Operation, Operation] = field(default_factory=dict)
    aliases: dict[Tensor, Tensor] = field(default_factory=dict)
    left_out: dict[Operation, list[Operation]] = field(default_factory=dict)
    delays: dict[Operation, list[Operation]] = field(default_factory=dict)

    def source(self, tensor: Tensor) -> Tensor:
        """Return the tensor that supplies the value of `tensor`."""
        tensor = self.aliases.get(tensor, tensor)
        merged = self.same.get(tensor.op)
        return tensor if merged is None else merged.outputs[tensor.value_index]

    def control_sources(self, operation: Operation) -> list[Operation]:
        """Return the operations that it must wait for, without data from them; each once."""
        waiting = [*operation.control_inputs, *self.delays.get(operation, ())]
        found: dict[Operation, None] = {}
        while waiting:
            each = waiting.pop(0)
            each = self.same.get(each, each)
            if each in self.left_out:
                waiting += self.left_out[each]
            else:
                found[each] = None
        return list(found)


def prune(request: Request) -> Subgraph:
    """Return the operations that the request needs: the transitive closure of what it asks for.

    Source: 2015 §4.2.
    """
    fed = set(request.feeds)
    waiting = [*request.targets, *request.effects]
    waiting += [tensor.op for tensor in request.fetches if tensor not in fed]
    needed: set[Operation] = set()
    while waiting:
        operation = waiting.pop()
        if operation in needed:
            continue
        needed.add(operation)
        waiting += [tensor.op for tensor in operation.inputs if tensor not in fed]
        waiting += [op for op in operation.control_inputs if not _is_fed_placeholder(op, fed)]
    ordered = sorted(needed, key=lambda operation: operation.index)
    if any(each.index < before.index for each in ordered for before in _before(each)):
        ordered = _inputs_first(ordered)
    return Subgraph(request, ordered)


def _before(operation: Operation) -> list[Operation]:
    """Return what makes an operation's inputs, but for the back edge of a loop."""
    return [t.op for t in operation.inputs if t.op.type not in _BACK_EDGES]


def _inputs_first(operations: list[Operation]) -> list[Operation]:
    """Move what an operation was given as an input later in front of it; a cycle stays as it is."""
    rest = set(operations)
    made: list[Operation] = []
    for operation in operations:
        stack, entered = [operation], set[Operation]()
        while stack:
            top = stack[-1]
            if top not in rest:
                stack.pop()
                continue
            before = [each for each in _before(top) if each in rest]
            if not entered.isdisjoint(before):
                return operations
            if before:
                entered.add(top)
                stack += before
            else:
                rest.remove(top)
                entered.discard(top)
                made.append(stack.pop())
    return made


def _is_fed_placeholder(operation: Operation, fed: set[Tensor]) -> bool:
    """Tell whether the feed stands for the operation itself, so that waiting for it is over."""
    return operation.type == "Placeholder" and operation.outputs[0] in fed
