"""Cases of the ops of `minitf.ops.conv.pooling`."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import FLOATS, REAL_NUMBERS, as_dtype
from minitf.ops.conv.pooling import (
    POOLED,
    avg_pool_op,
    max_pool_op,
)
from minitf.testing import skips
from minitf.testing.case import Case
from minitf.testing.strategies import dtype_names, laid_out, real, whole

SIZES = st.integers(1, 3)


@st.composite
def pools(draw, types, *, explicit=False, formats=("NHWC", "NCHW")):
    """Draw images and the attributes of a pooling over height and width."""
    dtype = as_dtype(draw(dtype_names(types)))
    n = draw(st.integers(0, 2))
    c, r, s, u, v = (draw(SIZES) for _ in range(5))
    h, w = r + draw(st.integers(0, 4)), s + draw(st.integers(0, 4))
    data_format = draw(st.sampled_from(formats))
    first = data_format == "NCHW"
    kinds = ["SAME", "VALID", "EXPLICIT"] if explicit else ["SAME", "VALID"]
    padding = draw(st.sampled_from(kinds))
    attrs = {
        "ksize": ordered(first, 1, r, s, 1),
        "strides": ordered(first, 1, u, v, 1),
        "padding": padding,
        "data_format": data_format,
    }
    if padding == "EXPLICIT":
        # less than the window, so that none lies in the padding alone
        top, left = draw(st.integers(0, r - 1)), draw(st.integers(0, s - 1))
        attrs["explicit_paddings"] = ordered(first, 0, 0, top, 0, left, 0, 0, 0)
    shape = ordered(first, n, h, w, c)
    return Case(
        (draw(cells(shape, dtype)),),
        attrs,
        ulps=0,
        smooth=dtype.name == "float64",
        oracle=skips.NHWC_ONLY if first else "",
    )


def ordered(channels_first, *axes):
    """Return entries for batch, height, width, channels (one or two each) in the op's order."""
    width = len(axes) // 4
    batch, height, wide, channels = (axes[i * width : i * width + width] for i in range(4))
    inner = (channels, height, wide) if channels_first else (height, wide, channels)
    return tuple(x for part in (batch, *inner) for x in part)


@st.composite
def cells(draw, shape, dtype):
    """Draw whole numbers, many of them equal; in float64 distinct ones, so that none is tied."""
    if dtype.name == "float64":
        order = draw(st.permutations(range(int(np.prod(shape)))))
        return laid_out(draw, np.array(order, np.float64).reshape(shape))
    return draw(whole(shape, dtype.numpy, 0 if dtype.is_unsigned else -4, 4))


@st.composite
def max_pool_grads(draw, poolings):
    case = draw(poolings)
    pooled = max_pool_op.body(*case.inputs, **case.attrs)
    grads = draw(whole(pooled.shape, pooled.dtype, 0, 4))
    return replace(
        case, inputs=(*case.inputs, pooled, grads), constant=("orig_input", "orig_output")
    )


@st.composite
def max_pool_grad_grads(draw):
    case = draw(pools(REAL_NUMBERS))
    pooled = max_pool_op.body(*case.inputs, **case.attrs)
    grads = draw(whole(case.inputs[0].shape, pooled.dtype, 0, 4))
    return replace(
        case, inputs=(*case.inputs, pooled, grads), constant=("orig_input", "orig_output")
    )


@st.composite
def averages(draw, *, backward=False):
    case = draw(pools(FLOATS))
    images = draw(real(case.inputs[0].shape, case.inputs[0].dtype))
    terms = int(np.prod(case.attrs["ksize"]))
    if not backward:
        return replace(case, inputs=(images,), terms=terms)
    out = avg_pool_op.body(images, **case.attrs)
    grads = draw(real(out.shape, out.dtype))
    return replace(case, inputs=(np.int32(images.shape), grads), terms=terms)


CASES = {
    "MaxPool": pools(POOLED - {as_dtype("qint8")}, explicit=True),
    "MaxPoolGrad": max_pool_grads(pools(REAL_NUMBERS, explicit=True)),
    "MaxPoolGradGrad": max_pool_grad_grads(),
    "AvgPool": averages(),
    "AvgPoolGrad": averages(backward=True),
}
