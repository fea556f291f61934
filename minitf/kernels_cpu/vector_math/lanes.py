"""Numbers as the functions of this room see them, and what can be done with them.

A function is written once, as arithmetic on `Lanes`: a number of a type, which a loop turns into
one number per element.  Calling it does not compute: it tells a machine (`machines.py`) what to do,
step by step.  The one machine makes LLVM instructions, the other calls NumPy.

    >>> half = Lanes(NumPy(), np.float32(3), FLOAT32) * 0.5
    >>> half.value, half.kind
    (np.float32(1.5), dtype('float32'))

**Invariants**
1. There are no branches: `select` takes one of two values, and both are computed.
2. Nothing is reordered, and a multiplication and an addition are fused only by `mul_add`.  So an
   element's bits depend on the element alone: not on its place, the array's size or the loop.
3. Constants take the type of what they meet: a float, or a `PerType` that differs between types.

*Fused multiply-adds.*  `mul_add` rounds once where the processor can do that, else twice: last bits
may differ between processors with and without, never between runs.  `low_product` is exact on both.

Source: T. J. Dekker, A Floating-Point Technique for Extending the Available Precision (1971).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

FLOAT32 = np.dtype(np.float32)
FLOAT64 = np.dtype(np.float64)
UINT32 = np.dtype(np.uint32)
UINT64 = np.dtype(np.uint64)
BOOL = np.dtype(np.bool_)
Kind = np.dtype[Any]


class Machine(Protocol):
    """What is done with lanes; operations are called as in NumPy.

    Attributes:
        fuses: whether it has fused multiply-adds, the operation "fma".
    """

    fuses: bool

    def constant(self, value: Any, kind: Kind) -> Any:
        """Return a constant."""

    def apply(self, operation: str, kind: Kind, *values: Any) -> Any:
        """Return the result of an operation on values of one kind."""

    def select(self, condition: Any, chosen: Any, other: Any) -> Any:
        """Return one value where a condition holds, else the other."""

    def view(self, value: Any, kind: Kind) -> Any:
        """Return the same bits as another kind."""

    def convert(self, value: Any, kind: Kind) -> Any:
        """Return a number rounded to another type."""

    def lookup(self, table: tuple[float, ...], index: Any) -> Any:
        """Return an entry of a table of float64."""


@dataclass(frozen=True)
class PerType:
    """A constant that is another number in each type."""

    float32: float
    float64: float

    def __neg__(self) -> PerType:
        return PerType(-self.float32, -self.float64)


class Lanes:
    """A number, an integer or a truth value in a machine's hands.

    Args:
        machine: works on it.
        value: the machine's own.
        kind: FLOAT32, FLOAT64, UINT32, UINT64 or BOOL.
    """

    __slots__ = ("kind", "machine", "value")

    def __init__(self, machine: Machine, value: Any, kind: Kind) -> None:
        self.machine = machine
        self.value = value
        self.kind = kind

    def like(self, operand: Any) -> Any:
        """Return the value of an operand of this kind."""
        if isinstance(operand, Lanes):
            assert operand.kind == self.kind, f"{operand.kind} meets {self.kind}"
            return operand.value
        if isinstance(operand, PerType):
            operand = getattr(operand, self.kind.name)
        return self.machine.constant(operand, self.kind)

    def apply(self, operation: str, *operands: Any, first: int = 0) -> Lanes:
        """Return the result of an operation of which this is the operand number `first`."""
        values = [self.like(each) for each in operands]
        values.insert(first, self.value)
        return Lanes(self.machine, self.machine.apply(operation, self.kind, *values), self.kind)

    def compare(self, operation: str, other: Any) -> Lanes:
        """Return whether a comparison holds: never with NaN, but for "not_equal"."""
        value = self.machine.apply(operation, self.kind, self.value, self.like(other))
        return Lanes(self.machine, value, BOOL)

    def __add__(self, other: Any) -> Lanes:
        return self.apply("add", other)

    def __radd__(self, other: Any) -> Lanes:
        return self.apply("add", other, first=1)

    def __sub__(self, other: Any) -> Lanes:
        return self.apply("subtract", other)

    def __rsub__(self, other: Any) -> Lanes:
        return self.apply("subtract", other, first=1)

    def __mul__(self, other: Any) -> Lanes:
        return self.apply("multiply", other)

    def __rmul__(self, other: Any) -> Lanes:
        return self.apply("multiply", other, first=1)

    def __truediv__(self, other: Any) -> Lanes:
        return self.apply("divide", other)

    def __rtruediv__(self, other: Any) -> Lanes:
        return self.apply("divide", other, first=1)

    def __neg__(self) -> Lanes:
        return self.apply("negative")

    def __abs__(self) -> Lanes:
        return self.apply("absolute")

    def __and__(self, other: Any) -> Lanes:
        return self.apply("bitwise_and", other)

    def __or__(self, other: Any) -> Lanes:
        return self.apply("bitwise_or", other)

    def __xor__(self, other: Any) -> Lanes:
        return self.apply("bitwise_xor", other)

    def __lshift__(self, places: int) -> Lanes:
        return self.apply("left_shift", places)

    def __rshift__(self, places: int) -> Lanes:
        return self.apply("right_shift", places)

    def __lt__(self, other: Any) -> Lanes:
        return self.compare("less", other)

    def __gt__(self, other: Any) -> Lanes:
        return self.compare("greater", other)

    def __ge__(self, other: Any) -> Lanes:
        return self.compare("greater_equal", other)

    def __eq__(self, other: object) -> Lanes:  # type: ignore[override]
        return self.compare("equal", other)

    def __ne__(self, other: object) -> Lanes:  # type: ignore[override]
        return self.compare("not_equal", other)

    __hash__ = None  # type: ignore[assignment]


def fill(value: Any, x: Lanes) -> Lanes:
    """Return a constant as Lanes of x's kind."""
    return Lanes(x.machine, x.like(value), x.kind)


