"""Coloured images by a convolutional network, built and fed as TensorFlow's CIFAR-10 tutorial does.

Shows input pipelines of queues (records of files, distorted images, shuffled batches), local
response normalization, weight decay in a collection, a decaying learning rate, moving averages of
the weights, and MonitoredTrainingSession with a hook; the test restores the averages from its
checkpoint.
Reaches 90% of the test images in 300 steps, which take about 40 seconds.

    minitf run images_convnet.py [--steps 300] [--train_dir FOLDER]

The images are drawn here: ten kinds of shapes of any colour and place before any colour, with
noise, in CIFAR-10's own format, so that its data_batch files may take their place.
"""

from __future__ import absolute_import, division, print_function

import os
import tempfile

import numpy as np
import tensorflow as tf

FLAGS = tf.app.flags.FLAGS
tf.app.flags.DEFINE_string("train_dir", "", "folder of images and checkpoints; a new one if empty")
tf.app.flags.DEFINE_integer("steps", 300, "how many batches to learn")
tf.app.flags.DEFINE_integer("batch_size", 32, "how many images a batch has")

IMAGE_SIZE = 24  # of the part of 32x32 pixels that the network sees
TRAIN_IMAGES, TEST_IMAGES = 2000, 500
MOVING_AVERAGE_DECAY = 0.95


