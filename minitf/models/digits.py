"""Two classifiers of handwritten digits: softmax regression and a small convolutional network.

Both take images, float32[N, 28, 28, 1], and return a `Classifier`: logits and the parts of the
graph that train and test them.

Worked example:

    model = convnet()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(model.train, {model.images: images, model.labels: labels, model.keep: 0.5})
        print(sess.run(model.accuracy, {model.images: test_images, model.labels: test_labels}))

Source: 2015 §9 (MNIST digits); the nets are those of TensorFlow's first two tutorials, smaller.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import minitf as tf

SIDE = 28  # pixels
CLASSES = 10


class Classifier(NamedTuple):
    """The Tensors and the Operation that a program feeds and fetches.

    Attributes:
        images: placeholder, float32[N, 28, 28, 1].
        labels: placeholder, int64[N].
        keep: placeholder, the share of units that dropout keeps; 1 unless fed.
        predictions: int64[N], the likeliest digit.
        loss: mean cross entropy.
        accuracy: share of right predictions.
        train: one step of the optimizer, which counts in the global step.
    """

    images: Any
    labels: Any
    keep: Any
    predictions: Any
    loss: Any
    accuracy: Any
    train: Any


def softmax_regression(learning_rate: float = 0.005) -> Classifier:
    """Build a classifier with one weight for each pixel and digit."""

    def logits(images: Any, _: Any) -> Any:
        pixels = tf.reshape(images, [-1, SIDE * SIDE])
        return tf.matmul(pixels, _weights([SIDE * SIDE, CLASSES])) + _biases(CLASSES)

    return _classifier(logits, learning_rate)


def convnet(learning_rate: float = 0.002) -> Classifier:
    """Build a classifier with two rounds of convolution and pooling, then a dense layer."""

    def logits(images: Any, keep: Any) -> Any:
        with tf.name_scope("conv1"):
            hidden = _convolve_and_pool(images, _weights([3, 3, 1, 16]), _biases(16))
        with tf.name_scope("conv2"):
            hidden = _convolve_and_pool(hidden, _weights([3, 3, 16, 32]), _biases(32))
        with tf.name_scope("dense"):
            flat = tf.reshape(hidden, [-1, 7 * 7 * 32])
            hidden = tf.nn.relu(tf.matmul(flat, _weights([7 * 7 * 32, 128])) + _biases(128))
            hidden = tf.nn.dropout(hidden, keep)
        with tf.name_scope("output"):
            return tf.matmul(hidden, _weights([128, CLASSES])) + _biases(CLASSES)

    return _classifier(logits, learning_rate)


def _convolve_and_pool(images: Any, weights: Any, biases: Any) -> Any:
    """Filter, cut off below zero, and halve each side."""
    maps = tf.nn.conv2d(images, weights, strides=[1, 1, 1, 1], padding="SAME")
    return tf.nn.max_pool(
        tf.nn.relu(maps + biases), ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding="SAME"
    )


def _weights(shape: list[int]) -> Any:
    """Make weights as large as keeps the variance of what goes through a relu (He et al., 2015)."""
    inputs = 1
    for size in shape[:-1]:
        inputs *= size
    return tf.Variable(tf.truncated_normal(shape, stddev=(2 / inputs) ** 0.5), name="weights")


def _biases(size: int) -> Any:
    return tf.Variable(tf.zeros([size]), name="biases")


def _classifier(logits_of: Callable[[Any, Any], Any], learning_rate: float) -> Classifier:
    images = tf.placeholder(tf.float32, [None, SIDE, SIDE, 1], name="images")
    labels = tf.placeholder(tf.int64, [None], name="labels")
    keep = tf.placeholder_with_default(1.0, [], name="keep")
    logits = logits_of(images, keep)
    predictions = tf.argmax(logits, 1, name="predictions")
    with tf.name_scope("loss"):
        loss = tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
        )
    with tf.name_scope("accuracy"):
        accuracy = tf.reduce_mean(tf.cast(tf.equal(predictions, labels), tf.float32))
    step = tf.train.get_or_create_global_step()
    train = tf.train.AdamOptimizer(learning_rate).minimize(loss, step)
    return Classifier(images, labels, keep, predictions, loss, accuracy, train)
