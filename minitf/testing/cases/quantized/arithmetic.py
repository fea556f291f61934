"""Cases of the ops of `minitf.ops.quantized.arithmetic`."""

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import qint32
from minitf.testing.case import Case
from minitf.testing.cases.quantized.convert import ranges
from minitf.testing.strategies import anything

PAIR = ("T1", "T2")


@st.composite
def limits(draw):
    return [np.float32(end) for _ in range(2) for end in draw(ranges())]


def bytes_of(*shape):
    return anything(shape, "quint8")


@st.composite
def products(draw):
    m, k, n = (draw(st.integers(1, 3)) for _ in range(3))
    turns = {"transpose_a": draw(st.booleans()), "transpose_b": draw(st.booleans())}
    a = draw(bytes_of(*((k, m) if turns["transpose_a"] else (m, k))))
    b = draw(bytes_of(*((n, k) if turns["transpose_b"] else (k, n))))
    return Case((a, b, *draw(limits())), turns | {"Toutput": qint32}, quantized=PAIR)


@st.composite
def convolutions(draw):
    stride = draw(st.integers(1, 2))
    attrs = {"strides": (1, stride, stride, 1), "out_type": qint32}
    attrs["padding"] = draw(st.sampled_from(["SAME", "VALID"]))
    images, filters = draw(bytes_of(1, 3, 4, 2)), draw(bytes_of(2, 2, 2, 3))
    return Case((images, filters, *draw(limits())), attrs, quantized=("Tinput", "Tfilter"))


@st.composite
def elementwise(draw):
    sizes = draw(st.sampled_from([((3,), (3,)), ((2, 3), (3,)), ((), (4,)), ((2, 2), ())]))
    pair = [draw(bytes_of(*size)) for size in sizes]
    return Case((*pair, *draw(limits())), {"Toutput": qint32}, quantized=PAIR)


@st.composite
def biased(draw):
    pair = draw(bytes_of(2, 2, 3)), draw(bytes_of(3))
    return Case((*pair, *draw(limits())), {"out_type": qint32}, quantized=PAIR)


CASES = {
    "QuantizedMatMul": products(),
    "QuantizedConv2D": convolutions(),
    "QuantizedMul": elementwise(),
    "QuantizedAdd": elementwise(),
    "QuantizedBiasAdd": biased(),
}
