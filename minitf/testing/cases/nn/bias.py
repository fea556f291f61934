"""Cases of the ops of `minitf.ops.nn.bias`."""

from hypothesis import strategies as st

from minitf.dtypes import NUMBERS, as_dtype
from minitf.testing.case import Case
from minitf.testing.strategies import dtype_names, shapes, whole

ORACLE_TYPES = NUMBERS - {d for d in NUMBERS if d.is_quantized}


@st.composite
def batches(draw, *, data_format=True, bias=True):
    """Draw values with their channels, and the attributes that say where those are."""
    first = data_format and draw(st.booleans())
    dtype = as_dtype(draw(dtype_names(ORACLE_TYPES)))
    shape = draw(shapes(min_dims=3 if first else 2, max_dims=4))
    low = 0 if dtype.is_unsigned else -8
    inputs = [draw(whole(shape, dtype.numpy, low))]
    if bias:
        inputs.append(draw(whole(shape[1 if first else -1], dtype.numpy, low)))
    attrs = {"data_format": "NCHW" if first else "NHWC"} if data_format else {}
    return Case(tuple(inputs), attrs, ulps=0, smooth=dtype.name == "float64")


CASES = {
    "BiasAdd": batches(),
    "BiasAddV1": batches(data_format=False),
    "BiasAddGrad": batches(bias=False),
}
