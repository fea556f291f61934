"""Cases of the ops of `minitf.ops.math.incomplete_beta`.

Bounds: TensorFlow takes what is above the mean from 1, so that its error is relative to 1.
"""

from hypothesis import strategies as st

from minitf.dtypes import as_dtype
from minitf.ops.math.gamma import DOUBLES
from minitf.testing.case import Case
from minitf.testing.elementwise_cases import numbers
from minitf.testing.strategies import dtype_names, shapes


@st.composite
def probabilities(draw):
    dtype = as_dtype(draw(dtype_names(DOUBLES)))
    shape = draw(shapes(0, 3))
    a, b = (draw(numbers(draw(st.sampled_from([shape, ()])), dtype, 0.5, 8)) for _ in range(2))
    x = draw(numbers(draw(st.sampled_from([shape, ()])), dtype, 0.125, 0.875))
    smooth = dtype.name == "float64"
    return Case((a, b, x), ulps=256, scale=1, smooth=smooth, constant=("a", "b"))


CASES = {"Betainc": probabilities()}
