"""Concat, ConcatV2, ConcatOffset: cases, gradients of slices, messages."""

import numpy as np
import pytest
from hypothesis import given

from minitf.errors import InvalidArgumentError
from minitf.ops.array.joining import concat_offset_op, concat_v2_op
from minitf.testing.strategies import whole


@given(a=whole((2, 3)), b=whole((2, 1)))
def test_concat_v2_joins_as_numpy(a, b):
    assert concat_v2_op.body([a, b], np.array(-1)).tolist() == np.hstack([a, b]).tolist()


def test_the_message_names_the_two_shapes():
    with pytest.raises(
        InvalidArgumentError,
        match=r"Dimensions of inputs should match: shape\[0\] = \[2,3\] vs. shape\[1\] = \[2,4\]",
    ):
        concat_v2_op.body([np.zeros((2, 3)), np.zeros((2, 4))], np.array(0))
    with pytest.raises(InvalidArgumentError, match="All dimensions except 0 must match"):
        concat_offset_op.body(np.array(0), [np.array([2, 3]), np.array([2, 4])])


def test_unequal_ranks_are_refused_while_the_graph_is_built():
    import minitf as tf

    with pytest.raises(ValueError, match="Shape must be rank 2 but is rank 1"):
        tf.concat([tf.zeros([2, 2]), tf.zeros([2])], 0)


@pytest.mark.paper("W-28")
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_the_gradient_of_gathered_rows_stays_sparse_through_a_join(axis):
    import minitf as tf

    parts = [tf.constant(np.ones((2, 3))), tf.constant(np.ones((2, 3)))]
    joined = tf.concat(parts, axis)
    picked = tf.gather(joined, [1, 0, 1]) * tf.constant([[1.0], [2.0], [3.0]], tf.float64)
    grads = tf.gradients(picked, parts)

    assert all(isinstance(grad, tf.IndexedSlices) for grad in grads)
    with tf.Session() as session:
        dense = session.run([tf.convert_to_tensor(grad) for grad in grads])
    rows = [[[2.0] * 3, [4.0] * 3], [[0.0] * 3] * 2 if axis == 0 else [[2.0] * 3, [4.0] * 3]]
    assert [d.tolist() for d in dense] == rows
