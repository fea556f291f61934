"""Names before TensorFlow 1.0 build what their successors build."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf

X = np.arange(12, dtype=np.float32).reshape(3, 4)
FILTER = np.ones([2, 2, 1, 1], np.float32)
IMAGE = np.arange(16, dtype=np.float32).reshape(1, 4, 4, 1)

PAIRS = {
    "mul": (lambda: tf.mul(X, X + 1), lambda: tf.multiply(X, X + 1)),
    "sub": (lambda: tf.sub(X, X * X), lambda: tf.subtract(X, X * X)),
    "neg": (lambda: tf.neg(X), lambda: tf.negative(X)),
    "pack": (lambda: tf.pack([X, X + 1], 1), lambda: tf.stack([X, X + 1], 1, name="pack")),
    "unpack": (lambda: tf.unpack(X, axis=1), lambda: tf.unstack(X, axis=1, name="unpack")),
    "select": (lambda: tf.select(X > 4, X, -X), lambda: tf.where(X > 4, X, -X)),
    "concat_v2": (lambda: tf.concat_v2([X, X], 1), lambda: tf.concat([X, X], 1, "concat_v2")),
    "batch_matmul": (
        lambda: tf.batch_matmul(X[None], X[None], adj_y=True),
        lambda: tf.matmul(X[None], X[None], adjoint_b=True),
    ),
    "deconv2d": (
        lambda: tf.nn.deconv2d(IMAGE, FILTER, [1, 8, 8, 1], [1, 2, 2, 1]),
        lambda: tf.nn.conv2d_transpose(IMAGE, FILTER, [1, 8, 8, 1], [1, 2, 2, 1]),
    ),
    "per_image_whitening": (
        lambda: tf.image.per_image_whitening(IMAGE[0]),
        lambda: tf.image.per_image_standardization(IMAGE[0]),
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_an_old_name_builds_what_its_successor_builds(name):
    found = []
    for build in PAIRS[name]:
        with tf.Graph().as_default() as graph, tf.Session() as session:
            found.append((session.run(build()), graph.as_graph_def()))

    np.testing.assert_array_equal(found[0][0], found[1][0])
    assert found[0][1] == found[1][1]


def sampled(loss, *order):
    """Call a loss of sampled classes with its labels and inputs in an order."""
    given = {"labels": tf.constant([[1], [2], [0]]), "inputs": tf.constant(X)}
    drawn = (tf.constant([4, 3], tf.int64), tf.ones([3, 1]), tf.ones([2]))
    weights, biases = tf.ones([5, 4]), tf.zeros([5])
    return loss(weights, biases, *[given[key] for key in order], 2, 5, sampled_values=drawn)


OLD_ORDERS = {
    "concat": (lambda: tf.concat(1, [X, X]), lambda: tf.concat([X, X], 1)),
    "concat of one": (lambda: tf.concat(0, [X]), lambda: tf.concat([X], 0)),
    "split": (lambda: tf.split(1, 2, tf.identity(X)), lambda: tf.split(tf.identity(X), 2, 1)),
    "split of an array": (lambda: tf.split(1, 2, X), lambda: tf.split(X, 2, 1)),
    "nce_loss": (
        lambda: sampled(tf.nn.nce_loss, "inputs", "labels"),
        lambda: sampled(tf.nn.nce_loss, "labels", "inputs"),
    ),
    "sampled_softmax_loss": (
        lambda: sampled(tf.nn.sampled_softmax_loss, "inputs", "labels"),
        lambda: sampled(tf.nn.sampled_softmax_loss, "labels", "inputs"),
    ),
}


@pytest.mark.parametrize("name", OLD_ORDERS)
def test_arguments_in_their_old_order_mean_what_they_meant_with_a_warning(name):
    old, new = OLD_ORDERS[name]
    with tf.Graph().as_default() as theirs:
        new()
    with tf.Graph().as_default() as ours, pytest.warns(UserWarning, match="order of TensorFlow 0"):
        old()

    assert ours.as_graph_def() == theirs.as_graph_def()


def test_the_warning_of_an_old_order_is_the_users_line():
    for build in (
        lambda: tf.concat(0, [X, X]),
        lambda: sampled(tf.nn.nce_loss, "inputs", "labels"),
    ):
        with pytest.warns(UserWarning, match="TensorFlow 0") as caught:
            build()
        assert [each.filename for each in caught] == [__file__]


def test_numbers_alone_are_no_old_order():
    with pytest.raises(ValueError, match="rank 0"):
        tf.concat(1, X)


def test_names_that_moved_are_what_they_are_elsewhere():
    assert tf.OpError is tf.errors.OpError
    assert tf.no_gradient is tf.NotDifferentiable
