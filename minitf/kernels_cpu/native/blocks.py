"""A Routine with loops and branches as the text of one function.

    def fused(watch, x0, x1, out3, s5):
        if not (is_packed(x0) and is_packed(x1)):
            return 1
        beats = 0
        n5 = 0                          # of a stack s5 of arrays [32, 64]
        t7, t8 = int32(0), x0
        while True:
            beats += 140000
            if beats > 2097152:
                beats = 0
                if is_stopped(watch):
                    return 1
            t9 = bool_(t7 < int32(100))
            if not t9:
                break
            t10 = empty((32, 64), float32)
            product(t8, x1, t10)
            ...
            t7, t8 = t12, t10
        loops(t8, out3)
        return 0

A value without dimensions is a number here, and what follows from shapes alone is a constant.

**State** (`Blocks`), beside that of `Body`: `declared`, the lines that run before all others; the
stacks and TensorArrays, by the number of their handle (`stores.py`); the loops around a line.

**Invariants**
1. It changes nothing but arrays of its own, so it may give up anywhere.
2. A name has one type, shape included, wherever it is given a value.
3. A value that only one side of a branch makes, or the body of a loop, is not known behind it.

Source: 2015 §4.4, §10 (a just-in-time compiler for subgraphs).
"""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from minitf.devices import Assignment, Call, Choice, Repetition, Routine, Statement
from minitf.errors import OpError
from minitf.kernels_cpu.expressions import expression
from minitf.kernels_cpu.native.forms import cluster, form_of
from minitf.kernels_cpu.native.loops import COPY, each
from minitf.kernels_cpu.native.stores import STORES, Store
from minitf.kernels_cpu.native.text import INDENT, Body, NotNativeError, Operand, Parameter
from minitf.kernels_cpu.native.watch import is_stopped
from minitf.operation import Operation
from minitf.resources import Handle, Variable

WATCH = "watch"
BEAT = 1 << 21  # simple instructions between two looks at whether somebody stops the run
_words = re.compile(r"\w+").findall
_MOST_FOLDED = 1 << 10  # elements of a constant
_BY_SHAPE = frozenset(("Rank", "Shape", "ShapeN", "Size"))


