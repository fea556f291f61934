"""Diagonals: cases against NumPy, laws, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.errors import InvalidArgumentError
from minitf.ops.array.bands import matrix_diag_part_v2_op, matrix_diag_v2_op
from minitf.ops.array.diagonal import diag_part_op, matrix_band_part_op
from minitf.testing.strategies import whole


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
