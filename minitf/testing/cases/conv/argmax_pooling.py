"""Cases of the ops of `minitf.ops.conv.argmax_pooling`."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import INDICES, REAL_NUMBERS, as_dtype
from minitf.ops.conv.argmax_pooling import max_pool_with_argmax_op
from minitf.testing import skips
from minitf.testing.case import Case
from minitf.testing.cases.conv.pooling import pools
from minitf.testing.strategies import dtype_names, whole


@st.composite
def poolings(draw):
    case = draw(pools(REAL_NUMBERS, formats=("NHWC",)))
    attrs = {**case.attrs, "include_batch_in_index": draw(st.booleans())}
    attrs.pop("data_format")
    return replace(
        case,
        attrs={**attrs, "Targmax": as_dtype(draw(dtype_names(INDICES)))},
        oracle="" if case.inputs[0].size else skips.REFUSES_EMPTY,
    )


@st.composite
def gradients(draw, *, twice=False):
    """Draw places that a pooling gives, and gradients; both change nothing when the image moves."""
    case = draw(poolings())
    pooled, places = case.run(max_pool_with_argmax_op)
    (image,) = case.inputs
    grads = draw(whole(image.shape if twice else pooled.shape, image.dtype, 0, 4))
    attrs = dict(case.attrs)
    attrs.pop("Targmax")
    return Case(
        (image, grads, places),
        attrs,
        ulps=0,
        smooth=image.dtype == np.float64,
        constant=("input",),
        oracle=skips.NO_KERNEL if twice else "",
    )


CASES = {
    "MaxPoolWithArgmax": poolings(),
    "MaxPoolGradWithArgmax": gradients(),
    "MaxPoolGradGradWithArgmax": gradients(twice=True),
}
