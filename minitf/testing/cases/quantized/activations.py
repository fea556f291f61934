"""Cases of the ops of `minitf.ops.quantized.activations`."""

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import as_dtype
from minitf.testing.case import Case
from minitf.testing.cases.quantized.convert import quantized_types, ranges
from minitf.testing.strategies import anything, shapes


@st.composite
def activations(draw, *, limited=False):
    kind = draw(quantized_types())
    numbers = draw(anything(draw(shapes()), kind))
    ends = [np.float32(end) for end in draw(ranges())]
    limit = [np.float32(draw(st.sampled_from([0.5, 1.0, 6.0])))] if limited else []
    attrs = {"out_type": as_dtype(kind)}
    return Case((numbers, *limit, *ends), attrs, quantized=("Tinput",))


CASES = {
    "QuantizedRelu": activations(),
    "QuantizedRelu6": activations(),
    "QuantizedReluX": activations(limited=True),
}
