"""Cases of the ops of `minitf.ops.array.layouts`."""

import numpy as np
from hypothesis import strategies as st

from minitf.testing.case import Case
from minitf.testing.strategies import shapes

FORMATS = ("NHWC", "NCHW", "HWNC")
KINDS = st.sampled_from([np.int32, np.int64])


@st.composite
def axes(draw):
    size = draw(shapes(max_dims=2))
    x = np.array(draw(st.lists(st.integers(-4, 3), min_size=9, max_size=9))[: int(np.prod(size))])
    return Case((np.resize(x, size).astype(draw(KINDS)),), draw(formats()))


@st.composite
def formats(draw):
    return {name: draw(st.sampled_from(FORMATS)) for name in ("src_format", "dst_format")}


@st.composite
def numbers_of_axes(draw):
    size = draw(st.sampled_from([(4,), (4, 2), (2,), (2, 2)]))
    x = np.arange(np.prod(size)).reshape(size).astype(draw(KINDS))
    return Case((x,), draw(formats()))


CASES = {"DataFormatDimMap": axes(), "DataFormatVecPermute": numbers_of_axes()}
