"""SparseTensorDenseMatMul and SparseMatMul: worked products, laws, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf import ops
from minitf.errors import InvalidArgumentError
from minitf.testing.sparse_cases import sparse
from minitf.testing.strategies import whole

A = np.array([[0, 1], [1, 0]]), np.float32([1, 2]), np.array([2, 2])
B = np.float32([[1, 2, 3], [4, 5, 6]])


def multiply(a, b, **attrs):
    return ops.sparse_tensor_dense_mat_mul_op.body(*a, b, **attrs)


def test_each_value_adds_its_multiple_of_a_row():
    assert multiply(A, B).tolist() == [[4, 5, 6], [2, 4, 6]]
    assert multiply(A, B.T.copy(), adjoint_b=True).tolist() == [[4, 5, 6], [2, 4, 6]]


def test_values_of_one_place_add_up():
    twice = np.array([[0, 1], [0, 1]]), np.float32([1, 2]), A[2]

    assert multiply(twice, B).tolist() == [[12, 15, 18], [0, 0, 0]]


def test_adjoints_conjugate():
    a = np.array([[0, 0]]), np.complex64([2j]), np.array([1, 1])

    assert multiply(a, np.complex64([[1j]])).tolist() == [[-2]]
    assert multiply(a, np.complex64([[1j]]), adjoint_a=True).tolist() == [[2]]
    assert multiply(a, np.complex64([[1j]]), adjoint_a=True, adjoint_b=True).tolist() == [[-2]]


@given(a=sparse("float64", (3, 4)), b=whole((3, 2), np.float64), turned=st.booleans())
def test_a_product_is_the_product_of_the_dense_form(a, b, turned):
    dense = ops.sparse_to_dense_op.body(a[0], a[2], a[1], np.float64(0))
    b = b if turned else np.concatenate([b, b[:1]])

    found = multiply(a, b, adjoint_a=turned)

    np.testing.assert_allclose(found, (dense.T if turned else dense) @ b, atol=1e-12)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({2: np.array([2, 3])}, "inner dimension does not match: 3 vs. 2"),
        ({2: np.array([2, 2, 2])}, "'a_shape' must have 2 elements"),
        ({3: B[0]}, "Tensor 'b' is not a matrix"),
        ({0: np.array([0])}, "Tensor 'a_indices' is not a matrix"),
        ({1: np.float32([[1, 2]])}, "Tensor 'a_values' is not a vector"),
        ({1: np.float32([1])}, "does not match number of entries in a_values"),
        ({0: np.array([[0], [1]])}, "does not match number of entries in a_shape"),
        ({0: np.array([[0, 7], [0, 0]])}, r"k \(7\) from index\[0,1\] out of bounds \(>=2\)"),
        ({0: np.array([[0, 0], [-1, 0]])}, r"m \(-1\) from index\[1,0\] out of bounds"),
    ],
)
def test_factors_that_do_not_fit_are_said(change, message):
    with pytest.raises(InvalidArgumentError, match=message):
        ops.sparse_tensor_dense_mat_mul_op.body(*[change.get(i, x) for i, x in enumerate([*A, B])])


@given(a=whole((2, 3), np.float32), b=whole((3, 2), np.float32), hint=st.booleans())
def test_hints_do_not_change_a_product(a, b, hint):
    found = ops.sparse_mat_mul_op.body(a, b, a_is_sparse=hint, b_is_sparse=not hint)

    np.testing.assert_array_equal(found, a @ b)
