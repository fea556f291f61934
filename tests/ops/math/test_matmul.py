"""MatMul, BatchMatMul: cases, the laws of products, messages."""

import numpy as np
import pytest
from cases import Case
from elementwise_cases import numbers
from hypothesis import given
from hypothesis import strategies as st
from strategies import broadcastable, dtype_names, whole

from minitf import ops
from minitf.dtypes import as_dtype
from minitf.errors import GraphBuildError, InvalidArgumentError

SIZES = st.integers(0, 4)


@st.composite
def products(draw):
    dtype = as_dtype(draw(dtype_names(ops.mat_mul_op.attrs["T"].allowed)))
    m, k, n = (draw(SIZES) for _ in range(3))
    turns = {"transpose_a": draw(st.booleans()), "transpose_b": draw(st.booleans())}
    a = draw(numbers((k, m) if turns["transpose_a"] else (m, k), dtype, -4, 4))
    b = draw(numbers((n, k) if turns["transpose_b"] else (k, n), dtype, -4, 4))
    return Case((a, b), turns, terms=k, smooth=dtype.name == "float64")


@st.composite
def batches(draw, name, broadcasts):
    dtype = as_dtype(draw(dtype_names(ops.find_op(name).attrs["T"].allowed)))
    m, k, n = (draw(st.integers(1, 3)) for _ in range(3))
    of_x, of_y = draw(broadcastable())
    if not broadcasts:
        of_y = of_x
    turns = {"adj_x": draw(st.booleans()), "adj_y": draw(st.booleans())}
    x = draw(numbers((*of_x, *((k, m) if turns["adj_x"] else (m, k))), dtype, -4, 4))
    y = draw(numbers((*of_y, *((n, k) if turns["adj_y"] else (k, n))), dtype, -4, 4))
    return Case((x, y), turns, terms=k, smooth=dtype.name == "float64")


CASES = {
    "MatMul": products(),
    "BatchMatMul": batches("BatchMatMul", broadcasts=False),
    "BatchMatMulV2": batches("BatchMatMulV2", broadcasts=True),
}


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
    assert "for 'wrong' (op: 'MatMul') with input shapes: [?,784],[10,784]" in str(e.value)


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
