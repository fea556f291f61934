"""Loops that have run often become machine code, with what stands between them.

    run 1, 2, ...    the generated loops; a compiler works behind them from run 50 on
    run 200, ...     one compiled function, if the device makes one, for inputs of these shapes

A *hot part* of a program goes from loop to loop: the loop that runs backwards lies in one part with
the loop before it, and what that one has left for it never leaves machine code.  Where something
stands between them that no machine code is made for, the loops stay as they are.

**State** (`HotPart`): by the types and shapes of what comes in, how often it came, the job that
makes machine code, and then the function, or that there is none.

What is computed from shapes before the part, as for how many steps a loop runs, is with its value a
part of the inputs' kind, and a constant in machine code.

**Invariants**
1. Inputs of some shapes become machine code at that run and no other, as in `tiers.py`.
2. Machine code changes nothing outside.  Where it gives up, because there is an error to raise or
   somebody ends the run, the generated loops run from the start, and it is not tried again.

Source: 2015 §4.4, §10 (a just-in-time compiler for subgraphs).
"""

from __future__ import annotations

import threading
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from minitf.devices import Assignment, Choice, LoopsFunction, Operand, Repetition, Routine
from minitf.devices import Call as NumberedCall
from minitf.devices import Statement as Numbered
from minitf.executor import behind
from minitf.executor.lifetimes import place
from minitf.executor.regions import (
    Assign,
    Block,
    Branch,
    Call,
    Hot,
    Local,
    Loop,
    Once,
    Read,
    Statement,
)
from minitf.executor.regions import Operand as Place
from minitf.operation import Operation
from minitf.tensor import Tensor

BEHIND_RUN = 50
NATIVE_RUN = 200  # their compiler takes seconds
MOST_KINDS = 8  # of inputs that get machine code
_MOST_COUNTED = 64  # that are waited for to come often
_ARRAYS = np.ndarray, np.generic
_STORES = "Stack", "TensorArray"
_BY_SHAPE = frozenset(("Rank", "Shape", "ShapeN", "Size"))
_MOST_FOLLOWED = 64  # operations from a size back to the shapes that it follows from

Treats = Callable[[Operation], bool]
MakeNative = Callable[[Routine], LoopsFunction | None]


def with_hot_parts(block: Block, treats: Treats) -> Block:
    """Return the block of a program, its longest parts with loops in statements of their own.

    Args:
        block: the outermost.
        treats: tells whether the device may have an operation in machine code.
    """
    made: Block = []
    part: Block = []
    for statement in [*block, None]:
        if statement is not None and all(_is_treated(each, treats) for each in walk([statement])):
            part.append(statement)
            continue
        made += _with_hot_part(part)
        part = []
        if statement is not None:
            made.append(statement)
    return made


def _with_hot_part(block: Block) -> Block:
    """Return a block, what lies from its first loop to its last in a statement of its own.

    With them goes what makes or reads a stack or TensorArray, or may compute the size of one.
    """
    wanted = [i for i, each in enumerate(block) if isinstance(each, Loop) or _is_beside(each)]
    if not any(isinstance(each, Loop) for each in block):
        return block
    first, last = wanted[0], wanted[-1] + 1
    return [*block[:first], Hot(block[first:last]), *block[last:]]


def _is_beside(statement: Statement) -> bool:
    operation = statement.node.operation if isinstance(statement, Call) else None
    if operation is None:
        return False
    return operation.type.startswith(_STORES) or all(map(_is_size, operation.outputs))


def _is_treated(statement: Statement, treats: Treats) -> bool:
    if not isinstance(statement, Call):
        return True
    operation = statement.node.operation
    return operation is None or treats(operation)


def walk(block: Iterable[Statement]) -> Iterator[Statement]:
    """Walk all statements of a block and of those inside, in order."""
    for statement in block:
        yield statement
        if isinstance(statement, Branch):
            yield from walk([*statement.yes, *statement.no])
        elif isinstance(statement, (Once, Hot)):
            yield from walk(statement.block)
        elif isinstance(statement, Loop):
            yield statement.start
            yield from walk([*statement.head, *statement.body, *statement.tail])


