"""Cases of the ops of `minitf.ops.linalg.functions`."""

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import as_dtype
from minitf.testing.case import Case
from minitf.testing.elementwise_cases import is_double, numbers
from minitf.testing.matrices import batches, dominant, matrix_types

SIZES = st.integers(0, 3)


@st.composite
def exponents(draw):
    dtype, n = as_dtype(draw(matrix_types())), draw(SIZES)
    x = draw(numbers((*draw(batches()), n, n), dtype, -2, 2))
    norm = float(np.abs(x).sum(-2).max(initial=0)) if n else 0.0
    # the exponential's condition number is at most the norm
    return Case((x,), ulps=16 * (n + 1 + norm), scale=np.exp(norm), smooth=is_double(dtype))


@st.composite
def rooted(draw):
    dtype, n = as_dtype(draw(matrix_types())), draw(SIZES)
    x = draw(dominant(draw(batches()), n, dtype))
    return Case((x,), ulps=16 * (n + 1), scale=4, smooth=is_double(dtype))


@st.composite
def logarithms(draw):
    dtype, n = as_dtype(draw(matrix_types(("complex64", "complex128")))), draw(SIZES)
    x = draw(dominant(draw(batches()), n, dtype))
    return Case((x,), ulps=64 * (n + 1), scale=4)  # after four roots, I is subtracted


CASES = {
    "MatrixExponential": exponents(),
    "MatrixSquareRoot": rooted(),
    "MatrixLogarithm": logarithms(),
}
