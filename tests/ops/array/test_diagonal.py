"""Diagonals: cases against NumPy, laws, messages."""

import numpy as np
import pytest
from array_cases import arrays_of, elements, index_types, moving, types
from hypothesis import given
from hypothesis import strategies as st
from strategies import shapes, whole

from minitf.errors import InvalidArgumentError
from minitf.ops.array.bands import matrix_diag_part_v2_op, matrix_diag_v2_op
from minitf.ops.array.diagonal import diag_part_op, matrix_band_part_op

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
    "MatrixDiag": arrays_of(PLAIN, min_dims=1, max_dims=3).map(lambda x: moving((x,))),
    "MatrixDiagPart": matrices().map(lambda x: moving((x,))),
    "MatrixSetDiag": replaced(),
    "MatrixBandPart": bands_of_matrix(),
    "Diag": diagonals_to(),
    "DiagPart": diagonals_of(),
    "MatrixDiagV2": band_matrices(),
    "MatrixDiagPartV2": band_parts(),
    "MatrixSetDiagV2": band_replaced(),
}


@given(x=whole((3, 4)), k=st.integers(-2, 3))
def test_a_diagonal_is_numpys(x, k):
    part = matrix_diag_part_v2_op.body(x, np.array(k), np.float32(0))

    np.testing.assert_array_equal(part, np.diagonal(x, k))


@given(x=whole((4,)), k=st.integers(-2, 2))
def test_a_matrix_of_one_diagonal_is_numpys(x, k):
    made = matrix_diag_v2_op.body(x, np.array(k), np.array(-1), np.array(-1), np.float32(0))

    np.testing.assert_array_equal(made, np.diag(x, k))


@given(x=whole((3, 4)))
def test_a_band_without_its_lower_part_is_numpys_upper_triangle(x):
    np.testing.assert_array_equal(
        matrix_band_part_op.body(x, np.array(0), np.array(-1)), np.triu(x)
    )


def test_what_diagonals_refuse():
    with pytest.raises(InvalidArgumentError, match="Input must have even and non-zero rank"):
        diag_part_op.body(np.zeros(3))
    with pytest.raises(InvalidArgumentError, match="num_lower must be negative or less or equal"):
        matrix_band_part_op.body(np.zeros((2, 2)), np.array(3), np.array(0))
    with pytest.raises(InvalidArgumentError, match="must not be larger than upper_diag_index"):
        matrix_diag_part_v2_op.body(np.zeros((2, 2)), np.array([1, 0]), np.float64(0))
