"""Cases of the ops of `minitf.ops.quantized.convert`."""

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import QUANTIZED, as_dtype
from minitf.testing import skips
from minitf.testing.case import Case
from minitf.testing.strategies import anything, real, shapes

MODES = ("MIN_COMBINED", "MIN_FIRST", "SCALED")


def quantized_types():
    return st.sampled_from(sorted(QUANTIZED, key=str))


@st.composite
def ranges(draw, shape=()):
    """Draw the ends of ranges that hold 0, eighths."""
    low = np.round(draw(real(shape, np.float32, -4, 0)) * 8) / 8
    high = np.round(draw(real(shape, np.float32, 0, 4)) * 8 + 1) / 8
    return np.asarray(low, np.float32), np.asarray(high, np.float32)


@st.composite
def modes(draw, rank):
    """Draw a mode and an axis that it allows."""
    mode = draw(st.sampled_from(MODES))
    axis = -1 if mode == "MIN_FIRST" else draw(st.integers(-1, rank - 1))
    return {"mode": mode, "axis": axis, "narrow_range": draw(st.booleans())}


@st.composite
def quantizations(draw):
    """Draw a call of QuantizeV2."""
    shape = draw(shapes(min_side=1))
    attrs = draw(modes(len(shape))) | {"T": draw(quantized_types())}
    if attrs["mode"] == "SCALED":
        attrs["round_mode"] = draw(st.sampled_from(["HALF_AWAY_FROM_ZERO", "HALF_TO_EVEN"]))
    ends = () if attrs["axis"] == -1 else shape[attrs["axis"]]
    oracle = skips.ONE_SLICE if ends == 1 else ""
    return Case((draw(real(shape, np.float32)), *draw(ranges(ends))), attrs, oracle=oracle)


@st.composite
def dequantizations(draw):
    """Draw a call of Dequantize."""
    shape = draw(shapes(min_side=1))
    attrs = draw(modes(len(shape)))
    kind = draw(quantized_types())
    ends = () if attrs["axis"] == -1 else shape[attrs["axis"]]
    wanted = ["float32", "bfloat16"] if attrs["mode"] == "MIN_COMBINED" else ["float32"]
    attrs["dtype"] = as_dtype(draw(st.sampled_from(wanted)))
    numbers = draw(anything(shape, kind))
    return Case((numbers, *draw(ranges(ends))), attrs, quantized=("T",), scale=8)


CASES = {
    "Dequantize": dequantizations(),
    "QuantizeV2": quantizations(),
}
