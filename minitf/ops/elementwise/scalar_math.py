"""The functions that a row's `scalar` may call: of one number, by the rules of IEEE 754.

log(0) is -inf and log(-1) NaN, without an error.  These are the reference; a device compiles a
scalar with this module's name bound to functions of its own.

Source: IEEE 754-2019 §9.2.
"""

from math import erf, erfc

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
    rint,
    sin,
    sinh,
    sqrt,
    tan,
    tanh,
    trunc,
)

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
    "rint",
    "sin",
    "sinh",
    "sqrt",
    "tan",
    "tanh",
    "trunc",
]
