"""Gather, GatherV2, GatherNd, Where: cases, sparse gradients, messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minitf.errors import InvalidArgumentError
from minitf.ops.array.indexing import gather_nd_op, gather_op, gather_v2_op
from minitf.testing.array_cases import arrays_of
from minitf.testing.cases.array.indexing import index_array


@given(x=arrays_of(("int32",), min_dims=2, min_side=1), data=st.data())
def test_gathering_along_an_axis_is_numpys_take(x, data):
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    indices = data.draw(index_array((2, 3), x.shape[axis]))

    got = gather_v2_op.body(x, indices, np.array(axis))
    np.testing.assert_array_equal(got, np.take(x, indices, axis))


@pytest.mark.parametrize(
    ("indices", "phrase"),
    [
        ([[0, 5]], r"indices\[0,1\] = 5 is not in \[0, 3\)"),
        ([-1], r"indices\[0\] = -1 is not in \[0, 3\)"),
        (7, r"indices = 7 is not in \[0, 3\)"),
    ],
)
def test_the_first_index_out_of_range_is_named(indices, phrase):
    for body in (gather_op.body, lambda p, i: gather_v2_op.body(p, i, np.array(0))):
        with pytest.raises(InvalidArgumentError, match=phrase):
            body(np.zeros(3), np.array(indices))


def test_coordinates_out_of_range_are_named():
    with pytest.raises(
        InvalidArgumentError,
        match=r"indices\[1\] = \[2, 0\] does not index into param shape \[2,2",
    ):
        gather_nd_op.body(np.zeros((2, 2)), np.array([[0, 0], [2, 0]]))


@pytest.mark.paper("W-28", "O-17")
def test_the_gradient_of_rows_is_their_slices():
    import minitf as tf

    table = tf.placeholder(tf.float32, [None, 2])
    for rows in (tf.gather(table, [[2, 0]]), tf.gather_nd(table, [[2], [0]])):
        (grad,) = tf.gradients(rows, table)

        assert isinstance(grad, tf.IndexedSlices)
        with tf.Session() as session:
            value = session.run(grad, {table: np.zeros((3, 2))})
        assert value.indices.tolist() == [2, 0]
        assert value.values.tolist() == [[1, 1], [1, 1]]
        assert value.dense_shape.tolist() == [3, 2]


def test_the_gradient_along_another_axis_is_dense_and_adds_up():
    import minitf as tf

    table = tf.constant(np.zeros((2, 3)))
    (grad,) = tf.gradients(tf.gather(table, [1, 1, 0], axis=1), table)
    with tf.Session() as session:
        assert session.run(grad).tolist() == [[1, 2, 0]] * 2
