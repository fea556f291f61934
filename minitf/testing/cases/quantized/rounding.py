"""Cases of the ops of `minitf.ops.quantized.rounding`."""

import numpy as np
from hypothesis import strategies as st

from minitf.testing import skips
from minitf.testing.case import Case
from minitf.testing.strategies import real, shapes


@st.composite
def roundings(draw, *, version):
    """Draw a call of one of the three ops."""
    shape = draw(shapes(1 if version == 3 else 0, min_side=1))  # TensorFlow's V3 takes no scalars
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    signed, given = draw(st.booleans()), draw(st.booleans())
    bits = draw(st.sampled_from([2, 5, 8, 16]))
    attrs = {"signed_input": signed, "range_given": given}
    x = np.asarray(np.round(draw(real(shape, dtype)) * 64) / 64, dtype)
    if version == 1:
        low = draw(st.integers(-4, 0))
        ends = {"input_min": float(low), "input_max": low + draw(st.sampled_from([0.5, 3.0, 8.0]))}
        return Case((x,), attrs | ends | {"num_bits": bits})
    axis = draw(st.integers(-1, len(shape) - 1))
    of_ends = () if axis == -1 else shape[axis]
    low = draw(real(of_ends, dtype, -4, 0)).round()
    high = low + dtype(0.5) + np.abs(draw(real(of_ends, dtype)).round())
    inputs = (x, np.asarray(low, dtype), np.asarray(high, dtype))
    attrs |= {"axis": axis, "narrow_range": draw(st.booleans())}
    if version == 3:
        return Case((*inputs, np.int32(bits)), attrs)
    attrs |= {"num_bits": bits, "round_mode": draw(st.sampled_from(["HALF_TO_EVEN", "HALF_UP"]))}
    return Case(inputs, attrs, oracle="" if axis == -1 else skips.REFUSES_SLICES)


CASES = {
    "QuantizeAndDequantize": roundings(version=1),
    "QuantizeAndDequantizeV2": roundings(version=2),
    "QuantizeAndDequantizeV3": roundings(version=3),
}
