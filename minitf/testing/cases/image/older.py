"""Cases of the ops of `minitf.ops.image.older`."""

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import as_dtype, types
from minitf.testing.case import Case
from minitf.testing.elementwise_cases import numbers
from minitf.testing.strategies import dtype_names


@st.composite
def bounded(draw):
    dtype = as_dtype(draw(dtype_names(types("uint8", "int32", "float32", "float64"))))
    images = draw(numbers(draw(st.sampled_from([(2, 3, 1), (2, 2, 1, 3)])), dtype, 0, 100))
    factor, low, high = (
        np.float32(draw(st.integers(*each))) for each in ((0, 3), (0, 9), (50, 99))
    )
    return Case((images, factor, low, high), ulps=32, scale=400)


CASES = {"AdjustContrast": bounded()}
