"""Cases of the ops of `minitf.ops.spectral.transforms`."""

import math

from hypothesis import strategies as st

from minitf.dtypes import COMPLEX, as_dtype
from minitf.testing.case import Case
from minitf.testing.elementwise_cases import is_double, numbers
from minitf.testing.strategies import dtype_names, shapes


@st.composite
def signals(draw, rank):
    dtype = as_dtype(draw(dtype_names(COMPLEX)))
    shape = (*draw(shapes(0, 2)), *[draw(st.integers(0, 6)) for _ in range(rank)])
    x = draw(numbers(shape, dtype, -4, 4))
    size = math.prod(shape[-rank:])
    return Case((x,), ulps=8, scale=6 * size, smooth=is_double(dtype))


CASES = {
    "FFT": signals(1),
    "FFT2D": signals(2),
    "FFT3D": signals(3),
    "IFFT": signals(1),
    "IFFT2D": signals(2),
    "IFFT3D": signals(3),
}
