"""Cases of the ops of `minitf.ops.array.bands`."""

import numpy as np
from hypothesis import strategies as st

from minitf.testing.array_cases import elements, moving, types
from minitf.testing.cases.array.diagonal import PLAIN, matrices
from minitf.testing.strategies import shapes


@st.composite
def band(draw, rows, columns):
    """Draw the lowest and highest diagonal of a band, as one number or two."""
    lower = draw(st.integers(1 - rows, columns - 1))
    upper = draw(st.integers(lower, columns - 1))
    k = draw(st.sampled_from([lower, [lower], [lower, upper]]))
    return np.array(k, np.int32), lower, (upper if np.size(k) == 2 else lower)


@st.composite
def band_parts(draw):
    x = draw(matrices())
    k, *_ = draw(band(*x.shape[-2:]))
    return moving((x, k, draw(elements((), x.dtype.name))), constant=("padding_value",))


def stored_shape(shape, lower, upper):
    rows, columns = shape[-2:]
    longest = min(rows + min(upper, 0), columns - max(lower, 0))
    return (*shape[:-2], *([] if lower == upper else [upper - lower + 1]), longest)


@st.composite
def band_replaced(draw):
    x = draw(matrices())
    k, lower, upper = draw(band(*x.shape[-2:]))
    return moving((x, draw(elements(stored_shape(x.shape, lower, upper), x.dtype.name)), k))


@st.composite
def band_matrices(draw):
    shape, name = draw(shapes(min_dims=2, max_dims=3, min_side=1)), draw(types(PLAIN))
    k, lower, upper = draw(band(*shape[-2:]))
    diagonal = draw(elements(stored_shape(shape, lower, upper), name))
    exact = diagonal.shape[-1] - min(upper, 0), diagonal.shape[-1] + max(lower, 0)
    sizes = shape[-2:] if shape[-2] == exact[0] or shape[-1] == exact[1] else (-1, -1)
    if draw(st.booleans()) and max(exact) > max(upper, -lower):
        sizes = (-1, -1)
    rows, columns = (np.array(size, np.int32) for size in sizes)
    inputs = (diagonal, k, rows, columns, draw(elements((), name)))
    return moving(inputs, constant=("padding_value",))


CASES = {
    "MatrixDiagV2": band_matrices(),
    "MatrixDiagPartV2": band_parts(),
    "MatrixSetDiagV2": band_replaced(),
}
