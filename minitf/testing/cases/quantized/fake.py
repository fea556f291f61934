"""Cases of the ops of `minitf.ops.quantized.fake`."""

import numpy as np
from hypothesis import strategies as st

from minitf.testing.case import Case
from minitf.testing.strategies import real, shapes


@st.composite
def attributes(draw):
    """Draw how many steps there are."""
    return {"num_bits": draw(st.sampled_from([2, 4, 8, 16])), "narrow_range": draw(st.booleans())}


@st.composite
def inputs_of(draw, shape, *, gradients):
    """Draw the inputs, before them gradients that are whole: their sums are exact."""
    made = (draw(real(shape, np.float32)),)
    return (np.round(draw(real(shape, np.float32))), *made) if gradients else made


@st.composite
def by_attributes(draw, *, gradients=False):
    """Draw a call whose range is fixed."""
    low, size = draw(st.integers(-6, 2)), draw(st.sampled_from([0.5, 1.0, 3.0, 7.0]))
    attrs = draw(attributes()) | {"min": float(low), "max": low + size}
    return Case(draw(inputs_of(draw(shapes()), gradients=gradients)), attrs)


@st.composite
def by_inputs(draw, *, gradients=False, channels=False):
    """Draw a call whose range is an input, one per channel or one for all."""
    shape = draw(shapes(1 if channels else 0))
    ends = shape[-1:] if channels else ()
    low = draw(real(ends, np.float32, -4, 0)).round()
    high = np.float32(low + 1 + np.abs(draw(real(ends, np.float32)).round()))
    if draw(st.booleans()):
        low, high = np.zeros_like(low), np.zeros_like(high)
    made = draw(inputs_of(shape, gradients=gradients))
    return Case((*made, np.asarray(low), np.asarray(high)), draw(attributes()))


CASES = {
    "FakeQuantWithMinMaxArgs": by_attributes(),
    "FakeQuantWithMinMaxArgsGradient": by_attributes(gradients=True),
    "FakeQuantWithMinMaxVars": by_inputs(),
    "FakeQuantWithMinMaxVarsGradient": by_inputs(gradients=True),
    "FakeQuantWithMinMaxVarsPerChannel": by_inputs(channels=True),
    "FakeQuantWithMinMaxVarsPerChannelGradient": by_inputs(gradients=True, channels=True),
}
