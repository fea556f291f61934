"""Cases of the ops of `minitf.ops.array.diagonal`."""

import numpy as np
from hypothesis import strategies as st

from minitf.testing.array_cases import arrays_of, elements, index_types, moving, types
from minitf.testing.strategies import shapes

PLAIN = ("bool", "int32", "int64", "float32", "float64", "complex64")


NUMBERS = ("int32", "int64", "float32", "float64", "complex64")


@st.composite
def matrices(draw, names=PLAIN):
    return draw(elements(draw(shapes(min_dims=2, max_dims=4, min_side=1)), draw(types(names))))


@st.composite
def replaced(draw):
    x = draw(matrices())
    name = x.dtype.name
    return moving((x, draw(elements((*x.shape[:-2], min(x.shape[-2:])), name))))


@st.composite
def bands_of_matrix(draw):
    rows, columns = draw(st.integers(0, 4)), draw(st.integers(0, 4))
    x = draw(elements((*draw(shapes(max_dims=1)), rows, columns), draw(types(PLAIN))))
    kind = draw(index_types())
    lower, upper = draw(st.integers(-1, rows)), draw(st.integers(-1, columns))
    return moving((x, np.array(lower, kind), np.array(upper, kind)))


@st.composite
def diagonals_to(draw):
    return moving((draw(elements(draw(shapes(1, 2)), draw(types(NUMBERS)))),))


@st.composite
def diagonals_of(draw):
    shape = draw(shapes(1, 2))
    return moving((draw(elements(shape * 2, draw(types(NUMBERS)))),))


CASES = {
    "MatrixDiag": arrays_of(PLAIN, min_dims=1, max_dims=3).map(lambda x: moving((x,))),
    "MatrixDiagPart": matrices().map(lambda x: moving((x,))),
    "MatrixSetDiag": replaced(),
    "MatrixBandPart": bands_of_matrix(),
    "Diag": diagonals_to(),
    "DiagPart": diagonals_of(),
}
