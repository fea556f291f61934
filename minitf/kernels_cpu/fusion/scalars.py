"""What a row's `scalar` computes, found by running it once on symbols.

A scalar is a Python function of numbers.  Given symbols it does the same to them, and each step
becomes a value of the Program, in the element type.  Where it asks whether a condition holds it is
run twice, once for each answer, and the two results become a choice:

    lambda x: 0.0 if x <= 0.0 else x         select(less_equal(x, 0), 0, x)

Both sides of a choice are computed, which changes nothing: a number has no side effects.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import FunctionType
from typing import Any

from minitf.kernels_cpu.fusion.primitives import FUNCTIONS, PRIMITIVES
from minitf.kernels_cpu.fusion.values import BOOL, DType, NotFusedError, Program, Value


class _Undecided(Exception):  # noqa: N818 it carries a question, not an error
    """The scalar asks for a condition that has no answer yet."""

    def __init__(self, condition: Symbol) -> None:
        super().__init__()
        self.condition = condition


class Trace:
    """Symbols of one Program, and the answers to the conditions that were asked for.

    Args:
        program: gets the values.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.answers: dict[Value, bool] = {}

    def symbol(self, value: Value) -> Symbol:
        """Return a value as a scalar function takes it."""
        return Symbol(self, value)

    def apply(self, scalar: Callable[..., Any], values: Sequence[Value], dtype: DType) -> Value:
        """Return what a scalar function of numbers gives for values.

        Args:
            scalar: arithmetic, comparisons, choices and functions of `scalar_math`.
            values: its arguments.
            dtype: of its constants, and of its result unless that is a truth.

        Raises:
            NotFusedError: if it does something else, or something else with these types.
        """
        names = {**scalar.__globals__, "scalar_math": _Functions()}
        bound = FunctionType(scalar.__code__, names, scalar.__name__)
        try:
            return self._followed(bound, [Symbol(self, value) for value in values], dtype)
        except (AttributeError, TypeError) as error:
            raise NotFusedError(f"{scalar.__name__}: {error}") from error

    def _followed(self, scalar: Callable[..., Any], symbols: list[Symbol], dtype: DType) -> Value:
        try:
            found = scalar(*symbols)
        except _Undecided as undecided:
            condition = undecided.condition.value
        else:
            return found.value if isinstance(found, Symbol) else self._literal(found, dtype)
        sides = []
        for answer in (True, False):
            self.answers[condition] = answer
            sides.append(self._followed(scalar, symbols, dtype))
        del self.answers[condition]
        if sides[0] is sides[1]:
            return sides[0]
        return self.program.map("select", sides[0].dtype, condition, *sides)

    def _literal(self, number: Any, dtype: DType) -> Value:
        return self.program.literal(number, BOOL if isinstance(number, bool) else dtype)


class Symbol:
    """A value in a scalar function: it takes part in arithmetic and comparisons."""

    __slots__ = ("trace", "value")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, trace: Trace, value: Value) -> None:
        self.trace = trace
        self.value = value

    def __bool__(self) -> bool:
        answer = self.trace.answers.get(self.value)
        if answer is None:
            raise _Undecided(self)
        return answer

    def does(self, primitive: str, *others: Any, swapped: bool = False) -> Symbol:
        """Return a primitive of this value and others, which may be numbers.

        Raises:
            NotFusedError: if the primitive does not take the type.
        """
        dtype, program = self.value.dtype, self.trace.program
        form = PRIMITIVES[primitive]
        if dtype.kind not in form.kinds:
            raise NotFusedError(f"{primitive} of {dtype}")
        operands = [self.value]
        for other in others:
            known = isinstance(other, Symbol)
            operands.append(other.value if known else program.literal(other, dtype))
        if swapped:
            operands.reverse()
        result = program.map(primitive, BOOL if form.is_test else dtype, *operands)
        return Symbol(self.trace, result)

    def where(self, chosen: Symbol, other: Symbol) -> Symbol:
        """Return one of two values, as this one is true or false."""
        result = self.trace.program.map(
            "select", chosen.value.dtype, self.value, chosen.value, other.value
        )
        return Symbol(self.trace, result)

    def __neg__(self) -> Symbol:
        return self.does("neg")

    def __abs__(self) -> Symbol:
        return self.does("abs")

    def __invert__(self) -> Symbol:
        return self.does("invert")

    def __add__(self, other: Any) -> Symbol:
        return self.does("add", other)

    def __radd__(self, other: Any) -> Symbol:
        return self.does("add", other, swapped=True)

    def __sub__(self, other: Any) -> Symbol:
        return self.does("sub", other)

    def __rsub__(self, other: Any) -> Symbol:
        return self.does("sub", other, swapped=True)

    def __mul__(self, other: Any) -> Symbol:
        return self.does("mul", other)

    def __rmul__(self, other: Any) -> Symbol:
        return self.does("mul", other, swapped=True)

    def __truediv__(self, other: Any) -> Symbol:
        return self.does("div", other)

    def __rtruediv__(self, other: Any) -> Symbol:
        return self.does("div", other, swapped=True)

    def __and__(self, other: Any) -> Symbol:
        return self.does("both", other)

    def __or__(self, other: Any) -> Symbol:
        return self.does("either", other)

    def __xor__(self, other: Any) -> Symbol:
        return self.does("differ", other)

    def __lt__(self, other: Any) -> Symbol:
        return self.does("less", other)

    def __le__(self, other: Any) -> Symbol:
        return self.does("less_equal", other)

    def __gt__(self, other: Any) -> Symbol:
        return self.does("greater", other)

    def __ge__(self, other: Any) -> Symbol:
        return self.does("greater_equal", other)

    def __eq__(self, other: object) -> Symbol:  # type: ignore[override]
        return self.does("equal", other)

    def __ne__(self, other: object) -> Symbol:  # type: ignore[override]
        return self.does("not_equal", other)


class _Functions:
    """Stands for `scalar_math`: a function of symbols is a primitive of them."""

    def __getattr__(self, name: str) -> Callable[..., Symbol]:
        if name not in FUNCTIONS:
            raise AttributeError(f"{name} is not vectorised")
        return lambda symbol, *others: symbol.does(name, *others)
