"""Ranges and gathered rows: laws, and examples by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.errors import InvalidArgumentError
from minitf.ops.ragged.rows import ragged_gather_op, ragged_range_op

NUMBERS = st.integers(-5, 5)


@given(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS.filter(bool)), max_size=4))
def test_each_row_counts_as_pythons_range(rows):
    starts, limits, deltas = np.array(rows, np.int32).reshape(-1, 3).T
    splits, values = ragged_range_op.body(starts, limits, deltas)
    found = np.split(values, splits[1:-1]) if rows else []

    assert [each.tolist() for each in found] == [list(range(*row)) for row in rows]


def test_a_fraction_is_added_again_and_again():
    splits, values = ragged_range_op.body(np.float32(1), np.float32(2), np.float32(0.3))

    np.testing.assert_array_equal(splits, [0, 4])
    np.testing.assert_array_equal(values, np.cumsum(np.float32([1, 0.3, 0.3, 0.3])))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1], [2], [0]), "Requires delta != 0"),
        (([1], [2, 3], 1), "must have the same shape"),
        (([[1]], 2, 1), "starts must be a scalar or vector"),
    ],
)
def test_what_cannot_be_counted_is_refused(arguments, message):
    with pytest.raises(InvalidArgumentError, match=message):
        ragged_range_op.body(*map(np.array, arguments))


def test_rows_of_rows_are_gathered_whole():
    splits = [np.array([0, 2, 3]), np.array([0, 1, 3, 4])]
    nested, values = ragged_gather_op.body(
        splits, np.array([1, 2, 3, 4]), np.array([1, 0]), OUTPUT_RAGGED_RANK=2
    )

    assert [each.tolist() for each in nested] == [[0, 1, 3], [0, 1, 2, 4]]
    assert values.tolist() == [4, 1, 2, 3]


@pytest.mark.parametrize(
    ("splits", "index", "message"),
    [
        ([0, 1], 1, r"indices\[0\] = 1 is not in \[0, 1\)"),
        ([0, 5], 0, "must not point past values"),
        ([0, 2, 1], 0, "must be sorted"),
        ([-1, 2], 0, "must be non-negative"),
    ],
)
def test_rows_that_do_not_exist_are_refused(splits, index, message):
    with pytest.raises(InvalidArgumentError, match=message):
        ragged_gather_op.body(
            [np.array(splits)], np.array([7, 8]), np.array([index]), OUTPUT_RAGGED_RANK=1
        )
