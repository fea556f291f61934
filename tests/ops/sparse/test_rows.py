"""SparseFillEmptyRows, its gradient, SparseSoftmax: worked results, laws, messages."""

import numpy as np
import pytest
from hypothesis import given

from minitf import ops
from minitf.errors import InvalidArgumentError
from minitf.testing.sparse_cases import sparse


def fill(indices, values, shape, default=9):
    return [
        each.tolist()
        for each in ops.sparse_fill_empty_rows_op.body(
            np.array(indices, np.int64), np.float32(values), np.array(shape), np.float32(default)
        )
    ]


def test_a_default_goes_to_the_first_place_of_each_empty_row():
    indices, values, was_empty, went = fill([[2, 1], [0, 0], [2, 0]], [1, 2, 3], [4, 3])

    assert indices == [[0, 0], [1, 0], [2, 1], [2, 0], [3, 0]]
    assert values == [2, 9, 1, 3, 9]
    assert was_empty == [False, True, False, True]
    assert went == [2, 0, 3]


def test_no_rows_are_filled_with_nothing():
    assert fill(np.zeros((0, 2)), [], [0, 3]) == [[], [], [], []]


@given(parts=sparse("float32", (4, 3)))
def test_each_value_is_where_the_map_says(parts):
    _, values, was_empty, went = ops.sparse_fill_empty_rows_op.body(*parts, np.float32(9))

    np.testing.assert_array_equal(values[went], parts[1])
    assert len(values) == len(parts[1]) + np.count_nonzero(was_empty)


def test_the_default_gets_the_gradients_of_all_places_that_it_fills():
    of_values, of_default = ops.sparse_fill_empty_rows_grad_op.body(
        np.array([0, 2, 3]), np.float32([1, 2, 3, 4, 5])
    )

    assert of_values.tolist() == [1, 3, 4]
    assert of_default == 2 + 5


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([[5, 0]], [1], [2, 2]), r"indices\(0, 0\) is invalid: 5 >= 2"),
        (([[0, 0]], [1], [0, 2]), r"dense_shape\[0\] = 0 but indices.shape\[0\] = 1"),
        (([0], [1], [2, 2]), r"indices must be a matrix, saw: \[1\]"),
        (([[0, 0]], [[1]], [2, 2]), "values must be a vector"),
        (([[0, 0]], [1, 2], [2, 2]), r"The length of `values` \(2\) must match"),
        (([[0, 0]], [1], [[2, 2]]), "dense_shape must be a vector"),
        (([[0, 0]], [1], [2, 2], [1]), "default_value must be a scalar"),
        ((np.zeros((0, 0)), [], np.zeros(0, int)), "Dense shape cannot be empty"),
    ],
)
def test_rows_that_cannot_be_filled_are_said(arguments, message):
    with pytest.raises(InvalidArgumentError, match=message):
        fill(*arguments)


def test_gradients_that_do_not_fit_are_said():
    grad = ops.sparse_fill_empty_rows_grad_op.body
    with pytest.raises(InvalidArgumentError, match=r"must be in \[0, 2\) but got 9"):
        grad(np.array([0, 9]), np.float32([1, 2]))
    with pytest.raises(InvalidArgumentError, match="grad_values must be a vector"):
        grad(np.array([0]), np.float32([[1]]))


def test_a_row_s_listed_values_become_probabilities():
    indices, shape = np.array([[0, 0], [0, 1], [1, 1]]), np.array([2, 2])

    found = ops.sparse_softmax_op.body(indices, np.float32([1, 2, 3]), shape)

    np.testing.assert_allclose(found, [1 / (1 + np.e), np.e / (1 + np.e), 1], rtol=1e-6)


@given(parts=sparse("float64", (2, 3, 4), high=100))
def test_the_probabilities_of_each_row_sum_to_one(parts):
    indices, _, shape = parts
    found = ops.sparse_softmax_op.body(*parts)
    sums = ops.sparse_reduce_sum_sparse_op.body(indices, found, shape, np.int32([-1]))[1]

    np.testing.assert_allclose(sums, 1)


def test_softmax_wants_a_matrix_at_least():
    with pytest.raises(InvalidArgumentError, match="Input should have rank >= 2"):
        ops.sparse_softmax_op.body(np.array([[0]]), np.float32([1]), np.array([2]))
