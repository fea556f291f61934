"""Cases of the ops of `minitf.ops.elementwise.comparison`."""

import numpy as np
from hypothesis import strategies as st

from minitf import dtypes
from minitf.dtypes import FLOATS, NUMBERS, QUANTIZED, REAL_NUMBERS, as_dtype, types
from minitf.testing.case import Case
from minitf.testing.elementwise_cases import of_one, of_two
from minitf.testing.strategies import anything, broadcastable, dtype_names

COMPARABLE = (NUMBERS - QUANTIZED) | types("bool", "string")


TRUTHS = types("bool")


@st.composite
def equalities(draw):
    dtype, fits = as_dtype(draw(dtype_names(COMPARABLE))), {"incompatible_shape_error": True}
    if dtype is dtypes.string:
        x, y = (draw(anything(shape, "string")) for shape in draw(broadcastable()))
        return Case((x, y), fits)
    case = draw(of_two(dtypes.TypeSet({dtype}), -1, 1, smooth=False))
    return Case(tuple(np.round(x) if x.dtype.kind == "f" else x for x in case.inputs), fits)


@st.composite
def nearly_equal(draw):
    case = draw(of_two(REAL_NUMBERS, same_shape=True, smooth=False))
    return Case(case.inputs, {"tolerance": 0.5}, oracle=case.oracle)


@st.composite
def any_floats(draw):
    dtype = as_dtype(draw(dtype_names(FLOATS)))
    return Case((draw(anything((4,), dtype)),))


CASES = {
    "Equal": equalities(),
    "NotEqual": equalities(),
    **{
        name: of_two(REAL_NUMBERS, -2, 2, smooth=False)
        for name in ("Less", "LessEqual", "Greater", "GreaterEqual")
    },
    "LogicalAnd": of_two(TRUTHS, 0, 1, smooth=False),
    "LogicalOr": of_two(TRUTHS, 0, 1, smooth=False),
    "LogicalNot": of_one(TRUTHS, 0, 1, smooth=False),
    **{name: any_floats() for name in ("IsNan", "IsInf", "IsFinite")},
    "ApproximateEqual": nearly_equal(),
}
