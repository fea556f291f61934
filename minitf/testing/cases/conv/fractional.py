"""Cases of the ops of `minitf.ops.conv.fractional` that draw nothing: the gradients."""

from itertools import accumulate

import numpy as np
from hypothesis import strategies as st

from minitf.ops.conv.fractional import POOLED, greatest
from minitf.ops.conv.regions import both_regions
from minitf.testing import skips
from minitf.testing.case import Case
from minitf.testing.strategies import dtype_names, whole


@st.composite
def sequences(draw):
    """Draw where regions start, and where the last one stops."""
    lengths = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    return np.int64([0, *accumulate(lengths)])


@st.composite
def poolings(draw):
    """Draw images, gradients of their regions, the regions and whether they overlap."""
    rows, columns = draw(sequences()), draw(sequences())
    n, c = draw(st.integers(0, 2)), draw(st.integers(1, 3))
    dtype = np.dtype(draw(dtype_names(POOLED)))
    images = draw(whole((n, int(rows[-1]), int(columns[-1]), c), dtype, -4, 4))
    grads = draw(whole((n, len(rows) - 1, len(columns) - 1, c), dtype, 0, 8))
    return images, grads, rows, columns, draw(st.booleans())


@st.composite
def max_pool_grads(draw):
    images, grads, rows, columns, overlapping = draw(poolings())
    regions = both_regions(images.shape, None, (rows, columns), overlapping=overlapping)
    inputs = images, greatest(images, *regions), grads, rows, columns
    reason = skips.REFUSES_SMALL if len(rows) * len(columns) > images.size else ""
    return Case(inputs, {"overlapping": overlapping}, ulps=0, oracle=oracle(images) or reason)


@st.composite
def avg_pool_grads(draw):
    images, grads, rows, columns, overlapping = draw(poolings())
    inputs = np.int64(images.shape), grads, rows, columns
    return Case(inputs, {"overlapping": overlapping}, ulps=2, scale=8, oracle=oracle(images))


def oracle(images):
    return "" if images.size else skips.REFUSES_EMPTY


CASES = {"FractionalMaxPoolGrad": max_pool_grads(), "FractionalAvgPoolGrad": avg_pool_grads()}
