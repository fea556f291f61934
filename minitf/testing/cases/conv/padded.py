"""Cases of the ops of `minitf.ops.conv.padded`."""

import numpy as np
from hypothesis import strategies as st

from minitf import ops
from minitf.dtypes import as_dtype
from minitf.testing import skips
from minitf.testing.case import Case
from minitf.testing.elementwise_cases import numbers
from minitf.testing.strategies import dtype_names


@st.composite
def padded(draw, *, resized):
    name = "FusedResizeAndPadConv2D" if resized else "FusedPadConv2D"
    dtype = as_dtype(draw(dtype_names(ops.find_op(name).attrs["T"].allowed)))
    count = draw(st.integers(1, 2))
    oracle = skips.SECOND_IMAGE if count > 1 else ""
    images = draw(numbers((count, 3, 4, 2), dtype, -4, 4))
    filters = draw(numbers((2, 3, 2, 3), dtype, -4, 4))
    sides = [[draw(st.integers(0, 2)) for _ in range(2)] for _ in range(2)]
    paddings = np.int32([[0, 0], *sides, [0, 0]])
    attrs = {"mode": draw(st.sampled_from(["REFLECT", "SYMMETRIC"])), "strides": (1, 2, 2, 1)}
    attrs["padding"] = draw(st.sampled_from(["SAME", "VALID"]))
    if not resized:
        return Case((images, paddings, filters), attrs, ulps=16, scale=12 * 16, oracle=oracle)
    attrs["resize_align_corners"] = draw(st.booleans())
    size = np.int32([draw(st.integers(3, 6)), draw(st.integers(3, 6))])
    return Case((images, size, paddings, filters), attrs, ulps=32, scale=12 * 16, oracle=oracle)


CASES = {
    "FusedPadConv2D": padded(resized=False),
    "FusedResizeAndPadConv2D": padded(resized=True),
}
