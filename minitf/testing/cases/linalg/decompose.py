"""Cases of the ops of `minitf.ops.linalg.decompose`."""

from hypothesis import strategies as st

from minitf.dtypes import INDICES, as_dtype
from minitf.testing.case import Case
from minitf.testing.elementwise_cases import is_double, numbers
from minitf.testing.matrices import (
    batches,
    dominant,
    invertible,
    matrix_types,
    oblong,
    positive_definite,
)
from minitf.testing.strategies import dtype_names


@st.composite
def positive(draw):
    dtype, n = as_dtype(draw(matrix_types())), draw(st.integers(0, 4))
    x = draw(positive_definite(draw(batches()), n, dtype))
    return Case((x,), ulps=16 * (n + 1), scale=4, smooth=is_double(dtype), hermitian=("input",))


@st.composite
def factors_and_gradients(draw):
    dtype, n = as_dtype(draw(matrix_types(("float32", "float64")))), draw(st.integers(0, 4))
    batch = draw(batches())
    factor, grad = draw(dominant(batch, n, dtype)), draw(numbers((*batch, n, n), dtype, -4, 4))
    return Case((factor, grad), ulps=16 * (n + 1) ** 2, scale=4)


@st.composite
def permuted(draw):
    dtype, n = as_dtype(draw(matrix_types())), draw(st.integers(0, 4))
    x = draw(invertible(draw(batches()), n, dtype))
    index = {"output_idx_type": as_dtype(draw(dtype_names(INDICES)))}
    return Case((x,), index, ulps=16 * (n + 1), scale=4)


@st.composite
def rectangles(draw):
    dtype = as_dtype(draw(matrix_types()))
    m, n, full = draw(st.integers(0, 4)), draw(st.integers(0, 4)), draw(st.booleans())
    x = draw(oblong(draw(batches()), m, n, dtype))
    # TensorFlow has no gradient of a larger Q; complex signs turn where a last pivot is real
    smooth = is_double(dtype) and not ((full and m > n) or (m <= n and dtype.is_complex))
    size = 8 * (max(m, n) + 1)
    return Case((x,), {"full_matrices": full}, ulps=2 * size, scale=size, smooth=smooth)


CASES = {
    "Cholesky": positive(),
    "CholeskyGrad": factors_and_gradients(),
    "Lu": permuted(),
    "Qr": rectangles(),
}
