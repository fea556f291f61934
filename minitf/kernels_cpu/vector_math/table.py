"""All functions of this room, by the names that `scalar_math` has for them.

Importing a chapter is cheaper where one function will do.
"""

from __future__ import annotations

from minitf.kernels_cpu.vector_math.angles import arccos, arcsin, arctan, arctan2
from minitf.kernels_cpu.vector_math.circular import cos, sin, tan
from minitf.kernels_cpu.vector_math.error_function import erf, erfc
from minitf.kernels_cpu.vector_math.exponentials import cosh, exp, expm1, sigmoid, sinh, tanh
from minitf.kernels_cpu.vector_math.function import Namespace
from minitf.kernels_cpu.vector_math.logarithms import (
    arccosh,
    arcsinh,
    arctanh,
    log,
    log1p,
    softplus,
)
from minitf.kernels_cpu.vector_math.powers import power
from minitf.ops.elementwise import scalar_math

FUNCTIONS = {  # by the names of scalar_math
    each.__name__: each
    for each in (
        *(arccos, arccosh, arcsin, arcsinh, arctan, arctan2, arctanh),
        *(cos, cosh, erf, erfc, exp, expm1, log, log1p, power),
        *(sigmoid, sin, sinh, softplus, tan, tanh),
    )
}

SCALAR_MATH = Namespace(
    {**{name: getattr(scalar_math, name) for name in scalar_math.__all__}, **FUNCTIONS}
)
