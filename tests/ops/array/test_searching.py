"""LowerBound, UpperBound, UnravelIndex: examples, laws, messages."""

import numpy as np
import pytest
from hypothesis import given

from minitf.errors import InvalidArgumentError
from minitf.ops.array.searching import lower_bound_op, unravel_index_op, upper_bound_op
from minitf.testing.strategies import whole


def test_equal_values_lie_between_the_two_bounds():
    row, values = np.array([[1, 2, 2, 5]]), np.array([[0, 2, 3, 9]])

    assert lower_bound_op.body(row, values).tolist() == [[0, 1, 3, 4]]
    assert upper_bound_op.body(row, values).tolist() == [[0, 3, 3, 4]]


def test_a_nan_is_neither_less_nor_greater():
    row, nan = np.array([[1.0, 2.0]]), np.array([[np.nan]])

    assert lower_bound_op.body(row, nan).tolist() == [[0]]
    assert upper_bound_op.body(row, nan).tolist() == [[2]]


@given(rows=whole((2, 5)), values=whole((2, 3)))
def test_the_bounds_count_what_is_less_and_what_is_not_greater(rows, values):
    rows = np.sort(rows)
    pairs = rows[:, None, :], values[:, :, None]

    np.testing.assert_array_equal(
        lower_bound_op.body(rows, values), (pairs[0] < pairs[1]).sum(axis=-1)
    )
    np.testing.assert_array_equal(
        upper_bound_op.body(rows, values), (pairs[0] <= pairs[1]).sum(axis=-1)
    )


def test_flat_indices_become_coordinates():
    dims = np.array([2, 3])

    assert unravel_index_op.body(np.array([5, 1]), dims).tolist() == [[1, 0], [2, 1]]
    assert unravel_index_op.body(np.array(4), dims).tolist() == [1, 1]


def test_what_searching_refuses():
    with pytest.raises(InvalidArgumentError, match="Leading dim_size of both tensors must match"):
        lower_bound_op.body(np.zeros((1, 2)), np.zeros((2, 2)))
    for index in (-1, 6):
        with pytest.raises(InvalidArgumentError, match="index is out of bound as with dims"):
            unravel_index_op.body(np.array(index), np.array([2, 3]))
    with pytest.raises(InvalidArgumentError, match="can only be scalar or vector"):
        unravel_index_op.body(np.array([[1]]), np.array([2, 3]))
    with pytest.raises(InvalidArgumentError, match="cannot contain a dim of zero"):
        unravel_index_op.body(np.array(0), np.array([2, 0]))
