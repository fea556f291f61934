"""Cases of the ops of `minitf.ops.nn.softmax`."""

from hypothesis import strategies as st

from minitf.dtypes import FLOATS, as_dtype
from minitf.testing.case import Case
from minitf.testing.strategies import dtype_names, real, shapes

CLASSES = 4  # at most, in the shapes drawn


@st.composite
def rows(draw):
    dtype = as_dtype(draw(dtype_names(FLOATS)))
    logits = draw(real(draw(shapes(min_dims=1, max_dims=3)), dtype.numpy, -20, 20))
    # exp and log are within 2 ulp each, a sum of C terms within C, and the exponent's own rounding
    # (shifted logits of up to 40) counts 40 / 2 relative to the result
    return Case((logits,), ulps=CLASSES + 30, smooth=dtype.name == "float64", scale=1)


CASES = {"Softmax": rows(), "LogSoftmax": rows()}
