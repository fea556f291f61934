"""SparseToDense and arithmetic beside dense arrays: worked results, laws, messages."""

import numpy as np
import pytest
from hypothesis import given

from minitf import ops
from minitf.errors import InvalidArgumentError
from minitf.testing.sparse_cases import sparse
from minitf.testing.strategies import whole

INDICES, SHAPE = np.array([[0, 1], [1, 0]]), np.array([2, 2])
PARTS = INDICES, np.float32([3, 8]), SHAPE
DENSE = np.float32([[1, 2], [3, 4]])


def to_dense(indices, shape, values, default=0, **attrs):
    default = np.asarray(default, np.float32)
    return ops.sparse_to_dense_op.body(
        np.asarray(indices), np.asarray(shape), np.float32(values), default, **attrs
    ).tolist()


def test_values_stand_in_their_places_and_a_default_elsewhere():
    assert to_dense(INDICES, [2, 2], [3, 8], 9) == [[9, 3], [8, 9]]
    assert to_dense([1, 2], [4], [3, 8]) == [0, 3, 8, 0]
    assert to_dense([1, 2], [4], 5) == [0, 5, 5, 0]
    assert to_dense(3, [4], 5) == [0, 0, 0, 5]
    assert to_dense(np.zeros((1, 0), int), np.zeros(0, int), [5]) == 5


def test_of_several_values_for_one_place_the_last_stays():
    assert to_dense([[1], [1]], [2], [3, 8], validate_indices=False) == [0, 8]


@pytest.mark.parametrize(
    ("indices", "shape", "values", "message"),
    [
        ([[1, 1], [0, 0]], [2, 2], [1, 2], r"indices\[1\] = \[0,0\] is out of order"),
        ([[1, 1], [1, 1]], [2, 2], [1, 2], r"indices\[1\] = \[1,1\] is repeated"),
        ([[0, 1], [2, 0]], [2, 2], [1, 2], r"\[2,0\] is out of bounds: need 0 <= index < \[2,2\]"),
        ([[-1]], [3], [1], r"\[-1\] is out of bounds"),
        ([[1, 2]], [3], [1], "output_shape has incorrect number of elements: 1 should be: 2"),
        ([[[1]]], [3], [1], "sparse_indices should be a scalar, vector, or matrix"),
        ([[1], [2]], [3], [1], r"sparse_values has incorrect shape \[1\], should be \[\] or \[2\]"),
        ([[1]], [-3], [1], "Dimension -3 must be >= 0"),
        ([[1]], [[3]], [1], "output_shape must be rank 1"),
    ],
)
def test_what_cannot_be_made_dense_is_said(indices, shape, values, message):
    with pytest.raises(InvalidArgumentError, match=message):
        to_dense(indices, shape, values)


def test_a_default_is_a_scalar():
    with pytest.raises(InvalidArgumentError, match="default_value should be a scalar"):
        to_dense([[1]], [3], [1], [0])


@given(a=sparse("int64", (2, 3)), b=whole((2, 3), np.int64))
def test_adding_to_a_dense_array_is_adding_the_dense_form(a, b):
    dense = ops.sparse_to_dense_op.body(a[0], a[2], a[1], np.int64(0))

    np.testing.assert_array_equal(ops.sparse_tensor_dense_add_op.body(*a, b), dense + b)


def test_repeated_coordinates_add_up():
    twice = np.array([[0, 1], [0, 1]])

    found = ops.sparse_tensor_dense_add_op.body(twice, np.float32([1, 2]), SHAPE, DENSE)

    assert found.tolist() == [[1, 5], [3, 4]]


def test_dense_operands_of_another_shape_are_refused():
    add = ops.sparse_tensor_dense_add_op.body
    with pytest.raises(InvalidArgumentError, match="different ranks; received: 2 and 1"):
        add(*PARTS, DENSE[0])
    with pytest.raises(InvalidArgumentError, match="no broadcasting is supported"):
        add(*PARTS, DENSE[:, :1])


def test_the_dense_side_broadcasts_to_the_sparse_one():
    row, column, scalar = np.float32([10, 20]), np.float32([[10], [20]]), np.float32(5)
    add, times = ops.sparse_dense_cwise_add_op.body, ops.sparse_dense_cwise_mul_op.body

    assert add(*PARTS, DENSE).tolist() == [5, 11]
    assert add(*PARTS, row).tolist() == [23, 18]
    assert times(*PARTS, column).tolist() == [30, 160]
    assert times(*PARTS, scalar).tolist() == [15, 40]


def test_quotients_of_integers_are_rounded_towards_zero():
    divide = ops.sparse_dense_cwise_div_op.body

    assert divide(INDICES, np.int32([-7, 8]), SHAPE, np.int32([2, 3])).tolist() == [-2, 4]
    with pytest.raises(InvalidArgumentError, match="cannot divide by zero"):
        divide(INDICES, np.int32([-7, 8]), SHAPE, np.int32([0, 3]))


@pytest.mark.parametrize("dense", [np.ones((1, 2, 2)), np.ones(3)])
def test_a_dense_side_that_does_not_broadcast_is_refused(dense):
    with pytest.raises(InvalidArgumentError, match="broadcasts dense to sparse only"):
        ops.sparse_dense_cwise_add_op.body(*PARTS, dense.astype(np.float32))


def test_coordinates_beside_nothing_are_refused():
    with pytest.raises(InvalidArgumentError, match="Provided indices are out-of-bounds"):
        ops.sparse_dense_cwise_add_op.body(np.array([[0, 5]]), np.float32([1]), SHAPE, DENSE)
