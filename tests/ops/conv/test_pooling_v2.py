"""MaxPoolV2 and its gradients: they are MaxPool and its gradients, with a window that is fed."""

import numpy as np
import pytest

import minitf as tf
from minitf import ops
from minitf.errors import InvalidArgumentError
from minitf.ops.conv.pooling_v2 import max_pool_v2_op

X = np.float32([[1, 5, 2], [7, 3, 4], [0, 6, 8]]).reshape(1, 3, 3, 1)


def test_the_window_may_be_computed_by_the_graph():
    side = tf.placeholder(tf.int32)
    window = tf.stack([1, side, side, 1])
    pooled = ops.max_pool_v2_op(X, window, [1, 1, 1, 1], padding="VALID")

    with tf.Session() as session:
        twos, threes = (session.run(pooled, {side: n}) for n in (2, 3))

    assert pooled.shape.as_list() == [None] * 4
    assert twos.ravel().tolist() == [7, 5, 7, 8]
    assert threes.ravel().tolist() == [8]


def test_a_window_that_is_known_gives_the_shape():
    pooled = ops.max_pool_v2_op(X, [1, 2, 2, 1], [1, 1, 1, 1], padding="VALID")

    assert pooled.shape.as_list() == [1, 2, 2, 1]


def test_the_gradient_goes_to_the_greatest_cell_and_back_again():
    x, seed = tf.constant(X), tf.placeholder(tf.float32, X.shape)
    pooled = ops.max_pool_v2_op(x, [1, 2, 2, 1], [1, 1, 1, 1], padding="VALID")
    grads = tf.placeholder(tf.float32, pooled.shape)
    (given,) = tf.gradients(pooled, x, grads)
    (taken,) = tf.gradients(given, grads, seed)

    with tf.Session() as session:
        feeds = {grads: np.float32([1, 2, 3, 4]).reshape(1, 2, 2, 1), seed: X}
        down, up = session.run([given, taken], feeds)

    assert down.ravel().tolist() == [0, 2, 0, 4, 0, 0, 0, 0, 4]
    assert up.ravel().tolist() == [7, 5, 7, 8]


@pytest.mark.parametrize("what", ["ksize", "strides"])
def test_a_window_of_another_rank_is_refused(what):
    sizes = {"ksize": np.int32([1, 2, 2, 1]), "strides": np.int32([1, 1, 1, 1])}
    sizes[what] = np.int32([2, 2])

    with pytest.raises(InvalidArgumentError, match=f"{what} must be a vector of size 4"):
        max_pool_v2_op.body(X, **sizes, padding="VALID")
