"""The functions that a row's `scalar` may call: of one number, by the rules of IEEE 754.

log(0) is -inf and log(-1) NaN, without an error.  These are the reference; a device compiles a
scalar with this module's name bound to functions of its own.

Source: IEEE 754-2019 §9.2.
"""

from math import erf, erfc
from typing import Any

from numpy import (
    arccos,
    arccosh,
    arcsin,
    arcsinh,
    arctan,
    arctan2,
    arctanh,
    ceil,
    cos,
    cosh,
    exp,
    expm1,
    floor,
    fmod,
    isfinite,
    isinf,
    isnan,
    log,
    log1p,
    logaddexp,
    power,
    rint,
    sin,
    sinh,
    sqrt,
    tan,
    tanh,
    trunc,
)


def sigmoid(x: Any) -> Any:
    """Return 1 / (1 + e^-x)."""
    return 1.0 / (1.0 + exp(-x))


def softplus(x: Any) -> Any:
    """Return log(1 + e^x)."""
    return logaddexp(x, 0.0)


__all__ = [
    "arccos",
    "arccosh",
    "arcsin",
    "arcsinh",
    "arctan",
    "arctan2",
    "arctanh",
    "ceil",
    "cos",
    "cosh",
    "erf",
    "erfc",
    "exp",
    "expm1",
    "floor",
    "fmod",
    "isfinite",
    "isinf",
    "isnan",
    "log",
    "log1p",
    "power",
    "rint",
    "sigmoid",
    "sin",
    "sinh",
    "softplus",
    "sqrt",
    "tan",
    "tanh",
    "trunc",
]
