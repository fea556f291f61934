"""What a loop may do with numbers: primitives, how each is written and what it costs.

Costs count simple vector instructions; the schedule weighs by them what to compute again.
Functions of `scalar_math` are primitives too; `function` says what their names mean in a loop.

Source: measurements in docs/kernels.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from minitf.kernels_cpu.vector_math.accuracy import ULPS


@dataclass(frozen=True, slots=True)
class Primitive:
    """How a primitive is written in a loop.

    Attributes:
        text: of its operands {0}, {1}, ...; of a function its name.
        kinds: NumPy's letters of the operand types that it takes.
        cost: in simple vector instructions.
        is_test: whether it gives a bool.
    """

    text: str
    kinds: str
    cost: int = 1
    is_test: bool = False


_NUMBERS = "iuf"
PRIMITIVES = {
    "add": Primitive("{0} + {1}", _NUMBERS),
    "sub": Primitive("{0} - {1}", _NUMBERS),
    "mul": Primitive("{0} * {1}", _NUMBERS),
    "div": Primitive("{0} / {1}", "f", 4),
    "neg": Primitive("-{0}", "if"),
    "abs": Primitive("abs({0})", "if"),
    "less": Primitive("{0} < {1}", _NUMBERS, is_test=True),
    "less_equal": Primitive("{0} <= {1}", _NUMBERS, is_test=True),
    "greater": Primitive("{0} > {1}", _NUMBERS, is_test=True),
    "greater_equal": Primitive("{0} >= {1}", _NUMBERS, is_test=True),
    "equal": Primitive("{0} == {1}", "b" + _NUMBERS, is_test=True),
    "not_equal": Primitive("{0} != {1}", "b" + _NUMBERS, is_test=True),
    "both": Primitive("{0} & {1}", "biu"),
    "either": Primitive("{0} | {1}", "biu"),
    "differ": Primitive("{0} ^ {1}", "biu"),
    "invert": Primitive("~{0}", "iu"),
    "select": Primitive("select({0}, {1}, {2})", "b" + _NUMBERS),
    "cast": Primitive("{0}", "b" + _NUMBERS),
    "spread": Primitive("{0}", "b" + _NUMBERS, 0),
}

# The functions of scalar_math: IEEE 754's, and those of `vector_math`.
FUNCTIONS = {
    **{name: Primitive(name, "f") for name in ("floor", "ceil", "trunc", "rint")},
    **{name: Primitive(name, "f", is_test=True) for name in ("isnan", "isinf", "isfinite")},
    **{name: Primitive(name, "f", 16) for name in ULPS},
    "sqrt": Primitive("sqrt", "f", 5),
}
PRIMITIVES |= FUNCTIONS


def function(name: str) -> Any:
    """Return what a function of `scalar_math` means in loops."""
    from minitf.kernels_cpu.vector_math.table import SCALAR_MATH

    return SCALAR_MATH.functions[name]
