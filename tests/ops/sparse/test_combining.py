"""SparseAdd, its gradient, greatest and least: worked sums, laws, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf import ops
from minitf.errors import InvalidArgumentError
from minitf.testing.sparse_cases import sparse

A = np.array([[0, 1], [1, 0]]), np.float32([1, 2]), np.array([2, 2])
B = np.array([[0, 0], [0, 1]]), np.float32([3, 4]), np.array([2, 2])


def dense(indices, values, shape):
    return ops.sparse_to_dense_op.body(indices, shape, values, np.zeros((), values.dtype))


def add(a, b, thresh=0):
    return ops.sparse_add_op.body(*a, *b, np.float32(thresh))


def test_values_in_one_place_add_up_and_the_others_stay():
    indices, values, shape = add(A, B)

    assert indices.tolist() == [[0, 0], [0, 1], [1, 0]]
    assert values.tolist() == [3, 5, 2]
    assert shape.tolist() == [2, 2]


def test_sums_below_the_threshold_are_left_out_single_values_are_not():
    minus = (A[0], -A[1], A[2])

    assert add(A, minus, 0.5)[1].tolist() == []
    assert add(A, minus)[1].tolist() == [0, 0]
    assert add(A, B, 6)[1].tolist() == [3, 2]


@given(
    a=sparse("float32", (2, 3, 2)),
    b=sparse("float32", (2, 3, 2)),
)
def test_a_sparse_sum_is_the_dense_sum(a, b):
    np.testing.assert_array_equal(dense(*add(a, b)), dense(*a) + dense(*b))


@given(
    a=sparse("int32", (3, 3)),
    b=sparse("int32", (3, 3)),
    op=st.sampled_from(["maximum", "minimum"]),
)
def test_a_sparse_extreme_is_the_dense_extreme(a, b, op):
    indices, values = getattr(ops, f"sparse_sparse_{op}_op").body(*a, *b)

    np.testing.assert_array_equal(
        dense(indices, values, a[2]), getattr(np, op)(dense(*a), dense(*b))
    )


def test_the_gradient_of_a_sum_goes_to_both_and_is_zero_where_the_sum_was_left_out():
    left = np.array([[0, 1]])

    of_a, of_b = ops.sparse_add_grad_op.body(np.float32([7]), A[0], B[0], left)

    assert of_a.tolist() == [7, 0]
    assert of_b.tolist() == [0, 7]


def test_coordinates_too_far_apart_for_one_number_are_ordered_all_the_same():
    far = 2**62
    a = np.array([[0, far], [far, 0]]), np.float32([1, 2]), np.array([2**63 - 1, 2**63 - 1])
    b = np.array([[0, far]]), np.float32([5]), a[2]

    indices, values, _ = add(a, b)

    assert indices.tolist() == [[0, far], [far, 0]]
    assert values.tolist() == [6, 2]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({0: np.array([0, 1])}, "Sparse indices must be rank 2 but is rank 1"),
        ({1: np.float32([1])}, r"Number of elements in indices \(2\) and values \(1\)"),
        ({2: np.array([2, 2, 2])}, r"Index rank \(2\) and shape rank \(3\) do not match"),
        ({2: np.array([2, 3])}, "shapes do not match: got 3 and 2 for dimension 1"),
        ({6: np.float32([0])}, "The magnitude threshold must be a scalar"),
    ],
)
def test_parts_that_do_not_fit_are_said(change, message):
    inputs = [change.get(i, x) for i, x in enumerate([*A, *B, np.float32(0)])]
    with pytest.raises(InvalidArgumentError, match=message):
        ops.sparse_add_op.body(*inputs)


def test_gradients_that_do_not_fit_are_said():
    grad = ops.sparse_add_grad_op.body
    with pytest.raises(InvalidArgumentError, match="Input indices should be matrices"):
        grad(np.float32([1, 2]), A[0], B[0], np.array([0, 1]))
    with pytest.raises(InvalidArgumentError, match="# rows of sum_indices should match"):
        grad(np.float32([1]), A[0], B[0], A[0])
    with pytest.raises(InvalidArgumentError, match="should have the same ndims"):
        grad(np.float32([1, 2]), A[0], B[0][:, :1], A[0])


def test_extremes_of_other_ranks_and_out_of_bounds_are_refused():
    greatest = ops.sparse_sparse_maximum_op.body
    with pytest.raises(InvalidArgumentError, match="Operands do not have the same ranks"):
        greatest(*A, np.array([[0]]), np.float32([1]), np.array([2]))
    with pytest.raises(InvalidArgumentError, match=r"\[0,5\] is out of bounds"):
        greatest(*A, np.array([[0, 5]]), np.float32([1]), A[2])


def test_extremes_have_no_gradient_as_in_tensorflow():
    values = tf.constant([1.0, 2.0])
    made = tf.sparse_maximum(tf.SparseTensor(A[0], values, A[2]), tf.SparseTensor(*B))
    with pytest.raises(NotImplementedError, match="SparseSparseMaximum is not implemented"):
        tf.gradients(made.values, values)