class Blocks(Body):
    """The text under construction.

    Attributes:
        declared: the first lines.
        stores: number of a handle -> the stack or TensorArray.
        around: the loops around the present line, the outermost first.
        outs: for each result the array that it is copied to, or the constant that it is.
        stacks: those that grow, in the order in which `rooms` has the sizes of their arrays.
    """

    has_loops = True

    def __init__(self, routine: Routine) -> None:
        super().__init__(replace(routine, results=()))
        self.declared = ["beats = 0"]
        self.stores: dict[int, Store] = {}
        self.around: tuple[Repetition, ...] = ()
        self.names |= {"is_stopped": is_stopped}
        watch = Operand(WATCH, np.dtype(np.int64), (), is_number=True)
        self.parameters = {WATCH: Parameter(watch, None), **self.parameters}
        for number in range(len(routine.feeds)):
            operand, source = self.parameters[f"x{number}"]
            operand = operand._replace(is_number=not operand.shape)
            self.parameters[operand.name] = Parameter(operand, source)
            self.values[number] = operand
        self.write(routine.block)
        self.outs = [self._out(result) for result in routine.results]
        self._finish_stores()
        self.lines = [*self.declared, *self.lines]

    def _out(self, result: Any) -> Any:
        """Copy a result to an array from outside; return that, or the constant that it is."""
        known = self.constant(result)
        if known is not None:
            return known
        found = self.known(result)
        made = self._parameter(f"out{len(self.parameters)}", found.dtype, found.shape, None)
        if not found.shape:
            self.lines.append(f"{made.name}[()] = {self.scalar(result)}")
        else:
            self.call(each(len(found.shape), COPY), found.name, made.name)
        return made

    def _finish_stores(self) -> None:
        """Write how stacks and TensorArrays begin, and how much room each stack took."""
        stores = dict.fromkeys(self.stores.values())
        self._leave_out_unread(stores)
        self.stacks = [store for store in stores if store.is_array and store.size is None]
        for store in stores:
            self.declared += store.declared(self)
            if store.is_array:
                rows = Operand(store.name, store.dtype, (store.room, *store.element))
                self.parameters[store.name] = Parameter(rows, store)
        rooms = Operand("rooms", np.dtype(np.int64), (len(self.stacks),))
        self.parameters[rooms.name] = Parameter(rooms, None)
        names = enumerate(stack.name for stack in self.stacks)
        self.lines += [f"rooms[{i}] = {name}.shape[0]" for i, name in names]

    def _leave_out_unread(self, stores: Iterable[Store]) -> None:
        """Leave out the lines of stacks whose elements nobody reads; they are only counted.

        Gradients keep arrays of which they need nothing but the shape, and that is known here.
        """
        mentions = Counter(word for line in self.lines for word in set(_words(line)))
        for store in stores:
            if store.popped and all(mentions[f"t{number}"] == 1 for number in store.popped):
                self.lines = [line for line in self.lines if store.name not in _words(line)]
                store.shape = None

    def call(self, loops: Any, *arguments: str) -> None:
        """Write the call of some loops."""
        self.lines.append(f"{self.callee(loops, 'loops')}({', '.join(arguments)})")

    def _parameter(
        self, name: str, dtype: np.dtype[Any], shape: tuple[int, ...], source: Any
    ) -> Operand:
        made = super()._parameter(name, dtype, shape, source)
        made = made._replace(is_lasting=False)  # no line changes a variable
        self.parameters[name] = Parameter(made, source)
        return made

    def hand_on(self, operand: Any, number: int) -> None:
        """Let a value be what an operand is."""
        found = self.values.get(operand) if isinstance(operand, int) else operand
        if found is None:
            raise NotNativeError("a value is made on one side of a branch only")
        self.values[number] = found

    @contextlib.contextmanager
    def inside(self, first: str) -> Iterator[None]:
        """Let lines be written behind one that opens a block."""
        around, self.lines = self.lines, []
        yield
        self.lines = [*around, first, *(INDENT + line for line in self.lines)]

    def give_up_if(self, test: str) -> None:
        """Write that there is an error for others to raise."""
        self.lines += [f"if {test}:", f"{INDENT}return 1"]

    def once(self, operand: Operand, loops: Any, shape: tuple[int, ...]) -> Operand:
        """Return a new array made of another: made before all loops if that is a parameter."""
        if operand.name not in self.parameters:
            return super().once(operand, loops, shape)
        name = f"{operand.name}_{'x'.join(map(str, shape))}"
        call = f"{self.callee(loops, 'made')}({operand.name}, {name})"
        if call not in self.declared:
            self.declared += [f"{name} = empty({shape!r}, {self.type(operand.dtype)})", call]
        return Operand(name, operand.dtype, shape)

    # --- statements -------------------------------------------------------------------------------

    def write(self, block: tuple[Statement, ...]) -> None:
        """Write some statements."""
        for statement in block:
            if isinstance(statement, Call):
                self._write_call(statement)
            elif isinstance(statement, Assignment):
                self._write_assignment(statement)
            elif isinstance(statement, Choice):
                self._write_choice(statement)
            else:
                self._write_repetition(statement)

    def _write_assignment(self, assignment: Assignment) -> None:
        made, sources = [], []
        for target, source in zip(assignment.targets, assignment.sources, strict=True):
            if isinstance(source, (Variable, Handle)):  # read before the loops
                self.values[target] = self.known(source)
                continue
            constant = self.constant(source)
            found = self.known(source) if constant is None or constant.shape else constant
            is_number = not found.shape
            before = self.values.get(target)
            sources.append(self.scalar(source) if is_number else self.known(source).name)
            made.append(Operand(f"t{target}", found.dtype, found.shape, is_number=is_number))
            if before is not None and before != made[-1]:
                raise NotNativeError("a loop's variable changes its shape or type")
        if made:
            self.lines.append(f"{', '.join(each.name for each in made)} = {', '.join(sources)}")
        self.values |= {int(each.name[1:]): each for each in made}

    def _write_choice(self, choice: Choice) -> None:
        before = dict(self.values)
        with self.inside(f"if {self.scalar(choice.test)}:"):
            self.write(choice.yes)
            self.lines.append("pass")
        after, self.values = self.values, dict(before)
        with self.inside("else:"):
            self.write(choice.no)
            self.lines.append("pass")
        on_both = [
            number
            for number, value in self.values.items()
            if isinstance(value, Operand) and number not in before and after.get(number) == value
        ]
        self.values = before | {number: after[number] for number in on_both}

    def _write_repetition(self, repetition: Repetition) -> None:
        around, before = self.around, self.work
        self.around = (*around, repetition)
        with self.inside("while True:"):
            first = len(self.lines)
            self.write(repetition.head)
            self.lines += [f"if not {self.scalar(repetition.test)}:", f"{INDENT}break"]
            known = dict(self.values)
            self.write(repetition.body)
            self.values = known
            self.lines[first:first] = [
                f"beats += {1 + min(self.work - before, BEAT)}",
                f"if beats > {BEAT}:",
                f"{INDENT}beats = 0",
                f"{INDENT}if is_stopped({WATCH}):",
                f"{INDENT * 2}return 1",
            ]
        self.around = around

    # --- calls ------------------------------------------------------------------------------------

    def _write_call(self, call: Call) -> None:
        operation = call.operation
        if operation is None:
            cluster(self, call)
            return
        store = STORES.get(operation.type)
        if store is not None:
            store(self, operation, call)
        elif not (self._is_known(operation, call) or self._is_number(operation, call)):
            form = form_of(operation)
            if form is None:
                raise NotNativeError(f"{operation.type} has no form")
            form(self, operation, call)

    def _is_known(self, operation: Operation, call: Call) -> bool:
        """Tell whether an operation's outputs are known beforehand; if so, note them."""
        inputs: list[Any] = [self.constant(each) for each in call.inputs]
        if operation.type in _BY_SHAPE:
            found = [self.known(each) for each in call.inputs]
            inputs = [np.broadcast_to(np.zeros((), x.dtype), x.shape) for x in found]
        elif not _is_pure(operation) or not inputs or not all(map(_is_foldable, inputs)):
            return False
        try:
            made = call.kernel(*inputs)
        except (OpError, ValueError) as error:  # to be raised where it happens
            raise NotNativeError(f"{operation.type} fails") from error
        made = _flat(made) if len(call.outputs) > 1 or isinstance(made, (list, tuple)) else [made]
        self.values.update(zip(call.outputs, map(np.asarray, made), strict=True))
        return True

    def _is_number(self, operation: Operation, call: Call) -> bool:
        """Tell whether an operation is an expression of numbers; if so, write it."""
        if operation.type == "Cast" and self.known(call.inputs[0]).is_number:
            form = _cast(operation)
        else:
            form = expression(operation, [self.constant(each) for each in call.inputs])
        if form is None:
            return False
        words = map(self.scalar, call.inputs)
        form = form.replace("~", "not ")  # of the compiler's bool, ~ makes a number
        dtype = operation.outputs[0].dtype.base_dtype.numpy
        self.let(call.outputs[0], dtype, form.format(*words))
        self.work += 1
        return True


