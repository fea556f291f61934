"""Ragged tensors as sparse and dense ones: laws, and examples by hand."""

import numpy as np
import pytest
from hypothesis import given

from minitf.errors import InvalidArgumentError
from minitf.ops.ragged.conversions import ragged_tensor_to_sparse_op, ragged_tensor_to_tensor_op
from minitf.testing.ragged_cases import nested_splits

ROWS = [np.array([0, 1, 3])]
VALUES = np.array([1, 2, 3])


def dense(shape, splits=ROWS, values=VALUES, default=9, kinds=("ROW_SPLITS",)):
    return ragged_tensor_to_tensor_op.body(
        np.array(shape), values, np.array(default), splits, row_partition_types=kinds
    )


def test_rows_are_filled_up_or_cut_off():
    assert dense(-1).tolist() == [[1, 9], [2, 3]]
    assert dense([3, 1]).tolist() == [[1], [2], [9]]


def test_the_rows_of_values_say_the_same_as_splits():
    ids = [np.array(2), np.array([0, 1, 1])]

    assert dense(-1, ids, kinds=("FIRST_DIM_SIZE", "VALUE_ROWIDS")).tolist() == [[1, 9], [2, 3]]


@given(nested_splits(2))
def test_the_dense_tensor_has_the_sparse_ones_values_in_their_places(splits):
    values = np.arange(1, splits[-1][-1] + 1)
    indices, listed, shape = ragged_tensor_to_sparse_op.body(splits, values)
    expected = np.zeros(shape, np.int64)
    expected[tuple(indices.T)] = listed

    np.testing.assert_array_equal(dense(-1, splits, values, 0, ("ROW_SPLITS",) * 2), expected)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"shape": [3]}, "rt_input.rank = 2 but shape.rank = 1"),
        ({"shape": 5}, "Only -1"),
        ({"shape": -1, "default": [1]}, "must be less than"),
        ({"shape": -1, "splits": [np.array([0, 3, 1])]}, "Invalid row split size"),
        ({"shape": -1, "splits": [np.array([0, 2])]}, "Row partitions are of 2 values"),
        ({"shape": -1, "kinds": ("x",)}, "Unknown string for partition info type: x"),
        ({"shape": -1, "kinds": ("VALUE_ROWIDS",)}, "Cannot handle VALUE_ROWIDS in first"),
    ],
)
def test_what_does_not_fit_is_refused(arguments, message):
    with pytest.raises(InvalidArgumentError, match=message):
        dense(**arguments)


@pytest.mark.parametrize(
    ("splits", "message"),
    [([1, 3], "First value of ragged splits must be 0"), ([0, 2], "Final value of ragged splits")],
)
def test_splits_that_do_not_fit_the_values_are_refused(splits, message):
    with pytest.raises(InvalidArgumentError, match=message):
        ragged_tensor_to_sparse_op.body([np.array(splits)], VALUES)
