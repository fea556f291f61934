"""Cases of the ops of `minitf.ops.nn.global_batch_norm`."""

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import FLOATS
from minitf.testing.case import Case
from minitf.testing.strategies import dtype_names, real


@st.composite
def normalisations(draw, *, backward=False):
    dtype = np.dtype(draw(dtype_names(FLOATS)))
    shape = draw(st.tuples(*[st.integers(0, 2)] * 3, st.integers(1, 3)))
    t, mean = draw(real(shape, dtype)), draw(real(shape[-1], dtype))
    variance = draw(real(shape[-1], dtype, 0, 4))
    vectors = [draw(real(shape[-1], dtype)) for _ in range(1 if backward else 2)]
    attrs = {
        "variance_epsilon": draw(st.sampled_from([0.25, 1.0])),
        "scale_after_normalization": draw(st.booleans()),
    }
    inputs = (t, mean, variance, *vectors, *([draw(real(shape, dtype))] if backward else []))
    # sums of 8 products of 4 * 8 * 4, times 1 / sqrt(0.25)**3
    return Case(inputs, attrs, scale=8192 if backward else 64, smooth=dtype == np.float64)


CASES = {
    "BatchNormWithGlobalNormalization": normalisations(),
    "BatchNormWithGlobalNormalizationGrad": normalisations(backward=True),
}