def rounded(x: Lanes, kind: Kind) -> Lanes:
    """Return x as a number of another type."""
    return Lanes(x.machine, x.machine.convert(x.value, kind), kind)


# --- choices and signs -------------------------------------------------------------------------


def select(condition: Lanes, chosen: Any, other: Any) -> Lanes:
    """Return `chosen` where the condition holds, else `other`; at least one of them is Lanes."""
    model = chosen if isinstance(chosen, Lanes) else other
    value = model.machine.select(condition.value, model.like(chosen), model.like(other))
    return Lanes(model.machine, value, model.kind)


def between(least: Any, x: Lanes, greatest: Any) -> Lanes:
    """Return x, at least the one and at most the other; NaN stays."""
    x = select(x > greatest, greatest, x)
    return select(x < least, least, x)


def with_sign(x: Any, y: Lanes) -> Lanes:
    """Return |x| with y's sign."""
    return y.apply("copysign", x, first=1)


# --- arithmetic --------------------------------------------------------------------------------


def root(x: Lanes) -> Lanes:
    """Return the square root, correctly rounded."""
    return x.apply("sqrt")


def nearest(x: Lanes) -> Lanes:
    """Return the nearest integer, the even one of two; any number may be rounded."""
    return x.apply("rint")


def mul_add(x: Lanes, y: Any, z: Any) -> Lanes:
    """Return x y + z, fused where the machine can."""
    return x.apply("fma", y, z) if x.machine.fuses else x * y + z


def low_product(x: Lanes, y: Any, high: Lanes) -> Lanes:
    """Return x y - high exactly, where `high` is x y but for its rounding."""
    if x.machine.fuses:
        return x.apply("fma", y, -high)

    def halves(value: Lanes) -> tuple[Lanes, Lanes]:
        wide = value * PerType(2.0**12 + 1, 2.0**27 + 1)
        top = wide - (wide - value)
        return top, value - top

    x_high, x_low = halves(x)
    y_high, y_low = halves(Lanes(x.machine, x.like(y), x.kind))
    return ((x_high * y_high - high) + x_high * y_low + x_low * y_high) + x_low * y_low


def two_sum(x: Lanes, y: Lanes) -> tuple[Lanes, Lanes]:
    """Return x + y as a rounded sum and what that loses."""
    total = x + y
    back = total - x
    return total, (x - (total - back)) + (y - back)


@dataclass(frozen=True)
class Polynomial:
    """c0 + c1 x + c2 x^2 + ...

    Pairs are added, then pairs of pairs (Estrin's scheme): short chains keep a processor busy.

    Args:
        float32: the coefficients for numbers of that type.
        float64: the same.
        nested: whether to begin with the highest power instead (Horner's scheme): fewer roundings.
    """

    float32: tuple[float, ...] = ()
    float64: tuple[float, ...] = ()
    nested: bool = False

    def __call__(self, x: Lanes) -> Lanes:
        """Evaluate at x."""
        terms = [fill(each, x) for each in getattr(self, x.kind.name)]
        if self.nested:
            total = terms.pop()
            while terms:
                total = mul_add(x, total, terms.pop())
            return total
        while len(terms) > 1:
            pairs = zip(terms[::2], terms[1::2], strict=False)
            terms = [mul_add(x, high, low) for low, high in pairs] + terms[len(terms) & ~1 :]
            x = x * x
        return terms[0]
