"""Cases of the ops of `minitf.ops.linalg.determinant`."""

from hypothesis import strategies as st

from minitf.dtypes import as_dtype
from minitf.testing.case import Case
from minitf.testing.elementwise_cases import is_double
from minitf.testing.matrices import NAMES, batches, invertible, matrix_types


@st.composite
def determinants(draw):
    dtype, n = as_dtype(draw(matrix_types())), draw(st.integers(0, 4))
    x = draw(invertible(draw(batches()), n, dtype))
    return Case((x,), ulps=16 * (n + 1), scale=1, smooth=is_double(dtype))


@st.composite
def inverses(draw):
    dtype, n = as_dtype(draw(matrix_types(("float16", *NAMES)))), draw(st.integers(0, 4))
    x = draw(invertible(draw(batches()), n, dtype))
    adjoint = {"adjoint": draw(st.booleans())}
    return Case((x,), adjoint, ulps=16 * (n + 1), scale=1, smooth=is_double(dtype))


CASES = {
    "MatrixDeterminant": determinants(),
    "LogMatrixDeterminant": determinants(),
    "MatrixInverse": inverses(),
}
