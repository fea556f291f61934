"""Cases of the ops of `minitf.ops.random.stateless`."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from minitf.dtypes import FLOATS, REAL_NUMBERS, as_dtype
from minitf.testing.case import Case
from minitf.testing.strategies import dtype_names, real, whole

WIDTHS = st.sampled_from([np.int32, np.int64])


@st.composite
def shape_and_seed(draw):
    shape = draw(hnp.arrays(draw(WIDTHS), st.integers(0, 3), elements=st.integers(0, 5)))
    return shape, draw(hnp.arrays(draw(WIDTHS), 2))


@st.composite
def floats(draw, *, ulps):
    dtype = as_dtype(draw(dtype_names(FLOATS)))
    return Case(draw(shape_and_seed()), {"dtype": dtype}, ulps=ulps)


@st.composite
def integers(draw):
    kind = draw(WIDTHS)
    info = np.iinfo(kind)
    low = draw(st.integers(int(info.min), int(info.max) - 1))
    high = draw(st.integers(low + 1, int(info.max)))
    return Case((*draw(shape_and_seed()), kind(low), kind(high)))


@st.composite
def classes(draw):
    dtype = as_dtype(draw(dtype_names(REAL_NUMBERS)))
    shape = draw(st.integers(0, 3)), draw(st.integers(1, 4))
    signed = real(shape, dtype.numpy) if dtype.is_floating else whole(shape, dtype.numpy, 0, 4)
    _, seed = draw(shape_and_seed())
    attrs = {"output_dtype": as_dtype(draw(st.sampled_from(["int32", "int64"])))}
    return Case((draw(signed), np.int32(draw(st.integers(0, 6))), seed), attrs)


CASES = {
    "StatelessRandomUniform": floats(ulps=0),
    "StatelessRandomUniformInt": integers(),
    "StatelessRandomNormal": floats(ulps=4),
    "StatelessTruncatedNormal": floats(ulps=4),
    "StatelessMultinomial": classes(),
}
