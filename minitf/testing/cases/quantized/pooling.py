"""Cases of the ops of `minitf.ops.quantized.pooling`."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import types
from minitf.testing.cases.conv.pooling import pools
from minitf.testing.cases.quantized.convert import ranges

STORED = types("int8", "uint8", "int16", "uint16", "int32")


@st.composite
def quantized_pools(draw):
    case = draw(pools(STORED, formats=("NHWC",)))
    attrs = dict(case.attrs)
    attrs.pop("data_format")
    inputs = (*case.inputs, *(np.float32(end) for end in draw(ranges())))
    return replace(case, inputs=inputs, attrs=attrs, quantized=("T",))


CASES = {"QuantizedMaxPool": quantized_pools(), "QuantizedAvgPool": quantized_pools()}
