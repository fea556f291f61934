"""Rows as sets: worked results, Python's sets as the law, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf import ops
from minitf.errors import InvalidArgumentError
from minitf.testing.strategies import whole

OPERATIONS = {
    "a-b": set.difference,
    "b-a": lambda a, b: b - a,
    "intersection": set.intersection,
    "union": set.union,
}


def combine(a, b, operation):
    found = ops.dense_to_dense_set_operation_op.body(
        np.array(a), np.array(b), set_operation=operation
    )
    return [each.tolist() for each in found]


def test_elements_come_in_order_from_the_first_column_on():
    a, b = [[1, 2, 2], [3, 4, 4]], [[7, 1, 1], [3, 4, 0]]

    assert combine(a, b, "union") == [
        [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]],
        [1, 2, 7, 0, 3, 4],
        [2, 3],
    ]
    assert combine(a, b, "a-b") == [[[0, 0]], [2], [2, 1]]
    assert combine([[b"b", b"a"]], [[b"c", b"a"]], "intersection")[1] == [b"a"]


@given(
    a=whole((2, 2, 3), np.int64, 0, 4),
    b=whole((2, 2, 4), np.int64, 0, 4),
    operation=st.sampled_from(sorted(OPERATIONS)),
)
def test_each_row_is_a_set_of_python(a, b, operation):
    indices, values, shape = ops.dense_to_dense_set_operation_op.body(a, b, set_operation=operation)

    for row in np.ndindex(2, 2):
        mine = values[(indices[:, :-1] == row).all(axis=1)].tolist()
        assert mine == sorted(OPERATIONS[operation](set(a[row].tolist()), set(b[row].tolist())))
    assert shape.tolist()[:2] == [2, 2]


def test_a_row_without_values_is_the_empty_set():
    indices, shape = np.array([[0, 0], [2, 1]]), np.array([4, 2])

    found = ops.sparse_to_sparse_set_operation_op.body(
        indices,
        np.array([1, 2]),
        shape,
        np.array([[2, 0], [3, 0]]),
        np.array([5, 6]),
        np.array([4, 9]),
        set_operation="union",
    )

    assert [each.tolist() for each in found] == [
        [[0, 0], [2, 0], [2, 1], [3, 0]],
        [1, 2, 5, 6],
        [4, 2],
    ]


def test_repetitions_are_counted_once():
    indices = np.array([[0, 0, 0], [0, 0, 1], [0, 1, 0], [1, 0, 0]])

    found = ops.set_size_op.body(indices, np.array([1, 1, 2, 3]), np.array([2, 2, 3]))

    assert found.tolist() == [[1, 1], [1, 0]]


def test_what_is_no_row_of_sets_is_said():
    with pytest.raises(InvalidArgumentError, match=r"Shape \[2\] has rank 1 < 2"):
        combine([1, 2], [[1]], "union")
    with pytest.raises(InvalidArgumentError, match=r"Mismatched shapes \[1\] vs \[2\]"):
        combine([[1]], [[1], [2]], "union")
    with pytest.raises(InvalidArgumentError, match="Invalid set_operation foo"):
        combine([[1]], [[1]], "foo")
    size = ops.set_size_op.body
    with pytest.raises(InvalidArgumentError, match="Invalid rank 1"):
        size(np.array([[0]]), np.array([1]), np.array([2]))
    with pytest.raises(InvalidArgumentError, match="is out of order"):
        size(np.array([[1, 0], [0, 1]]), np.array([1, 1]), np.array([2, 2]))
