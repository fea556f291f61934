"""Cases of the ops of `minitf.ops.math.gamma`.

Bounds: ours errs by 3e-15 of the greatest term at most (see the op's tests), TensorFlow's double
functions by some 1e-14; their single ones compute in single precision.
"""

from hypothesis import strategies as st

from minitf.dtypes import FLOATS, as_dtype
from minitf.ops.math.gamma import DOUBLES
from minitf.testing.case import Case
from minitf.testing.elementwise_cases import numbers, of_one
from minitf.testing.strategies import broadcastable, dtype_names, whole


@st.composite
def orders(draw, name, low, *, whole_only):
    """Draw a call of a function of an order and a positive number, differentiable in that."""
    dtype = as_dtype(draw(dtype_names(DOUBLES)))
    first, second = draw(broadcastable())
    if whole_only:
        order = draw(whole(first, dtype.numpy, low, 5))
    else:
        order = draw(numbers(first, dtype, low, 5))
    x = draw(numbers(second, dtype, 0.5, 8))
    smooth = dtype.name == "float64"
    # near the zero of digamma at 1.46 its error is that of its terms, which are below 3
    return Case((order, x), ulps=128, scale=3, smooth=smooth, constant=(name,))


CASES = {
    # zeros at 1 and 2; between negative whole numbers others, where the terms are below 3
    "Lgamma": of_one(FLOATS, -3.875, 8, kinks=range(-3, 1), ulps=64, scale=3),
    "Digamma": of_one(FLOATS, -1.875, 8, kinks=(-1, 0), ulps=64, scale=10),
    "Polygamma": orders("a", 0, whole_only=True),
    "Zeta": orders("x", 1.5, whole_only=False),
}
