"""Cases of the ops of `minitf.ops.nn.losses`."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from minitf.dtypes import FLOATS, as_dtype
from minitf.testing.case import Case
from minitf.testing.strategies import dtype_names, real, shapes, whole


@st.composite
def scores_and_distributions(draw):
    """Draw rows and distributions; either may be broadcast along rows or classes."""
    n, classes = draw(st.integers(0, 4)), draw(st.integers(1, 5))
    dtype = as_dtype(draw(dtype_names(FLOATS)))
    cut = st.sampled_from(["", "", "rows", "classes"])
    full, wide = (n, classes), draw(cut)
    scores = draw(real(narrowed(full, wide), dtype.numpy))
    shape = narrowed(full, draw(cut) if not wide else "")
    labels = draw(real(shape, np.float64, 0.125, 1))
    # d loss / d features is `backprop` only where the labels of a row sum to 1
    labels = (labels / np.broadcast_to(labels, full).sum(1, keepdims=True)[: shape[0]]).astype(
        dtype.numpy
    )
    # losses of up to 8 + log 5, and their rounding, in 16 bits too
    return Case((scores, labels), ulps=20, scale=10, smooth=dtype.name == "float64")


def narrowed(shape, axis):
    return {"": shape, "rows": (1, shape[1]), "classes": (shape[0], 1)}[axis]


@st.composite
def scores_and_labels(draw):
    n, classes = draw(st.integers(0, 4)), draw(st.integers(1, 5))
    dtype = as_dtype(draw(dtype_names(FLOATS)))
    scores = draw(real((n, classes), dtype.numpy))
    kind = draw(st.sampled_from([np.int32, np.int64]))
    labels = draw(hnp.arrays(kind, n, elements=st.integers(0, classes - 1)))
    return Case((scores, labels), ulps=20, scale=10, smooth=dtype.name == "float64")


@st.composite
def vectors(draw):
    dtype = as_dtype(draw(dtype_names(FLOATS)))
    t = draw(whole(draw(shapes()), dtype.numpy, -2, 2))
    return Case((t,), ulps=0, smooth=dtype.name == "float64")


CASES = {
    "SoftmaxCrossEntropyWithLogits": scores_and_distributions(),
    "SparseSoftmaxCrossEntropyWithLogits": scores_and_labels(),
    "L2Loss": vectors(),
}
