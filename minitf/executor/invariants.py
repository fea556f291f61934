"""What is the same in every round of a loop is computed in its first one.

    while i < 100: h = tanh(x @ w + h @ u)      x @ w once; the variables w and u are read once

**Invariants**
1. Nothing changes its place: it runs where it would run in the first round, and then no more.  So a
   loop without rounds runs none of it, and an error comes where it would come.
2. Only pure operations of constants, and reads of variables that nothing in the loop can write to.
   `v.read_value()` in a body is asked for, and stays in every round.
3. Large values are made in each round: else they would be in memory throughout.

Source: 2015 §5.1 (redundant work is eliminated); TensorFlow reads a variable from outside a loop
once as well, when it enters.
"""

from __future__ import annotations

from collections.abc import Iterator

from minitf.executor.optimize import is_pure
from minitf.executor.plan import Node
from minitf.executor.regions import (
    Assign,
    Block,
    Branch,
    Call,
    Fixed,
    Local,
    Loop,
    Once,
    Operand,
    Read,
    Statement,
)

MOST_KEPT_BYTES = 1 << 24
_RUN_ANYTHING = frozenset(("PyFunc", "PyFuncStateless", "EagerPyFunc"))


def compute_once(block: Block) -> None:
    """Change all loops of a block."""
    for statement in block:
        if isinstance(statement, Branch):
            compute_once(statement.yes)
            compute_once(statement.no)
        elif isinstance(statement, Loop):
            for inside in (statement.head, statement.body, statement.tail):
                compute_once(inside)
            _Rounds(statement).change()


class _Rounds:
    """One loop."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        inside = list(_walk([*loop.head, *loop.body, *loop.tail, loop.start]))
        self._changing: set[Operand] = {local for each in inside for local in _made(each)}
        self._read: dict[Fixed, Local] = {}
        calls = [each for each in inside if isinstance(each, Call)]
        self._written = {operand for call in calls for operand in _written(call)}
        # another name of a variable, or the program itself, may write to any
        self._may_read = not any(isinstance(each, Local) for each in self._written) and not any(
            call.node.operation is not None and call.node.operation.type in _RUN_ANYTHING
            for call in calls
        )

    def change(self) -> None:
        """Change the loop."""
        loop = self._loop
        loop.head, loop.body = self._changed(loop.head), self._changed(loop.body)

    def _changed(self, block: Block) -> Block:
        found: Block = []
        for statement in block:
            if not isinstance(statement, Call) or statement.node.operation is None:
                found.append(statement)
            elif self._is_constant(statement):
                _add_once(found, statement)
                self._changing.difference_update(statement.outputs)
            else:
                self._read_before(statement, found)
                found.append(statement)
        return found

    def _is_constant(self, call: Call) -> bool:
        """Tell whether a call gives the same in every round, and is worth keeping."""
        operation = call.node.operation
        assert operation is not None
        if not is_pure(operation.definition) or not call.outputs:
            return False
        if operation.type == "Identity" or _is_unfit(call.node):
            return False
        return all(each not in self._changing for each in call.inputs) and all(
            self._is_readable(call.inputs[i]) for i in call.reads
        )

    def _is_readable(self, operand: Operand) -> bool:
        """Tell whether an operand is a variable that the loop does not write to."""
        return self._may_read and isinstance(operand, Fixed) and operand not in self._written

    def _read_before(self, call: Call, block: Block) -> None:
        """Read the variables that a call reads, if that need not be done in every round."""
        assert call.node.operation is not None
        if call.node.operation.type == "Identity":
            return
        inputs, reads = list(call.inputs), list(call.reads)
        for position in call.reads:
            variable = call.inputs[position]
            if not self._is_readable(variable):
                continue
            assert isinstance(variable, Fixed)
            if variable not in self._read:
                self._read[variable] = Local(call.node, -1 - position)
                read = Read(call.node, call.inputs, position, self._read[variable])
                _add_once(block, read)
            inputs[position] = self._read[variable]
            reads.remove(position)
        call.inputs, call.reads = tuple(inputs), tuple(reads)


def _add_once(block: Block, statement: Statement) -> None:
    if not block or not isinstance(block[-1], Once):
        block.append(Once([]))
    last = block[-1]
    assert isinstance(last, Once)
    last.block.append(statement)


def _walk(block: Block) -> Iterator[Statement]:
    """Walk all statements of a block and of those inside."""
    for statement in block:
        yield statement
        if isinstance(statement, Branch):
            yield from _walk([*statement.yes, *statement.no])
        elif isinstance(statement, Once):
            yield from _walk(statement.block)
        elif isinstance(statement, Loop):
            inner = [statement.start, *statement.head, *statement.body, *statement.tail]
            yield from _walk(inner)


def _made(statement: Statement) -> tuple[Local, ...]:
    if isinstance(statement, Call):
        return statement.outputs
    if isinstance(statement, Assign):
        return tuple(statement.targets)
    return (statement.target,) if isinstance(statement, Read) else ()


def _written(call: Call) -> Iterator[Operand]:
    """Walk the variables that a call may write to."""
    operation = call.node.operation
    if operation is not None and operation.definition.takes_refs:
        types = operation.definition.input_types(operation.attrs)
        for operand, dtype in zip(call.inputs, types, strict=True):
            if dtype.is_ref:
                yield operand


def _is_unfit(node: Node) -> bool:
    """Tell whether the outputs of a node are too large to keep, or single numbers."""
    assert node.operation is not None
    shapes = [(each.static_shape, each.dtype) for each in node.operation.outputs]
    if all(shape.rank == 0 for shape, _ in shapes):
        return True
    known = [int(shape.size) * dtype.size for shape, dtype in shapes if shape.is_full]
    return sum(known) > MOST_KEPT_BYTES
