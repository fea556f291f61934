"""Cases of the ops of `minitf.ops.linalg.solve`."""

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import as_dtype
from minitf.testing.case import Case
from minitf.testing.elementwise_cases import is_double, numbers
from minitf.testing.matrices import batches, dominant, invertible, matrix_types, oblong
from minitf.testing.strategies import broadcastable

SIZES = st.integers(0, 4)


def bound(n, rhs):
    """Inverses are of norm at most 1: a result is no larger than the right side's sum."""
    return {"ulps": 16 * (n + 1), "scale": float(np.abs(rhs).max(initial=0)) * max(n, 1)}


@st.composite
def systems(draw):
    dtype, n, batch = as_dtype(draw(matrix_types())), draw(SIZES), draw(batches())
    matrix = draw(invertible(batch, n, dtype))
    rhs = draw(numbers((*batch, n, draw(SIZES)), dtype, -4, 4))
    adjoint = {"adjoint": draw(st.booleans())}
    return Case((matrix, rhs), adjoint, **bound(n, rhs), smooth=is_double(dtype))


@st.composite
def triangular(draw):
    dtype, n = as_dtype(draw(matrix_types())), draw(SIZES)
    of_matrix, of_rhs = draw(broadcastable())
    matrix = draw(dominant(of_matrix, n, dtype))
    rhs = draw(numbers((*of_rhs, n, draw(SIZES)), dtype, -4, 4))
    attrs = {"lower": draw(st.booleans()), "adjoint": draw(st.booleans())}
    return Case((matrix, rhs), attrs, **bound(n, rhs), smooth=is_double(dtype))


@st.composite
def least_squares(draw):
    dtype, batch = as_dtype(draw(matrix_types())), draw(batches())
    # TensorFlow leaves the result of no equations undefined
    m, n, fast = draw(st.integers(1, 4)), draw(SIZES), draw(st.booleans())
    matrix = draw(oblong(batch, m, n, dtype))
    rhs = draw(numbers((*batch, m, draw(SIZES)), dtype, -4, 4))
    l2 = np.float64(draw(st.sampled_from([0, 0, 0.5, 4])))
    return Case(
        (matrix, rhs, l2),
        {"fast": fast},
        **bound(4 * max(m, n), rhs),  # the normal equations square the condition number
        smooth=is_double(dtype) and fast,
        constant=("l2_regularizer",),
    )


CASES = {
    "MatrixSolve": systems(),
    "MatrixTriangularSolve": triangular(),
    "MatrixSolveLs": least_squares(),
}