def without_unread(block: Block, unread: Mapping[Any, AbstractSet[Local]]) -> Block:
    """Return a block that gives no local a value which nobody reads: its source need not be there.

    Args:
        block: the statements.
        unread: assignment -> its targets that nobody reads.
    """

    def inside(part: Block) -> Block:
        return without_unread(part, unread)

    def assigned(assign: Assign) -> Assign:
        pairs = zip(assign.targets, assign.sources, strict=True)
        kept = [(target, source) for target, source in pairs if target not in unread[assign]]
        return Assign([target for target, _ in kept], [source for _, source in kept])

    made: Block = []
    for each in block:
        if isinstance(each, Assign):
            made.append(assigned(each))
        elif isinstance(each, Branch):
            made.append(replace(each, yes=inside(each.yes), no=inside(each.no)))
        elif isinstance(each, Once):
            made.append(Once(inside(each.block)))
        elif isinstance(each, Loop):
            head, body, tail = map(inside, (each.head, each.body, each.tail))
            made.append(replace(each, start=assigned(each.start), head=head, body=body, tail=tail))
        else:
            made.append(each)
    return made


class HotPart:
    """What runs a hot part of a program, or says that it does not.

    Args:
        block: the statements, `without_unread`.
        live: the locals that somebody reads behind it.
        native: makes machine code of a routine.
        mode: one of `tiers.MODES`.

    Attributes:
        inputs: the locals that it reads, in the order in which their values are given.
        results: those that it gives.
        is_native: whether it is machine code, for any inputs.
    """

    def __init__(
        self, block: Block, live: AbstractSet[Local], native: MakeNative, mode: str
    ) -> None:
        self.is_native = False
        self._block = block
        self._native = native
        self._is_eager, self._waits = mode == "eager", mode != "lazy"
        self._lock = threading.Lock()
        self._runs: Counter[Any] = Counter()
        self._jobs: dict[Any, behind.Job[LoopsFunction | None]] = {}
        self._functions: dict[Any, LoopsFunction | None] = {}
        made = {local for each in walk(block) for local in _made(each)}
        read = [local for each in walk(block) for local in _read(each)]
        self.inputs = [each for each in dict.fromkeys(read) if each not in made]
        self.results = sorted(made & live, key=place)
        self._of_shapes = [i for i, each in enumerate(self.inputs) if _follows_from_shapes(each)]

    def __call__(self, stops: Sequence[Any], *inputs: Any) -> list[Any] | None:
        """Return the results; None if the generated loops have to be run.

        Args:
            stops: what is put in there ends the run.
            inputs: the values of `inputs`.
        """
        kind: tuple[Any, ...] = tuple([_kind_of(x) for x in inputs])
        if self._of_shapes:
            kind += tuple([np.asarray(inputs[i]).tobytes() for i in self._of_shapes])
        if kind not in self._functions and not self._is_time(kind, inputs):
            return None
        run = self._functions[kind]
        if run is None:
            return None
        found = run(inputs, stops)
        if found is None and not stops:
            self._functions[kind] = None
        return found

    def _is_time(self, kind: Any, inputs: Sequence[Any]) -> bool:
        """Count a run; tell whether it is known what machine code there is."""
        with self._lock:
            if kind not in self._runs and len(self._runs) >= _MOST_COUNTED:
                return False
            self._runs[kind] += 1
            run, job = self._runs[kind], self._jobs.get(kind)
            if job is None and (run == BEHIND_RUN or self._is_eager):
                if len(self._jobs) >= MOST_KINDS:
                    return False
                known = {self.inputs[i]: np.array(inputs[i]) for i in self._of_shapes}
                work = partial(self._made, kind[: len(inputs)], known)
                job = self._jobs[kind] = behind.start(work, "compiling the loops of a step")
        if job is None or not (run >= NATIVE_RUN or self._is_eager):
            return False
        if not self._waits and not job.is_done:
            return False
        self._functions[kind] = job.result()
        self.is_native = self.is_native or self._functions[kind] is not None
        return True

    def _made(self, kind: Any, known: Mapping[Local, Any]) -> LoopsFunction | None:
        """Return machine code for inputs of a kind, some of them known; None if there is none."""
        if any(dtype is None for dtype, _ in kind):
            return None
        try:
            return self._native(routine_of(self._block, self.inputs, kind, self.results, known))
        except Exception as error:  # noqa: BLE001 a defect of ours: the program goes on without
            warnings.warn(
                f"Loops stay as they are: their machine code could not be made ({error!r})",
                RuntimeWarning,
                stacklevel=2,
            )
            return None


def _kind_of(value: Any) -> tuple[Any, Any]:
    """Return type and shape of an array or number; None of what else there is, as of a handle."""
    return (value.dtype, value.shape) if isinstance(value, _ARRAYS) else (None, None)


