"""Which operations a backward walk touches: those on a path from an x to a y.

Three passes, each linear in the operations that lead to a y and are not older than every x (in a
loop they may be, for what comes round depends on what was made after it):

1. from the ys towards the inputs: who leads to a y, and through which real or complex tensors;
2. from the xs along what pass 1 noted: whom a change of an x reaches;
3. from the ys again, within pass 2: how often each is taken from.

Nothing is spent on what follows the ys or hangs from the xs beside the path, so a second call on a
graph that the first has made larger costs the same.

Source: 2015 §4.1.
"""

from __future__ import annotations

import collections
from collections.abc import Iterable

from minitf import dtypes
from minitf.dtypes import DType
from minitf.operation import Operation
from minitf.tensor import Tensor

Users = dict[Operation, list[Operation]]

_CARRIES_GRADIENTS = dtypes.FLOATS | dtypes.COMPLEX | (dtypes.resource, dtypes.variant)


def carries_gradients(dtype: DType) -> bool:
    """Tell whether a small change of a tensor of this type makes sense."""
    return dtype.base_dtype in _CARRIES_GRADIENTS


def operations_between(ys: list[Tensor], xs: list[Tensor]) -> dict[Operation, None]:
    """Return the operations between xs and ys, those near the ys first."""
    reached = _reached(xs, users_on_the_way(ys, _oldest(xs)))
    between: dict[Operation, None] = {}
    queue = collections.deque(y.op for y in ys)
    while queue:
        op = queue.popleft()
        if op in reached and op not in between:
            between[op] = None
            queue.extend(tensor.op for tensor in op.inputs)
    return between


def pending_counts(between: Iterable[Operation]) -> dict[Operation, int]:
    """Return how many inputs of the operations between take from each of them."""
    pending = dict.fromkeys(between, 0)
    for op in pending:
        for tensor in op.inputs:
            if tensor.op in pending:
                pending[tensor.op] += 1
    return pending


def _oldest(xs: list[Tensor]) -> int:
    """Return the index before which no operation outside loops can depend on an x."""
    if not xs or xs[0].graph.structure_version:
        return 0  # an input may have been replaced by a later operation
    return min(x.op.index for x in xs)


def users_on_the_way(ys: Iterable[Tensor], oldest: int) -> Users:
    """Return the operations that lead to a y, each with those that differentiate its outputs."""
    users: Users = {y.op: [] for y in ys}
    stack = list(users)
    while stack:
        op = stack.pop()
        for tensor in op.inputs:
            maker = tensor.op
            if maker.index < oldest and not _is_in_loop(maker):
                continue
            if maker not in users:
                users[maker] = []
                stack.append(maker)
            if carries_gradients(tensor.dtype):
                users[maker].append(op)
    return users


def _is_in_loop(op: Operation) -> bool:
    """Tell whether what is newer may come round to an operation: an x made in the body, too."""
    return op.context is not None and op.context.loop is not None


def _reached(xs: Iterable[Tensor], users: Users) -> set[Operation]:
    """Return the operations that a change of an x reaches."""
    reached = {x.op for x in xs if x.op in users}
    stack = list(reached)
    while stack:
        for user in users[stack.pop()]:
            if user not in reached:
                reached.add(user)
                stack.append(user)
    return reached


def stopped(
    xs: Iterable[Tensor], stops: Iterable[Tensor], pending: dict[Operation, int]
) -> set[Operation]:
    """Return the operations whose inputs need no gradient: no other x stands before them."""
    first = {x.op for x in xs if not any(pending.get(t.op, 0) > 0 for t in x.op.inputs)}
    return first | {tensor.op for tensor in stops}
