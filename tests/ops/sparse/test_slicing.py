"""SparseConcat, SparseSplit, SparseSlice and its gradient: worked results, laws, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf import ops
from minitf.errors import InternalError, InvalidArgumentError
from minitf.testing.sparse_cases import sparse

A = np.array([[0, 1], [1, 0]]), np.float32([1, 2]), np.array([2, 2])
ROWS = (
    np.array([[0, 2], [0, 4], [0, 5], [1, 0], [1, 1]]),
    np.float32([1, 2, 3, 4, 5]),
    np.array([2, 7]),
)


def concat(parts, axis):
    return ops.sparse_concat_op.body(*map(list, zip(*parts, strict=True)), concat_dim=axis)


def split(parts, axis, count):
    return ops.sparse_split_op.body(np.array(axis), *parts, num_split=count)


def cut(parts, start, size):
    return ops.sparse_slice_op.body(*parts, np.array(start), np.array(size))


def test_values_are_joined_in_row_major_order():
    wide = (A[0], np.float32([3, 4]), np.array([2, 3]))

    indices, values, shape = concat([A, wide], 1)

    assert indices.tolist() == [[0, 1], [0, 3], [1, 0], [1, 2]]
    assert values.tolist() == [1, 3, 2, 4]
    assert shape.tolist() == [2, 5]


def test_the_first_parts_are_the_longer_ones():
    indices, values, shapes = split(ROWS, 1, 2)

    assert [each.tolist() for each in indices] == [[[0, 2], [1, 0], [1, 1]], [[0, 0], [0, 1]]]
    assert [each.tolist() for each in values] == [[1, 4, 5], [2, 3]]
    assert [each.tolist() for each in shapes] == [[2, 4], [2, 3]]
    assert [each.tolist() for each in split(ROWS, -1, 3)[2]] == [[2, 3], [2, 2], [2, 2]]


@given(parts=sparse("int32", (4, 5)), axis=st.integers(-2, 1), count=st.integers(1, 4))
def test_what_is_split_and_joined_is_as_before(parts, axis, count):
    pieces = list(zip(*split(parts, axis, count), strict=True))
    joined = concat(pieces, axis) if count > 1 else pieces[0]

    for one, other in zip(joined, parts, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_box_ends_where_the_tensor_does():
    indices, values, shape = cut(A, [1, 0], [5, 5])

    assert (indices.tolist(), values.tolist(), shape.tolist()) == ([[0, 0]], [2], [1, 2])
    assert cut(A, [3, 0], [1, 1])[2].tolist() == [0, 1]


def test_the_gradient_of_a_slice_is_zero_outside_the_box():
    found = ops.sparse_slice_grad_op.body(
        np.float32([5]), A[0], np.array([0, 1]), np.array([[0, 0]])
    )

    assert found.tolist() == [5, 0]


@pytest.mark.parametrize(
    ("other", "axis", "message"),
    [
        ((A[0], A[1], np.array([2, 3])), 0, "expected 2 for dimension 1 but got 3 at position 1"),
        ((A[0][:, :1], A[1], A[2][:1]), 0, "Ranks of all input tensors must match"),
        (A, 2, r"Concat dimension must be in range \[-2, 2\), got 2"),
    ],
)
def test_parts_that_cannot_be_joined_are_refused(other, axis, message):
    with pytest.raises(InvalidArgumentError, match=message):
        concat([A, other], axis)


def test_splits_that_cannot_be_made_are_refused():
    with pytest.raises(InvalidArgumentError, match=r"Input axis should be in range \[-2, 2\)"):
        split(ROWS, 2, 2)
    with pytest.raises(InvalidArgumentError, match="between 1 and the splitting dimension size"):
        split(ROWS, 0, 3)
    with pytest.raises(InvalidArgumentError, match="Input axis should be a scalar"):
        split(ROWS, [0], 2)
    with pytest.raises(InvalidArgumentError, match="is out of bounds"):
        split((np.array([[7, 0]]), np.float32([1]), ROWS[2]), 0, 2)


def test_boxes_that_do_not_fit_are_refused():
    with pytest.raises(InvalidArgumentError, match="Expected a non-negative size, got -1"):
        cut(A, [0, 0], [-1, 1])
    with pytest.raises(InvalidArgumentError, match="Expected start to be a vector of length 2"):
        cut(A, [0], [1, 1])


def test_gradients_of_slices_that_do_not_fit_are_refused():
    grad, start = ops.sparse_slice_grad_op.body, np.array([0, 1])
    with pytest.raises(InternalError, match="aren't all propagated"):
        grad(np.float32([5]), A[0], start, np.array([[1, 1]]))
    with pytest.raises(InvalidArgumentError, match="Expected input_start to be a vector"):
        grad(np.float32([5]), A[0], start[:1], np.array([[0, 0]]))
    with pytest.raises(InvalidArgumentError, match="should have the same ndims: got: 2 and 1"):
        grad(np.float32([5]), A[0], start, np.array([[0]]))
    with pytest.raises(InvalidArgumentError, match="# rows of output_indices should match"):
        grad(np.float32([5, 6]), A[0], start, np.array([[0, 0]]))
