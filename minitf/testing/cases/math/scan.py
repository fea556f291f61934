"""Cases of the ops of `minitf.ops.math.scan`."""

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import FLOATS, NUMBERS, QUANTIZED, as_dtype
from minitf.testing.case import Case
from minitf.testing.elementwise_cases import numbers
from minitf.testing.strategies import dtype_names, shapes


@st.composite
def scans(draw, low, high, types=NUMBERS - QUANTIZED, *, empty=0, **bound):
    dtype = as_dtype(draw(dtype_names(types)))
    shape = draw(shapes(1, 3))
    axis = np.array(draw(st.integers(-len(shape), len(shape) - 1)), np.int32)
    x = draw(numbers(shape, dtype, low, high))
    attrs = {"exclusive": draw(st.booleans()), "reverse": draw(st.booleans())}
    finite = bool(np.isfinite(empty)) or not attrs["exclusive"]  # else results are infinite
    return Case((x, axis), attrs, smooth=finite and dtype.name == "float64", **bound)


CASES = {
    "Cumsum": scans(-4, 4, terms=8),
    "Cumprod": scans(0.5, 2, ulps=32),
    "CumulativeLogsumexp": scans(-4, 4, FLOATS, empty=-np.inf, ulps=32, scale=1),
}
