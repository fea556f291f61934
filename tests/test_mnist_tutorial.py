"""The network of the MNIST tutorial learns the packaged digits."""

from __future__ import annotations

import numpy as np
import pytest

import minitf as tf

mnist, input_data = tf.examples.tutorials.mnist.mnist, tf.examples.tutorials.mnist.input_data


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


def test_the_network_has_the_tutorials_variables_and_shapes():
    images = tf.placeholder(tf.float32, [None, mnist.IMAGE_PIXELS])
    logits = mnist.inference(images, 128, 32)

    assert {each.op.name: each.shape.as_list() for each in tf.trainable_variables()} == {
        "hidden1/weights": [784, 128],
        "hidden1/biases": [128],
        "hidden2/weights": [128, 32],
        "hidden2/biases": [32],
        "softmax_linear/weights": [32, 10],
        "softmax_linear/biases": [10],
    }
    assert logits.shape.as_list() == [None, mnist.NUM_CLASSES]


def test_logits_are_affine_maps_with_rectifiers_between():
    x = np.random.default_rng(0).normal(size=(4, 784)).astype(np.float32)
    logits = mnist.inference(tf.constant(x), 6, 5)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        w1, b1, w2, b2, w3, b3 = session.run(tf.trainable_variables())
        found = session.run(logits)
    hidden = np.maximum(np.maximum(x @ w1 + b1, 0) @ w2 + b2, 0)

    np.testing.assert_allclose(found, hidden @ w3 + b3, rtol=1e-4, atol=1e-5)


def test_loss_and_evaluation_of_known_logits():
    logits, labels = tf.constant([[2.0, 0.0], [0.0, 1.0], [0.0, 3.0]]), tf.constant([0, 1, 0])
    with tf.Session() as session:
        found, right = session.run([mnist.loss(logits, labels), mnist.evaluation(logits, labels)])

    expected = np.mean(np.log(1 + np.exp([-2.0, -1.0, 3.0])))
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    assert right == 2
    assert right.dtype == np.int32


def test_training_learns_the_digits(capsys, tmp_path):
    data = input_data.read_data_sets(str(tmp_path))
    images, labels = tf.placeholder(tf.float32, [None, 784]), tf.placeholder(tf.int32, [None])
    tf.set_random_seed(0)
    logits = mnist.inference(images, 32, 16)
    loss = mnist.loss(logits, labels)
    train, right = mnist.training(loss, 0.1), mnist.evaluation(logits, labels)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for _ in range(200):
            batch = data.train.next_batch(100)
            session.run(train, {images: batch[0], labels: batch[1]})
        test = {images: data.test.images, labels: data.test.labels}
        assert session.run(right, test) > 700
        assert session.run("global_step:0") == 200
    assert [each.op.name for each in tf.get_collection(tf.GraphKeys.SUMMARIES)] == ["loss"]
