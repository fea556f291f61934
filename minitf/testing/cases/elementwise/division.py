"""Cases of the ops of `minitf.ops.elementwise.division`."""

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import COMPLEX, as_dtype
from minitf.testing.case import Case
from minitf.testing.cases.elementwise.arithmetic import types_of
from minitf.testing.elementwise_cases import of_two
from minitf.testing.strategies import dtype_names, real, shapes, whole


def quotients(name, **options):
    """Draw divisors >= 1."""
    return of_two(types_of(name), lowest=1, high=8, **options)


def steps(name):
    """Draw whole numbers: the quotient of reals may round across a step elsewhere."""
    return dtype_names(types_of(name) - COMPLEX).flatmap(lambda n: whole_quotient(as_dtype(n)))


@st.composite
def whole_quotient(draw, dtype):
    low = 0 if dtype.numpy.kind == "u" else -8
    x = draw(whole((3, 2), dtype.numpy, low, 8))
    y = draw(whole(draw(st.sampled_from([(3, 2), (2,), ()])), dtype.numpy, 1, 5))
    if dtype.numpy.kind != "u":
        y = (y * draw(st.sampled_from([-1, 1]))).astype(dtype.numpy)
    return Case((x, y), ulps=0)


@st.composite
def broken_remainders(draw):
    """Draw numbers whose quotient lies well between whole numbers: derivatives exist."""
    shape = draw(shapes(0, 2))
    y = draw(whole(shape, np.float64, 1, 5)) * draw(st.sampled_from([-1, 1]))
    quotient = draw(whole(shape, np.float64, -3, 3)) + draw(real(shape, low=0.25, high=0.75))
    return Case((quotient * y, y), scale=20, smooth=True)


def remainders(name):
    return st.one_of(steps(name), broken_remainders())


CASES = {
    "Div": quotients("Div"),
    "RealDiv": quotients("RealDiv"),
    "TruncateDiv": steps("TruncateDiv"),
    "FloorDiv": steps("FloorDiv"),
    "FloorMod": remainders("FloorMod"),
    "Mod": remainders("Mod"),
    "TruncateMod": remainders("TruncateMod"),
    "DivNoNan": quotients("DivNoNan"),
    "MulNoNan": of_two(types_of("MulNoNan"), scale=16),
}