def _follows_from_shapes(local: Local) -> bool:
    """Tell whether a value is computed from the shapes of others, as the steps of a batch are."""
    stack, seen = [local.node.operation], set[Operation]()
    while stack:
        operation = stack.pop()
        if operation is None or len(seen) > _MOST_FOLLOWED:
            return False
        if operation in seen or operation.type in _BY_SHAPE or operation.type == "Const":
            continue
        sizes = (*operation.inputs, *operation.outputs)
        if not operation.inputs or not all(_is_size(each) for each in sizes):
            return False
        seen.add(operation)
        stack += [each.op for each in operation.inputs]
    return True


def _is_size(tensor: Tensor) -> bool:
    return tensor.dtype.is_integer and tensor.static_shape.rank in (0, 1)


def _made(statement: Statement) -> Sequence[Local]:
    if isinstance(statement, Call):
        return statement.outputs
    if isinstance(statement, Assign):
        return statement.targets
    return (statement.target,) if isinstance(statement, Read) else ()


def _read(statement: Statement) -> list[Local]:
    places: Sequence[Place] = ()
    if isinstance(statement, Call):
        places = statement.inputs
    elif isinstance(statement, Read):
        places = (statement.inputs[statement.position],)
    elif isinstance(statement, Assign):
        places = statement.sources
    elif isinstance(statement, (Branch, Loop)):
        places = (statement.test,)
    return [each for each in places if isinstance(each, Local)]


# --- as a device is given it ---------------------------------------------------------------------


def routine_of(
    block: Block,
    inputs: Sequence[Local],
    kinds: Sequence[tuple[Any, tuple[int, ...]]],
    results: Sequence[Local],
    known: Mapping[Local, Any],
) -> Routine:
    """Return a part of a program as a routine.

    Args:
        block: the part.
        inputs: what it reads.
        kinds: dtype and shape of each.
        results: what others read.
        known: of the inputs, those whose values are the same each time.
    """
    numbering = _Numbering(inputs, known)
    statements = numbering.block(block)
    return Routine(tuple(kinds), statements, tuple(map(numbering.number, results)))


class _Numbering:
    """Locals as numbers, from 0 on."""

    def __init__(self, inputs: Sequence[Local], known: Mapping[Local, Any]) -> None:
        self._numbers = {local: number for number, local in enumerate(inputs)}
        self._known = known

    def number(self, local: Local) -> int:
        """Return the number of a local, given the first time."""
        return self._numbers.setdefault(local, len(self._numbers))

    def block(self, block: Block) -> tuple[Numbered, ...]:
        """Return some statements with numbers."""
        return tuple([each for statement in block for each in self._statements(statement)])

    def _operand(self, place: Place) -> Operand:
        if isinstance(place, Local):
            return self._known[place] if place in self._known else self.number(place)
        return np.asarray(place.value) if isinstance(place.value, np.generic) else place.value

    def _statements(self, statement: Statement) -> Iterator[Numbered]:
        if isinstance(statement, Call):
            inputs = tuple(map(self._operand, statement.inputs))
            outputs = tuple(map(self.number, statement.outputs))
            yield NumberedCall(statement.node.operation, statement.node.kernel, inputs, outputs)
        elif isinstance(statement, Assign):
            yield self._assignment(statement)
        elif isinstance(statement, Read):
            variable = self._operand(statement.inputs[statement.position])
            yield Assignment((self.number(statement.target),), (variable,))
        elif isinstance(statement, Branch):
            yes, no = self.block(statement.yes), self.block(statement.no)
            yield Choice(self._operand(statement.test), yes, no)
        elif isinstance(statement, (Once, Hot)):
            yield from self.block(statement.block)
        else:
            yield from self._loop(statement)

    def _assignment(self, assign: Assign) -> Assignment:
        targets = tuple(map(self.number, assign.targets))
        return Assignment(targets, tuple(map(self._operand, assign.sources)))

    def _loop(self, loop: Loop) -> Iterator[Numbered]:
        """Walk a loop: what is the same in every round may come before it."""
        yield self._assignment(loop.start)
        for part in (loop.head, loop.body):
            for each in part:
                if isinstance(each, Once):
                    yield from self.block(each.block)
        head, body = (
            self.block([each for each in part if not isinstance(each, Once)])
            for part in (loop.head, loop.body)
        )
        yield Repetition(head, self._operand(loop.test), body)
        yield from self.block(loop.tail)
