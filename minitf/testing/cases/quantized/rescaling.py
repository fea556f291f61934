"""Cases of the ops of `minitf.ops.quantized.rescaling`."""

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import qint8, quint8
from minitf.testing import skips
from minitf.testing.case import Case
from minitf.testing.cases.quantized.convert import ranges
from minitf.testing.strategies import anything

INPUT = ("Tinput",)


@st.composite
def limits(draw):
    return [np.float32(end) for end in draw(ranges())]


def whole(*shape):
    """Draw int32s whose float32s are exact."""
    return anything(shape, "qint32").map(lambda x: x >> 8)


@st.composite
def requantized(draw, *, given=True):
    kind = draw(st.sampled_from([quint8, qint8])) if given else quint8
    inputs = draw(whole(2, 3)), *draw(limits()), *(draw(limits()) if given else ())
    return Case(inputs, {"out_type": kind}, quantized=INPUT, ulps=2)


@st.composite
def used(draw):
    return Case((draw(whole(2, 3)), *draw(limits())), quantized=INPUT, ulps=2)


@st.composite
def joined(draw):
    axis, count = draw(st.integers(0, 1)), draw(st.integers(2, 3))
    parts = [draw(anything((2, 2), "quint8")) for _ in range(count)]
    lows, highs = zip(*[draw(limits()) for _ in range(count)], strict=True)
    inputs = np.int32(axis), parts, list(lows), list(highs)
    return Case(inputs, quantized=("T",))


@st.composite
def reshaped(draw):
    shape = np.array(draw(st.sampled_from([[6], [3, 2], [-1, 2]])), np.int32)
    return Case((draw(anything((2, 3), "quint8")), shape, *draw(limits())), quantized=("T",))


@st.composite
def normalised(draw):
    attrs = {"output_range_given": draw(st.booleans()), "given_y_min": -2.0, "given_y_max": 2.0}
    images = draw(anything((2, 4, 4, 2), "quint8"))
    return Case(
        (images, *draw(limits())),
        attrs,
        ulps=16,  # sums of 16 numbers
        scale=4,  # one of 16 that stands out is 15 / sqrt(15) away from the mean
        quantized=("T",),
        oracle=skips.OTHER_ROUNDING,
    )


CASES = {
    "Requantize": requantized(),
    "RequantizationRange": used(),
    "QuantizeDownAndShrinkRange": requantized(given=False),
    "QuantizedConcat": joined(),
    "QuantizedReshape": reshaped(),
    "QuantizedInstanceNorm": normalised(),
}
