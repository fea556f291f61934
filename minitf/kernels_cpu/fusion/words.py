"""How values are written in generated source: names, literals, expressions, indices.

**State** of a Writer: the global names that the text uses and what they mean; how often each word
has been taken for a name.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from minitf.kernels_cpu.fusion import runtime
from minitf.kernels_cpu.fusion.axes import Axes
from minitf.kernels_cpu.fusion.primitives import FUNCTIONS, PRIMITIVES, function
from minitf.kernels_cpu.fusion.values import DType, Value

_WRAPS = frozenset(("add", "sub", "mul", "neg", "abs", "both", "either", "differ", "invert"))
_AXIS_NAMES = {1: ("C",), 2: ("R", "C"), 3: ("N", "R", "C")}


class Writer:
    """Words of one function.

    Args:
        axes: how many axes there are.
    """

    def __init__(self, axes: int) -> None:
        self.names: dict[str, Any] = {}
        self.constants: dict[str, str] = {}  # expression -> name; Numba types a name faster
        self.numbers: dict[int, DType] = {}
        self.sizes = _AXIS_NAMES.get(axes) or tuple(f"I{axis}" for axis in range(axes))
        self._taken: dict[str, int] = {}

    def fresh(self, word: str) -> str:
        """Return a name made of a word and a number, so that no function has it."""
        count = self._taken[word] = self._taken.get(word, 0) + 1
        return f"{word}_{count}"

    def number(self, place: int, dtype: DType) -> str:
        """Return the name of a number that the function is given."""
        self.numbers[place] = dtype
        return f"n{place}"

    def integer(self, place: int) -> str:
        """Return the name of a whole number that the function is given."""
        return self.number(place, np.dtype(np.int64))

    def runtime(self, name: str) -> str:
        """Return the name of a function of `runtime`."""
        self.names[name] = getattr(runtime, name)
        return name

    def type(self, dtype: DType) -> str:
        """Return the name of an element type."""
        name = "bool_" if dtype.kind == "b" else dtype.name
        self.names[name] = getattr(np, name)
        return name

    # --- indices ---------------------------------------------------------------------------------

    def size(self, axes: Axes) -> str:
        """Return the number of elements of an array: `R * C`."""
        return " * ".join(self.sizes[axis] for axis in axes) or "1"

    def counter(self, axis: int) -> str:
        """Return the name of the index along an axis."""
        return self.sizes[axis].lower()

    def index(self, axes: Axes) -> str:
        """Return the place of an element in an array: `(n * R + r) * C + c`."""
        text = ""
        for axis in axes:
            if " " in text:
                text = f"({text})"
            counter = self.counter(axis)
            text = f"{text} * {self.sizes[axis]} + {counter}" if text else counter
        return text or "0"

    # --- expressions -----------------------------------------------------------------------------

    def literal(self, number: Any, dtype: DType) -> str:
        """Return a constant of an element type."""
        if dtype.kind == "b":
            return repr(bool(number))
        if dtype.kind == "f" and not math.isfinite(number):
            self.names["inf"], self.names["nan"] = np.inf, np.nan
        text = f"{self.type(dtype)}({number!r})"
        return self.constants.setdefault(text, f"k{len(self.constants)}")

    def expression(self, value: Value, operands: list[str]) -> str:
        """Return a primitive of named operands."""
        if value.what in FUNCTIONS:
            self.names[value.what] = function(value.what)
            return f"{value.what}({', '.join(operands)})"
        if value.what == "select":
            self.runtime("select")
        text = PRIMITIVES[value.what].text.format(*operands)
        if value.what == "cast" or (value.dtype.kind in "iu" and value.what in _WRAPS):
            return f"{self.type(value.dtype)}({text})"  # Numba computes wider
        return text


def accumulated(how: str, dtype: DType) -> DType:
    """Return the type in which a reduction adds up: float64 for sums and products of floats."""
    return np.dtype(np.float64) if how in ("sum", "prod") and dtype.kind == "f" else dtype


BLOCK = 512  # float32s that are added up before their sum joins a float64


class Reducer:
    """How one reduction is written.

    Args:
        writer: of the function.
        how: "sum", "prod", "max", "min", "all" or "any".
        dtype: of what is reduced.
    """

    def __init__(self, writer: Writer, how: str, dtype: DType) -> None:
        self._writer = writer
        self.how = how
        self.dtype = dtype
        self.wide = accumulated(how, dtype)

    @property
    def start(self) -> str:
        """What nothing is reduced to."""
        number: Any
        match self.how:
            case "sum":
                number = 0
            case "prod":
                number = 1
            case "all" | "any":
                number = self.how == "all"
            case "max" if self.dtype.kind == "f":
                number = -math.inf
            case "min" if self.dtype.kind == "f":
                number = math.inf
            case _:
                limits = np.iinfo(self.dtype)
                number = int(limits.min if self.how == "max" else limits.max)
        return self._writer.literal(self.wide.type(number).item(), self.wide)

    def combined(self, total: str, x: str) -> str:
        """Return a total with one more number or total; the order of calls is kept."""
        if self.dtype.kind != "f":
            return self._integer(total, x)
        match self.how:
            case "sum":
                return f"{total} + {self._widened(x)}"
            case "prod":
                return f"{total} * {self._widened(x)}"
        name = self._writer.runtime("greater_of" if self.how == "max" else "less_of")
        return f"{name}({total}, {x})"

    def merged(self, total: str, other: str) -> str:
        """Return two totals put together."""
        if self.how in ("sum", "prod") and self.dtype.kind == "f":
            return f"{total} {'+' if self.how == 'sum' else '*'} {other}"
        return self.combined(total, other)

    def _widened(self, x: str) -> str:
        return x if self.wide == self.dtype else f"{self._writer.type(self.wide)}({x})"

    def _integer(self, total: str, x: str) -> str:
        match self.how:
            case "sum":
                return f"{self._writer.type(self.dtype)}({total} + {x})"
            case "prod":
                return f"{self._writer.type(self.dtype)}({total} * {x})"
            case "all":
                return f"{total} & {x}"
            case "any":
                return f"{total} | {x}"
        return f"{self.how}({total}, {x})"

    # --- many at once: in a variable of a loop ----------------------------------------------------

    @property
    def is_blocked(self) -> bool:
        """Whether blocks are summed in the elements' type, which vectors hold twice as many of."""
        return self.how == "sum" and self.wide != self.dtype

    @property
    def _is_keyed(self) -> bool:
        return self.how in ("max", "min") and self.dtype.kind == "f"

    def _key(self, x: str) -> str:
        way = "upward" if self.how == "max" else "downward"
        return f"{self._writer.runtime(f'{way}_{self.dtype.name}')}({x})"

    @property
    def loop_start(self) -> str:
        """What the variable holds before the loop."""
        if self.is_blocked:
            return self._writer.literal(0.0, self.dtype)
        return self._key(self.start) if self._is_keyed else self.start

    def looped(self, total: str, x: str) -> str:
        """Return the variable with one more number, in any order."""
        if self._is_keyed:
            return f"{self.how}({total}, {self._key(x)})"
        if self.dtype.kind != "f":
            return self._integer(total, x)
        name = self._writer.runtime("plus" if self.how == "sum" else "times")
        return f"{name}({total}, {x if self.is_blocked else self._widened(x)})"

    def block_end(self, total: str, block: str) -> str:
        """Return a total with the sum of a block."""
        return f"{total} + {self._widened(block)}"

    def loop_end(self, total: str) -> str:
        """Return what the variable stands for, in the type in which totals add up."""
        if self._is_keyed:
            return f"{self._writer.runtime(f'unordered_{self.dtype.name}')}({total})"
        return total

    def result(self, total: str) -> str:
        """Return the reduction's result."""
        if self.wide == self.dtype:
            return total
        return f"{self._writer.type(self.dtype)}({total})"
