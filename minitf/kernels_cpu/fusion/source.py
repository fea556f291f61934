"""A schedule as the source text of one function.

    k0 = float32(1.5)
    def fused(stage, part, first, last, C, x0, out0):
        if not is_packed(x0):
            return 1
        x0, out0 = x0.flat, out0.flat
        if stage < 0 or stage == 0:
            begin, end = (first, last) if stage == 0 else (0, C)
            for c in range(begin, end):
                x0_1 = x0[c]
                mul_1 = x0_1 * k0
                out0[c] = mul_1
        return 0

A *stage* is a nest, or the end of one, where what its parts have added up is put together.  The
function runs one part of one stage; or all stages, each in one part (`stage` is -1).  `.flat` takes
one index, which Numba does not check, and finds elements of a row-major array of any rank.

It returns 0; NOT_PACKED if an input has gaps; OUT_OF_RANGE if a position does not exist.

Names say what a value is, and which of its kind: programs that do the same have the same text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from minitf.kernels_cpu.fusion.axes import Axes, Axial
from minitf.kernels_cpu.fusion.loops import INDENT, OUT_OF_RANGE, NestText, indented
from minitf.kernels_cpu.fusion.primitives import PRIMITIVES
from minitf.kernels_cpu.fusion.schedule import Nest, Schedule
from minitf.kernels_cpu.fusion.values import DType, Value
from minitf.kernels_cpu.fusion.words import Reducer, Writer

NOT_PACKED = 1
_HEAD = ("stage", "part", "first", "last")


@dataclass(frozen=True)
class Array:
    """A parameter that the function writes to, other than an output.

    Attributes:
        name: of the parameter.
        dtype: of its elements.
        axes: whose sizes it has.
        stage: for totals the stage of which every part has a copy; None for other arrays.
        is_buffer: whether every part needs its own.
    """

    name: str
    dtype: DType
    axes: Axes
    stage: int | None = None
    is_buffer: bool = False


@dataclass(frozen=True)
class Stage:
    """What one value of `stage` runs.

    Attributes:
        space: axes of its loops, the first of which is split into parts; () for one part.
        cost: simple instructions for each element of the space.
        spread: axes of the largest total with a column, which each part clears and is added up.
        ends: the stage whose parts it puts together; None for a nest.
    """

    space: Axes
    cost: int
    spread: Axes = ()
    ends: int | None = None


@dataclass
class Text:
    """A function's text, and what calling it takes.

    Attributes:
        source: the text.
        names: what global names mean.
        numbers: types of the numbers that it takes, by their place in the Program.
        scalars: positions of the inputs of which it takes the one element.
        packed: positions of the inputs that it takes as arrays.
        arrays: what it works in.
        stages: in order.
    """

    source: str = ""
    names: dict[str, Any] = field(default_factory=dict)
    numbers: dict[int, DType] = field(default_factory=dict)
    scalars: list[int] = field(default_factory=list)
    packed: list[int] = field(default_factory=list)
    arrays: list[Array] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)

    @property
    def checks_positions(self) -> bool:
        """Whether the function may return OUT_OF_RANGE."""
        return f"return {OUT_OF_RANGE}\n" in self.source


def source_of(
    axial: Axial, schedule: Schedule, nests: Sequence[Nest], outputs: Sequence[str]
) -> Text:
    """Return the text of a schedule.

    Args:
        axial: the Program by axes.
        schedule: where values are.
        nests: planned.
        outputs: names of the arrays that the caller allocates for outputs.
    """
    return _Function(axial, schedule, nests, outputs).text


class _Function:
    """The function under construction."""

    def __init__(
        self, axial: Axial, schedule: Schedule, nests: Sequence[Nest], outputs: Sequence[str]
    ) -> None:
        self.text = text = Text()
        self._axial = axial
        self._axes = axial.axes
        self._schedule = schedule
        self._writer = writer = Writer(len(axial.sizes))
        self._arrays: dict[Value, str] = {}  # totals of parts
        body: list[str] = []
        for nest in nests:
            body += self._nest(nest)
        scalars, packed = self._inputs(axial.values)
        for name, value in schedule.scratch.items():
            text.arrays.append(Array(name, value.dtype, self._axes[value]))
        text.arrays.sort(key=lambda array: array.is_buffer)
        written = [*outputs, *(array.name for array in text.arrays)]
        numbers = [f"n{number}" for number in text.numbers]
        parameters = [*_HEAD, *writer.sizes, *numbers, *scalars, *packed, *written]
        flat = [*packed, *written]
        lines = [f"{name} = {number}" for number, name in writer.constants.items()]
        lines.append(f"def fused({', '.join(parameters)}):")
        if packed:
            check = " and ".join(f"{writer.runtime('is_packed')}({name})" for name in packed)
            lines += indented([f"if not ({check}):", f"{INDENT}return {NOT_PACKED}"])
        lines += indented([f"{name} = {name}.flat" for name in flat])
        lines += indented([*body, "return 0"])
        text.source = "\n".join(lines) + "\n"
        text.names = writer.names

    def _inputs(self, values: list[Value]) -> tuple[list[str], list[str]]:
        """Note numbers and inputs; return the names of single elements and of arrays."""
        text = self.text
        scalars: set[int] = set()
        packed: set[int] = set()
        for value in values:
            if value.kind == "load":
                is_array = self._axes[value] or value in self._axial.accesses
                (packed if is_array else scalars).add(value.what)
        text.numbers = dict(sorted(self._writer.numbers.items()))
        text.scalars, text.packed = sorted(scalars), sorted(packed)
        return [f"x{i}" for i in text.scalars], [f"x{i}" for i in text.packed]

    def _nest(self, nest: Nest) -> list[str]:
        """Return the lines of a nest, and of its end if it has totals."""
        stages = self.text.stages
        number = len(stages)
        totals = nest.totals
        for total in totals:
            name = f"out_total{len(self._arrays)}"
            wide = Reducer(self._writer, total.what, total.operands[0].dtype).wide
            self._arrays[total] = name
            self.text.arrays.append(Array(name, wide, self._axes[total], stage=number))
        for name, value in nest.buffers.items():
            column = nest.space[-1:]
            self.text.arrays.append(Array(name, value.dtype, column, is_buffer=True))
        blocks = self._blocks(nest)
        spreads = [self._axes[t] for t in totals if nest.row and nest.space[-1] in self._axes[t]]
        stages.append(Stage(nest.space, _cost(nest), max(spreads, key=len, default=())))
        lines = NestText(self._writer, nest, self._axial, self._arrays, blocks).lines()
        if nest.space:
            size = self._writer.sizes[nest.space[0]]
            limits = f"(first, last) if stage == {number} else (0, {size})"
            lines.insert(0, f"begin, end = {limits}")
        lines = _when(number, lines)
        if totals:
            stages.append(Stage((), 1, ends=number))
            lines += _when(number + 1, self._end(totals, number + 1))
        return lines

    def _blocks(self, nest: Nest) -> dict[Value, str]:
        """Return the totals that are added up in blocks of rows, and the arrays of a block.

        Blocks are of the outermost axis, so it must be the only one that is reduced.
        """
        found: dict[Value, str] = {}
        for total in [t for each in nest.passes for t in each.totals]:
            (operand,) = total.operands
            reducer = Reducer(self._writer, total.what, operand.dtype)
            if nest.row and reducer.is_blocked and self._axes[total] == nest.space[1:]:
                found[total] = f"out_block{len(self._arrays) - len(nest.totals) + len(found)}"
                axes = self._axes[total]
                self.text.arrays.append(Array(found[total], operand.dtype, axes, is_buffer=True))
        return found

    def _end(self, totals: list[Value], number: int) -> list[str]:
        """Return the lines that put the parts' totals together and store them."""
        lines = [f"parts = last if stage == {number} else 1"]
        for total in totals:
            reducer = Reducer(self._writer, total.what, total.operands[0].dtype)
            parts, result = self._arrays[total], self._schedule.stored[total]
            size = self._writer.size(self._axes[total])
            merged = reducer.merged(f"{parts}[i]", f"{parts}[p * ({size}) + i]")
            if size == "1":
                merged = reducer.merged(f"{parts}[0]", f"{parts}[p]")
                lines += ["for p in range(1, parts):", f"{INDENT}{parts}[0] = {merged}"]
                lines.append(f"{result}[0] = {reducer.result(f'{parts}[0]')}")
                continue
            lines += ["for p in range(1, parts):", f"{INDENT}for i in range({size}):"]
            lines.append(f"{INDENT * 2}{parts}[i] = {merged}")
            lines.append(f"for i in range({size}):")
            lines.append(f"{INDENT}{result}[i] = {reducer.result(f'{parts}[i]')}")
        return lines


def _when(stage: int, lines: list[str]) -> list[str]:
    return [f"if stage < 0 or stage == {stage}:", *indented(lines)]


def _cost(nest: Nest) -> int:
    """Return about how many simple instructions a nest takes for each element."""
    cost = 0
    for each in nest.passes:
        cost += len(each.reads) + len(each.stores) + len(each.sums) + 2 * len(each.totals)
        cost += sum(PRIMITIVES[value.what].cost for value in each.column if value.kind == "map")
    return max(1, cost)
