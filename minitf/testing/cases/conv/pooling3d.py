"""Cases of the ops of `minitf.ops.conv.pooling3d`."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from minitf.dtypes import FLOATS, REAL_NUMBERS, as_dtype
from minitf.ops.conv.pooling3d import POOLED, avg_pool3d_op, max_pool3d_op
from minitf.testing import skips
from minitf.testing.case import Case
from minitf.testing.cases.conv.pooling import SIZES, cells
from minitf.testing.strategies import dtype_names, real, whole


@st.composite
def pools(draw, types):
    """Draw volumes and the attributes of a pooling over depth, height and width."""
    dtype = as_dtype(draw(dtype_names(types)))
    window, strides = draw(st.tuples(SIZES, SIZES, SIZES)), draw(st.tuples(SIZES, SIZES, SIZES))
    n, c = draw(st.integers(0, 2)), draw(SIZES)
    sizes = tuple(side + draw(st.integers(0, 2)) for side in window)
    first = draw(st.booleans())
    attrs = {
        "ksize": ordered(first, 1, *window, 1),
        "strides": ordered(first, 1, *strides, 1),
        "padding": draw(st.sampled_from(["SAME", "VALID"])),
        "data_format": "NCDHW" if first else "NDHWC",
    }
    volumes = draw(cells(ordered(first, n, *sizes, c), dtype))
    return Case(
        (volumes,),
        attrs,
        ulps=0,
        smooth=dtype.name == "float64",
        oracle=skips.NHWC_ONLY if first else "",
    )


def ordered(channels_first, batch, *sizes_and_channels):
    """Return entries for batch, depth, height, width and channels in the op's order."""
    *sizes, channels = sizes_and_channels
    return (batch, channels, *sizes) if channels_first else (batch, *sizes, channels)


def pooled(case):
    """Return a case of a pooling: TensorFlow shifts a window that is smaller than its stride."""
    pairs = zip(case.attrs["ksize"], case.attrs["strides"], strict=True)
    leaves_out = case.attrs["padding"] == "SAME" and any(k < stride for k, stride in pairs)
    return replace(case, oracle=case.oracle or (skips.CENTRES_WINDOWS if leaves_out else ""))


@st.composite
def max_pool_grads(draw):
    case = draw(pools(POOLED))
    greatest = max_pool3d_op.body(*case.inputs, **case.attrs)
    grads = draw(whole(greatest.shape, greatest.dtype, 0, 4))
    return replace(case, inputs=(*case.inputs, greatest, grads))


@st.composite
def max_pool_grad_grads(draw):
    case = draw(pools(REAL_NUMBERS))
    (volumes,) = case.inputs
    greatest = max_pool3d_op.body(volumes, **case.attrs)
    grads = draw(whole(volumes.shape, volumes.dtype, 0, 4))
    return replace(
        case,
        inputs=(volumes, greatest, grads),
        smooth=False,  # its gradient, MaxPool3DGrad, takes no float64: the op's test shows it
        oracle=case.oracle or ("" if volumes.size else skips.REFUSES_EMPTY),
    )


@st.composite
def averages(draw, *, backward=False):
    case = draw(pools(FLOATS))
    volumes = draw(real(case.inputs[0].shape, case.inputs[0].dtype))
    terms = int(np.prod(case.attrs["ksize"]))
    if not backward:
        return pooled(replace(case, inputs=(volumes,), terms=terms))
    out = avg_pool3d_op.body(volumes, **case.attrs)
    grads = draw(real(out.shape, out.dtype))
    return replace(case, inputs=(np.int32(volumes.shape), grads), terms=terms)


CASES = {
    "MaxPool3D": pools(POOLED).map(pooled),
    "MaxPool3DGrad": max_pool_grads(),
    "MaxPool3DGradGrad": max_pool_grad_grads(),
    "AvgPool3D": averages(),
    "AvgPool3DGrad": averages(backward=True),
}
