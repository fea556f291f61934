"""Handwritten digits by softmax regression: the first program of TensorFlow's tutorials.

Shows a graph of one matrix product, its loss, gradient descent, and a session that runs them.
Reaches about 90% of the test images in 600 steps, which take about a second.

    minitf run mnist_softmax.py [--data_dir MNIST_data] [--steps 600]

The folder may hold MNIST's four IDX files; if it does not, 5,000 packaged digits take their place.
"""

from __future__ import absolute_import, division, print_function

import argparse
import sys

import tensorflow as tf
from tensorflow.examples.tutorials.mnist import input_data

FLAGS = None


def main(_):
    mnist = input_data.read_data_sets(FLAGS.data_dir, one_hot=True)

    # The model: one score for each class.
    x = tf.placeholder(tf.float32, [None, 784])
    W = tf.Variable(tf.zeros([784, 10]))
    b = tf.Variable(tf.zeros([10]))
    y = tf.matmul(x, W) + b

    # The loss.  The softmax stands within it, where its logarithm cannot overflow.
    y_ = tf.placeholder(tf.float32, [None, 10])
    cross_entropy = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=y_, logits=y))
    train_step = tf.train.GradientDescentOptimizer(0.5).minimize(cross_entropy)

    correct_prediction = tf.equal(tf.argmax(y, 1), tf.argmax(y_, 1))
    accuracy = tf.reduce_mean(tf.cast(correct_prediction, tf.float32))

    sess = tf.InteractiveSession()
    tf.global_variables_initializer().run()
    for step in range(1, FLAGS.steps + 1):
        batch_xs, batch_ys = mnist.train.next_batch(100)
        _, loss = sess.run([train_step, cross_entropy], {x: batch_xs, y_: batch_ys})
        if step % 100 == 0:
            print("step %4d  loss %.4f" % (step, loss))

    print("test accuracy %.4f" % accuracy.eval({x: mnist.test.images, y_: mnist.test.labels}))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--data_dir", default="MNIST_data", help="folder of the IDX files")
    parser.add_argument("--steps", type=int, default=600, help="how many batches to learn")
    FLAGS, unparsed = parser.parse_known_args()
    tf.app.run(main=main, argv=[sys.argv[0], *unparsed])
