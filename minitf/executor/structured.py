"""A plan with loops and branches as one generated Python function.

The dataflow executor (`frames.py`) brings tokens through frames and iterations.  Where the plan has
the shape that programs give it (`structure.py`), its loops are written down as loops:

    def step(feeds, stops):
        t0 = constant
        for n0 in count():
            if stops: raise stops[0]
            if not n0:
                t1 = constant_1.read()[()]  # while/Less
            t2 = t0 < t1  # while/Less
            if not t2: break
            t3 = t0 + constant_2  # while/add
            t0 = t3
        return [t0]

**State**, constant once made: as of `code.py`.  Of a run, `Pausing`: its `stops` hold the error
that ends it as soon as somebody aborts it; a loop looks there in every round.

**Invariants**
1. The program is that of `layout.py`, and values die as `lifetimes.py` says; but a scalar may live
   until its name is used again.
2. A round is counted by the loop itself, so that an error can name it as the executor does.
3. Operations on scalars are expressions, as far as their device has any.
4. The longest parts with loops may run as machine code instead, whose text they follow (`hot.py`).
5. Other threads may abort a run with loops, or one that may wait, at any time (`runs.py`); any
   other ends anyway.
6. What may wait for what others do stands in no loop, and waits in place as in `pausing.py`.

**Departures from the paper**: rounds do not overlap, whatever `parallel_iterations` says; results
are equal.  The readable executor remains, and tests hold the two to each other.

Source: 2015 §4.4, §10 (compiling subgraphs); OSDI §3.4, §5.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from minitf.dead import DEAD
from minitf.dtypes import string
from minitf.executor.code import Code, Line, Names, comment
from minitf.executor.dataflow import dead_fetch
from minitf.executor.failure import shown
from minitf.executor.hot import HotPart, MakeNative, with_hot_parts, without_unread
from minitf.executor.layout import lay_out
from minitf.executor.lifetimes import Lifetimes
from minitf.executor.lines import waiting
from minitf.executor.pausing import Pausing
from minitf.executor.plan import Plan
from minitf.executor.regions import (
    Assign,
    Block,
    Branch,
    Call,
    Fixed,
    Hot,
    Local,
    Loop,
    Once,
    Operand,
    Program,
    Read,
)
from minitf.executor.runs import Runs
from minitf.executor.silence import restore, silence
from minitf.executor.watch import Watch
from minitf.operation import Operation


class Hints(NamedTuple):
    """What a device knows of operations.

    Attributes:
        expression: gives one as an expression of scalars (`Device.expression`).
        treats: tells whether one may be machine code (`Device.treats`).
        native: makes machine code of loops (`Device.native_loops`).
        mode: when, one of `tiers.MODES`.
    """

    expression: Callable[[Operation, Sequence[Any]], str | None]
    treats: Callable[[Operation], bool]
    native: MakeNative
    mode: str


class Structured(Code):
    """A plan with loops or branches as a function of the fed values.

    Args:
        plan: a plan.
        runs: the session's, which may be aborted.
        hints: what the device knows.
        watch: told of runs that wait long, or None.

    Attributes:
        hot_parts: what may become machine code.

    Raises:
        UnstructuredError: if the plan has to be run with tokens.

    Source: 2015 §4.4, §10; OSDI §5.
    """

    def __init__(self, plan: Plan, runs: Runs, hints: Hints, watch: Watch | None = None) -> None:
        program = lay_out(plan)
        program.block = with_hot_parts(program.block, hints.treats)
        self._may_wait = bool(waiting(plan.nodes))
        writer = _Writer(program, hints, may_wait=self._may_wait)
        source = writer.written()
        super().__init__(plan, source, writer.lines, writer.names.values)
        self.hot_parts = writer.hot_parts
        self._runs = runs
        self._watch = watch
        self._is_long = self._may_wait or writer.loops > 0
        self._perhaps_dead = bool(program.perhaps_dead)

    def run(self, feeds: Sequence[Any]) -> list[Any]:
        """Run the plan once and return the fetched values.

        Args:
            feeds: values in the order of the request's feeds.

        Raises:
            OpError: if a node fails, with its operation, its iteration and its inputs; if a fetched
                value is on a branch that was not taken; if somebody aborts the run.
        """
        run = Pausing(self._watch)
        if self._is_long:
            self._runs.begin(run)
        token = silence()
        try:
            if self._may_wait:
                fetched = self._function(feeds, run.stops, run.outputs)
            else:
                fetched = self._function(feeds, run.stops)
        except Exception as error:
            if error is run.failure:
                raise
            raise self._failure(error) from shown(error)
        finally:
            restore(token)
            if self._is_long:
                self._runs.end(run)
        if self._perhaps_dead:
            for position, value in enumerate(fetched):
                if value is DEAD:
                    raise dead_fetch(self.plan.fetches[position], position)
        return fetched


class _Writer:
    """Writes the function of one program.

    Attributes:
        names: the global names of the text.
        lines: line number -> the node that it runs.
        loops: how many loops it has.
        hot_parts: what may become machine code.
    """

    def __init__(self, program: Program, hints: Hints, *, may_wait: bool) -> None:
        self.names = Names()
        self.names.values |= {"count": itertools.count, "DEAD": DEAD}
        self.lines: dict[int, Line] = {}
        self.loops = 0
        self._may_wait = may_wait
        self._program = program
        self._hints = hints
        self.hot_parts: list[HotPart] = []
        self._scalars: dict[Fixed, Any] = {}
        self._lifetimes = Lifetimes(program)
        self._locals: dict[Local, str] = {}
        self._around: tuple[tuple[str, str], ...] = ()  # names and counters of loops
        self._indent = "    "
        self._text: list[str] = []

    def written(self) -> str:
        """Return the text."""
        program, wanted = self._program, self._lifetimes.wanted
        self._text.append(f"def step(feeds, stops{', outputs' * self._may_wait}):")
        if program.fed:
            fed = [self._local(each) if each in wanted else "_" for each in program.fed]
            self._put(f"{', '.join(fed)}, = feeds")
            if "_" in fed:
                self._put("_ = None")
        for local in program.perhaps_dead:
            self._put(f"{self._local(local)} = DEAD")
        self._write(program.block)
        fetched = [self._name(operand) for operand in program.fetched]
        self._put(f"return [{', '.join(fetched)}]")
        return "\n".join(self._text) + "\n"

    def _put(self, line: str) -> None:
        self._text.append(self._indent + line)

    def _write(self, block: Block) -> None:
        for statement in block:
            if isinstance(statement, Call):
                self._write_call(statement)
            elif isinstance(statement, Assign):
                self._write_assign(statement)
            elif isinstance(statement, Read):
                self._write_read(statement)
            elif isinstance(statement, Branch):
                self._write_branch(statement)
            elif isinstance(statement, Once):
                self._put(f"if not {self._around[-1][1]}:")
                self._write_inside(statement.block)
            elif isinstance(statement, Hot):
                self._write_hot(statement)
            else:
                self._write_loop(statement)

    def _write_call(self, call: Call) -> None:
        node, unread = call.node, self._lifetimes.unread[call]
        arguments = tuple(map(self._name, call.inputs))
        targets = ["_" if each in unread else self._local(each) for each in call.outputs]
        left = ""
        if len(unread) < len(targets):
            left = f"{', '.join(targets)}{',' * (node.unpack is not None)} = "
        text = self._as_expression(call) or self.names.call(node, arguments, call.reads)
        self._put(f"{left}{text}  {comment(node)}")
        self.lines[len(self._text)] = Line(node, arguments, self._around)
        self._drop(self._lifetimes.behind[call], also="_" if left and "_" in targets else "")

    def _write_read(self, read: Read) -> None:
        node, arguments = read.node, tuple(map(self._name, read.inputs))
        scalar = "[()]" if _is_scalar(read.target) else ""
        name = self._local(read.target)
        self._put(f"{name} = {arguments[read.position]}.read(){scalar}  {comment(node)}")
        self.lines[len(self._text)] = Line(node, arguments, self._around)

    def _as_expression(self, call: Call) -> str | None:
        """Return the expression that computes an operation on scalars, if there is one."""
        node = call.node
        if node.operation is None or node.unpack is not None or node.width != 1:
            return None
        known = [
            each.value if isinstance(each, Fixed) and i not in call.reads else None
            for i, each in enumerate(call.inputs)
        ]
        form = self._hints.expression(node.operation, known)
        if form is None:
            return None
        words = [
            f"{self._name(each)}.read()[()]" if i in call.reads else self._scalar(each)
            for i, each in enumerate(call.inputs)
        ]
        for i, each in enumerate(call.inputs):
            if isinstance(each, Local) and each.node.operation is None and each.output >= 0:
                words[i] += "[()]"  # what is fed is an array
        return form.format(*words)

    def _write_assign(self, assign: Assign) -> None:
        unread = self._lifetimes.unread[assign]
        pairs = [
            (self._local(target), self._scalar(source))
            for target, source in zip(assign.targets, assign.sources, strict=True)
            if target not in unread
        ]
        if pairs:
            targets, sources = zip(*pairs, strict=True)
            self._put(f"{', '.join(targets)} = {', '.join(sources)}")
        self._drop(self._lifetimes.behind[assign])

    def _write_branch(self, branch: Branch) -> None:
        test = self._name(branch.test)
        if self._is_something(branch.yes):
            self._put(f"if {test}:")
            self._write_inside(branch.yes)
            if self._is_something(branch.no):
                self._put("else:")
                self._write_inside(branch.no)
        elif self._is_something(branch.no):
            self._put(f"if not {test}:")
            self._write_inside(branch.no)

    def _is_something(self, block: Block) -> bool:
        return bool(block) or bool(self._weighty(self._lifetimes.at(block)))

    def _write_inside(self, block: Block) -> None:
        """Write a block of its own, which may come to nothing."""
        before, length = self._indent, len(self._text)
        self._indent += "    "
        self._drop(self._lifetimes.at(block))
        self._write(block)
        if len(self._text) == length:
            self._put("pass")
        self._indent = before

    def _write_loop(self, loop: Loop) -> None:
        before, around = self._indent, self._around
        counter = f"n{self.loops}"
        self.loops += 1
        self._write_assign(loop.start)
        self._put(f"for {counter} in count():  # {ascii(loop.table.name)[1:-1]}")
        self._indent += "    "
        self._around = (*around, (loop.table.name, counter))
        self._put("if stops: raise stops[0]")
        self._write(loop.head)
        self._put(f"if not {self._name(loop.test)}: break")
        self._drop(self._lifetimes.at(loop.body))
        self._write(loop.body)
        self._indent = before
        self._drop(self._lifetimes.at(loop.tail))
        self._write(loop.tail)
        self._around = around

    def _write_hot(self, hot: Hot) -> None:
        """Write the call of machine code, and what runs if it is not made yet, or gives up."""
        live = self._lifetimes.behind_hot[hot]
        block = without_unread(hot.block, self._lifetimes.unread)
        part = HotPart(block, live, self._hints.native, self._hints.mode)
        inputs = [self._local(each) for each in part.inputs]
        name = self.names.of(part, "loops")
        self.hot_parts.append(part)
        self._put(f"made = {name}({', '.join(['stops', *inputs])})")
        self._put("if made is None:")
        self._write_inside(hot.block)
        self._put("else:")
        self._indent += "    "
        if part.results:
            self._put(f"{', '.join(map(self._local, part.results))}, = made")
        self._drop(each for each in part.inputs if each not in live)
        self._put("made = None")
        self._indent = self._indent[4:]

    # --- names -----------------------------------------------------------------------------------

    def _drop(self, locals_: Iterable[Local], also: str = "") -> None:
        """Let go of values.  Not by `del`: on some ways there may be none."""
        names = [*map(self._local, self._weighty(locals_)), *([also] if also else [])]
        if names:
            self._put(f"{' = '.join(names)} = None")

    @staticmethod
    def _weighty(locals_: Iterable[Local]) -> list[Local]:
        """Return the locals that may be worth dropping."""
        return [each for each in locals_ if not _is_scalar(each)]

    def _local(self, local: Local) -> str:
        return self._locals.setdefault(local, f"t{len(self._locals)}")

    def _name(self, operand: Operand) -> str:
        if isinstance(operand, Local):
            return self._local(operand)
        return self.names.of(operand.value, "constant")

    def _scalar(self, operand: Operand) -> str:
        """Return the name of an operand, of a NumPy scalar if it is a number known beforehand."""
        if isinstance(operand, Local):
            return self._local(operand)
        value = operand.value
        if isinstance(value, np.ndarray) and not value.ndim and value.dtype.kind in "bif":
            value = self._scalars.setdefault(operand, value[()])
        return self.names.of(value, "constant")


def _is_scalar(local: Local) -> bool:
    operation, output = local.node.operation, local.output
    if operation is None or output >= len(operation.outputs):
        return False
    tensor = operation.outputs[output] if output >= 0 else operation.inputs[-1 - output]
    dtype = tensor.dtype
    return tensor.static_shape.rank == 0 and dtype.is_numpy_compatible and dtype is not string
