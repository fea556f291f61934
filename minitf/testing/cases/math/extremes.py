"""Cases of the ops of `minitf.ops.math.extremes`."""

import numpy as np
from hypothesis import strategies as st

from minitf import ops
from minitf.dtypes import INDICES, QUANTIZED, as_dtype
from minitf.testing.case import Case
from minitf.testing.elementwise_cases import numbers
from minitf.testing.strategies import dtype_names, shapes


@st.composite
def searches(draw, name):
    dtype = as_dtype(draw(dtype_names(ops.find_op(name).attrs["T"].allowed - QUANTIZED)))
    shape = draw(shapes(1, 3, min_side=1))
    axis = np.array(draw(st.integers(-len(shape), len(shape) - 1)), np.int32)
    output_type = as_dtype(draw(dtype_names(INDICES)))
    return Case((draw(numbers(shape, dtype, -4, 4)), axis), {"output_type": output_type})


CASES = {"ArgMax": searches("ArgMax"), "ArgMin": searches("ArgMin")}
