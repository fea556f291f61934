"""Cases of the ops of `minitf.ops.array.filling`."""

import numpy as np
from hypothesis import strategies as st

from minitf import dtypes
from minitf.testing.array_cases import EVERY, NUMBERS, arrays_of, elements, index_types, types
from minitf.testing.case import Case
from minitf.testing.strategies import shapes


@st.composite
def fills(draw):
    dims = np.array(draw(shapes()), draw(index_types()))
    value = draw(elements((), draw(types())))
    return Case((dims, value), ulps=0, smooth=value.dtype == np.float64)


@st.composite
def ranges(draw):
    name = draw(st.sampled_from(["int32", "int64", "bfloat16", "float32", "float64"]))
    kind = dtypes.DTYPES[name].numpy
    number = st.integers(-20, 20) if np.dtype(kind).kind == "i" else st.floats(-20, 20, width=16)
    start, limit = (np.array(draw(number)).astype(kind) for _ in range(2))
    size = st.integers(1, 7) if np.dtype(kind).kind == "i" else st.floats(0.5, 7, width=16)
    delta = np.array(draw(size)).astype(kind)
    return Case((start, limit, delta if start <= limit else -delta), ulps=0)


@st.composite
def lin_spaces(draw):
    kind = dtypes.DTYPES[draw(st.sampled_from(["float32", "float64"]))].numpy
    ends = [np.array(draw(st.floats(-100, 100, width=32)), kind) for _ in range(2)]
    num = np.array(draw(st.integers(1, 9)), draw(index_types()))
    return Case((*ends, num), ulps=4, scale=200)


@st.composite
def one_hots(draw):
    kind = dtypes.DTYPES[draw(st.sampled_from(["uint8", "int32", "int64"]))].numpy
    shape = draw(shapes(max_dims=3))
    low = 0 if kind == np.uint8 else -2
    indices = np.array(
        draw(
            st.lists(
                st.integers(low, 6),
                min_size=int(np.prod(shape)),
                max_size=int(np.prod(shape)),
            )
        ),
        kind,
    ).reshape(shape)
    name = draw(types(("bool", "int32", "float32", "float64", "complex64")))
    on, off = draw(elements((), name)), draw(elements((), name))
    depth = np.array(draw(st.integers(0, 5)), np.int32)
    return Case((indices, depth, on, off), {"axis": draw(st.integers(-1, len(shape)))}, ulps=0)


CASES = {
    "Fill": fills(),
    "ZerosLike": arrays_of(EVERY).map(lambda x: Case((x,))),
    "OnesLike": arrays_of(("bool", *NUMBERS)).map(lambda x: Case((x,))),
    "Range": ranges(),
    "LinSpace": lin_spaces(),
    "OneHot": one_hots(),
}
