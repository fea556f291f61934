"""Handwritten digits by a convolutional network: TensorFlow's tutorial "Deep MNIST for Experts".

Shows convolution, pooling and dropout on variables of one's own, name scopes, Adam, summaries for
TensorBoard and checkpoints: a second run with the same --train_dir goes on where the first ended.
Reaches about 95% of the test images in 200 steps, which take about ten seconds.

    minitf run mnist_convnet.py [--steps 200] [--train_dir FOLDER]
"""

from __future__ import absolute_import, division, print_function

import os

import tensorflow as tf
from tensorflow.examples.tutorials.mnist import input_data

flags = tf.app.flags
flags.DEFINE_string("data_dir", "MNIST_data", "folder of the IDX files; packaged digits if empty")
flags.DEFINE_string("train_dir", "", "folder of summaries and checkpoints; none are kept if empty")
flags.DEFINE_integer("steps", 200, "how many batches to learn")
flags.DEFINE_float("learning_rate", 1e-3, "of Adam")
flags.DEFINE_integer("seed", 0, "of all that is random")
FLAGS = flags.FLAGS


def weight_variable(shape):
    return tf.Variable(tf.truncated_normal(shape, stddev=0.1, seed=FLAGS.seed), name="weights")


def bias_variable(shape):
    return tf.Variable(tf.constant(0.1, shape=shape), name="biases")


def conv_layer(x, size, channels, filters):
    """Return rectified convolutions of size x size pixels, and the greatest of each 2x2 of them."""
    W = weight_variable([size, size, channels, filters])
    b = bias_variable([filters])
    h = tf.nn.relu(tf.nn.conv2d(x, W, strides=[1, 1, 1, 1], padding="SAME") + b)
    tf.summary.histogram("activations", h)
    return tf.nn.max_pool(h, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding="SAME")


def inference(x, keep_prob):
    """Return the scores of the ten classes for rows of 784 pixels."""
    with tf.name_scope("conv1"):
        h = conv_layer(tf.reshape(x, [-1, 28, 28, 1]), 5, 1, 16)
    with tf.name_scope("conv2"):
        h = conv_layer(h, 5, 16, 32)
    with tf.name_scope("fc1"):
        flat = tf.reshape(h, [-1, 7 * 7 * 32])
        h = tf.nn.relu(tf.matmul(flat, weight_variable([7 * 7 * 32, 128])) + bias_variable([128]))
    with tf.name_scope("dropout"):
        h = tf.nn.dropout(h, keep_prob, seed=FLAGS.seed)
    with tf.name_scope("fc2"):
        return tf.matmul(h, weight_variable([128, 10])) + bias_variable([10])


def main(_):
    mnist = input_data.read_data_sets(FLAGS.data_dir)
    tf.set_random_seed(FLAGS.seed)

    x = tf.placeholder(tf.float32, [None, 784], name="x")
    y_ = tf.placeholder(tf.int64, [None], name="y_")
    keep_prob = tf.placeholder(tf.float32, name="keep_prob")
    y = inference(x, keep_prob)
    with tf.name_scope("loss"):
        loss = tf.losses.sparse_softmax_cross_entropy(labels=y_, logits=y)
    with tf.name_scope("accuracy"):
        accuracy = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(y, 1), y_), tf.float32))
    tf.summary.scalar("loss", loss)
    tf.summary.scalar("accuracy", accuracy)
    merged = tf.summary.merge_all()

    global_step = tf.train.get_or_create_global_step()
    train_step = tf.train.AdamOptimizer(FLAGS.learning_rate).minimize(loss, global_step)
    saver = tf.train.Saver()

    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        writer, checkpoint = None, None
        if FLAGS.train_dir:
            writer = tf.summary.FileWriter(FLAGS.train_dir, sess.graph)
            checkpoint = tf.train.latest_checkpoint(FLAGS.train_dir)
        if checkpoint:
            saver.restore(sess, checkpoint)
            print("goes on from %s" % os.path.basename(checkpoint))

        step = sess.run(global_step)
        while step < FLAGS.steps:
            images, labels = mnist.train.next_batch(50)
            _, step = sess.run([train_step, global_step], {x: images, y_: labels, keep_prob: 0.5})
            if step % 50 == 0:
                feed = {x: images, y_: labels, keep_prob: 1.0}
                summary, value = sess.run([merged, loss], feed)
                print("step %4d  loss %.4f" % (step, value))
                if writer:
                    writer.add_summary(summary, step)
        if writer:
            saver.save(sess, os.path.join(FLAGS.train_dir, "model.ckpt"), global_step)
            writer.close()

        right = [
            sess.run(
                accuracy,
                {
                    x: mnist.test.images[i : i + 100],
                    y_: mnist.test.labels[i : i + 100],
                    keep_prob: 1.0,
                },
            )
            for i in range(0, mnist.test.num_examples, 100)
        ]
        print("test accuracy %.4f" % (sum(right) / len(right)))


if __name__ == "__main__":
    tf.app.run()