def draw(label, random):
    """Return uint8[3, 32, 32]: a shape in one colour before another, with noise."""
    y, x = np.mgrid[:32, :32] - random.randint(13, 19, size=[2, 1, 1])
    r = random.randint(6, 11)
    a, b = np.abs(x), np.abs(y)
    box = np.maximum(a, b) <= r
    shape = [
        x * x + y * y <= r * r,  # a disc
        box,  # a square
        (b <= r) & (a <= (y + r) // 2),  # a triangle
        box & (np.minimum(a, b) <= r // 3),  # a plus
        box & (np.abs(a - b) <= r // 3),  # a cross
        (x * x + y * y <= r * r) & (x * x + y * y >= r * r // 3),  # a ring
        box & (np.maximum(a, b) > r // 2 + 1),  # a frame
        box & (y % 4 < 2),  # stripes that lie
        box & (x % 4 < 2),  # stripes that stand
        box & ((x // 3 + y // 3) % 2 == 0),
    ][label]  # a chessboard
    colours = random.randint(0, 256, size=[2, 3, 1, 1])
    while np.abs(colours[0] - colours[1]).sum() < 250:
        colours = random.randint(0, 256, size=[2, 3, 1, 1])
    image = np.where(shape, colours[0], colours[1]) + random.normal(0, 12, size=[3, 32, 32])
    return np.clip(image, 0, 255).astype(np.uint8)


def write_images(path, count, seed):
    """Write records of a label byte and the image's 3,072 bytes, one plane of colour each."""
    random = np.random.RandomState(seed)
    with tf.gfile.GFile(path, "wb") as f:
        for i in range(count):
            f.write(bytes(bytearray([i % 10])) + draw(i % 10, random).tobytes())


def inputs(path, distorted):
    """Return a batch of images and labels of a file: distorted and shuffled, or all in turn."""
    files = tf.train.string_input_producer([path], shuffle=False)
    _, record = tf.FixedLengthRecordReader(1 + 3 * 32 * 32).read(files)
    record = tf.decode_raw(record, tf.uint8)
    label = tf.cast(record[0], tf.int32)
    image = tf.cast(tf.transpose(tf.reshape(record[1:], [3, 32, 32]), [1, 2, 0]), tf.float32)
    if distorted:
        image = tf.random_crop(image, [IMAGE_SIZE, IMAGE_SIZE, 3])
        image = tf.image.random_flip_left_right(image)
        image = tf.image.random_brightness(image, max_delta=63)
        image = tf.image.random_contrast(image, lower=0.2, upper=1.8)
    else:
        image = tf.image.resize_image_with_crop_or_pad(image, IMAGE_SIZE, IMAGE_SIZE)
    image = tf.image.per_image_standardization(image)
    image.set_shape([IMAGE_SIZE, IMAGE_SIZE, 3])
    if distorted:
        return tf.train.shuffle_batch(
            [image, label], FLAGS.batch_size, capacity=400, min_after_dequeue=200
        )
    return tf.train.batch([image, label], 100)


def weights(shape, stddev, wd=0.0):
    """Return a variable whose decay is in the collection of the losses."""
    var = tf.get_variable(
        "weights", shape, initializer=tf.truncated_normal_initializer(stddev=stddev)
    )
    if wd:
        tf.add_to_collection("losses", tf.multiply(tf.nn.l2_loss(var), wd, name="weight_loss"))
    return var


def biases(count, value):
    return tf.get_variable("biases", [count], initializer=tf.constant_initializer(value))


def conv(x, channels, filters, bias):
    x = tf.nn.conv2d(x, weights([5, 5, channels, filters], 5e-2), [1, 1, 1, 1], "SAME")
    return tf.nn.relu(tf.nn.bias_add(x, biases(filters, bias)))


def inference(images):
    """Return the scores of the ten classes."""

    def pool(x):
        return tf.nn.max_pool(x, [1, 3, 3, 1], [1, 2, 2, 1], "SAME")

    def norm(x):
        return tf.nn.lrn(x, 4, bias=1.0, alpha=0.001 / 9.0, beta=0.75)

    with tf.variable_scope("conv1"):
        x = norm(pool(conv(images, 3, 16, 0.0)))
    with tf.variable_scope("conv2"):
        x = pool(norm(conv(x, 16, 32, 0.1)))
    with tf.variable_scope("local3"):
        x = tf.reshape(x, [-1, 6 * 6 * 32])
        x = tf.nn.relu(tf.matmul(x, weights([6 * 6 * 32, 128], 0.04, 0.004)) + biases(128, 0.1))
    with tf.variable_scope("softmax_linear"):
        return tf.matmul(x, weights([128, 10], 1 / 128.0)) + biases(10, 0.0)


class LoggerHook(tf.train.SessionRunHook):
    """Prints the mean of the losses of every 50 steps."""

    def __init__(self, loss):
        self.loss = loss

    def begin(self):
        self.step, self.values = 0, []

    def before_run(self, run_context):
        return tf.train.SessionRunArgs(self.loss)

    def after_run(self, run_context, run_values):
        self.step += 1
        self.values.append(run_values.results)
        if self.step % 50 == 0:
            print("step %4d  loss %.4f" % (self.step, np.mean(self.values)))
            self.values = []


def train(path, train_dir):
    with tf.Graph().as_default():
        tf.set_random_seed(0)
        global_step = tf.train.get_or_create_global_step()
        images, labels = inputs(path, distorted=True)
        entropy = tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=inference(images))
        )
        tf.add_to_collection("losses", entropy)
        loss = tf.add_n(tf.get_collection("losses"), name="total_loss")
        tf.summary.scalar("total_loss", loss)

        lr = tf.train.exponential_decay(0.1, global_step, 150, 0.5, staircase=True)
        step = tf.train.GradientDescentOptimizer(lr).minimize(loss, global_step)
        averages = tf.train.ExponentialMovingAverage(MOVING_AVERAGE_DECAY, global_step)
        with tf.control_dependencies([step]):
            train_op = averages.apply(tf.trainable_variables())

        hooks = [tf.train.StopAtStepHook(last_step=FLAGS.steps), LoggerHook(loss)]
        with tf.train.MonitoredTrainingSession(checkpoint_dir=train_dir, hooks=hooks) as session:
            while not session.should_stop():
                session.run(train_op)


def evaluate(path, train_dir):
    with tf.Graph().as_default():
        images, labels = inputs(path, distorted=False)
        right = tf.nn.in_top_k(inference(images), labels, 1)
        averages = tf.train.ExponentialMovingAverage(MOVING_AVERAGE_DECAY)
        saver = tf.train.Saver(averages.variables_to_restore())
        with tf.Session() as session:
            saver.restore(session, tf.train.latest_checkpoint(train_dir))
            coord = tf.train.Coordinator()
            threads = tf.train.start_queue_runners(session, coord)
            accuracy = np.mean([session.run(right) for _ in range(TEST_IMAGES // 100)])
            coord.request_stop()
            coord.join(threads)
    print("test accuracy %.4f" % accuracy)


def main(_):
    train_dir = FLAGS.train_dir or tempfile.mkdtemp()
    paths = [os.path.join(train_dir, name) for name in ("data_batch.bin", "test_batch.bin")]
    for seed, (path, count) in enumerate(zip(paths, (TRAIN_IMAGES, TEST_IMAGES))):
        if not tf.gfile.Exists(path):
            write_images(path, count, seed)
    train(paths[0], train_dir)
    evaluate(paths[1], train_dir)


if __name__ == "__main__":
    tf.app.run()
