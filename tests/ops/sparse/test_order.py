"""SparseReorder and SparseReshape: worked results, laws, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf import ops
from minitf.errors import InvalidArgumentError
from minitf.testing.sparse_cases import shuffled, sparse


def reshape(indices, shape, new):
    return [
        each.tolist()
        for each in ops.sparse_reshape_op.body(np.array(indices), np.array(shape), np.array(new))
    ]


def test_equal_coordinates_keep_their_order():
    indices = np.array([[1, 1], [0, 0], [1, 1], [0, 0]])

    found, values = ops.sparse_reorder_op.body(indices, np.int32([1, 2, 3, 4]), np.array([2, 2]))

    assert found.tolist() == [[0, 0], [0, 0], [1, 1], [1, 1]]
    assert values.tolist() == [2, 4, 1, 3]


@given(data=st.data())
def test_whatever_the_order_was_reordering_restores_it(data):
    parts = data.draw(sparse("int64"))
    mixed = data.draw(shuffled(parts))

    indices, values = ops.sparse_reorder_op.body(*mixed)

    np.testing.assert_array_equal(indices, parts[0])
    np.testing.assert_array_equal(values, parts[1])


def test_coordinates_follow_the_dense_elements():
    places = [[0, 1], [1, 0]]

    assert reshape(places, [2, 6], [3, 4]) == [[[0, 1], [1, 2]], [3, 4]]
    assert reshape(places, [2, 6], [-1, 2]) == [[[0, 1], [3, 0]], [6, 2]]
    assert reshape([[0, 0]], [1, 1], np.zeros(0, int)) == [[[]], []]


@given(parts=sparse("int64", (2, 3, 4)), new=st.sampled_from([(24,), (4, 6), (2, 1, 12)]))
def test_a_reshape_and_back_gives_the_same_coordinates(parts, new):
    indices, _, shape = parts
    there, sizes = ops.sparse_reshape_op.body(indices, shape, np.array(new))
    back, _ = ops.sparse_reshape_op.body(there, sizes, shape)

    np.testing.assert_array_equal(back, indices)
    np.testing.assert_array_equal(
        np.ravel_multi_index(tuple(there.T), new), np.ravel_multi_index(tuple(indices.T), shape)
    )


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ([-1, -1], "only one output dimension may be -1, not both 0 and 1"),
        ([5], "tensor with 12 dense values, but the requested shape has 5"),
        ([5, -1], "requires a multiple of 5"),
        ([-2, 6], "size 0 must be non-negative, not -2"),
        ([-1, 0], "cannot infer the missing input size for an empty tensor"),
        ([[12]], "Target shape should be a vector"),
    ],
)
def test_a_shape_that_does_not_fit_is_refused(new, message):
    with pytest.raises(InvalidArgumentError, match=message):
        reshape([[0, 1]], [2, 6], new)


def test_inputs_that_are_no_sparse_tensor_are_refused():
    with pytest.raises(InvalidArgumentError, match="Input must be a matrix"):
        reshape([0, 1], [2, 6], [12])
    with pytest.raises(InvalidArgumentError, match="Input shape must be a vector"):
        reshape([[0, 1]], [[2, 6]], [12])
    with pytest.raises(InvalidArgumentError, match="rank must match input shape length"):
        reshape([[0, 1]], [2, 6, 1], [12])
    with pytest.raises(InvalidArgumentError, match="is empty"):
        reshape([[0, 1]], [2, 0], [0])
    with pytest.raises(InvalidArgumentError, match="Expected shape dimensions to be non-negative"):
        reshape([[0, 1]], [2, -6], [12])
