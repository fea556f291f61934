"""MatMul, BatchMatMul: cases, the laws of products, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf import ops
from minitf.errors import GraphBuildError, InvalidArgumentError
from minitf.testing.strategies import whole


def test_a_small_product_worked_by_hand():
    a, b = np.float32([[1, 2], [3, 4]]), np.float32([[5, 6], [7, 8]])

    assert ops.mat_mul_op.body(a, b).tolist() == [[19, 22], [43, 50]]
    assert ops.mat_mul_op.body(a, b, transpose_a=True).tolist() == [[26, 30], [38, 44]]
    assert ops.mat_mul_op.body(a, b, transpose_b=True).tolist() == [[17, 23], [39, 53]]


@given(a=whole((2, 3)), b=whole((3, 4)), c=whole((4, 2)))
def test_products_associate_and_transpose_backwards(a, b, c):
    times = ops.mat_mul_op.body

    np.testing.assert_array_equal(times(times(a, b), c), times(a, times(b, c)))
    np.testing.assert_array_equal(times(a, b).T, times(b.T, a.T))


@given(x=whole((2, 1, 2, 3), np.int64), y=whole((3, 3, 2), np.int64))
def test_a_batch_is_a_product_for_each_index(x, y):
    found = ops.batch_mat_mul_v2_op.body(x, y)

    assert found.shape == (2, 3, 2, 2)
    for i, j in np.ndindex(2, 3):
        np.testing.assert_array_equal(found[i, j], ops.mat_mul_op.body(x[i, 0], y[j]))


def test_integers_wrap_around():
    big = np.array([[2**30, 2**30]], np.int32)

    assert ops.mat_mul_op.body(big, np.int32([[1], [1]])).tolist() == [[-(2**31)]]


def test_what_does_not_fit_is_told_with_both_shapes():
    with pytest.raises(InvalidArgumentError, match=r"Matrix size-incompatible.*\[2,3\].*\[2,3\]"):
        ops.mat_mul_op.body(np.zeros((2, 3)), np.zeros((2, 3)))
    with pytest.raises(InvalidArgumentError, match=r"In\[1\] is not a matrix.*\[3\]"):
        ops.mat_mul_op.body(np.zeros((2, 3)), np.zeros(3))
    with pytest.raises(InvalidArgumentError, match="compatible batch dimensions"):
        ops.batch_mat_mul_v2_op.body(np.zeros((2, 2, 2)), np.zeros((3, 2, 2)))


@pytest.mark.paper("W-04")
def test_inner_dimensions_are_compared_while_the_graph_is_built():
    import minitf as tf

    x = tf.placeholder(tf.float32, [None, 784])

    assert tf.matmul(x, tf.zeros([784, 10])).shape.as_list() == [None, 10]
    with pytest.raises(GraphBuildError, match="Dimensions must be equal, but are 784 and 10") as e:
        tf.matmul(x, tf.zeros([10, 784]), name="wrong")
    assert "for 'wrong' (op: 'MatMul') with input shapes: [?,784], [10,784]" in str(e.value)


@given(data=st.data())
def test_matmul_takes_adjoints_of_single_and_of_batched_complex_matrices(data):
    import minitf as tf

    def matrix(*shape):
        parts = [data.draw(whole(shape, np.float64)) for _ in range(2)]
        return parts[0] + 1j * parts[1]

    a, b = matrix(3, 2), matrix(3, 4)
    with tf.Graph().as_default(), tf.Session() as session:
        single = tf.matmul(a, b, adjoint_a=True)
        batched = tf.matmul(a[None], b[None], adjoint_a=True)
        plain = tf.matmul(a[None], b[None], transpose_a=True)
        found = session.run([single, batched, plain])

    np.testing.assert_array_equal(found[0], a.conj().T @ b)
    np.testing.assert_array_equal(found[1][0], a.conj().T @ b)
    np.testing.assert_array_equal(found[2][0], a.T @ b)


def test_a_matrix_is_not_both_transposed_and_adjoined():
    import minitf as tf

    x = tf.zeros([2, 2])
    with pytest.raises(ValueError, match="Only one of transpose_a and adjoint_a can be True"):
        tf.matmul(x, x, transpose_a=True, adjoint_a=True)