def _is_foldable(known: Any) -> bool:
    return known is not None and known.size <= _MOST_FOLDED


def _is_pure(operation: Operation) -> bool:
    definition = operation.definition
    args = (*definition.inputs, *definition.outputs)
    return not (
        definition.is_stateful or definition.takes_context or any(each.is_ref for each in args)
    )


def _flat(made: Any) -> list[Any]:
    return [e for part in made for e in (part if isinstance(part, (list, tuple)) else (part,))]


def _cast(operation: Operation) -> str | None:
    """Return the expression of a cast, if every number has a place in the new type."""
    source, target = (t.dtype.base_dtype for t in (*operation.inputs, *operation.outputs))
    fits = target.is_floating or source.is_bool or source is target
    widens = source.is_integer and target.is_integer and target.size >= source.size
    return "{}" if source.numpy.kind in "biuf" and (fits or widens) else None


def treats(operation: Operation) -> bool:
    """Tell whether an operation may be written, as far as its type tells."""
    kind = operation.type
    if kind in STORES or kind in _BY_SHAPE or kind == "Cast":
        return True
    if any(each.is_ref for each in operation.definition.outputs):
        return False  # it changes a variable, or is one
    form = form_of(operation)
    changes = form is not None and form.__name__ in ("assign", "step")
    return not changes and (form is not None or (_is_pure(operation) and _is_small(operation)))


def _is_small(operation: Operation) -> bool:
    """Tell whether an operation may well compute sizes, which will be known."""
    return bool(operation.inputs) and all(
        each.dtype.is_integer and each.static_shape.rank in (0, 1) for each in operation.outputs
    )
