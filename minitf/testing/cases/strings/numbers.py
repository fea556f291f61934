"""Cases of the ops of `minitf.ops.strings.numbers`."""

import numpy as np
from hypothesis import strategies as st

from minitf import dtypes
from minitf.ops.strings.arrays import strings
from minitf.testing.case import Case
from minitf.testing.strategies import real, shapes, whole


@st.composite
def written(draw):
    kind = draw(
        st.sampled_from([np.int8, np.int32, np.int64, bool, np.float32, np.float64, np.complex64])
    )
    shape = draw(shapes())
    if np.dtype(kind).kind in "fc":
        attrs = {
            "precision": draw(st.sampled_from([-1, 0, 3])),
            **draw(st.sampled_from([{}, {"scientific": True}, {"shortest": True}])),
        }
        x = draw(real(shape, kind))
    else:
        low = 0 if kind is bool else -8
        x, attrs = draw(whole(shape, kind, low, 1 if kind is bool else 8)), {}
    attrs["width"] = draw(st.sampled_from([-1, 3, 9]))
    if kind is not bool:
        attrs["fill"] = (
            draw(st.sampled_from(["", " ", "0", "-", "+"])) if attrs["width"] > 0 else ""
        )
    return Case((x,), attrs)


@st.composite
def read(draw):
    target = draw(st.sampled_from(["float32", "float64", "int32", "int64"]))
    number = st.integers(-1000, 1000) if target[0] == "i" else st.floats(-1e6, 1e6)
    shape = draw(shapes(max_dims=2))
    size = int(np.prod(shape))
    texts = draw(st.lists(number.map(lambda x: f" {x}".encode()), min_size=size, max_size=size))
    return Case((strings(texts, shape),), {"out_type": dtypes.DTYPES[target]}, ulps=1)


CASES = {"AsString": written(), "StringToNumber": read()}
