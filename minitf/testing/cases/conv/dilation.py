"""Cases of the ops of `minitf.ops.conv.dilation`."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import REAL_NUMBERS, as_dtype
from minitf.ops.conv.dilation import dilation2d_op
from minitf.testing.case import Case
from minitf.testing.strategies import anything, dtype_names, laid_out, whole

SIZES = st.integers(1, 3)


@st.composite
def dilations(draw, *, backward=False):
    """Draw a case of one of the three ops; in float64 sums are distinct, so that none is tied."""
    dtype = as_dtype(draw(dtype_names(REAL_NUMBERS)))
    n, c, r, s, u, v, a, b = (draw(SIZES) for _ in range(8))
    n -= draw(st.integers(0, 1))
    padding = draw(st.sampled_from(["SAME", "VALID"]))
    least = (1, 1) if padding == "SAME" else ((r - 1) * a + 1, (s - 1) * b + 1)
    h, w = (size + draw(st.integers(0, 4)) for size in least)
    attrs = {"strides": (1, u, v, 1), "rates": (1, a, b, 1), "padding": padding}
    case = Case(
        (draw(cells((n, h, w, c), dtype, 1)), draw(cells((r, s, c), dtype, 1 / 64))),
        attrs,
        ulps=0,
    )
    (out,) = case.run(dilation2d_op)
    if not backward:
        # a window that sees no cell has the least value, too large for differences
        return replace(case, smooth=dtype.name == "float64" and (out > dtype.min).all())
    grads = draw(whole(out.shape, dtype.numpy, 0, 4))
    return replace(case, inputs=(*case.inputs, grads))


@st.composite
def cells(draw, shape, dtype, scale):
    """Draw numbers of all kinds; in float64 distinct multiples of `scale`, whose sums are too."""
    if dtype.name == "float64":
        order = draw(st.permutations(range(int(np.prod(shape)))))
        return laid_out(draw, np.array(order, np.float64).reshape(shape) * scale)
    low = 0 if dtype.is_unsigned else -4
    return draw(st.one_of(whole(shape, dtype.numpy, low, 4), anything(shape, dtype)))


CASES = {
    "Dilation2D": dilations(),
    "Dilation2DBackpropInput": dilations(backward=True),
    "Dilation2DBackpropFilter": dilations(backward=True),
}
