"""Cases of the ops of `minitf.ops.linalg.tridiagonal`."""

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import as_dtype
from minitf.testing.case import Case
from minitf.testing.elementwise_cases import is_double, numbers
from minitf.testing.matrices import batches, matrix_types

SIZES = st.integers(0, 5)


@st.composite
def products(draw):
    dtype, batch = as_dtype(draw(matrix_types())), draw(batches())
    m, n = draw(SIZES), draw(SIZES)
    diagonals = [draw(numbers((*batch, 1, m), dtype, -4, 4)) for _ in range(3)]
    rhs = draw(numbers((*batch, m, n), dtype, -4, 4))
    return Case((*diagonals, rhs), ulps=8, scale=48, smooth=is_double(dtype))


@st.composite
def systems(draw):
    """Draw matrices whose main diagonal outweighs the others: inverses are of norm at most 1."""
    dtype, batch = as_dtype(draw(matrix_types())), draw(batches())
    m, pivots = draw(SIZES), draw(st.booleans())
    diagonals = np.array(draw(numbers((*batch, 3, m), dtype, -1, 1)))
    diagonals[..., 1, :] += 5
    rhs = draw(numbers((*batch, m, draw(SIZES)), dtype, -4, 4))
    attrs = {"partial_pivoting": pivots, "perturb_singular": pivots and draw(st.booleans())}
    return Case(
        (diagonals, rhs),
        attrs,
        ulps=16,
        scale=float(np.abs(rhs).max(initial=0)),
        smooth=is_double(dtype),
    )


CASES = {
    "TridiagonalMatMul": products(),
    "TridiagonalSolve": systems(),
}
