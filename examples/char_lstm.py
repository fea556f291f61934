"""A character-level LSTM, trained on a text that comes through queues.

    minitf run examples/char_lstm.py --text=book.txt

    file name -> windows of characters -> shuffled batches -> LSTM -> the next character of each

Without --text it reads the King James Bible where Debian's `bible-kjv` is installed, else the
language reference that comes with Python.  It prints the perplexity while it learns: of how many
characters, all equally likely, the next one seems to be.  At the end it writes a text of its own.
"""

import os
import shutil
import subprocess
import tempfile

import numpy as np
import tensorflow as tf

flags = tf.app.flags
flags.DEFINE_string("text", "", "file to learn from")
flags.DEFINE_integer("batch_size", 32, "windows in a batch")
flags.DEFINE_integer("window", 50, "characters in a window")
flags.DEFINE_integer("hidden", 192, "units of each LSTM layer")
flags.DEFINE_integer("layers", 1, "LSTM layers")
flags.DEFINE_float("learning_rate", 0.004, "of Adam")
flags.DEFINE_integer("epochs", 2, "how often the text is read")
flags.DEFINE_integer("steps", 1500, "training steps at most; 0: as many as the epochs have")
flags.DEFINE_integer("report", 100, "steps between two lines of output")
flags.DEFINE_integer("sample", 300, "characters to write at the end")
flags.DEFINE_integer("seed", 1, "of all that is random")
FLAGS = flags.FLAGS

HELD_OUT = 0.05  # the end of the text, which is only read to see what was learnt


def text_file(folder):
    """Return the path of the text to learn from."""
    if FLAGS.text:
        return FLAGS.text
    path, bible = os.path.join(folder, "text.txt"), shutil.which("bible")
    with open(path, "wb") as file:
        if bible:
            verses = subprocess.check_output([bible, "-f", "Gen1:1-Rev22:21"])  # noqa: S603 Debian's
            file.writelines(verse.partition(b" ")[2] for verse in verses.splitlines(True))
        else:
            from pydoc_data.topics import topics

            chapters = (topics[name] for name in sorted(topics))
            file.write("\n".join(chapters).encode("ascii", "replace"))
    return path


def batches(path, held_out, codes):
    """Return the pipeline's end: int32[batch, window + 1], numbers of characters."""
    names = tf.train.string_input_producer([path], num_epochs=FLAGS.epochs)
    reader = tf.FixedLengthRecordReader(
        record_bytes=FLAGS.window + 1, hop_bytes=FLAGS.window, footer_bytes=held_out
    )
    _, record = reader.read(names)
    characters = tf.gather(codes, tf.cast(tf.decode_raw(record, tf.uint8), tf.int32))
    characters.set_shape([FLAGS.window + 1])
    return tf.train.shuffle_batch(
        [characters],
        FLAGS.batch_size,
        capacity=60 * FLAGS.batch_size,
        min_after_dequeue=40 * FLAGS.batch_size,
        num_threads=2,
        seed=FLAGS.seed,
    )


class Model:
    """The network: from characters to the logits of the next ones."""

    def __init__(self, characters, size):
        batch = tf.shape(characters)[0]
        layers = [tf.nn.rnn_cell.BasicLSTMCell(FLAGS.hidden) for _ in range(FLAGS.layers)]
        cell = tf.nn.rnn_cell.MultiRNNCell(layers)
        self.before = cell.zero_state(batch, tf.float32)
        outputs, self.after = tf.nn.dynamic_rnn(
            cell, tf.one_hot(characters, size), initial_state=self.before
        )
        w = tf.get_variable("w", [FLAGS.hidden, size])
        b = tf.get_variable("b", [size], initializer=tf.zeros_initializer())
        logits = tf.matmul(tf.reshape(outputs, [-1, FLAGS.hidden]), w) + b
        self.logits = tf.reshape(logits, [batch, -1, size])

    def loss(self, following):
        """Return the mean cross entropy, in nats."""
        return tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(labels=following, logits=self.logits)
        )


def training_step(loss):
    """Return the operation that takes a step down the gradient, which is clipped."""
    variables = tf.trainable_variables()
    gradients, _ = tf.clip_by_global_norm(tf.gradients(loss, variables), 5.0)
    optimizer = tf.train.AdamOptimizer(FLAGS.learning_rate)
    return optimizer.apply_gradients(zip(gradients, variables))


def written(session, model, seen, alphabet, codes):
    """Let the model write: each character is drawn from what it expects, and then fed to it."""
    drawn = tf.multinomial(model.logits[:, -1], 1, seed=FLAGS.seed)[:, 0]
    following, state = [codes[ord("T")]], session.run(model.before, {seen: [[0]]})
    text = []
    for _ in range(FLAGS.sample):
        following, state = session.run(
            [drawn, model.after], {seen: [following], model.before: state}
        )
        text.append(alphabet[following[0]])
    return bytes(text).decode("ascii", "replace")


def main(_):
    tf.set_random_seed(FLAGS.seed)
    folder = tempfile.TemporaryDirectory()
    path = text_file(folder.name)
    text = np.fromfile(path, np.uint8)
    alphabet, codes = np.unique(text), np.zeros(256, np.int32)
    codes[alphabet] = np.arange(len(alphabet))
    held_out = int(HELD_OUT * len(text))
    rest = codes[text[len(text) - held_out :]][: held_out // 100 * 100].reshape(-1, 100)
    print("%d characters, %d different ones" % (len(text), len(alphabet)))

    batch = batches(path, held_out, codes)
    seen = tf.placeholder(tf.int32, [None, None])
    following = tf.placeholder(tf.int32, [None, None])
    with tf.variable_scope("model"):
        loss = Model(batch[:, :-1], len(alphabet)).loss(batch[:, 1:])
    with tf.variable_scope("model", reuse=True):
        reading = Model(seen, len(alphabet))
        held_out_loss = reading.loss(following)
    train = training_step(loss)

    with tf.Session() as session:
        session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        coord = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(session, coord)
        losses = []
        try:
            while not FLAGS.steps or len(losses) < FLAGS.steps:
                losses.append(session.run([loss, train])[0])
                if len(losses) % FLAGS.report == 0:
                    perplexity = np.exp(np.mean(losses[-FLAGS.report :]))
                    print("step %d perplexity %.2f" % (len(losses), perplexity), flush=True)
        except tf.errors.OutOfRangeError:
            print("the text was read %d times" % FLAGS.epochs)
        finally:
            coord.request_stop()
        coord.join(threads)
        held = session.run(held_out_loss, {seen: rest[:, :-1], following: rest[:, 1:]})
        print("held-out perplexity %.2f" % np.exp(held))
        print("the model writes:\nT%s" % written(session, reading, seen, alphabet, codes))


if __name__ == "__main__":
    tf.app.run()
