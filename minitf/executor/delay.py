"""Control edges that the runtime adds: large values that nobody waits for yet are made later.

What depends on no feed and no variable, such as random numbers, is ready when the step begins, and
its output then waits in memory for its reader.  This pass moves such operations to the place just
before their first reader, by a control edge from the operation that stands there in the order of
construction to each with which they start.

**Invariants**
1. No cycle: an edge goes from an operation that precedes the first reader to one from which
   nothing but that reader and its followers can be reached.
2. Results are equal: only operations move that read nothing that a step changes.
3. Nobody is made to wait for what may be dead, or for a loop: what stands behind control flow stays
   where it is and is not waited for.

Worked example, in order of construction, where `noise` and `more` are large:

    noise = random();  more = random();  a = f(x);  b = g(a);  c = b + noise;  d = c + more

`noise` waits for `b`, `more` for `c`: while `f` and `g` run, neither is in memory.

Source: 2015 §2 (the runtime may add control edges to limit peak memory), §4.1 (memory).
"""

from __future__ import annotations

from minitf.executor.loops import CONTROL_FLOW
from minitf.executor.optimize import is_pure
from minitf.executor.prune import Subgraph
from minitf.operation import Operation

LEAST_DELAYED_BYTES = 1 << 20  # smaller values are not worth a token more per run
Edge = tuple[Operation, Operation]  # (waited for, waiting)


def delay_large(subgraph: Subgraph, least_bytes: int = LEAST_DELAYED_BYTES) -> list[Edge]:
    """Make large values that depend on no feed wait until just before their first reader.

    Args:
        subgraph: gets the control edges.
        least_bytes: how large a value must be; one of unknown size is left where it is.

    Returns:
        The edges added.

    Source: 2015 §2.
    """
    movable = _movable(subgraph)
    uncertain = _behind_control_flow(subgraph)
    edges: list[Edge] = []
    before: Operation | None = None  # the last operation that stays in its place
    passed: set[Operation] = set()  # movable ones that stand before `before`
    waiting: list[Operation] = []  # those behind it
    for operation in subgraph.operations:
        if operation in movable:
            waiting.append(operation)
            continue
        sources = [subgraph.source(tensor).op for tensor in operation.inputs]
        for source in [*sources, *subgraph.control_sources(operation)]:
            if source in movable:  # its first reader has come
                starts = _released(subgraph, source, movable)
                if before is not None and _bytes(source) >= least_bytes:
                    edges += [(before, start) for start in starts if start in passed]
        if operation not in uncertain:
            before = operation
            passed.update(waiting)
            waiting.clear()
    for first, later in edges:
        subgraph.delays.setdefault(later, []).append(first)
    return edges


def _behind_control_flow(subgraph: Subgraph) -> set[Operation]:
    """Return the operations of branches and loops, and all that wait for one."""
    found = {op for op in subgraph.operations if op.type in CONTROL_FLOW}
    if not found:
        return found
    users: dict[Operation, list[Operation]] = {}
    for operation in subgraph.operations:
        sources = [subgraph.source(tensor).op for tensor in operation.inputs]
        for source in [*sources, *subgraph.control_sources(operation)]:
            users.setdefault(source, []).append(operation)
    stack = list(found)
    while stack:
        for user in users.get(stack.pop(), ()):
            if user not in found:
                found.add(user)
                stack.append(user)
    return found


def _movable(subgraph: Subgraph) -> set[Operation]:
    """Return the operations that depend on no feed and no state and change nothing."""
    found: set[Operation] = set()
    fetched = {subgraph.source(tensor).op for tensor in subgraph.request.fetches}
    for operation in subgraph.operations:
        definition = operation.definition
        is_random = definition.__module__.startswith("minitf.ops.random")
        if (
            (is_random or is_pure(definition))
            and operation.type != "Placeholder"
            and operation not in fetched
            and not operation.control_inputs
            and not any(tensor in subgraph.request.feeds for tensor in operation.outputs)
            and all(
                source in subgraph.constants or source.op in found
                for source in map(subgraph.source, operation.inputs)
            )
        ):
            found.add(operation)
    return found


def _released(subgraph: Subgraph, operation: Operation, movable: set[Operation]) -> list[Operation]:
    """Take an operation and what it is made of out of `movable`; return those without inputs."""
    starts, stack = [], [operation]
    while stack:
        released = stack.pop()
        if released not in movable:
            continue
        movable.discard(released)
        sources = [subgraph.source(tensor) for tensor in released.inputs]
        computed = [source.op for source in sources if source not in subgraph.constants]
        stack += computed
        if not computed:
            starts.append(released)
    return starts


def _bytes(operation: Operation) -> int:
    """Return the size of the outputs, 0 where it is not known."""
    sizes = [tensor.static_shape for tensor in operation.outputs]
    if not all(shape.is_full for shape in sizes):
        return 0
    return sum(
        int(shape.size) * tensor.dtype.size
        for shape, tensor in zip(sizes, operation.outputs, strict=True)
    )
